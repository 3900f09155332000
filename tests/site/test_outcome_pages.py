"""What the sheets say of what came of it."""

import pathlib

import pytest

from positions.measures.analysis import analyse
from positions.site import profile_pages, profiles
from positions.study import load

EXAMPLE = pathlib.Path(profiles.__file__).parents[1] / "example"


@pytest.fixture(scope="module")
def dossier():
    return profiles.gather(analyse(load.read(EXAMPLE)))


@pytest.fixture(scope="module")
def shipped():
    return profiles.gather(analyse(load.read("data")))


def test_a_body_sheet_says_what_it_attained_on_what_base(dossier):
    # closure: at 2, from -2 to 1: (4 - 1) / 4; the lane: at 2, from -2 to 2: 1; deliveries: at
    # -1, from -2 to 2: (1 - 3) / 4. Of three points all were spoken on: no range.
    assert profile_pages.body_sheet(dossier, "buses")["attained"] == (
        "River Bus Company spoke on 3 of 3 points that moved: things ended nearer to its position "
        "on 2 and further from it on 1. Attainment +0.42. This says where things ended, not who "
        "brought them there."
    )
    assert "spoke on none of the 3 points" in profile_pages.body_sheet(dossier, "forum")["attained"]


def test_what_no_person_read_is_called_so(shipped):
    said = profile_pages.body_sheet(shipped, "lga")["attained"]
    assert said.endswith("No person has checked where things stood and ended.")
    sheet = profile_pages.proposition_sheet(shipped, "collaboration")
    assert sheet["unread"] == "No person has checked where things stood and ended."


def test_each_state_stands_on_its_propositions_sheet_and_on_its_sources_page(dossier):
    rows = profile_pages.proposition_sheet(dossier, "closure")["outcomes"]
    assert [(row["label"], row["position"], row["basis"], row["reason"]) for row in rows] == [
        ("Before", "-2", "agreed", "Ann (made up) -2, Ben (made up) -2."),
        ("In the end", "+1", "decided",
         "Ann (made up) +1, Ben (made up) +2. Six hours of the day are less than the day."),
    ]  # fmt: skip
    assert rows[1]["source"]["source_href"] == "source-order.html"
    struck = profile_pages.proposition_sheet(dossier, "september")["outcomes"]
    assert [(row["position"], row["basis"], row["source"]) for row in struck] == [
        ("struck", "", None)
    ]
    page = profile_pages.source_page(dossier, "order")
    assert len(page["outcomes"]) == 9 and page["codes"] == []
    assert profile_pages.source_page(dossier, "scheme")["outcomes"] == []


def test_a_study_without_outcomes_says_nothing_of_them(tmp_path):
    from small import write

    of = profiles.gather(analyse(load.read(write(tmp_path / "s"))))
    assert profile_pages.body_sheet(of, "lga")["attained"] == ""
    assert profile_pages.proposition_sheet(of, "footing")["outcomes"] == []
