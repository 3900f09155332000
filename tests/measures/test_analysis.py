"""What an analysis says of itself, on a study worked by hand."""

import made

from positions.measures.analysis import Analysis, Counting

AGREED = ("a", "p", "s", 1, "ann")
DISPUTED = [("b", "p", "s", 1, "ann"), ("b", "p", "s", 2, "ben")]


def analysis(*codings):
    return Analysis(made.study(codings, {"p": 2}), Counting(), "m")


def test_cells_that_nobody_decided_are_announced_with_their_number():
    said = analysis(AGREED, ("a", "p", "s", 1, "ben"), *DISPUTED).notice
    assert said.startswith("Provisional: on 1 cell of 2 the coders disagree")


def test_where_all_is_decided_nothing_is_announced():
    assert analysis(AGREED).notice == ""
