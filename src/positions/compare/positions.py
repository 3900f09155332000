"""Which positions changed, and why, as far as the tables tell.

Every source that carries a position is looked at on both sides: whether it is there and counts,
how it was read and by whom, what was decided on it, how it is dated, how much of it was seen and
whom it follows.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Hashable, Mapping

import pandas as pd

from positions.compare.movements import GONE, MOVED, NEW
from positions.compare.numbers import Published
from positions.measures import stances
from positions.study.schema import CELL
from positions.words import listed, signed

CARRIED = "on other evidence"
KEY = ["body_id", "proposition_id"]
COLUMNS = [
    *KEY, "change", "old", "new", "basis_old", "basis_new", "sources_old", "sources_new",
    "flagged_old", "flagged_new", "why",
]  # fmt: skip
UNTOLD = "the tables do not tell"


def positions(old: Published, new: Published) -> pd.DataFrame:
    """List the positions that moved, are new, are gone or rest on other evidence, and why.

    Returns
    -------
    DataFrame
        One row per body and proposition that differs, sorted: `change`: `moved`, `new`, `gone`,
        or `on other evidence` (the same position on other sources or another basis, or with
        another flag); `old` and `new`, from -2 to 2, missing where there is none; `basis`,
        `sources` (a tuple of source_ids) and `flagged` of both sides, empty where there is none;
        and `why`, a clause for each source that brought it about, joined by "; ".
    """
    mine, theirs = (side.analysis.positions for side in (old, new))
    both = mine.merge(theirs, on=KEY, how="outer", suffixes=("_old", "_new"))
    both = both.rename(columns={"position_old": "old", "position_new": "new"})
    words = ["basis_old", "basis_new", "flagged_old", "flagged_new"]
    both[words] = both[words].fillna("")
    sides = {"old": _side(old), "new": _side(new)}
    for name, side in sides.items():
        carrying = [
            side.carrying.get(pair, ()) for pair in zip(*(both[c] for c in KEY), strict=True)
        ]
        both[f"sources_{name}"] = pd.Series(carrying, index=both.index, dtype="object")
    same = both["old"].round(9) == both["new"].round(9)
    both["change"] = same.map({True: CARRIED, False: MOVED})
    both.loc[both["old"].isna(), "change"] = NEW
    both.loc[both["new"].isna(), "change"] = GONE
    alike = same
    for name in ("basis", "sources", "flagged"):
        alike = alike & (both[f"{name}_old"] == both[f"{name}_new"])
    both = both[~alike].sort_values(KEY, ignore_index=True)
    whys = [_why(row, sides["old"], sides["new"]) for row in both.to_dict("records")]
    return both.assign(why=pd.Series(whys, index=both.index, dtype="str"))[COLUMNS]


@dataclasses.dataclass(frozen=True)
class _Side:
    """One study's rows by their keys, to look up the reasons.

    `carrying`: the sources that carry a position, by body and proposition. `sources`: date, how
    much was seen and whom it follows, by source. `in_time`: the sources that the dates asked for
    let count. `status`: how each source's cell was resolved, by body and
    proposition. `readings`: stance and basis by coder, by cell. `decided`: what was decided, by
    cell.
    """

    carrying: dict[tuple[str, str], tuple[str, ...]]
    sources: dict[str, tuple[str, str, str]]
    in_time: frozenset[str]
    status: dict[tuple[str, str], dict[str, str]]
    readings: dict[tuple[str, ...], dict[str, tuple[int, str]]]
    decided: dict[tuple[str, ...], str]


def _side(published: Published) -> _Side:
    found = published.analysis
    study, counting = found.study, found.counting
    cells = stances.counted(found.resolved, found.sources, **counting.of_cells)
    carrying: dict[tuple[str, str], tuple[str, ...]] = defaultdict(tuple)
    for body, proposition, source in sorted(cells[CELL].itertuples(index=False, name=None)):
        carrying[body, proposition] += (source,)
    status: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    readings: dict[tuple[str, ...], dict[str, tuple[int, str]]] = defaultdict(dict)
    about = study.sources[["source_id", "published", "text_seen", "follows"]]
    within = stances.dated_within(study.sources, counting.as_of, counting.since)
    for body, proposition, source, how in found.resolved[[*CELL, "status"]].itertuples(
        index=False, name=None
    ):
        status[body, proposition][source] = how
    said = stances.by_coder(study.codings).dropna(subset=["stance"])
    rows = said[[*CELL, "coder", "stance", "basis"]].itertuples(index=False, name=None)
    for *cell, coder, stance, basis in rows:
        readings[tuple(cell)][coder] = (stance, basis)
    decisions = study.adjudications[[*CELL, "stance"]].itertuples(index=False, name=None)
    return _Side(
        carrying=carrying,
        sources={name: tuple(said) for name, *said in about.itertuples(index=False, name=None)},
        in_time=frozenset(within["source_id"]),
        status=status,
        readings=readings,
        decided={
            tuple(cell): "struck" if pd.isna(stance) else signed(stance)
            for *cell, stance in decisions
        },
    )


def _why(row: Mapping[Hashable, str], old: _Side, new: _Side) -> str:
    """Say why one position differs: a clause for each source that changed.

    The sources that carry it on one side or the other bring it about; others that changed are
    superseded, or do not count.
    """
    pair = (row["body_id"], row["proposition_id"])
    carried = {*row["sources_old"], *row["sources_new"]}
    clauses = []
    for source_id in sorted(old.status[pair].keys() | new.status[pair].keys()):
        found = _of_a_source((*pair, source_id), old, new)
        if found and source_id in carried:
            clauses.append(f"{source_id}: {', '.join(found)}")
    return "; ".join(clauses) or UNTOLD


def _of_a_source(cell: tuple[str, str, str], old: _Side, new: _Side) -> list[str]:
    source_id = cell[2]
    if (source_id in old.sources) != (source_id in new.sources):
        return ["the source is new" if source_id in new.sources else "the source was taken out"]
    found = [*_of_readers(cell, old, new), *_of_decisions(cell, old, new)]
    (day, seen, follows), (other_day, other_seen, other) = (
        side.sources[source_id] for side in (old, new)
    )
    if day != other_day:
        found.append(f"dated {other_day} (was {day})")
    elif (source_id in old.in_time) != (source_id in new.in_time):
        when = "now" if source_id in new.in_time else "no longer"
        found.append(f"{when} in the time that counts")
    if seen != other_seen:
        found.append(f"seen: {other_seen} (was {seen})")
    if follows != other:
        found.append(f"said to repeat {other}" if other else f"no longer said to repeat {follows}")
    was, now = (side.status.get(cell[:2], {}).get(source_id) for side in (old, new))
    if not found and was != now:
        found.append("other coders read the source")
    return found


def _of_readers(cell: tuple[str, str, str], old: _Side, new: _Side) -> list[str]:
    was, now = old.readings.get(cell, {}), new.readings.get(cell, {})
    if not was or not now:
        return [] if was == now else ["coded now" if now else "its codes were taken out"]
    found: dict[str, list[str]] = defaultdict(list)
    for coder in sorted(was.keys() | now.keys()):
        if coder not in was or coder not in now:
            found["now read" if coder in now else "no longer read"].append(coder)
            continue
        (stance, basis), (other, ground) = was[coder], now[coder]
        if stance != other:
            found[f"read {signed(other)} (was {signed(stance)})"].append(coder)
        if basis != ground:
            found[f"called {ground} (was {basis})"].append(coder)
    return [f"{what} by {listed(coders)}" for what, coders in found.items()]


def _of_decisions(cell: tuple[str, str, str], old: _Side, new: _Side) -> list[str]:
    was, now = old.decided.get(cell), new.decided.get(cell)
    if was == now:
        return []
    if was is None:
        return [f"decided: {now}"]
    return [f"decided: {now} (was {was})" if now else f"no longer decided (was {was})"]
