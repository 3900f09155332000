"""From codings to positions: one resolved stance per cell, one position per body and proposition.

A *cell* is a body, a proposition and a source. Several coders may have read it; the resolved
stance is what they agree on, else what was adjudicated. A *position* is where a body stands on
a proposition as of a date, from the sources that no later one surely supersedes.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from positions.measures import _kernel
from positions.measures._kernel import Ints
from positions.study.fields import dates
from positions.study.schema import CELL

BASES = ("stated", "implied", "reported")
"""Classes of evidence, from the body's own words to another's report of them."""


def readers(codings: pd.DataFrame) -> pd.DataFrame:
    """List who read which source: one row per source and coder who coded anything in it.

    A coder who read a source and found nothing in it leaves no trace in the tables, and is not
    counted as having read it.
    """
    return codings[["source_id", "coder"]].drop_duplicates().reset_index(drop=True)


def by_coder(codings: pd.DataFrame) -> pd.DataFrame:
    """Return one row per cell and coder, of codings that may hold several phrases for each.

    The code is what all phrases of the coder say; missing where they differ: nobody can say which
    is meant. Of several phrases the one with the strongest basis stands, the first of equals.

    Parameters
    ----------
    codings
        One row per body, proposition, source, coder and phrase: `stance`, `basis`, `start`.
    """
    key = [*CELL, "coder"]
    if not codings.duplicated(key).any():
        return codings
    strongest = codings.assign(_caution=_caution(codings)).sort_values([*key, "_caution", "start"])
    one = strongest.drop_duplicates(key).drop(columns="_caution")
    codes = codings.groupby(key)["stance"].nunique()
    torn = codes[pd.MultiIndex.from_frame(one[key])].to_numpy() > 1
    return one.assign(stance=one["stance"].astype("Int64").mask(torn))


def disagreements(codings: pd.DataFrame) -> pd.DataFrame:
    """List the cells on which the coders of a source disagree, by code or by presence.

    Parameters
    ----------
    codings
        One row per body, proposition, source, coder and phrase: `stance`.

    Returns
    -------
    DataFrame
        One row per cell in dispute, sorted by cell: `kind` (`presence`, when a coder who read
        the source has no row, else `code`), `coders` with a row and `of` who read the source.
    """
    cells = codings.groupby(CELL, sort=True).agg(
        coders=("coder", "nunique"), codes=("stance", "nunique")
    )
    cells["of"] = _could(codings, cells.index)
    disputed = cells[(cells["codes"] > 1) | (cells["coders"] < cells["of"])]
    kind = (disputed["coders"] < disputed["of"]).map({True: "presence", False: "code"})
    return disputed.assign(kind=kind)[["kind", "coders", "of"]].reset_index()


def _could(codings: pd.DataFrame, cells: pd.Index) -> npt.NDArray[np.int64]:
    """Count the coders who read the source of each cell."""
    read = codings.groupby("source_id")["coder"].nunique()
    of: npt.NDArray[np.int64] = read[cells.get_level_values("source_id")].to_numpy()
    return of


def resolve(codings: pd.DataFrame, adjudications: pd.DataFrame) -> pd.DataFrame:
    """Resolve what the coders read into one stance per cell.

    The stance is the adjudicated one where a cell was decided, else what all who read agree on. A
    cell adjudicated without a stance is struck. A cell in dispute that nobody adjudicated keeps
    no stance: it is `unresolved`, and no measure uses it. The basis is the most cautious that
    a coder gave (`reported` before `implied` before `stated`).

    Parameters
    ----------
    codings
        One row per body, proposition, source, coder and phrase: `stance`, `basis`.
    adjudications
        One row per decided cell: `stance` (missing: struck), `reason`.

    Returns
    -------
    DataFrame
        One row per cell, sorted: `stance` (missing where struck or unresolved), `basis`,
        `coders`, and `status`: `agreed`, `single` (one coder read it), `adjudicated`, `struck`
        or `unresolved`.
    """
    # One aggregate after another: `agg` with names for them takes five times as long.
    phrases, one = codings.groupby(CELL, sort=True), by_coder(codings)
    found = one.assign(basis=_caution(one)).groupby(CELL, sort=True)
    first, coders = phrases["stance"].min(), found.size().to_numpy()
    differ = (phrases["stance"].max() > first).to_numpy()
    at = pd.MultiIndex.from_frame(adjudications[CELL]).get_indexer(first.index)
    disputed = differ | (coders < _could(codings, first.index)) | (at >= 0)
    decided = adjudications["stance"].astype("Int64").array.take(at, allow_fill=True)
    stance = first.astype("Int64").array
    stance[disputed] = decided[disputed]
    status = np.select(
        [disputed & (at < 0), disputed & stance.isna(), disputed, coders == 1],
        ["unresolved", "struck", "adjudicated", "single"],
        "agreed",
    )
    return first.index.to_frame(index=False).assign(
        stance=stance,
        basis=_basis(found["basis"].max()),
        coders=coders,
        status=pd.array(status, dtype="str"),
    )


def _caution(cells: pd.DataFrame) -> npt.NDArray[np.int8]:
    """Return the places of the cells' bases in `BASES`: the higher, the more cautious."""
    codes: npt.NDArray[np.int8] = pd.Categorical(cells["basis"], categories=BASES).codes
    return codes


def _basis(codes: pd.Series) -> pd.api.extensions.ExtensionArray:
    """Return classes of evidence by their places in `BASES`."""
    return pd.array(np.array(BASES, dtype=object)[codes], dtype="str")


def strength(basis: pd.Series, text_seen: pd.Series) -> Ints:
    """Return how strong evidence is, from 0: a whole text before a part, then by its basis.

    Within each, what is `stated` is stronger than what is `implied`, and that than `reported`.
    """
    caution = pd.Categorical(basis, categories=BASES, ordered=True).codes.astype("int64")
    found: Ints = len(BASES) * (text_seen == "whole").to_numpy() + len(BASES) - 1 - caution
    return found


def as_of_day(as_of: str | None) -> pd.Timestamp | None:
    """Return the last day an as-of date can mean: `2021-02` is 28 February 2021.

    Raises
    ------
    ValueError
        When it is not an ISO date, month or year.
    """
    if as_of is None:
        return None
    span = dates(as_of)
    if not isinstance(span, tuple):
        raise ValueError(f"as-of date {as_of!r}: {span.message}; {span.fix}")
    return pd.Timestamp(span[1])


def dated_within(
    sources: pd.DataFrame, as_of: str | None = None, since: str | dt.date | None = None
) -> pd.DataFrame:
    """Return the sources that are surely not later than one day, nor earlier than the other.

    Parameters and errors are those of `positions`.
    """
    if (day := as_of_day(as_of)) is not None:
        sources = sources[sources["latest"] <= day]
    return sources if since is None else sources[sources["earliest"] >= pd.Timestamp(since)]


def counted(
    resolved: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    as_of: str | None = None,
    evidence: Collection[str] = BASES,
    since: str | dt.date | None = None,
) -> pd.DataFrame:
    """Choose the cells that make the positions, as of a date.

    Parameters and errors are those of `positions`.

    Returns
    -------
    DataFrame
        The rows of `resolved` that count and that nothing supersedes, with `earliest`, `latest`
        and `text_seen` of their source.
    """
    cells = _dated(resolved, sources, as_of=as_of, evidence=evidence, since=since)
    pairs, order = in_pairs(cells)
    first, last = (_kernel.days(cells[end])[order] for end in ("earliest", "latest"))
    strong = strength(cells["basis"], cells["text_seen"])[order]
    stands = _kernel.standing(np.ones(len(cells), dtype=bool), first, last, strong, pairs)
    return cells.iloc[np.sort(order[stands])]


def superseded(
    resolved: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    as_of: str | None = None,
    evidence: Collection[str] = BASES,
    since: str | dt.date | None = None,
) -> pd.DataFrame:
    """Return the cells that count and gave way to a later one, and what they gave way to.

    Parameters and errors are those of `positions`.

    Returns
    -------
    DataFrame
        Rows of `resolved`, with `replaced_by`: the id of the latest source on the same point whose
        evidence is at least as strong.
    """
    cells = _dated(resolved, sources, as_of=as_of, evidence=evidence, since=since)
    cells = cells.assign(strong=strength(cells["basis"], cells["text_seen"]))
    both = cells.merge(cells, on=CELL[:2], suffixes=("", "_then"))
    later = both["earliest_then"] > both["latest"]
    both = both[later & (both["strong_then"] >= both["strong"])]
    last = both.sort_values(["earliest_then", "source_id_then"]).drop_duplicates(CELL, keep="last")
    found = last.rename(columns={"source_id_then": "replaced_by"})
    found = found[[*resolved.columns, "replaced_by"]]
    return found.sort_values(CELL, ignore_index=True)


def _dated(
    resolved: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    as_of: str | None,
    evidence: Collection[str],
    since: str | dt.date | None,
) -> pd.DataFrame:
    """Return the cells that count, before any supersedes another, with what dates them."""
    if unknown := set(evidence) - set(BASES):
        raise ValueError(f"evidence {sorted(unknown)}: the classes are {', '.join(BASES)}")
    sources = dated_within(sources, as_of, since)
    known = pd.Index(sources["source_id"]).get_indexer(resolved["source_id"])
    counts = resolved["stance"].notna().to_numpy() & (known >= 0)
    counts &= resolved["basis"].isin(list(evidence)).to_numpy()
    about = ["earliest", "latest", "text_seen"]
    dated = {name: sources[name].array[known[counts]] for name in about}
    return resolved[counts].assign(**dated)


def in_pairs(cells: pd.DataFrame) -> tuple[_kernel.Pairs, Ints]:
    """Find the pairs of body and proposition in a table of cells.

    Returns
    -------
    pairs, order
        The pairs, in the order of their ids; and the places of the cells in that order.
    """
    (body, bodies), (proposition, _) = (pd.factorize(cells[key], sort=True) for key in CELL[:2])
    order = np.lexsort((proposition, body))
    return _kernel.Pairs.of(body[order], proposition[order], len(bodies)), order


def positions(
    resolved: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    as_of: str | None = None,
    evidence: Collection[str] = BASES,
    since: str | dt.date | None = None,
) -> pd.DataFrame:
    """Return where each body stands on each proposition, as of a date.

    The latest source counts. A source gives way only to one on the same point that is surely
    later and at least as strong: a whole text before a part, then what is stated before what is
    implied or reported. Where two may be of the same day (one is dated by a month, or by an
    interval), both count. Where the sources that count differ, the position is their mean and
    the cell is flagged `mixed`.
    A body and proposition without evidence has no row: silence is not neutrality.

    Parameters
    ----------
    resolved
        One row per body, proposition and source, as `resolve` returns it.
    sources
        One row per source: `source_id`, `earliest`, `latest` (days).
    as_of
        ISO date, month or year; sources that may be later than it do not count.
    evidence
        Which of `stated`, `implied`, `reported` count.
    since
        Only sources that are surely not earlier than this day (ISO) count.

    Returns
    -------
    DataFrame
        One row per body and proposition, sorted: `position` in [-2, 2]; `basis` (the most
        cautious of its sources); `source_id`, several joined by spaces; `sources`, how many
        count; `latest`, the last day the newest of them can be of; `flagged`: `mixed` or empty.

    Raises
    ------
    ValueError
        When `evidence` names an unknown class, or `as_of` is not a date.
    """
    cells = counted(resolved, sources, as_of=as_of, evidence=evidence, since=since)
    cells = cells.assign(basis=_caution(cells), stance=cells["stance"].astype("float64"))
    cells = cells.sort_values(CELL)
    pairs, _ = in_pairs(cells)
    found = cells.groupby(CELL[:2], sort=True)
    ids, number = iter(cells["source_id"]), found.size()
    mixed = (found["stance"].max() > found["stance"].min()).to_numpy()
    return number.index.to_frame(index=False).assign(
        position=_kernel.means(cells["stance"].to_numpy(), np.ones(len(cells)), pairs),
        basis=_basis(found["basis"].max()),
        source_id=pd.array([" ".join(itertools.islice(ids, n)) for n in number], dtype="str"),
        sources=number.to_numpy(),
        latest=found["latest"].max().to_numpy(),
        flagged=pd.array(np.where(mixed, "mixed", ""), dtype="str"),
    )


def independent(sources: pd.DataFrame) -> pd.DataFrame:
    """Return the sources that speak in wording of their own: those that follow no other."""
    return sources[sources["follows"] == ""]


def seen(resolved: pd.DataFrame, sources: pd.DataFrame, bodies: pd.DataFrame) -> pd.DataFrame:
    """Say whether the texts that each body is coded in were read whole.

    Where only the opening of a text was seen, a missing proposition is "not in the text seen",
    which is not the same as silence.

    Returns
    -------
    DataFrame
        `bodies` with `seen`: `whole` when every text the body is coded in was read whole, else
        `opening` (also when nothing could be coded for it).
    """
    read = resolved[["body_id", "source_id"]].merge(sources[["source_id", "text_seen"]])
    part = set(read.loc[read["text_seen"] != "whole", "body_id"])
    known = set(read["body_id"]) - part
    marks = ["whole" if body in known else "opening" for body in bodies["body_id"]]
    return bodies.assign(seen=pd.Series(marks, index=bodies.index, dtype="str"))


def phases(sources: pd.DataFrame, listed: Sequence[str] = ()) -> list[str]:
    """Return the phases that have sources: as listed, then by their first source."""
    first = sources.groupby("phase")["earliest"].min().reset_index()
    found = [str(phase) for phase in first.sort_values(["earliest", "phase"])["phase"]]
    return [p for p in listed if p in found] + [p for p in found if p not in listed]


def by_phase(
    resolved: pd.DataFrame, sources: pd.DataFrame, *, evidence: Collection[str] = BASES
) -> pd.DataFrame:
    """Return where each body stood in each phase, from the sources of that phase alone.

    Returns
    -------
    DataFrame
        The rows of `positions` within each phase, with `phase`.
    """
    found = [
        positions(resolved, rows, evidence=evidence).assign(phase=phase)
        for phase, rows in sources.groupby("phase", sort=True)
    ]
    if found:
        return pd.concat(found, ignore_index=True)
    return pd.DataFrame(columns=[*positions(resolved.head(0), sources).columns, "phase"])
