"""Draws from the file to the range: how often does a range miss what a person would find?"""

import audited
import pytest

from positions.auditing.audit import audit

WRONG = {("north", "p0"): -2, ("north", "p3"): 2, ("south", "p1"): 2, ("east", "p4"): None,
         ("south", "p5"): 1}  # fmt: skip
"""Four wrong codes of sixteen and one stance missed in two blanks."""


@pytest.mark.slow
def test_of_60_draws_no_more_than_by_chance_miss_the_scores_that_a_person_would_find(tmp_path):
    study = audited.study(tmp_path / "study")
    every = audited.drawn(study, 16, blanks=2)
    full = audited.checked(every, audited.verdicts(every, WRONG))
    truth = audit(full).scores.set_index("body_id")["lower"]
    held = {"lower": 0, "missed": 0}
    for seed in range(60):
        of = audited.drawn(study, 9, seed, blanks=1)
        drawn = set(of.samples[audited.CELL[:2]].itertuples(index=False, name=None))
        wrong = {cell: verdict for cell, verdict in WRONG.items() if cell in drawn}
        found = audit(audited.checked(of, audited.verdicts(of, wrong)))
        scores = found.scores.set_index("body_id")
        inside = (scores["missed_lower"] <= truth + 1e-9) & (truth <= scores["missed_upper"] + 1e-9)
        held["missed"] += int(inside.all())
        north = scores.loc["north"]
        held["lower"] += int(north["lower"] <= truth["north"] + 1e-9 <= north["upper"] + 2e-9)
    # 95 of 100 for each; less three standard errors of 60 draws.
    assert held["lower"] >= 57 - 5
    assert held["missed"] >= 57 - 5
