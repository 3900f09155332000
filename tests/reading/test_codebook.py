"""Each proposition stands with the rulings that name it, in the order of the codebook."""

import bench

from positions.reading import codebook
from positions.reading.desk_view import Screen
from positions.study import load

README = """\
# A study

- Not a ruling: `p1` here.

## How to code

- Code the text, not the **body**.

## Rulings

- Praise of any works is `p1`,
  and only that.
- `p2` and `p3` are never coded together.

## Answers

- Ann said that `p1` is wrong.
"""


def test_rulings_come_from_the_readme_and_the_note_of_each_proposition(tmp_path):
    made, _ = bench.write(tmp_path)
    (made / "README.md").write_text(README)
    found = {entry.proposition_id: entry for entry in codebook.entries(load.read(made))}
    assert list(found) == ["p1", "p2", "p3", "p4"]
    assert found["p1"].rulings == ("Praise of any works is p1, and only that.",)
    assert found["p2"].rulings == found["p3"].rulings
    assert found["p4"].rulings == ()
    assert codebook.general(load.read(made))[0] == "Code the text, not the body."


def test_a_study_without_a_readme_has_a_codebook_all_the_same(tmp_path):
    desk = bench.desk(tmp_path)
    told = Screen(desk).answer({"act": "show"})["codebook"]
    assert told["general"] == []
    assert told["propositions"][0]["statement"] == "A bridge should be built."


def test_the_shipped_codebook_is_found():
    found = codebook.entries(load.read("data"))
    assert sum(bool(entry.rulings) for entry in found) > 20
    assert found[0].proposition_id == "collaboration"
    assert any("go-ahead" in ruling for ruling in codebook.general(load.read("data")))
