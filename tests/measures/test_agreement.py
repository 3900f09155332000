import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import mean_absolute_error

from positions.measures import agreement


def positions(**stances: dict[str, float]) -> pd.DataFrame:
    rows = [(body, p, s) for body, said in stances.items() for p, s in said.items()]
    return pd.DataFrame(rows, columns=["body_id", "proposition_id", "position"])


def model(name: str = "m", **stances: int) -> pd.DataFrame:
    rows = [(name, p, s) for p, s in stances.items()]
    return pd.DataFrame(rows, columns=["model_id", "proposition_id", "position"])


def propositions(**weights: float) -> pd.DataFrame:
    return pd.DataFrame(weights.items(), columns=["proposition_id", "weight"]).astype(
        {"weight": "float64"}
    )


def bodies(**kinds: str) -> pd.DataFrame:
    rows = [(body, body.title(), kind) for body, kind in kinds.items()]
    return pd.DataFrame(rows, columns=["body_id", "name", "kind"])


FOUR = propositions(p=1, q=1, r=1, s=1)


def score(said: dict[str, float], asked: pd.DataFrame, weights: pd.DataFrame = FOUR) -> pd.Series:
    found = agreement.agreement(positions(a=said), asked, weights, bodies(a="campaign"))
    return found.iloc[0]


def test_the_score_is_the_mean_nearness_over_what_both_address():
    # |2-2|, |0-2|, |-1-2| = 0, 2, 3: nearness 1, 1/2, 1/4, mean 7/12.
    row = score({"p": 2, "q": 0, "r": -1}, model(p=2, q=2, r=2, s=2))
    assert row["agreement"] == pytest.approx(7 / 12, abs=1e-15)
    assert (row["spoke"], row["of"], row["coverage"]) == (3, 4, 0.75)


def test_the_bounds_put_each_silent_proposition_at_its_worst_and_its_best():
    # Spoken: 1 + 1/2 + 1/4 of 4. Silent s: worst is -2 against +2, nearness 0; best 1.
    row = score({"p": 2, "q": 0, "r": -1}, model(p=2, q=2, r=2, s=2))
    assert row["lower"] == pytest.approx(1.75 / 4, abs=1e-15)
    assert row["upper"] == pytest.approx(2.75 / 4, abs=1e-15)


def test_against_a_middling_model_a_distance_is_a_share_of_the_furthest_possible():
    # Reference +1: -2 is furthest, 3 steps away, and 0 is 1 step. Reference 0: both ends are 2.
    row = score({"p": 2, "q": 0, "r": 1}, model(p=2, q=1, r=0))
    assert row["agreement"] == pytest.approx((1 + 2 / 3 + 1 / 2) / 3, abs=1e-15)
    row = score({"p": 2}, model(p=2, q=1, r=0))
    assert (row["lower"], row["upper"]) == (pytest.approx(1 / 3), 1)


def test_silence_is_not_neutrality():
    silent = score({"p": 2}, model(p=2, q=2))
    neutral = score({"p": 2, "q": 0}, model(p=2, q=2))
    assert (silent["agreement"], neutral["agreement"]) == (1.0, 0.75)


def test_a_proposition_the_model_does_not_speak_to_takes_no_part():
    row = score({"p": 2, "r": -2}, model(p=2, q=2))
    assert (row["agreement"], row["spoke"], row["of"]) == (1.0, 1, 2)


def test_weights_count():
    # 3 x nearness 1 + 1 x nearness 0, over 4.
    row = score({"p": 2, "q": -2}, model(p=2, q=2), propositions(p=3, q=1))
    assert row["agreement"] == 0.75
    row = score({"p": 2}, model(p=2, q=2), propositions(p=3, q=1))
    assert (row["coverage"], row["lower"], row["upper"]) == (0.75, 0.75, 1.0)


def test_a_body_that_spoke_on_nothing_has_no_score_and_the_widest_bounds():
    found = agreement.agreement(
        positions(a={"p": 1}), model(p=2), FOUR, bodies(a="campaign", b="campaign")
    )
    row = found.set_index("body_id").loc["b"]
    assert pd.isna(row["agreement"])
    assert (row["spoke"], row["lower"], row["upper"], row["standing"]) == (0, 0.0, 1.0, "too few")


def test_six_propositions_are_too_few_to_be_ranked_seven_are_enough():
    every = dict.fromkeys("pqrstuv", 2)
    six = {p: 2 for p in "pqrstu"}
    weights = propositions(**dict.fromkeys("pqrstuv", 1))
    assert score(six, model(**every), weights)["standing"] == "too few"
    assert score(every, model(**every), weights)["standing"] == "ranked"


def test_the_proposer_is_calibration_and_never_ranked():
    said = {"p": 2, "q": 2, "r": 2}
    found = agreement.agreement(positions(a=said), model(p=2, q=2, r=2), FOUR, bodies(a="proposer"))
    assert list(found["standing"]) == ["calibration"]


def test_most_agreeing_comes_first_and_ties_go_by_id():
    said = positions(c={"p": 2}, b={"p": 2}, a={"p": -2})
    who = bodies(a="campaign", b="campaign", c="campaign")
    found = agreement.agreement(said, model(p=2), FOUR, who, ranked_from=1)
    assert list(found["body_id"]) == ["b", "c", "a"]


def test_bodies_without_a_rank_come_last_in_the_order_of_their_names():
    said = positions(c={"p": 2}, b={"p": 2}, a={"p": -2}, z={"p": 2, "q": -2})
    who = bodies(a="campaign", b="campaign", c="campaign", z="campaign")
    who["name"] = ["beta", "Gamma", "Alpha", "Zeta"]
    found = agreement.agreement(said, model(p=2, q=2), FOUR, who, ranked_from=2)
    assert list(found["name"]) == ["Zeta", "Alpha", "beta", "Gamma"]


def test_scores_equal_the_mean_absolute_error_of_an_independent_library():
    # Each error weighs 1 over the furthest it could be: from +1 it is 3, from +2, -2 it is 4.
    said = {"p": 2, "q": -1, "r": 0, "s": 1}
    reference = {"p": 1, "q": 2, "r": -2, "s": 1}
    row = score(said, model(**reference))
    reach = [1 / 3, 1 / 4, 1 / 4, 1 / 3]
    error = mean_absolute_error(list(reference.values()), list(said.values()), sample_weight=reach)
    assert row["agreement"] == pytest.approx(1 - error * sum(reach) / 4, abs=1e-12)


def test_contributions_add_up_to_the_score_and_to_what_it_lacks():
    said, asked = positions(a={"p": 2, "q": 0, "r": -1}), model(p=2, q=2, r=2, s=2)
    moves = agreement.contributions(agreement.compared(said, asked, FOUR))
    # Nearness 1, 1/2, 1/4, each a third of the score.
    assert moves["gives"].tolist() == pytest.approx([1 / 3, 1 / 6, 1 / 12])
    assert moves["costs"].tolist() == pytest.approx([0, 1 / 6, 1 / 4])


@given(
    st.dictionaries(st.sampled_from("pqrs"), st.integers(-2, 2), min_size=1),
    st.dictionaries(st.sampled_from("pqrs"), st.integers(-2, 2), min_size=1),
)
def test_speaking_on_a_silent_proposition_stays_within_the_bounds(said, reference):
    asked = model(**reference)
    row = score(said, asked)
    for p in set(reference) - set(said):
        for stance in range(-2, 3):
            further = score({**said, p: stance}, asked)
            assert further["lower"] >= row["lower"] - 1e-12
            assert further["upper"] <= row["upper"] + 1e-12
    if set(reference) <= set(said):
        assert row["lower"] == pytest.approx(row["agreement"])
        assert row["upper"] == pytest.approx(row["agreement"])


STANCES = st.integers(-2, 2)
PLACES = st.floats(-2, 2)  # the mean of several sources may be anywhere on the scale


@given(
    st.dictionaries(st.sampled_from("pqrs"), PLACES, min_size=1),
    st.dictionaries(st.sampled_from("pqrs"), STANCES, min_size=1),
    st.fixed_dictionaries(dict.fromkeys("pqrs", st.sampled_from([0, 0.5, 1, 3]))),
)
def test_every_score_lies_within_its_bounds(said, reference, weights):
    row = score(said, model(**reference), propositions(**weights))
    if pd.notna(row["agreement"]):
        assert 0 <= row["lower"] <= row["agreement"] + 1e-12
        assert row["agreement"] - 1e-12 <= row["upper"] <= 1


@given(st.dictionaries(st.sampled_from("pqrs"), STANCES, min_size=1))
def test_nought_and_all_can_be_reached_against_any_model(reference):
    furthest = {p: -2 if r > 0 else 2 for p, r in reference.items()}
    assert score(furthest, model(**reference))["agreement"] == pytest.approx(0, abs=1e-15)
    assert score(reference, model(**reference))["agreement"] == 1


@pytest.mark.slow
@given(st.randoms(use_true_random=False))
def test_row_order_changes_nothing(random):
    said = positions(a={"p": 2, "q": -1}, b={"p": 0, "r": 1}, c={"p": 1, "q": 1, "r": 1})
    asked = pd.concat([model("m", p=2, q=1, r=-2), model("n", p=-2, s=2)])
    who = bodies(a="campaign", b="union", c="proposer")

    def shuffled(table: pd.DataFrame) -> pd.DataFrame:
        return table.iloc[random.sample(range(len(table)), len(table))]

    first = agreement.agreement(said, asked, FOUR, who)
    again = agreement.agreement(*map(shuffled, (said, asked, FOUR, who)))
    pd.testing.assert_frame_equal(first, again)


def test_a_position_predates_a_model_only_if_its_source_surely_came_before():
    said = pd.DataFrame(
        {
            "body_id": ["a", "b", "c"],
            "proposition_id": ["p", "p", "p"],
            "latest": pd.to_datetime(["2021-02-10", "2021-02-11", "2021-07-31"]),
        }
    )
    models = pd.DataFrame({"model_id": ["m", "n"], "proposed": ["2021-02-11", ""]})
    asked = pd.concat([model("m", p=2), model("n", p=2)])
    found = agreement.predating(said, models, asked)
    assert found[found["predates"]][["model_id", "body_id"]].to_numpy().tolist() == [["m", "a"]]


def test_overlapping_counts_with_how_many_others_a_body_could_change_places():
    scores = pd.DataFrame(
        {
            "body_id": ["a", "b", "c", "d"],
            "lower": [0.6, 0.5, 0.0, 0.0],
            "upper": [0.9, 0.7, 0.4, 1.0],
            "standing": ["ranked", "ranked", "ranked", "too few"],
        }
    )
    found = agreement.overlapping(scores).set_index("body_id")
    assert found["overlaps"].to_dict() == {"a": 1, "b": 1, "c": 0}
