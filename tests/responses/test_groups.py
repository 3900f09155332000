"""Groups among respondents: exact silhouettes, planted groups, and none where there are none."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import silhouette_samples

from positions.responses import groups as response_groups
from positions.responses import kmedians, patterns


def planted(number, questions, shares, seed, noise=0.5, silent=0.2):
    """Answers round profiles, with noise and silence; and who is of which."""
    draw = np.random.Generator(np.random.PCG64(seed))
    profiles = draw.choice([-2, -1, 1, 2], (len(shares), questions))
    group = draw.choice(len(shares), number, p=shares)
    answers = profiles[group].astype(float)
    other = draw.random(answers.shape) < noise
    answers[other] = draw.integers(-2, 3, other.sum())
    answers[draw.random(answers.shape) < silent] = np.nan
    return answers, group


def names(questions):
    return [f"q{i:02}" for i in range(questions)]


def find(answers, weights=None, **rules):
    table = patterns.counted(answers, names(answers.shape[1]), weights=weights)
    return table, response_groups.find(
        table, names(answers.shape[1]), rules=response_groups.Grouping(**rules)
    )


# --- patterns -------------------------------------------------------------------------------


@given(st.integers(0, 40), st.integers(1, 45), st.integers(0, 9999))
def test_patterns_of_a_matrix_are_those_that_pandas_counts(number, questions, seed):
    draw = np.random.Generator(np.random.PCG64(seed))
    answers = draw.integers(-2, 4, (number, questions)).astype(float)
    answers[answers == 3] = np.nan
    types = draw.choice(["a", "b"], number) if number else []
    weights = draw.integers(1, 5, number)
    found = patterns.counted(answers, names(questions), types, weights)
    plain = pd.DataFrame(answers, columns=names(questions)).fillna(-9)
    plain = plain.assign(type=types, weight=weights)
    keys = ["type", *names(questions)]
    wanted = plain.groupby(keys)["weight"].agg(["size", "sum"])
    got = found.fillna(-9).reset_index().set_index(keys)
    assert got["n"].to_dict() == wanted["size"].to_dict()
    assert got["weight"].to_dict() == wanted["sum"].to_dict()


def test_a_code_off_the_scale_is_refused():
    for wrong in (3, -3, 0.5):
        with pytest.raises(ValueError, match="whole numbers from -2 to 2"):
            patterns.levels([[0.0, wrong]])


# --- silhouettes ----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_silhouettes_from_counts_are_those_from_all_pairs(seed):
    draw = np.random.Generator(np.random.PCG64(seed))
    rows = draw.integers(0, 5, (150, 7)).astype(np.int8)
    labels = draw.integers(0, 3, 150)
    answers, ones = kmedians.Answers.of(rows[None]), np.ones((1, 7))
    counts = kmedians.membership(labels[None], 3) @ answers.marked
    (widths,) = kmedians.sharpness(answers, ones, [(labels[None], counts)])[0]
    assert widths == pytest.approx(silhouette_samples(rows, labels, metric="manhattan"), abs=1e-12)
    coded = kmedians.triples(rows)
    tallied = kmedians.tallies(coded, labels, np.ones(150), (3, 7))
    assert np.array_equal(tallied, counts[0])
    assert kmedians.sharpness_of_all(coded, ones[0], labels, tallied) == pytest.approx(widths)


def test_a_silhouette_with_silence_is_worked_by_hand():
    # Two questions; rows 0 and 1 in one group, 2 and 3 in the other; row 1 silent on the second.
    rows = patterns.levels([[2, 2], [1, np.nan], [-2, -2], [-2, -1]])
    labels = np.array([[0, 0, 1, 1]])
    answers, ones = kmedians.Answers.of(rows[None]), np.ones((1, 2))
    counts = kmedians.membership(labels, 2) @ answers.marked
    (widths,) = kmedians.sharpness(answers, ones, [(labels, counts)])[0]
    # Row 0: own |2-1| over 1 answer; other (4+4+4+3) over 4. Row 1: own 1/1; other (3+3)/2.
    assert widths[0] == pytest.approx((15 / 4 - 1) / (15 / 4))
    assert widths[1] == pytest.approx((3 - 1) / 3)
    # Row 2: own (0+1)/2; other (4+3+4)/3.
    assert widths[2] == pytest.approx((11 / 3 - 1 / 2) / (11 / 3))


def test_rows_that_stand_for_many_give_the_silhouettes_of_the_many():
    rows = patterns.levels([[2, 2, 1], [1, 2, 0], [-2, -2, 0], [-1, -2, 0]])
    number, labels = np.array([3, 1, 2, 4]), np.array([0, 0, 1, 1])
    ones = np.ones(3)
    coded = kmedians.triples(rows)
    counts = kmedians.tallies(coded, labels, number.astype(float), (2, 3))
    few = kmedians.sharpness_of_all(coded, ones, labels, counts)
    every = silhouette_samples(
        rows.repeat(number, axis=0), labels.repeat(number), metric="cityblock"
    )
    assert few.repeat(number) == pytest.approx(every)


# --- the cut --------------------------------------------------------------------------------


def middle(levels, otherwise):
    """The lower median of some levels; as it was where there are none."""
    return sorted(levels)[(len(levels) - 1) // 2] if levels else otherwise


def plainly_fitted(rows, weights, size, profiles):
    """K-medians of one table by plain loops, round by round until nothing moves."""
    profiles, asked = [list(profile) for profile in profiles[:size]], range(rows.shape[1])
    for _ in range(12):
        apart = [
            [sum(w * abs(a - p) for a, p, w in zip(row, profile, weights, strict=True) if a != 5)
             for profile in profiles]
            for row in rows.tolist()
        ]  # fmt: skip
        labels = np.array([far.index(min(far)) for far in apart])
        said = [
            [[a for a in rows[labels == group, q].tolist() if a != 5] for q in asked]
            for group in range(size)
        ]
        moved = [[middle(said[g][q], profiles[g][q]) for q in asked] for g in range(size)]
        if moved == profiles:
            break
        profiles = moved
    return labels, [[[got.count(at) for at in range(5)] for got in group] for group in said]


@given(
    st.integers(2, 5), st.integers(2, 6), st.booleans(), st.booleans(),
    st.lists(st.integers(0, 4), min_size=1, max_size=5), st.integers(0, 9999),
)  # fmt: skip
def test_draws_cut_in_step_are_cut_as_each_alone_is_by_a_plain_loop(
    draws, questions, one_table, one_weight, levels, seed
):
    draw = np.random.Generator(np.random.PCG64(seed))
    shape = (1 if one_table else draws, 40, questions)
    rows = draw.choice([*levels, patterns.SILENT], shape).astype(np.int8)
    answers = kmedians.Answers.of(rows)
    used = answers.used.tolist()
    assert used == sorted({0, *rows.flat} - {patterns.SILENT})
    weights = draw.integers(0, 4, (1 if one_weight else draws, questions)).astype(float)
    start = draw.integers(0, len(used), (draws, 3, questions))
    fits = kmedians.fit(answers, weights, [2, 3], start)
    for size, (labels, counts) in zip([2, 3], fits, strict=True):
        for i in range(draws):
            alone = plainly_fitted(
                rows[0 if one_table else i], weights[0 if one_weight else i].tolist(), size,
                answers.used[start[i]].tolist(),
            )  # fmt: skip
            assert np.array_equal(labels[i], alone[0])
            found = np.zeros((size, questions, 5))
            found[..., used] = counts[i].reshape(size, questions, -1)
            assert found.tolist() == alone[1]


def test_k_medians_finds_the_best_of_all_cuts_of_a_small_table():
    rows = patterns.levels([[2, 2, 1], [2, 1, 2], [1, 2, 2], [-2, -1, -2], [-1, -2, -2]])
    answers, ones = kmedians.Answers.of(rows[None]), np.ones((1, 3))
    ((labels, _),) = kmedians.fit(answers, ones, [2], kmedians.starts(answers, ones, 2))

    def cost(inside):
        return sum(
            np.abs(part - np.median(part, axis=0)).sum()
            for part in (rows[inside].astype(int), rows[~inside].astype(int))
        )

    cuts = [np.array(c) for c in itertools.product([True, False], repeat=5) if 0 < sum(c) < 5]
    best = min(cuts, key=cost)
    assert cost(labels[0] == labels[0][0]) == cost(best)
    assert labels[0].tolist() in ([0, 0, 0, 1, 1], [1, 1, 1, 0, 0])


# --- the verdict ----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "questions", "shares"),
    [(3000, 20, (0.5, 0.3, 0.2)), (400, 12, (0.6, 0.4)), (5000, 40, (0.7, 0.3))],
)
def test_planted_groups_are_found_and_their_members_named(number, questions, shares):
    answers, group = planted(number, questions, shares, 3, noise=0.4, silent=0.1)
    table, found = find(answers)
    assert found.verdict == "groups"
    assert found.groups["share"].tolist() == pytest.approx(shares, abs=0.05)
    rows = patterns.levels(table[names(questions)].to_numpy())
    place = {row.tobytes(): label for row, label in zip(rows, found.labels, strict=True)}
    labels = np.array([place[row.tobytes()] for row in patterns.levels(answers)])
    assert (labels == group).mean() > 0.95


@pytest.mark.parametrize("tables", [10, pytest.param(40, marks=pytest.mark.slow)])
def test_random_tables_have_no_groups(tables):
    # With 39 draws each has 1 chance in 40 to look sharper than chance; groups must also come back.
    verdicts = []
    for seed in range(tables):
        draw = np.random.Generator(np.random.PCG64(seed))
        answers = draw.integers(-2, 3, (300, 10)).astype(float)
        answers[:, :4] = np.where(draw.random((300, 4)) < 0.8, 2, answers[:, :4])
        answers[draw.random(answers.shape) < 0.1] = np.nan
        verdicts.append(find(answers)[1].verdict)
    assert verdicts.count("none") >= tables - 1


@pytest.mark.slow
def test_weights_decide_how_large_a_group_is_and_what_its_profile_holds():
    answers, group = planted(1000, 15, (0.5, 0.5), 5, noise=0.3, silent=0)
    weights = np.where(group == 0, 9.0, 1.0)
    found = find(answers, weights)[1]
    assert found.groups["share"].tolist() == pytest.approx([0.9, 0.1], abs=0.02)
    assert found.groups["respondents"].tolist() == pytest.approx([500, 500], abs=30)
    assert found.groups["respondents"].sum() == 1000


@pytest.mark.slow
def test_the_order_of_rows_and_repeating_them_all_changes_nothing():
    answers, _ = planted(800, 10, (0.6, 0.4), 7)
    _, found = find(answers)
    shuffled = answers[np.random.Generator(np.random.PCG64(1)).permutation(800)]
    _, again = find(shuffled)
    for table in ("groups", "profiles", "choice"):
        assert getattr(found, table).equals(getattr(again, table))
    _, doubled = find(np.repeat(answers, 2, axis=0))
    assert doubled.groups["share"].tolist() == found.groups["share"].tolist()
    assert doubled.choice.equals(found.choice)


def test_who_answered_too_little_is_set_aside_and_counted():
    answers, _ = planted(300, 10, (0.6, 0.4), 8, silent=0)
    answers[:40, 3:] = np.nan
    table, found = find(answers)
    assert (found.aside, found.compared) == (40, 260)
    assert sum(table.index.get_level_values("n")[found.labels < 0]) == 40


def test_too_few_respondents_or_only_one_opinion_are_results():
    answers, _ = planted(49, 10, (0.5, 0.5), 9, silent=0)
    assert find(answers)[1].verdict == "too few"
    assert find(np.ones((500, 8)))[1].verdict == "too few"
    assert find(np.empty((0, 8)))[1].verdict == "too few"


def test_a_sample_of_few_respondents_is_all_of_them():
    assert patterns.sample(np.array([2.0, 1.0, 3.0]), 6).tolist() == [0, 0, 1, 2, 2, 2]


def test_patterns_hold_all_respondents_and_weights_of_each_type():
    answers, _ = planted(300, 5, (0.6, 0.4), 10)
    types = np.array(["b", "a", ""])[np.arange(300) % 3]
    weights = np.arange(300) % 4 + 0.5
    table = patterns.counted(answers, names(5), types, weights)
    rows = pd.DataFrame(answers, columns=names(5)).assign(type=types, weight=weights)
    wanted = rows.groupby(["type", *names(5)], dropna=False)["weight"].agg(["size", "sum"])
    assert table.index.get_level_values("n").tolist() == wanted["size"].tolist()
    assert table.index.get_level_values("weight").tolist() == wanted["sum"].tolist()
