"""Two states of a study compared: records, positions and published numbers, in one piece.

Both sides are computed by the software as it is now. What a change of the software moved cannot
be seen here: for that, the older release has to be run.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pandas as pd

from positions import __version__ as software
from positions.compare import movements
from positions.compare import positions as position_changes
from positions.compare import records as record_changes
from positions.compare.git import Edition
from positions.compare.numbers import Published, published
from positions.measures.evidence import Counting
from positions.study.accounts import fingerprint
from positions.study.load import Study

FORMAT = 2
"""Number of the JSON form: it changes when a key changes its meaning or goes."""


@dataclasses.dataclass(frozen=True)
class Comparison:
    """The differences between two editions of a study; a table without any is empty.

    `records` and `renamed` are as `changes` gives them, `positions` as `reasons`, `numbers`,
    `parts`, `standings`, `grouping` and `claims` as `movements`.
    """

    old: Edition
    new: Edition
    before: Published
    after: Published
    records: pd.DataFrame
    renamed: pd.DataFrame
    positions: pd.DataFrame
    numbers: pd.DataFrame
    parts: pd.DataFrame
    standings: pd.DataFrame
    grouping: pd.DataFrame
    claims: pd.DataFrame

    @property
    def model_id(self) -> str:
        """The model to speak of first: the one asked for, else the new study's own."""
        return self.after.analysis.counting.model or self.new.study.reference_model

    @property
    def same(self) -> bool:
        """Tell whether nothing that is compared differs."""
        return all(table.empty for table in tables(self).values())


TABLES = ("records", "positions", "numbers", "parts", "standings", "grouping", "claims")


def tables(found: Comparison) -> dict[str, pd.DataFrame]:
    """Return the tables of a comparison by name."""
    return {name: getattr(found, name) for name in TABLES}


def compare(
    old: Edition | Study, new: Edition | Study, counting: Counting | None = None
) -> Comparison:
    """Compare two states of a study: what differs, and which published numbers moved.

    Parameters
    ----------
    old, new
        The studies; or editions, which `positions diff` reads from folders and revisions.
    counting
        Which evidence counts, on both sides alike.

    Returns
    -------
    Comparison
        Tidy tables: `records`, `positions`, `numbers` and others, empty where nothing differs.

    Raises
    ------
    ValueError
        As for `numbers.published`.

    Examples
    --------
    >>> import positions as ps
    >>> old = ps.read("data")
    >>> new = old.with_rows("bodies", [{"body_id": "parish", "name": "Millbrook", "kind": "other"}])
    >>> ps.diff(old, new).records[["key", "change", "column", "new"]].to_numpy().tolist()
    [['parish', 'added', 'name', 'Millbrook'], ['parish', 'added', 'kind', 'other']]
    """
    old, new = _edition(old, "old"), _edition(new, "new")
    before = published(old.study, counting)
    after = published(new.study, counting)
    records = record_changes.records(old.study, new.study)
    return Comparison(
        old=old,
        new=new,
        before=before,
        after=after,
        records=records,
        renamed=record_changes.renamed(records),
        positions=position_changes.positions(before, after),
        numbers=movements.numbers(before, after),
        parts=movements.parts(before, after),
        standings=movements.standings(before, after),
        grouping=movements.grouping(before, after),
        claims=movements.claims(before, after),
    )


def _edition(given: Edition | Study, called: str) -> Edition:
    return Edition(called, called, given) if isinstance(given, Study) else given


def moved(found: Comparison) -> dict[str, int]:
    """Count the published numbers that moved, that are new and that are gone."""
    change = found.numbers["change"]
    kinds = (movements.MOVED, movements.NEW, movements.GONE)
    return {kind: int((change == kind).sum()) for kind in kinds}


def as_json(found: Comparison) -> str:
    """Write the comparison as one JSON object: keys sorted, shares as numbers from 0 to 1."""
    sides = {
        name: {
            "label": edition.label,
            "title": edition.study.title,
            "version": edition.study.version,
            "fingerprint": fingerprint(edition.study),
        }
        for name, edition in (("old", found.old), ("new", found.new))
    }
    content = {
        "format": FORMAT,
        "software": software,
        "same": found.same,
        "summary": {
            **moved(found),
            "records": len(found.records.drop_duplicates(["table", "key"])),
            "positions": len(found.positions),
        },
        **sides,
        **{name: _rows(table) for name, table in tables(found).items()},
        "renamed": _rows(found.renamed),
    }
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=True, allow_nan=False)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows for JSON: null where a value is missing, twelve decimals."""
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, (str, tuple)):
        return value
    if pd.isna(value):
        return None
    return round(value, 12) + 0.0 if isinstance(value, float) else value
