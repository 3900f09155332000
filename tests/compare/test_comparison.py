"""The comparison for machines: stable keys, no number lost, the same bytes."""

import json
import os
import subprocess
import sys

import editions
import pytest
import village
from editions import compared, with_cell

from positions.compare import comparison
from positions.study.accounts import fingerprint


def test_identical_studies_are_the_same_and_every_table_is_empty(tmp_path):
    found = json.loads(comparison.as_json(compared(tmp_path)))
    assert found["same"] is True
    counted = {"moved": 0, "new": 0, "gone": 0, "records": 0, "positions": 0}
    assert found["summary"] == counted
    assert all(found[name] == [] for name in comparison.TABLES)


def test_the_json_says_what_moved_and_what_it_was_made_from(tmp_path):
    found = compared(tmp_path, with_cell("codings", ("alpha", "p3"), "stance", -1))
    told = json.loads(comparison.as_json(found))
    assert list(told) == sorted(told)
    assert told["same"] is False
    assert told["old"]["version"] == told["new"]["version"] == "1.0"
    assert told["old"]["fingerprint"] == fingerprint(found.old.study)
    assert told["new"]["fingerprint"] != told["old"]["fingerprint"]
    (score,) = [row for row in told["numbers"] if row["number"] == "agreement"]
    assert score == {
        "number": "agreement", "model_id": "plan", "body_id": "alpha", "scope": "",
        "change": "moved", "old": 0.916666666667, "new": 0.75, "difference": -0.166666667,
    }  # fmt: skip
    assert told["summary"]["moved"] == len(told["numbers"]) == 3
    assert told["records"] == [{
        "table": "codings", "key": "alpha / p3 / brief / ann", "body_id": "alpha",
        "change": "changed", "column": "stance", "old": "1", "new": "-1",
    }]  # fmt: skip


def test_what_is_missing_is_null_and_never_nan(tmp_path):
    told = comparison.as_json(compared(tmp_path, editions.with_source()))
    (position,) = json.loads(told)["positions"]
    assert (position["old"], position["new"]) == (None, 2.0)
    assert (position["sources_old"], position["sources_new"]) == ([], ["leaflet"])
    assert "NaN" not in told


def test_studies_that_differ_only_in_a_note_are_not_the_same_though_no_number_moved(tmp_path):
    found = compared(tmp_path, with_cell("codings", ("beta", "p1"), "note", "Plainly."))
    assert not found.same
    assert sum(comparison.moved(found).values()) == 0


def first_contract(folder):
    """The made-up study as a study of the first contract lies in its folder."""
    tables = village.tables()
    del tables["coders"]
    tables["bodies"] = [row[:4] for row in tables["bodies"]]
    tables["propositions"] = [row[:6] for row in tables["propositions"]]
    tables["model_positions"] = [row[:3] for row in tables["model_positions"]]
    for row, basis in zip(tables["model_positions"], ["basis", *["provides"] * 4, "claims"],
                          strict=True):  # fmt: skip
        row.append(basis)
    village.write(folder, tables)
    (folder / "coders.csv").unlink()
    place = folder / "datapackage.json"
    package = json.loads(place.read_text("utf-8"))
    package["resources"] = [r for r in package["resources"] if r["name"] in tables]
    for resource in package["resources"]:
        schema, names = resource["schema"], tables[resource["name"]][0]
        schema["fields"] = [field for field in schema["fields"] if field["name"] in names]
        keys = schema.get("foreignKeys", [])
        schema["foreignKeys"] = [key for key in keys if key["fields"][0] in names]
        for field in schema["fields"]:
            if (resource["name"], field["name"]) == ("model_positions", "basis"):
                field["constraints"]["enum"] = ["provides", "claims"]
    place.write_text(json.dumps(package), encoding="utf-8")
    return folder


@pytest.mark.slow
def test_a_study_of_the_first_contract_is_compared_with_one_of_the_second(tmp_path):
    old = editions.git.find_edition(str(first_contract(tmp_path / "old")))
    changed = with_cell("propositions", ("p3",), "kind", "claim")
    same, other = editions.edition(tmp_path / "same"), editions.edition(tmp_path / "new", changed)

    found = comparison.compare(old, same)
    assert sum(comparison.moved(found).values()) == 0
    assert found.positions.empty
    told = found.records.groupby("table")["column"].agg(set).to_dict()
    assert told == {
        "model_positions": {"basis", "reason"},
        "coders": {"kind", "name", "read_from", "codebook"},
    }

    # every proposition of the first contract is of the design: p3 leaves it
    found = comparison.compare(old, other)
    assert editions.value(found, "agreement", "alpha", side="old") == pytest.approx(2.75 / 3)
    assert editions.value(found, "agreement", "alpha") == 1
    kinds = found.records[found.records["column"] == "kind"]
    assert ("p3", "design", "claim") in set(zip(kinds["key"], kinds["old"], kinds["new"],
                                                strict=True))  # fmt: skip


EACH_FORM = """
import sys
from positions.cli.main import main
for form in ([], ["--json"], ["--markdown"]):
    assert main(["diff", "old", "new", *form]) == 0
    print("== next ==")
"""


@pytest.mark.slow
def test_shuffled_tables_and_another_hash_seed_give_the_same_bytes(tmp_path):
    changed = {**editions.with_source(), **with_cell("propositions", ("p3",), "weight", 3)}
    told = set()
    for seed in ("1", "2"):
        home = tmp_path / seed
        turned = {name: [rows[0], *rows[:0:-1]] for name, rows in changed.items()}
        village.write(home / "old")
        village.write(home / "new", changed if seed == "1" else turned)
        run = subprocess.run(
            [sys.executable, "-c", EACH_FORM], cwd=home, check=True, capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        text, machine, markdown, _ = run.stdout.replace(b"\r", b"").split(b"== next ==\n")
        # the files' own hashes differ, and nothing else
        told.add((text, json.dumps({**json.loads(machine), "new": ""}), markdown))
    assert len(told) == 1
