"""Tidy tables laid out for reading: order, marks, bases, and nobody lost on the way."""

import pandas as pd
import pytest

from positions.present import cell_links, tables


def scores(*rows):
    columns = ["model_id", "body_id", "name", "agreement", "spoke", "of", "standing"]
    return pd.DataFrame(rows, columns=columns)


PLAN = scores(
    ("plan", "m", "Maker", 1.0, 4, 4, "calibration"),
    ("plan", "a", "Alpha", 0.66, 3, 4, "ranked"),
    ("plan", "g", "Gamma", 0.6, 1, 4, "too few"),
    ("plan", "b", "Beta", 0.2, 4, 4, "ranked"),
)
POSITIONS = pd.DataFrame(
    [
        ("a", "p1", 2.0, "stated", ""),
        ("a", "p2", -0.5, "implied", "mixed"),
        ("b", "p1", 0.0, "reported", ""),
    ],
    columns=["body_id", "proposition_id", "position", "basis", "flagged"],
)
BODIES = pd.DataFrame({"body_id": ["b", "a", "c"], "name": ["Beta", "Alpha", "Core"]})
PROPOSITIONS = pd.DataFrame({"proposition_id": ["p2", "p1"], "label": ["Second", "First"]})


def test_ranked_keeps_the_ranked_in_their_order():
    assert tables.ranked(PLAN)["body_id"].tolist() == ["a", "b"]


def test_the_ranked_come_first_then_calibration_then_too_few():
    assert tables.in_order(PLAN)["body_id"].tolist() == ["a", "b", "m", "g"]


def test_every_standing_has_its_place_in_the_order():
    assert sorted(tables.in_order(PLAN)["body_id"]) == sorted(PLAN["body_id"])


def test_the_reference_model_comes_first_and_the_others_by_id():
    models = pd.DataFrame({"model_id": ["z", "a", "m"], "label": ["Z", "A", "M"]})
    assert tables.models_in_order(models, "m") == [("m", "M"), ("a", "A"), ("z", "Z")]


def test_the_grid_follows_the_order_of_bodies_and_propositions_and_keeps_the_silent():
    wide = tables.grid(POSITIONS, BODIES, PROPOSITIONS)
    assert wide.columns.tolist() == ["Proposition", "Beta", "Alpha", "Core"]
    assert wide.astype("object").fillna("[x]").to_numpy().tolist() == [
        ["Second", "[x]", "-0.5i*", "[x]"],
        ["First", "0r", "+2", "[x]"],
    ]


def test_a_grid_in_which_nobody_spoke_is_all_missing():
    wide = tables.grid(POSITIONS.head(0), BODIES, PROPOSITIONS)
    assert wide.columns.tolist() == ["Proposition", "Beta", "Alpha", "Core"]
    assert wide[["Beta", "Alpha", "Core"]].isna().all(axis=None)


def test_bodies_of_one_name_keep_a_column_each():
    twins = BODIES.assign(name=["Twin", "Twin", "Proposition"])
    wide = tables.grid(POSITIONS, twins, PROPOSITIONS)
    assert wide.columns.tolist() == ["Proposition", "Twin (b)", "Twin (a)", "Proposition (c)"]
    assert wide["Twin (a)"].tolist() == ["-0.5i*", "+2"]


def test_side_by_side_prints_score_and_base_in_the_order_of_the_first_model():
    both = pd.concat(
        [
            PLAN.iloc[[1, 3]],
            scores(
                ("still", "b", "Beta", float("nan"), 0, 2, "too few"),
                ("still", "a", "Alpha", 0.125, 2, 2, "too few"),
            ),
        ]
    )
    wide = tables.side_by_side(both, [("plan", "Plan"), ("still", "Still")])
    assert wide.columns.tolist() == ["Body", "Plan", "Still"]
    assert wide.to_numpy().tolist() == [
        ["Alpha", "66%, 3 of 4", "12%, 2 of 2"],
        ["Beta", "20%, 4 of 4", "[x], 0 of 2"],
    ]


def test_models_that_share_a_label_keep_a_column_each():
    both = pd.concat([PLAN.iloc[[1]], scores(("still", "a", "Alpha", 0.0, 2, 2, "too few"))])
    wide = tables.side_by_side(both, [("plan", "Body"), ("still", "Body")])
    assert wide.columns.tolist() == ["Body", "Body (plan)", "Body (still)"]
    assert wide.to_numpy().tolist() == [["Alpha", "66%, 3 of 4", "0%, 2 of 2"]]


def test_a_model_without_positions_leaves_its_column_missing():
    wide = tables.side_by_side(PLAN.iloc[[1]], [("plan", "Plan"), ("empty", "Empty")])
    assert wide["Empty"].isna().all()


def test_beside_each_question_stands_who_spoke_on_what_it_asks_about():
    answers = pd.DataFrame(
        {"question_id": ["Q1", "Q2", "Q3"], "proposition_id": ["p2", "p1", "p2"]}
    )
    wide = tables.beside(answers, POSITIONS, PROPOSITIONS, BODIES)
    assert wide.columns.tolist() == ["Question", "Asks about", "Beta", "Alpha"]
    assert wide.to_numpy().tolist() == [
        ["Q1", "Second", "[x]", "-0.5i*"],
        ["Q2", "First", "0r", "+2"],
        ["Q3", "Second", "[x]", "-0.5i*"],
    ]


@pytest.mark.parametrize(("answers", "rows"), [(["p1"], 1), ([], 0)])
def test_beside_questions_nobody_spoke_to_stand_no_bodies(answers, rows):
    asked = pd.DataFrame(
        {"question_id": pd.Series(["Q"] * len(answers), dtype="str"),
         "proposition_id": pd.Series(answers, dtype="str")}
    )  # fmt: skip
    wide = tables.beside(asked, POSITIONS.head(0), PROPOSITIONS, BODIES)
    assert wide.columns.tolist() == ["Question", "Asks about"]
    assert len(wide) == rows


def test_what_was_not_seen_is_not_silence():
    positions = pd.DataFrame(
        [("a", "p", 2.0, "stated", "")],
        columns=["body_id", "proposition_id", "position", "basis", "flagged"],
    )
    bodies = pd.DataFrame({"body_id": ["a", "b"], "name": ["A", "B"], "seen": ["whole", "opening"]})
    propositions = pd.DataFrame({"proposition_id": ["p", "q"], "label": ["P", "Q"]})
    wide = tables.grid(positions, bodies, propositions)
    assert wide["A"].isna().tolist() == [False, True]
    assert wide["B"].tolist() == ["[u]", "[u]"]
    assert tables.turned(wide)["Body"].tolist() == ["A", "B"]


def test_positions_over_time_show_only_what_was_addressed_in_two_phases():
    phased = pd.DataFrame(
        [
            ("a", "p", 2.0, "stated", "", "one"),
            ("a", "p", -1.0, "stated", "", "two"),
            ("a", "q", 2.0, "stated", "", "one"),
            ("b", "p", 1.0, "reported", "", "one"),
            ("b", "p", 1.0, "stated", "", "three"),
        ],
        columns=["body_id", "proposition_id", "position", "basis", "flagged", "phase"],
    )
    bodies = pd.DataFrame({"body_id": ["a", "b"], "name": ["A", "B"]})
    propositions = pd.DataFrame({"proposition_id": ["p", "q"], "label": ["P", "Q"]})
    found = tables.over_time(phased, ["one", "two", "three"], propositions, bodies)
    assert found[["Body", "one", "two", "three", "moved"]].to_numpy().tolist() == [
        ["A", "+2", "-1", "[z]", True],
        ["B", "+1r", "[z]", "+1", False],
    ]


@pytest.mark.parametrize(
    ("number", "sizes"), [(0, [0]), (28, [28]), (29, [15, 14]), (67, [23, 23, 21])]
)
def test_parts_are_of_equal_size_and_fit_a_page(number, sizes):
    bodies = pd.DataFrame({"body_id": [str(n) for n in range(number)]})
    assert [len(part) for part in tables.parts(bodies, 28)] == sizes


def test_of_many_bodies_those_with_too_few_stay_out_of_the_figure_but_the_featured():
    scores = pd.DataFrame(
        {
            "body_id": [f"b{n}" for n in range(20)],
            "standing": ["ranked"] * 3 + ["too few"] * 17,
            "spoke": [3] * 3 + [1] * 16 + [0],
        }
    )
    assert tables.foreground(scores, ["b9"])["body_id"].tolist() == ["b0", "b1", "b2", "b9"]
    assert len(tables.foreground(scores.head(10))) == 10
    assert tables.spotlight(scores, ["b9", "b19"])["body_id"].tolist() == ["b9"]


def test_of_more_bodies_than_a_page_holds_the_ends_and_the_featured_are_drawn():
    scores = pd.DataFrame(
        {
            "body_id": [f"b{n}" for n in range(43)],
            "standing": ["ranked", "calibration", *["ranked"] * 40, "too few"],
            "spoke": 3,
        }
    )
    # Ranked are b0 and b2 to b41: fifteen of each end, b20 between them, and b1 apart.
    drawn = tables.on_a_page(scores, ["b20"])
    first, last = [f"b{n}" for n in range(16)], [f"b{n}" for n in range(27, 42)]
    assert drawn["body_id"].tolist() == [*first, "b20", *last]
    left_out = drawn.loc[drawn["skipped"] > 0].set_index("body_id")["skipped"]
    assert left_out.to_dict() == {"b20": 4, "b27": 6}
    few = tables.on_a_page(scores.head(40))
    assert few["body_id"].tolist() == scores["body_id"].tolist()[:40]
    assert few["skipped"].tolist() == [0] * 40


def test_of_very_many_bodies_seen_in_part_every_empty_cell_says_so():
    many = pd.DataFrame({"body_id": [f"b{n}" for n in range(300)]})
    many = many.assign(name=many["body_id"].str.upper(), seen="opening")
    wide = tables.grid(POSITIONS.head(0), many, PROPOSITIONS)
    assert wide.shape == (2, 301)
    assert set(wide.drop(columns="Proposition").to_numpy().ravel()) == {tables.UNSEEN}


# --- what its cells are about --------------------------------------------------------------


def about(wide, printed="[x]"):
    cells = wide.astype("object").fillna(printed).to_numpy().tolist()
    columns = wide.columns.tolist()
    return cell_links.of_columns(wide, columns), cell_links.of_cells(wide, columns, cells)


def test_a_grid_either_way_round_keeps_the_ids_of_its_rows_and_columns():
    wide = tables.grid(POSITIONS, BODIES, PROPOSITIONS)
    heads, rows = about(wide)
    assert heads == [{}, {"body": "b"}, {"body": "a"}, {"body": "c"}]
    assert rows[1] == [
        {"proposition": "p1"},
        {"proposition": "p1", "body": "b"},
        {"proposition": "p1", "body": "a"},
        {},
    ]
    heads, rows = about(tables.turned(wide))
    assert heads == [{}, {"proposition": "p2"}, {"proposition": "p1"}]
    assert rows[1] == [
        {"body": "a"},
        {"body": "a", "proposition": "p2"},
        {"body": "a", "proposition": "p1"},
    ]


def test_rows_in_another_order_and_fewer_of_them_keep_their_own_ids():
    wide = tables.turned(tables.grid(POSITIONS, BODIES, PROPOSITIONS)).iloc[[2, 1]]
    assert [row[0] for row in about(wide)[1]] == [{"body": "c"}, {"body": "a"}]


def test_propositions_of_one_label_keep_a_column_each():
    twins = PROPOSITIONS.assign(label=["Twin", "Twin"])
    turned = tables.turned(tables.grid(POSITIONS, BODIES, twins))
    assert turned.columns.tolist() == ["Body", "Twin (p2)", "Twin (p1)"]
    assert about(turned)[0] == [{}, {"proposition": "p2"}, {"proposition": "p1"}]
    alone = PROPOSITIONS.assign(label=["Body", "Other"])
    assert tables.turned(tables.grid(POSITIONS, BODIES, alone)).columns.tolist() == [
        "Body", "Body (p2)", "Other",
    ]  # fmt: skip


def test_scores_side_by_side_are_about_their_body():
    wide = tables.side_by_side(PLAN.iloc[[1]], [("plan", "Plan"), ("empty", "Empty")])
    assert about(wide)[1] == [[{"body": "a"}, {"body": "a"}, {}]]


def test_positions_beside_a_question_are_about_the_body_and_what_is_asked_about():
    answers = pd.DataFrame({"question_id": ["Q1"], "proposition_id": ["p2"]})
    wide = tables.beside(answers, POSITIONS, PROPOSITIONS, BODIES)
    assert about(wide)[1] == [[{}, {"proposition": "p2"}, {"proposition": "p2", "body": "a"}]]
