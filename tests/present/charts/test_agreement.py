"""Figures draw what their table holds, cut nothing off, and are the same bytes each time."""

import pathlib
import re

import pandas as pd
import pytest
from legible import assert_legible
from matplotlib import cbook
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from positions.measures.analysis import analyse
from positions.present import plot
from positions.present.charts import style
from positions.study import load

DATA = pathlib.Path(__file__).parents[3] / "data"

SCORES = pd.DataFrame(
    [
        ("plan", "a", "Alpha", 0.75, 0.5, 0.9, 3, 4, "ranked"),
        ("plan", "b", "Beta", 0.25, 0.25, 0.25, 4, 4, "ranked"),
        ("plan", "m", "Maker", 1.0, 0.5, 1.0, 2, 4, "calibration"),
        ("plan", "c", "Core", float("nan"), 0.0, 1.0, 0, 4, "too few"),
        ("still", "a", "Alpha", 0.0, 0.0, 0.0, 1, 1, "too few"),
        ("still", "b", "Beta", 1.0, 1.0, 1.0, 1, 1, "too few"),
        ("still", "m", "Maker", 0.0, 0.0, 0.0, 1, 1, "calibration"),
        ("still", "c", "Core", float("nan"), 0.0, 1.0, 0, 1, "too few"),
    ],
    columns=["model_id", "body_id", "name", "agreement", "lower", "upper", "spoke", "of",
             "standing"],
)  # fmt: skip
PLAN = SCORES[SCORES["model_id"] == "plan"]
BODIES = pd.DataFrame({"body_id": ["a", "b", "c"], "name": ["Alpha", "Beta", "Core"]})
PROPOSITIONS = pd.DataFrame({"proposition_id": ["p1", "p2"], "label": ["First", "Second"]})
POSITIONS = pd.DataFrame(
    [
        ("a", "p1", 2.0, "stated", "", 0.5, 0.0),
        ("a", "p2", -0.5, "implied", "mixed", 0.25, 0.25),
        ("b", "p1", 0.0, "reported", "", 0.0, 1.0),
    ],
    columns=["body_id", "proposition_id", "position", "basis", "flagged", "gives", "costs"],
)
BLANKS = pd.DataFrame(
    [("b", "p2", "silent"), ("c", "p1", "not seen"), ("c", "p2", "reported only")],
    columns=["body_id", "proposition_id", "blank"],
)
CELLS = pd.concat([POSITIONS.assign(blank=""), BLANKS], ignore_index=True)
KINDS = pd.concat([PLAN.assign(evidence="all"), PLAN.assign(evidence="stated only")])
ANSWERS = pd.DataFrame(
    [("Q1", "Is a bridge wanted?", 60.0, 30.0, 10.0), ("Q2", "And a mill?", 40.5, 40.5, 19.0)],
    columns=["question_id", "question", "agree", "disagree", "neutral"],
)
LABELS = pd.DataFrame({"model_id": ["plan", "still"], "label": ["Plan", "Still"]})


def drawn(scores, labels, cells, bodies, propositions, kinds, answers, title="A finding"):
    """How to draw every figure of the two modules, by its name."""
    plan = scores[scores["model_id"] == labels["model_id"].iloc[0]]
    classes = list(dict.fromkeys(kinds["evidence"]))
    words = (title, "Measure, base, date")
    return {
        "agreement": lambda: plot.agreement(plan, *words),
        "models": lambda: plot.models(scores, labels, *words),
        "matrix": lambda: plot.matrix(cells, bodies, propositions, *words),
        "contributions": lambda: plot.contributions(
            cells[cells["blank"] == ""], bodies, propositions, cells[cells["blank"] != ""], *words
        ),
        "evidence": lambda: plot.evidence(kinds, classes, *words),
        "engagement": lambda: plot.engagement(answers, *words),
    }


SMALL = (SCORES, LABELS, CELLS, BODIES, PROPOSITIONS, KINDS, ANSWERS)
NAMES = ["agreement", "models", "matrix", "contributions", "evidence", "engagement"]


@pytest.fixture(scope="module")
def small():
    return {name: draw() for name, draw in drawn(*SMALL).items()}


@pytest.mark.parametrize("name", NAMES)
def test_the_title_given_is_the_charts_and_is_drawn(name, small):
    chart = small[name]
    assert chart.title == "A finding"
    assert "A finding" in [text.get_text() for text in chart.figure.texts]
    assert chart.alt.startswith("A finding. ")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("agreement", ["Alpha 75% (bounds 50% to 90%, spoke on 3 of 4)",
                       "Beta 25% (bounds 25% to 25%, spoke on 4 of 4)",
                       "Maker 100% (bounds 50% to 100%, spoke on 2 of 4, calibration)",
                       "Core [x] (bounds 0% to 100%, spoke on 0 of 4, too few)"]),
        ("models", ["Plan: Alpha 75% (3 of 4), Beta 25% (4 of 4), Maker 100% (2 of 4), "
                    "Core [x] (0 of 4)", "Still: Alpha 0% (1 of 1), Beta 100% (1 of 1)"]),
        ("matrix", ["2 propositions by 3 bodies: 3 cells hold a position",
                    "blank are 1 silent, 1 not in the part seen and 1 only reported by others",
                    "Alpha spoke on 2 of 2", "Beta spoke on 1 of 2", "Core spoke on 0 of 2"]),
        ("contributions", ["Alpha gains 75% and loses 25%, spoke on 2 of 2",
                           "Beta gains 0% and loses 100%, spoke on 1 of 2"]),
        ("evidence", ["Alpha, all: 75% (3 of 4)", "Core, stated only: [x] (0 of 4)"]),
        ("engagement", ["Q1 agree 60%, disagree 30%, neutral 10%",
                        "Q2 agree 40.5%, disagree 40.5%, neutral 19%"]),
    ],
)  # fmt: skip
def test_the_alternative_text_names_every_body_with_its_base(name, said, small):
    for words in said:
        assert words in small[name].alt


# --- what is drawn is what the table holds --------------------------------------------------


def boxes(axes, colour=None, hatched=None):
    """Corner and size of every rectangle of `style.boxes`: five points of a path each."""
    found = []
    for shape in (artist for artist in axes.patches if type(artist) is PathPatch):
        points = shape.get_path().vertices.reshape(-1, 5, 2)
        is_colour = colour is None or to_hex(shape.get_facecolor()) == colour.lower()
        if is_colour and (hatched is None or bool(shape.get_hatch()) == hatched):
            found += [(tuple(box[0]), tuple(box[2] - box[0])) for box in points]
    return found


def lengths(axes, colour=None, hatched=None):
    return [pytest.approx(size[0]) for _, size in boxes(axes, colour, hatched)]


def ends(line):
    """Both ends of every level line of `style.spans`: a gap follows each."""
    return [list(span[:2]) for span in line.get_xdata().reshape(-1, 3)]


def words(axes):
    return [text.get_text() for text in axes.texts]


def dots(axes):
    """Where the dots of a figure stand, and whether they are hollow."""
    return [
        (across, pytest.approx(up), line.get_markerfacecolor() == "white")
        for line in axes.lines if line.get_marker() == "o"
        for across, up in zip(line.get_xdata(), line.get_ydata(), strict=True)
        if across == across
    ]  # fmt: skip


def test_a_dot_is_drawn_for_each_score_on_its_bounds_hollow_where_the_body_is_not_ranked(small):
    (axes,) = small["agreement"].figure.axes
    # Rows are one apart, and 0.45 more where the standing changes.
    assert dots(axes) == [(0.75, 0, False), (0.25, 1, False), (1.0, 2.45, True)]
    (bounds,) = [line for line in axes.lines if line.get_marker() == "None"]
    assert ends(bounds) == [[0.5, 0.9], [0.25, 0.25], [0.5, 1.0], [0.0, 1.0]]
    assert words(axes) == [
        *("Alpha", "Beta", "Maker", "Core"),
        "75%, spoke on 3 of 4",
        "25%, spoke on 4 of 4",
        "100%, spoke on 2 of 4",
        "[x], spoke on 0 of 4",
    ]


def test_the_drawing_for_a_telephone_holds_the_same_and_says_it_above_each_row(small):
    chart = small["agreement"].narrow
    (axes,) = chart.figure.axes
    assert dots(axes) == [(0.75, 0, False), (0.25, 1, False), (1.0, 2.45, True)]
    assert chart.figure.get_figwidth() == style.NARROW
    assert chart.narrow is None
    assert chart.alt == small["agreement"].alt
    said = [text for text in chart.figure.texts if text.get_position()[0] == 0.02]
    assert [text.get_text() for text in said[:5]] == [
        *("Alpha", "Beta", "Maker", "Core"), "75%, spoke on 3 of 4",
    ]  # fmt: skip
    assert [text.get_position()[1] for text in said[:4]] == [0, 1, pytest.approx(2.45),
                                                            pytest.approx(3.9)]  # fmt: skip


def test_a_panel_is_drawn_for_each_model_with_hollow_points_for_the_unranked(small):
    plan, still = small["models"].figure.axes
    assert (plan.get_title("left"), still.get_title("left")) == ("Plan", "Still")
    points = {
        (across, up): line.get_markerfacecolor() == "white"
        for line in plan.lines
        if line.get_marker() == "o"
        for across, up in line.get_xydata()
        if not pd.isna(across)
    }
    assert points == {(0.75, 0): False, (0.25, 1): False, (1.0, 2): True}
    assert words(plan) == ["3/4", "4/4", "2/4", "[x]", "Alpha", "Beta", "Maker", "Core"]
    assert words(still) == ["1/1", "1/1", "1/1", "[x]"]


def test_a_matrix_hatches_each_kind_of_blank_and_prints_the_sign_of_each_other(small):
    (axes,) = small["matrix"].figure.axes
    # columns Alpha, Beta, Core; rows First, Second
    hatches = {"////": (1, 1), "..": (2, 0), "oo": (2, 1)}  # silent, not seen, reported only
    assert {
        shape.get_hatch(): tuple(shape.get_path().vertices[0])
        for shape in axes.patches
        if shape.get_hatch()
    } == hatches
    signs = {text.get_position(): text.get_text() for text in axes.texts if text.get_text()}
    names = {(0, 0.5): "First", (0, 1.5): "Second"}
    names |= {(0.5, 1): "Alpha", (1.5, 1): "Beta", (2.5, 1): "Core"}
    assert signs == {(0.5, 0.5): "+2", (0.5, 1.5): "-0.5i*", (1.5, 0.5): "0r"} | names


def test_a_bar_to_each_side_is_drawn_for_each_proposition_spoken_on(small):
    alpha, beta, core = small["contributions"].figure.axes
    assert lengths(alpha, style.BLUE) == [0.5, 0.25]
    assert lengths(alpha, style.ORANGE) == [0.0, -0.25]
    assert lengths(beta, style.ORANGE) == [-1.0]
    assert boxes(core) == []
    marks = [[words for words in texts if words.startswith("[")] for texts in
             map(words, (alpha, beta, core))]  # fmt: skip
    assert marks == [[], ["[x]"], ["[u]", "[o]"]]


def test_a_point_on_which_only_the_model_is_silent_is_not_called_a_blank():
    # Alpha's position on p1 is compared with nothing; it could not speak of p2 yet.
    could_not = BLANKS.head(1).assign(body_id="a", blank="could not")
    chart = plot.contributions(POSITIONS.tail(1), BODIES.head(1), PROPOSITIONS, could_not, "T", "S")
    (axes,) = chart.figure.axes
    assert [text for text in words(axes) if text.startswith("[")] == ["[z]"]


def test_costs_are_told_from_gains_by_more_than_colour(small):
    for axes in small["contributions"].figure.axes:
        assert boxes(axes, style.ORANGE, hatched=False) == []
        assert boxes(axes, style.BLUE, hatched=True) == []


def test_a_point_is_drawn_for_each_class_of_evidence_that_gives_a_score(small):
    (axes,) = small["evidence"].figure.axes
    every, stated = [line for line in axes.lines if line.get_marker() not in ("None", None, "")]
    assert every.get_marker() != stated.get_marker()
    # Bodies are two rows and 0.7 apart; the classes of a body are one row apart.
    for line, first in ((every, 0), (stated, 1)):
        assert [tuple(point) for point in line.get_xydata()[:3]] == [
            (0.75, pytest.approx(first)),
            (0.25, pytest.approx(first + 2.7)),
            (1.0, pytest.approx(first + 5.4)),
        ]
        assert pd.isna(line.get_xdata()[3])
    assert len(axes.texts) == 8 + 4
    assert words(axes)[7] == "stated only: [x], 0 of 4"


def test_bodies_that_share_a_name_are_drawn_apart():
    twins = KINDS.assign(name="Twin")
    (axes,) = plot.evidence(twins, ["all", "stated only"], "T", "s").figure.axes
    rows = {
        text.get_position()[1]: text.get_text() for text in axes.texts if ":" in text.get_text()
    }
    assert [rows[place] for place in sorted(rows)][:4] == [
        "all: 75%, 3 of 4",
        "stated only: 75%, 3 of 4",
        "all: 25%, 4 of 4",
        "stated only: 25%, 4 of 4",
    ]
    assert words(axes).count("Twin") == 4


def test_answers_are_drawn_to_two_sides_with_the_neutral_apart(small):
    both, side = small["engagement"].figure.axes
    assert lengths(both, style.BLUE) == [60.0, 40.5]
    assert lengths(both, style.ORANGE) == [-30.0, -40.5]
    assert lengths(side) == [10.0, 19.0]


def test_a_per_cent_is_as_long_among_the_neutral_as_on_either_side(small):
    lengths = [
        axes.get_position().width / (axes.get_xlim()[1] - axes.get_xlim()[0])
        for axes in small["engagement"].figure.axes
    ]
    assert lengths[0] == pytest.approx(lengths[1])


@pytest.mark.parametrize("answer", [(1.0, 97.0, 2.0), (2.0, 1.0, 97.0)])
def test_the_share_beside_a_short_bar_can_be_read(answer):
    one = pd.DataFrame([("Q1", "Why?", *answer)], columns=ANSWERS.columns)
    chart = plot.engagement(one, "T", "s")
    assert_legible(chart)
    for axes in chart.figure.axes:
        assert {to_hex(text.get_color()) for text in axes.texts} == {"#000000"}


def test_a_model_that_takes_no_position_has_an_empty_panel():
    plan, empty = plot.models(
        PLAN, pd.DataFrame({"model_id": ["plan", "none"], "label": ["Plan", "None"]}), "T", "s"
    ).figure.axes
    assert len(plan.texts) == 4 + 4
    assert (len(empty.texts), empty.get_title("left")) == (0, "None")


LONG = 3000
"""Pixels of a picture of a page and a half."""


def a_hundred_and_fifty():
    return pd.DataFrame(
        [(m, f"b{n:03}", f"Body {n}", 1 - n / 150, 0.0, 1.0, 9, 9, "ranked")
         for m in ("plan", "still") for n in range(150)],
        columns=SCORES.columns,
    )  # fmt: skip


def test_of_many_bodies_the_ranked_the_featured_and_the_calibration_are_drawn():
    scores = a_hundred_and_fifty().query("model_id == 'plan'").head(20)
    scores = scores.assign(standing=["ranked"] * 3 + ["calibration"] + ["too few"] * 16)
    alt = plot.agreement(scores, "T", "s", ["b009"]).alt
    assert re.findall(r"Body \d+", alt) == ["Body 0", "Body 1", "Body 2", "Body 3", "Body 9"]
    few = plot.agreement(scores.head(14), "T", "s").alt
    assert len(re.findall(r"Body \d+", few)) == 14


@pytest.mark.parametrize("name", ["agreement", "models"])
def test_a_hundred_and_fifty_bodies_fit_a_picture_that_says_who_is_left_out(name):
    scores = a_hundred_and_fifty()
    chart = (
        plot.agreement(scores[scores["model_id"] == "plan"], "T", "s", ["b070"])
        if name == "agreement"
        else plot.models(scores, LABELS, "T", "s", ["b070"])
    )
    assert chart.figure.get_figheight() * chart.figure.dpi < LONG
    first = {text.get_text(): text.get_position()[1] for text in chart.figure.axes[0].texts}
    # Drawn are 0 to 14, 70, and 135 to 149: 55 are left out before 70 and 64 after it.
    assert first["(55 more: in the table)"] == first["Body 14"] + 1 == first["Body 70"] - 1
    assert first["(64 more: in the table)"] == first["Body 70"] + 1 == first["Body 135"] - 1
    assert "Body 15" not in first
    if name == "agreement":
        assert "; (55 bodies left out, which the table gives); Body 70 " in chart.alt
        assert "; (64 bodies left out, which the table gives); Body 135 " in chart.alt
    else:
        assert "(119 bodies left out, which the table gives). Plan: Body 0 " in chart.alt
    assert_legible(chart)


def test_points_of_one_place_are_stacked_within_their_row_the_featured_on_top():
    same = pd.DataFrame({"body_id": [f"b{n}" for n in range(30)], "name": "Any", "agreement": 0.5,
                         "spoke": 24, "of": 24, "standing": "ranked", "kind": "union"})  # fmt: skip
    (axes,) = plot.by_kind(same, "T", "s", ["b3"]).figure.axes
    others, named = axes.collections
    assert (len(others.get_offsets()), len(named.get_offsets())) == (29, 1)
    heights = [up for _, up in [*others.get_offsets(), *named.get_offsets()]]
    assert max(heights) == 0
    assert len(set(heights)) == 30
    assert min(heights) == pytest.approx(-0.55)
    assert axes.get_ylim()[1] == -0.6
    assert named.get_zorder() == others.get_zorder()  # so what comes last is on top


# --- hostile and empty tables ---------------------------------------------------------------

HOSTILE = r"$x^2$ \alpha \$5 _{a} %s {0} <b>"


def test_dollars_and_backslashes_in_names_are_printed_as_they_are():
    hostile = drawn(
        SCORES.assign(name=HOSTILE), LABELS.assign(label=HOSTILE), CELLS,
        BODIES.assign(name=HOSTILE), PROPOSITIONS.assign(label=HOSTILE),
        KINDS.assign(name=HOSTILE, evidence=HOSTILE).drop_duplicates("body_id"),
        ANSWERS.assign(question=HOSTILE), title=HOSTILE,
    )  # fmt: skip
    for draw in hostile.values():
        chart = draw()
        assert chart.png(50)
        texts = [t for t in chart.figure.findobj(Text) if "x^2" in t.get_text()]
        assert texts
        for text in texts:
            assert not cbook.is_math_text(text.get_text())
            printed = text.get_text().replace("\\$", "$")
            assert "".join(printed.split()).startswith(("$x^2$", "Q1:$x^2$", "Q2:$x^2$"))


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_table_gives_an_empty_figure(name):
    none = [table.head(0) for table in (SCORES, CELLS, BODIES, PROPOSITIONS, KINDS, ANSWERS)]
    chart = drawn(none[0], LABELS, *none[1:])[name]()
    assert chart.png().startswith(b"\x89PNG")
    assert "nan" not in chart.alt


def test_a_matrix_in_which_nobody_spoke_is_hatched_all_over():
    grid = BODIES.merge(PROPOSITIONS, how="cross").assign(blank="silent")
    chart = plot.matrix(
        pd.concat([CELLS.head(0), grid[BLANKS.columns]]), BODIES, PROPOSITIONS, "T", "s"
    )
    assert chart.png()
    assert len(boxes(chart.figure.axes[0], hatched=True)) == 6


# --- the picture ----------------------------------------------------------------------------


def of_study(found):
    """How to draw the figures as the notebooks do."""
    study, subtitle = found.study, "Agreement with the model, sources of one year"
    moves = found.contributions[found.contributions["model_id"] == found.model]
    classes = ["all", "own words", "since the model"]
    kinds = pd.concat(found.ranked.assign(evidence=kind) for kind in classes)
    phased = found.by_phase[found.by_phase["body_id"].isin(found.featured["body_id"])]
    phased = phased.merge(study.bodies[["body_id", "name"]]).merge(study.propositions)
    return {
        "rows": lambda: plot.rows(
            found.cells, found.ranking.head(28), study.propositions, "Rows", subtitle
        ),
        "field": lambda: plot.by_kind(found.ranking, "Field", subtitle, study.featured),
        "phases": lambda: plot.phases(phased, found.phases, "Phases", subtitle),
        "agreement": lambda: plot.agreement(
            found.ranking, "Agreement above half", subtitle, study.featured
        ),
        "models": lambda: plot.models(
            found.scores, found.models, "Models", subtitle, study.featured
        ),
        "matrix": lambda: plot.matrix(
            found.cells, found.ranking.head(14), study.propositions, "Matrix", subtitle
        ),
        "contributions": lambda: plot.contributions(
            moves, found.featured, found.design, found.blanks, "Costs", subtitle
        ),
        "evidence": lambda: plot.evidence(kinds, classes, "E", subtitle),
        "engagement": lambda: plot.engagement(study.engagement, "Answers", subtitle),
    }


@pytest.fixture(scope="module")
def shipped():
    return of_study(analyse(load.read(DATA)))


@pytest.mark.parametrize("name", [*NAMES, "rows", "field", "phases"])
def test_no_text_of_the_shipped_study_is_cut_off_or_overlaps_another(name, shipped):
    assert_legible(shipped[name]())


NAMES_OF_FORTY = [
    "Association of Bridge and Market Keepers",
    "Llanfairpwllgwyngyllgogerychwyrndrobwll!",
    "THE NATIONAL COUNCIL OF MILLERS & BAKERS",
]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_cut_off_where_names_have_forty_characters(name):
    assert {len(words) for words in NAMES_OF_FORTY} == {40}
    who = [(f"b{i}", NAMES_OF_FORTY[i % 3]) for i in range(9)]
    bodies = pd.DataFrame(who, columns=["body_id", "name"])
    scores = pd.DataFrame(
        [(m, key, words, 1 - i / 8, 0.0, 1.0, 25, 25, "ranked" if i < 6 else "too few")
         for m in ("m1", "m2", "m3", "m4") for i, (key, words) in enumerate(who)],
        columns=SCORES.columns,
    )  # fmt: skip
    propositions = pd.DataFrame(
        {"proposition_id": [f"p{i}" for i in range(25)],
         "label": [NAMES_OF_FORTY[i % 3] for i in range(25)]}
    )  # fmt: skip
    positions = bodies.merge(propositions, how="cross").assign(
        position=-0.5, basis="reported", flagged="mixed", gives=0.04, costs=0.04, blank=""
    )
    kinds = pd.concat(
        scores.loc[scores["model_id"] == "m1"].assign(evidence=kind)
        for kind in ("all", "own words", "stated only", "since the model")
    )
    answers = pd.DataFrame(
        [(f"Q{i}", f"{NAMES_OF_FORTY[i]}: {NAMES_OF_FORTY[0]}?", 100.0, 100.0, 100.0)
         for i in range(3)],
        columns=ANSWERS.columns,
    )  # fmt: skip
    labels = pd.DataFrame(
        [(f"m{i}", NAMES_OF_FORTY[i % 3]) for i in (1, 2, 3, 4)], columns=["model_id", "label"]
    )
    title = f"{NAMES_OF_FORTY[0]} nearest, {NAMES_OF_FORTY[2]} furthest"
    charts = drawn(scores, labels, positions, bodies.head(6) if name == "contributions" else bodies,
                   propositions, kinds, answers, title)  # fmt: skip
    assert_legible(charts[name]())


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_the_same_bytes_when_drawn_again(name, small):
    assert small[name].png(72) == small[name].png(72) == drawn(*SMALL)[name]().png(72)


def test_a_matrix_of_twenty_bodies_with_long_names_is_legible():
    who = pd.DataFrame(
        [(f"b{i}", NAMES_OF_FORTY[i % 3]) for i in range(20)], columns=["body_id", "name"]
    )
    said = POSITIONS.assign(body_id=["b0", "b0", "b19"], blank="")
    assert_legible(plot.matrix(said, who, PROPOSITIONS, "T", "s"))


def test_colours_that_carry_a_meaning_stand_out_from_white_three_to_one_or_more():
    """WCAG 2.2, 1.4.11; the formula of its glossary, `relative luminance`."""

    def light(colour):
        shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4
                            for s in shares)  # fmt: skip
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(one, other):
        dark, pale = sorted([light(one), light(other)])
        return (pale + 0.05) / (dark + 0.05)

    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)  # a known pair
    for colour in (
        style.BLUE, style.TEAL, style.PLUM, style.ORANGE, style.LILAC, style.PALE,
    ):  # fmt: skip
        assert contrast(colour, "#FFFFFF") >= 3
    assert contrast(style.GREY, "#FFFFFF") >= 4.5  # it is text
    *pale, dark = style.SCALE_COLOURS
    assert contrast(dark, "#FFFFFF") >= 4.5
    assert all(contrast(colour, "#000000") >= 4.5 for colour in pale)


def test_characters_that_the_font_lacks_are_drawn_as_squares_and_stay_in_the_alternative_text():
    assert style.printed("Café: $5 漢字\n✓") == "Café: \\$5 □□\n✓"
