"""A draw is a simple random sample, the same everywhere; it adds and never takes away."""

import collections

import audited
import pandas as pd
import pytest

from positions.auditing.audit import audit
from positions.auditing.drawing import CannotDraw, Draw, appended, draw
from positions.auditing.frame import mark, ticket
from positions.auditing.notices import notices
from positions.measures.analysis import analyse
from positions.study import load


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return audited.study(tmp_path_factory.mktemp("draw") / "study")


def rows(of, codes, seed=7, **more):
    return draw(analyse(of), Draw(codes, seed, **more), audited.DAY)


def cells(table):
    return set(table[audited.CELL].itertuples(index=False, name=None))


def test_a_draw_has_as_many_rows_as_are_wanted_with_their_probability(study):
    found = rows(study, 4, blanks=1)
    assert found["stratum"].value_counts().to_dict() == {"coded": 4, "blank": 1}
    assert found.groupby("stratum")["probability"].first().to_dict() == {
        "coded": 0.25, "blank": 0.5,
    }  # fmt: skip
    assert set(found["drawn"]) == {"2024-05-01"}
    assert found.equals(rows(study, 4, blanks=1))


def test_the_heaviest_are_taken_for_certain(study):
    found = rows(study, 6, heaviest=2)
    heavy = found[found["stratum"] == "heaviest"]
    assert heavy["probability"].tolist() == [1, 1]
    # East speaks on five points: a fifth of its score can move, and no code weighs more.
    assert set(heavy["body_id"]) <= {"east", "south"}
    assert found.loc[found["stratum"] == "coded", "probability"].tolist() == [round(4 / 14, 6)] * 4


def test_a_second_draw_goes_on_with_the_first_and_the_same_draw_adds_nothing(study):
    one = audited.drawn(study, 4)
    assert rows(one, 4).empty
    more = rows(one, 10)
    assert len(more) == 6
    assert not cells(more) & cells(one.samples)
    assert cells(more) | cells(one.samples) == cells(rows(study, 10))


def test_another_seed_is_refused(study):
    with pytest.raises(CannotDraw, match="was drawn with seed 7; go on with --seed 7"):
        rows(audited.drawn(study, 4), 8, seed=8)
    said = "go on with --heaviest 0, or, if nobody has checked yet, move samples.csv away and draw"
    with pytest.raises(CannotDraw, match=said):
        rows(audited.drawn(study, 4), 8, heaviest=2)
    with pytest.raises(CannotDraw, match="--heaviest 5 of --draw 4 cannot be"):
        rows(study, 4, heaviest=5)


@pytest.mark.slow
def test_over_many_seeds_every_code_is_drawn_as_often_as_any_other(study):
    analysis = analyse(study)
    frame = rows(study, 16)
    numbers = [sorted((ticket(seed, cell), cell) for cell in cells(frame)) for seed in range(1000)]
    times = collections.Counter(cell for row in numbers for _, cell in row[:4])
    # 1,000 draws of 4 of 16: 250 each, with a standard deviation of 14.
    assert len(times) == 16 and all(abs(n - 250) < 60 for n in times.values())
    assert cells(draw(analysis, Draw(4, 3), audited.DAY)) == {cell for _, cell in numbers[3][:4]}


@pytest.mark.slow
def test_a_cell_that_enters_later_is_drawn_if_the_draw_would_have_taken_it(tmp_path):
    whole = audited.study(tmp_path / "whole")
    late = sorted(cells(rows(whole, 3)))[0]
    before = {
        body: [None if (body, f"p{at}") == late[:2] else code for at, code in enumerate(said)]
        for body, said in audited.STANCES.items()
    }
    early = audited.drawn(audited.study(tmp_path / "early", before), 3)
    assert late not in cells(early.samples)
    grown = whole.with_rows("samples", early.samples)
    found = audit(grown)
    assert late in cells(found.cells[found.cells["drawn"]])
    assert [p.message for p in notices(found)] == [
        "1 cell came into the study after the draw, which would take them"
    ]
    assert late in cells(rows(grown, 3))


def test_two_cells_of_one_code_have_different_marks_and_a_mark_follows_code_and_text():
    cell, other = ("a", "p", "s"), ("b", "p", "s")
    assert len({mark(cell, 1, "x"), mark(other, 1, "x"), mark(cell, 2, "x"), mark(cell, 1, "y"),
                mark(cell, pd.NA, "x")}) == 5  # fmt: skip


def test_rows_are_appended_and_what_stands_in_the_file_keeps_every_byte(study):
    found = rows(study, 2)
    fresh = appended(study, b"", found)
    assert fresh.decode().splitlines()[0] == ",".join(found.columns)
    assert appended(study, fresh, found.head(0)) == fresh
    turned = b"seed,body_id,proposition_id,source_id,stratum,probability,drawn,mark"
    study.folder.joinpath("samples.csv").write_bytes(turned)
    kept = appended(load.read(study.folder), turned, found)
    assert kept.startswith(turned + b"\n7,")
    study.folder.joinpath("samples.csv").write_bytes(kept)
    assert cells(load.read(study.folder).samples) == cells(found)
