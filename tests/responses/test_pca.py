"""The plane of respondents: against scikit-learn, and by hand where answers are silent."""

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA

from positions.responses import patterns, pca

NAMES = ["a", "b", "c"]


def test_the_plane_of_whole_answers_is_that_of_principal_components():
    draw = np.random.Generator(np.random.PCG64(1))
    answers = draw.integers(-2, 3, (300, 3)).astype(float)
    answers[:, 1] = np.clip(answers[:, 0] + draw.integers(0, 2, 300), -2, 2)
    found = pca.plane(patterns.counted(answers, NAMES), NAMES)
    known = PCA(2).fit(answers)
    theirs = known.transform(answers)
    ours = pca.on_plane(found, answers)
    for axis in (0, 1):
        sign = np.sign(ours[0, axis] * theirs[0, axis])
        assert ours[:, axis] == pytest.approx(sign * theirs[:, axis], abs=1e-5)
    assert found.shown == pytest.approx(known.explained_variance_ratio_.sum(), abs=1e-6)


def test_silence_pulls_nowhere_and_places_are_stretched_by_what_was_answered():
    answers = [[2.0, 0, 0], [-2, 0, 0], [2, 0, 0], [-2, 0, 0]]
    found = pca.plane(patterns.counted(answers, NAMES), NAMES)
    assert found.shown == 1
    # The first axis is the first question; one answer of three is stretched by the root of 3.
    assert pca.on_plane(found, [[1, np.nan, np.nan]])[0, 0] == pytest.approx(np.sqrt(3), abs=1e-5)
    assert pca.on_plane(found, [[np.nan] * 3]).tolist() == [[0, 0]]


def test_models_and_groups_stand_by_their_ids():
    found = pca.plane(patterns.counted([[2.0, 0, 0], [-2, 0, 0]], NAMES), NAMES)
    table = pd.DataFrame({"model_id": ["m", "k"], "question_id": ["a", "a"], "position": [2, -2]})
    placed = pca.placed(found, table, "model_id")
    assert placed["id"].tolist() == ["k", "m"]
    assert placed["answered"].tolist() == [1, 1]
    assert placed["x"].tolist() == pytest.approx([-2 * 3**0.5, 2 * 3**0.5], abs=1e-5)
