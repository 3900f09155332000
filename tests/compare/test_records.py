"""Which records differ between two studies: by key, whatever the order and the spelling."""

import csv
import json

import editions
import pytest
import village

from positions.compare import comparison
from positions.compare import records as record_changes
from positions.study import load


def records(tmp_path, changed=None, before=None, **named):
    old = load.read(village.write(tmp_path / "old", before))
    new = load.read(village.write(tmp_path / "new", {**(before or {}), **(changed or {})}, **named))
    return record_changes.records(old, new)


def rows(found):
    return [tuple(row) for row in found.drop(columns="body_id", errors="ignore").to_numpy()]


def test_a_changed_cell_is_one_row_with_what_was_and_what_is(tmp_path):
    changed = editions.with_cell("sources", ("letter",), "published", "2021-03-06")
    assert rows(records(tmp_path, changed)) == [
        ("sources", "letter", "changed", "published", "2021-03-05", "2021-03-06")
    ]


def test_a_record_that_was_added_has_a_row_for_each_cell_it_holds(tmp_path):
    delta = ["delta", "Delta", "parish", "", "alpha; beta"]
    found = records(tmp_path, {"bodies": [*village.tables()["bodies"], delta]})
    assert rows(found) == [
        ("bodies", "delta", "added", "name", "", "Delta"),
        ("bodies", "delta", "added", "kind", "", "parish"),
        ("bodies", "delta", "added", "overlaps", "", "alpha; beta"),
    ]


def test_a_record_that_was_taken_out_is_told_by_its_whole_key(tmp_path):
    found = records(tmp_path, editions.without("codings", "gamma"))
    assert set(found["key"]) == {"gamma / p1 / news / ann"}
    assert set(found["change"]) == {"removed"}
    cells = dict(zip(found["column"], found["old"], strict=True))
    assert (cells["stance"], cells["quote"]) == ("1", "Gamma leans to the bridge")


@pytest.mark.parametrize(
    ("table", "key", "column", "value"),
    [
        ("bodies", ("alpha",), "kind", "parish"),
        ("sources", ("letter",), "sha256", "a" * 64),
        ("propositions", ("p2",), "statement", "A fair should be opened."),
        ("bodies", ("alpha",), "overlaps", "beta; gamma"),
        ("propositions", ("p2",), "kind", "process"),
        ("propositions", ("p2",), "since", "2021-03"),
        ("propositions", ("p2",), "terms", "market fair"),
        ("model_positions", ("plan", "p4"), "reason", "It says so."),
        ("coders", ("ann",), "kind", "model"),
        ("models", ("still",), "label", "Nothing"),
        ("model_positions", ("plan", "p4"), "position", 2),
        ("codings", ("beta", "p1"), "note", "Plainly."),
        ("engagement", ("Q1",), "question", "Is a ford wanted?"),
    ],
)
def test_a_change_in_any_table_is_found(tmp_path, table, key, column, value):
    ((name, place, change, where, _, now),) = rows(
        records(tmp_path, editions.with_cell(table, key, column, value))
    )
    assert (name, change, where, now) == (table, "changed", column, str(value))
    assert place.startswith(key[0])


def test_optional_tables_that_one_side_lacks_are_added_record_by_record(tmp_path):
    found = records(tmp_path, {
        "assumptions": [["assumption_id", "assumption", "effect", "quality", "impact"],
                        ["even", "Codes are even.", "All.", "low", "high"]],
    })  # fmt: skip
    assert set(zip(found["table"], found["key"], found["change"], strict=True)) == {
        ("assumptions", "even", "added")
    }


def test_the_studys_own_settings_are_compared(tmp_path):
    found = records(
        tmp_path, reference_model="still", featured=["beta", "alpha"], version="2.0",
        as_of="2021-12", created="2022-01-05T00:00:00Z", contact="Clerk, clerk@example.org",
    )  # fmt: skip
    assert rows(found) == [
        ("settings", "version", "changed", "version", "1.0", "2.0"),
        ("settings", "created", "changed", "created", "", "2022-01-05T00:00:00Z"),
        ("settings", "reference_model", "changed", "reference_model", "plan", "still"),
        ("settings", "featured", "changed", "featured", "", "beta, alpha"),
        ("settings", "as_of", "changed", "as_of", "", "2021-12"),
        ("settings", "contact", "changed", "contact", "", "Clerk, clerk@example.org"),
    ]


def test_order_quoting_line_ends_and_the_spelling_of_numbers_are_no_changes(tmp_path):
    before = editions.with_cell("propositions", ("p2",), "weight", 2)
    old = load.read(village.write(tmp_path / "old", before))
    folder = village.write(tmp_path / "new", before)
    for path in folder.glob("*.csv"):
        with open(path, encoding="utf-8", newline="") as file:
            head, *body = csv.reader(file)
        with open(path, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
            writer.writerows([head, *body[::-1]])
    text = (folder / "propositions.csv").read_text("utf-8-sig")
    assert text.count('"2"') == 1
    text = text.replace('"2"', '"2.0"').replace(
        '"A bridge should be built.",""', '"A bridge should be built.","1"'
    )
    (folder / "propositions.csv").write_text(text, encoding="utf-8", newline="")
    package = json.loads((folder / "datapackage.json").read_text())
    (folder / "datapackage.json").write_text(json.dumps(package, indent=4, sort_keys=True))
    new = load.read(folder)
    assert record_changes.records(old, new).empty


# --- what the changes come to ---------------------------------------------------------------


def renamed(tmp_path):
    """Gamma is called delta in the new study, in every table."""
    tables = village.tables()
    for name in ("bodies", "codings"):
        for row in tables[name]:
            row[0] = "delta" if row[0] == "gamma" else row[0]
    return records(tmp_path, {name: tables[name] for name in ("bodies", "codings")})


def test_a_renamed_id_is_one_record_taken_out_and_one_added_and_said_to_be_alike(tmp_path):
    found = renamed(tmp_path)
    assert record_changes.counts(found).to_numpy().tolist() == [
        ["bodies", 1, 1, 0],
        ["codings", 1, 1, 0],
    ]
    assert rows(record_changes.renamed(found)) == [
        ("bodies", "gamma", "delta"),
        ("codings", "gamma / p1 / news / ann", "delta / p1 / news / ann"),
    ]


def test_records_that_differ_in_more_than_their_id_are_not_said_to_be_renamed(tmp_path):
    tables = village.tables()
    tables["bodies"][3] = ["delta", "Delta", "parish", "", ""]
    tables["codings"] = [row for row in tables["codings"] if row[0] != "gamma"]
    found = records(tmp_path, tables)
    assert record_changes.renamed(found).empty


def test_of_two_records_that_could_be_the_twin_none_is_named(tmp_path):
    before = {"bodies": [*village.tables()["bodies"], ["delta", "Same", "parish", "", ""]]}
    after = {"bodies": [*village.tables()["bodies"], ["eps", "Same", "parish", "", ""],
                        ["zeta", "Same", "parish", "", ""]]}  # fmt: skip
    found = records(tmp_path, after, before)
    assert record_changes.counts(found).to_numpy().tolist() == [["bodies", 2, 1, 0]]
    assert record_changes.renamed(found).empty


def test_a_changed_statement_weight_kind_or_yardstick_is_a_change_of_meaning(tmp_path):
    tables = village.tables()
    tables["propositions"][1][3] = "A bridge should be built at once."
    tables["propositions"][2][4] = 3
    tables["propositions"][3][5] = "A note."
    tables["propositions"][4][6] = "claim"
    tables["model_positions"][1][2] = 1
    tables["bodies"][1][2] = "parish"
    found = record_changes.meanings(records(tmp_path, tables))
    assert rows(found[["table", "key", "column"]]) == [
        ("bodies", "alpha", "kind"),
        ("propositions", "p1", "statement"),
        ("propositions", "p2", "weight"),
        ("propositions", "p4", "kind"),
        ("model_positions", "plan / p1", "position"),
    ]


def test_another_reading_of_the_outcome_is_a_change_of_meaning(tmp_path):
    head = ["proposition_id", "state", "coder", "stance", "source_id", "quote", "reason"]
    was = ["p1", "act", "ann", 2, "letter", "so it is", ""]
    now = ["p1", "act", "ann", 1, "letter", "so it is", ""]
    found = records(tmp_path, {"outcomes": [head, now]}, {"outcomes": [head, was]})
    assert rows(found) == [("outcomes", "p1 / act", "changed", "stance", "2", "1")]
    assert record_changes.meanings(found)["consequence"].tolist() == [
        "Attainment moves although no reading of a body changed."
    ]


def test_a_new_proposition_is_no_change_of_meaning(tmp_path):
    tables = village.tables()
    added = ["p5", "works", "Dig a well", "A well should be dug.", 2, "", "claim", "", "well"]
    found = records(tmp_path, {"propositions": [*tables["propositions"], added]})
    assert len(found)
    assert record_changes.meanings(found).empty


def test_every_column_said_to_carry_meaning_is_one_that_is_compared():
    held = {(name, c) for name, table in record_changes.schema.contract().items()
            for c in table.column_names}  # fmt: skip
    assert {pair for pair in record_changes.MEANING if pair[0] != record_changes.SETTINGS} <= held


def test_identical_studies_do_not_differ_in_anything(tmp_path):
    found = editions.compared(tmp_path)
    assert found.same
    assert all(table.empty for table in comparison.tables(found).values())
