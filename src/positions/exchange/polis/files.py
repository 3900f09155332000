"""The files of a Polis export as tables: their names, their columns, what is not read of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from positions.exchange.imported import Carried, Place
from positions.study import unicode_checks
from positions.study.csv_reader import Record, allowed, parse
from positions.study.problems import ERROR

MATRIX = ("participants-votes.csv", "participant-votes.csv")
VOTES, COMMENTS, SUMMARY = "votes.csv", "comments.csv", "summary.csv"
_READ = ("participant", "n-agree", "n-disagree", "n-votes", "moderated")
_MOST_COMMENTS = 100_000
"""A conversation has a column a comment, and hundreds of comments."""


@dataclasses.dataclass(frozen=True)
class Export:
    """The bytes of each file of a folder, and where losses and faults go."""

    files: Mapping[str, bytes]
    carried: Carried

    @property
    def matrix(self) -> str:
        """The file with a row a participant; "" where there is none."""
        return next((name for name in MATRIX if name in self.files), "")

    def table(self, file: str, needed: tuple[str, ...]) -> list[tuple[Record, dict[str, str]]]:
        """Return the records of one file as cells by column; a missing one is a fault."""
        if file not in self.files:
            self.carried.fault("polis-file", Place(file), "", "the file is not in the folder",
                               "name the folder of a Polis export")  # fmt: skip
            return []
        records = self._records(file, needed)
        if not records:
            return []
        header = records[0].fields
        for name in header:
            if name not in (*needed, *_READ) and not name.isdecimal():
                self.carried.lose(Place(file, 1, name), name, "the column is not read")
        if missing := [name for name in needed if header.count(name) != 1]:
            self.carried.fault("header", Place(file, 1, missing[0]), "",
                               "the column must stand there once",
                               f"the columns are: {', '.join(needed)}")  # fmt: skip
            return []
        return [(r, dict(zip(header, r.fields, strict=True))) for r in records[1:]]

    def summary(self) -> dict[str, str]:
        """Return the pairs of `summary.csv`, which has no header; none without the file."""
        found = {}
        for record in self._records(SUMMARY, ("topic",)) if SUMMARY in self.files else ():
            name, *rest = record.fields
            if name not in ("topic", "url", "vote-convention"):
                self.carried.lose(Place(SUMMARY, record.line, name), ",".join(rest),
                                  "the line is not read")  # fmt: skip
            if len(rest) == 1:
                found[name] = " ".join(rest[0].split())
        return found

    def _records(self, file: str, needed: tuple[str, ...]) -> list[Record]:
        """Return a file's records, the first among them; report what no text needs."""
        limits = dataclasses.replace(allowed(), columns=_MOST_COMMENTS)
        parsed, problems = parse(self.files[file], file, needed, limits)
        self.carried.problems += [problem for problem in problems if problem.severity == ERROR]
        records = [parsed.header, *parsed.records] if parsed.header else []
        for record in records:
            if damage := unicode_checks.damage("".join(record.fields)):
                self.carried.fault(damage[0], Place(file, record.line), "", *damage[1:])
        return records
