"""Each cell is gathered whole: its phrases, its readers, its decision, and whether it counts."""

import pytest
import village

from positions.measures import stances
from positions.measures.analysis import analyse
from positions.site import profiles
from positions.study import load


@pytest.fixture
def gather(tmp_path):
    """The dossier of the village, with tables changed and options given."""

    def of(as_of=None, evidence=stances.BASES, independent=True, since=None, **changed):
        loaded = load.read(village.write(tmp_path / "study", changed), allow_unresolved=True)
        counting = dict(as_of=as_of, evidence=evidence, independent=independent, since=since)
        return profiles.gather(analyse(loaded, **counting))

    return of


def apart(found, body_id):
    codes = found.codes["body"][body_id]
    return {(code.proposition_id, code.source_id): code.apart for code in codes}


def test_every_coding_stands_once_under_its_body_its_proposition_and_its_source(gather):
    found = gather()
    assert {kind: sum(map(len, of.values())) for kind, of in found.codes.items()} == {
        "body": 10, "proposition": 10, "source": 10,
    }  # fmt: skip
    (code,) = [c for c in found.codes["source"]["brief"] if c.proposition_id == "p3"]
    assert code == profiles.Code(
        body_id="alpha", proposition_id="p3", source_id="brief", code="+1", basis="implied",
        phrases=(("the mill has its uses", ("Ann: It follows.",)),), decided="", apart="",
    )  # fmt: skip


def test_what_a_score_rests_on_is_counted_by_words_and_by_date(gather):
    found = gather()
    # the plan dates from 3 March: the brief is older; news and what it reports are not own words
    assert found.own == {"alpha": 3, "beta": 4}
    assert found.early == {"alpha": 3}


def test_how_near_each_position_is_to_the_model_is_told_beside_it(gather):
    near = gather().near["alpha", "p3"]
    assert (near["position"], near["reference"], near["nearness"]) == (1, 2, 0.75)


def test_readers_who_agree_share_a_line_and_others_are_told_apart_by_what_differs(gather):
    codings = village.tables()["codings"]
    first, second = codings[1], codings[2]
    codings.append([*first[:3], "ben", *first[4:]])
    codings.append([*second[:3], "ben", *second[4:5], "implied", *second[6:9], "So it follows."])
    codes = {c.proposition_id: c for c in gather(codings=codings).codes["body"]["alpha"]}
    # Readers are called by their names, which the coders' table has.
    assert codes["p1"].phrases == (("we support the bridge", ("Ann and Ben",)),)
    assert codes["p2"].phrases == (
        ("a market is welcome", ("Ann, stated", "Ben, implied: So it follows.")),
    )
    assert codes["p2"].basis == "implied"  # the more cautious


@pytest.mark.parametrize(
    ("decided", "code", "reason", "why"),
    [
        (["gamma", "p1", "news", 2, "It is plain."], "+2", "It is plain.", ""),
        (["gamma", "p1", "news", "", "Not on it."], "struck", "Not on it.",
         "struck, so there is no code"),
        (None, "not decided", "", "the readers differ and nobody decided"),
    ],
)  # fmt: skip
def test_a_disputed_cell_shows_each_reading_and_what_was_decided(
    gather, decided, code, reason, why
):
    codings = village.tables()["codings"]
    (row,) = [row for row in codings if row[:2] == ["gamma", "p1"]]
    codings.append([*row[:3], "ben", 2, *row[5:]])
    # ben read the news, so what he passed over is in dispute as well, and decided
    passed = [["maker", p, "news", 2, "It says so."] for p in ("p1", "p2")]
    rows = [["body_id", "proposition_id", "source_id", "stance", "reason"], *passed]
    found = gather(codings=codings, adjudications=[*rows, *([decided] if decided else [])])
    (cell,) = found.codes["body"]["gamma"]
    assert (cell.code, cell.decided, cell.apart) == (code, reason, why)
    assert cell.phrases == (("Gamma leans to the bridge", ("Ann +1", "Ben +2")),)


def test_a_cell_that_makes_no_position_says_why(gather):
    tables = village.tables()
    copy = [*tables["sources"][1]]
    copy[0], copy[3], copy[11] = "copy", "2021-05", "brief"
    tables["sources"].append(copy)
    (row,) = [row for row in tables["codings"] if row[:2] == ["alpha", "p1"]]
    later = [*row[:2], "letter", "ann", 1, "stated", "we like the bridge", 60, 78, ""]
    tables["codings"] += [later, [*row[:2], "copy", *row[3:]]]
    changed = {"sources": tables["sources"], "codings": tables["codings"]}
    assert apart(gather(**changed), "alpha") == {
        ("p1", "brief"): "a later source, at least as strong, counts in its place",
        ("p1", "letter"): "",
        ("p1", "copy"): "repeats the wording of “The brief”",
        ("p2", "brief"): "",
        ("p3", "brief"): "",
    }
    replaced = {c.source_id: c.replaced_by for c in gather(**changed).codes["proposition"]["p1"]
                if c.body_id == "alpha"}  # fmt: skip
    assert replaced == {"brief": "letter", "letter": "", "copy": ""}
    found = gather(as_of="2021-03-02", evidence=("stated",), **changed)
    assert apart(found, "alpha") == {
        ("p1", "brief"): "",
        ("p1", "letter"): "may be later than 2021-03-02",
        ("p1", "copy"): "repeats the wording of “The brief”",
        ("p2", "brief"): "",
        ("p3", "brief"): "evidence that is implied is left out",
    }
    assert apart(gather(independent=False, **changed), "alpha")["p1", "copy"] == ""
    found = gather(since="2021-03-02", **changed)
    assert apart(found, "alpha")["p2", "brief"] == "may be earlier than 2021-03-02"


def test_what_a_claim_or_the_process_adds_is_no_part_of_what_a_score_rests_on(gather):
    propositions = village.tables()["propositions"]
    propositions[3][6] = "claim"  # p3, which alpha and beta address in their own words
    found = gather(propositions=propositions)
    assert found.own == {"alpha": 2, "beta": 3}
    assert found.early == {"alpha": 2}
    assert (found.scores["alpha"]["spoke"], found.trust["alpha"]["spoke"]) == (2, 1)
    assert found.trust["alpha"]["agreement"] == 0.75  # +1 of +2
    assert found.near["alpha", "p3"]["nearness"] == 0.75


def test_the_study_s_own_last_day_dates_the_sheets_too(tmp_path):
    study = load.read(village.write(tmp_path / "study", as_of="2021-03-04"))
    found = profiles.gather(analyse(study))
    assert {c.apart for c in found.codes["body"]["beta"]} == {"may be later than 2021-03-04"}
    assert "beta" not in {body for body, _ in found.positions}


def test_which_cells_count_is_what_the_positions_are_made_of(gather):
    found = gather()
    made = {
        (body, proposition): {
            code.source_id
            for code in found.codes["body"][body]
            if code.proposition_id == proposition and not code.apart
        }
        for body, proposition in found.positions
    }
    assert made == {key: set(row["source_id"].split()) for key, row in found.positions.items()}


def test_a_study_of_nobody_heard_has_a_dossier(gather):
    found = gather(as_of="1999")
    assert found.positions == found.near == found.own == {}
    assert {c.apart for c in found.codes["body"]["beta"]} == {"may be later than 1999"}
