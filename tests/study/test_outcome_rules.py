"""The rules of `outcomes`: who read what, what was decided, and what the dates allow."""

import pytest
from small import TABLES, problems, spoilt, write

from positions.measures.outcomes import moves, resolve
from positions.study import accounts, load
from positions.study.problems import as_text

HEAD = TABLES["outcomes.csv"]
BEFORE = "footing,status_quo,ann,-2,lga-view,broadly supports the plan,\n"
TWO = BEFORE + BEFORE.replace("ann", "ben")
END = "footing,act,ann,2,konp-letter,halt the bill,\nfooting,act,ben,2,konp-letter,halt the bill,\n"


def told(tmp_path, rows, **more):
    found = load.check(write(tmp_path / "s", {"outcomes.csv": HEAD + rows, **more}))[1]
    return as_text([p for p in found if p.file == "outcomes.csv"])


def test_what_both_readers_read_alike_is_sound(tmp_path):
    assert told(tmp_path, TWO + END) == ""
    study = load.read(tmp_path / "s")
    found = resolve(study.outcomes)
    assert found[["state", "stance", "status", "readings"]].to_numpy().tolist() == [
        ["status_quo", -2, "agreed", "ann -2, ben -2"], ["act", 2, "agreed", "ann +2, ben +2"],
    ]  # fmt: skip
    assert moves(found, study.propositions)["moved"].tolist() == [4]


def test_a_decision_overrules_and_may_strike(tmp_path):
    rows = TWO + "footing,status_quo,,-1,lga-view,broadly supports the plan,Not in terms.\n"
    rows += END + "footing,act,,,,,It judges and wishes nothing.\n"
    assert told(tmp_path, rows) == ""
    found = resolve(load.read(tmp_path / "s").outcomes)
    assert found["status"].tolist() == ["decided", "struck"]
    assert found["stance"].tolist()[0] == -1 and found["stance"].isna().tolist() == [False, True]
    assert found["reason"].tolist() == ["Not in terms.", "It judges and wishes nothing."]


def test_what_nobody_decided_is_open_where_that_is_allowed(tmp_path):
    write(tmp_path / "s", {"outcomes.csv": HEAD + TWO.replace("ben,-2", "ben,-1")})
    study = load.read(tmp_path / "s", allow_unresolved=True)
    found = resolve(study.outcomes)
    assert found["status"].tolist() == ["unresolved"] and found["stance"].isna().all()
    assert found["quote"].tolist() == [""]
    rows = accounts.accounts(study).set_index("table")
    assert rows.loc["outcomes"].tolist() == [2, 0, 2, "coders disagree on footing / status_quo"]
    assert rows.loc["codings", "set_aside"] == 0


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (TWO.replace("footing", "fotting", 1),
         "outcomes.csv:2 [proposition_id]: error: foreign-key (record 1): «fotting» no such "),
        (TWO.replace("-2", "-3", 1), "outcomes.csv:2 [stance]: error: "),
        (TWO.replace("status_quo", "", 1), "outcomes.csv:2 [state]: error: "),
        (TWO.replace("status_quo", "before", 1), "outcomes.csv:2 [state]: error: "),
        (TWO + BEFORE, "outcomes.csv:4 [proposition_id]: error: duplicate (record 3): "
         "«footing / status_quo» the same proposition_id, state, coder as in line 2"),
        (TWO.replace("lga-view", "lga-veiw", 1), "outcomes.csv:2 [source_id]: error: foreign-key"),
        (TWO.replace("broadly supports the plan", "word " * 25 + "word", 1),
         "outcomes.csv:2 [quote]: error: quote-length"),
        (TWO.replace("broadly supports the plan", "", 1),
         "outcomes.csv:2 [quote]: error: outcome-phrase (record 1): «footing / status_quo» what "
         "is coded needs its quote"),
        (TWO.replace("-2", "", 1).replace("lga-view,broadly supports the plan", ",", 1),
         "outcomes.csv:2 [stance]: error: outcome-stance"),
        (TWO.replace("ben", "zoe"), "outcomes.csv:3 [coder]: error: coder-unknown (record 2): "
         "«zoe» coders.csv does not say who this is"),
        (TWO.replace("ben,-2", "ben,-1"), "outcomes.csv:2 [stance]: error: unadjudicated (record "
         "1): «footing / status_quo» the readers differ: ann -2 (line 2), ben -1 (line 3)"),
        (TWO + END.splitlines(keepends=True)[0],
         "outcomes.csv:4 [stance]: error: unadjudicated (record 3): «footing / act» the readers "
         "differ: ann +2 (line 4); no row by ben"),
        (TWO.replace("ben,-2", "ben,-1") + "footing,status_quo,,,,,\n",
         "outcomes.csv:4 [reason]: error: outcome-reason"),
        (TWO + "footing,status_quo,,-2,lga-view,broadly supports the plan,As read.\n",
         "outcomes.csv:4 [coder]: error: nothing-to-adjudicate (record 3): «footing / "
         "status_quo» the readers agree on it"),
        (TWO + "footing,act,,2,konp-letter,halt the bill,As I know.\n",
         "outcomes.csv:4 [coder]: error: nothing-to-adjudicate (record 3): «footing / act» "
         "nobody read it"),
        (TWO + END.replace("konp-letter", "lga-view"),
         "outcomes.csv:4 [source_id]: error: outcome-early (record 3): «lga-view» published by "
         "2021-02-10, before anything was proposed (2021-02-11)"),
        (TWO + END.replace("konp-letter", "nhsp-brief") + END.replace("act", "bill"),
         "outcomes.csv:4 [source_id]: error: outcome-early (record 3): «nhsp-brief» published by "
         "2021-02-11, before the source of the bill as introduced (2021-03-01)"),
        (END, "outcomes.csv:2 [proposition_id]: note: outcome-without-before (record 1): "
         "«footing» where it stood before is not coded"),
    ],
)  # fmt: skip
def test_each_fault_of_an_outcome_is_named_with_its_fix(tmp_path, rows, said):
    assert said in told(tmp_path, rows)


def test_a_source_without_a_date_is_refused_as_everywhere(tmp_path):
    undated = spoilt("sources.csv", "white-paper,https", "white-paper,https")["sources.csv"]
    undated = undated.replace("konp-letter,Letter,,2021-03,", "konp-letter,Letter,,,")
    write(tmp_path / "s", {"outcomes.csv": HEAD + END, "sources.csv": undated})
    assert "sources.csv:3 [published]: error: " in as_text(problems(tmp_path / "s"))


def test_an_outcome_on_a_claim_is_named_and_counts_for_nothing(tmp_path):
    study = write(tmp_path / "s", {"outcomes.csv": HEAD + TWO + END})
    package = (study / "datapackage.json").read_text("utf-8")
    kinds = TABLES["propositions.csv"].replace("weight,note\n", "weight,note,kind\n")
    kinds = kinds.replace("on a statutory footing.,,\n", "on a statutory footing.,,,claim\n")
    kinds = kinds.replace("take over.,2,\n", "take over.,2,,\n").replace('draft"\n', 'draft",\n')
    field = ',{"name": "kind", "type": "string", "constraints": {"enum": ["claim"]}}'
    at = package.index('"name": "propositions"')
    end = package.index("]", package.index('"fields"', at))
    note = package.index('"name": "note"', at)
    end = package.index("}", note) + 1
    (study / "datapackage.json").write_text(package[:end] + field + package[end:], "utf-8")
    (study / "propositions.csv").write_text(kinds, "utf-8")
    found = load.check(study)[1]
    assert "outcomes.csv:2 [proposition_id]: warning: outcome-on-claim (record 1)" in as_text(found)
    loaded = load.read(study)
    assert moves(resolve(loaded.outcomes), loaded.propositions).empty
