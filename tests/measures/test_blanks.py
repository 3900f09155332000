"""What kind of blank each empty cell is, worked by hand."""

import pandas as pd

from positions.measures import blanks
from positions.words import BLANKS

PROPOSITIONS = pd.DataFrame({"proposition_id": ["p", "q"], "since": ["", "2021-02-11"]})
SOURCES = pd.DataFrame(
    [("article", "whole", "2021-01-08"), ("page", "opening", "2021-03-01"),
     ("news", "whole", "2021-11-08")],
    columns=["source_id", "text_seen", "latest"],
).astype({"latest": "datetime64[s]"})  # fmt: skip


def kinds(*cells, said=()):
    """The blanks of the bodies in the cells, as a dictionary."""
    resolved = pd.DataFrame(cells, columns=["body_id", "source_id", "basis"])
    positions = pd.DataFrame(said, columns=["body_id", "proposition_id"])
    bodies = pd.DataFrame({"body_id": ["a"]})
    found = blanks.blanks(positions, resolved, SOURCES, bodies, PROPOSITIONS)
    return dict(zip(found["proposition_id"], found["blank"], strict=True))


def test_what_a_whole_text_does_not_address_is_silence():
    assert kinds(("a", "article", "stated"))["p"] == "silent"


def test_what_all_documents_predate_could_not_be_said():
    assert kinds(("a", "article", "stated"))["q"] == "could not"


def test_a_later_text_seen_in_part_leaves_what_came_since_unseen():
    found = kinds(("a", "article", "stated"), ("a", "page", "implied"))
    assert found == {"p": "silent", "q": "not seen"}


def test_a_body_that_only_others_report_is_not_called_silent():
    assert kinds(("a", "news", "reported")) == {"p": "reported only", "q": "reported only"}


def test_of_a_body_without_any_code_nothing_was_seen():
    assert kinds() == {"p": "not seen", "q": "not seen"}


def test_a_cell_with_a_position_is_no_blank():
    assert kinds(("a", "page", "stated"), said=[("a", "p")]) == {"q": "not seen"}


def test_each_kind_has_its_own_mark():
    assert BLANKS.keys() == blanks.ABOUT.keys()
    assert len(set(BLANKS.values())) == 4
