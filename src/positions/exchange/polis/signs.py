"""Which way the signs of a Polis export point.

Inside Polis agreeing is -1. The export of the administration (`participants-votes.csv`) turns
the sign round, to +1. The report page did not at first, and counted `agrees` and `n-agree` by
the sign as it stood, so that its files agree with each other and are all wrong; it did later,
and of late says so in a line of `summary.csv`. So the sign is taken from that line, else from
the counts of the first file alone, else it must be declared.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from positions.exchange.imported import Carried, Place
from positions.exchange.polis.files import MATRIX, SUMMARY, VOTES, Export


def of_agreeing(export: Export, summary: Mapping[str, str], agree: int | None) -> int | None:
    """Return the sign of an agreeing vote, told or declared.

    Where it is neither told nor declared, or the two differ, that is a fault.
    """
    told = _convention(summary, export.carried)
    if told is None and export.matrix == MATRIX[0]:
        told = _counted(export)
    if told is not None and agree in (None, told):
        return told
    if told is None and agree is not None:
        return agree
    what = (
        "the file does not say whether agreeing is +1 or -1" if told is None else
        f"the export says that agreeing is {told:+d}"
    )  # fmt: skip
    export.carried.fault(
        "polis-sign", Place(export.matrix or VOTES, 1, "vote"),
        "" if agree is None else f"{agree:+d}", what,
        "declare it, from a vote you know: --agree 1, or --agree -1 (the report page of 2024 and "
        "before)",
    )  # fmt: skip
    return None


def _convention(summary: Mapping[str, str], carried: Carried) -> int | None:
    """Return the sign of an agreeing vote, where the export declares it."""
    declared = summary.get("vote-convention")
    if declared is None:
        return None
    signs = dict(part.partition("=")[::2] for part in declared.split(";"))
    if (signs.get("agree"), signs.get("disagree")) in (("+1", "-1"), ("-1", "+1")):
        return int(signs["agree"])
    carried.fault("polis-sign", Place(SUMMARY, 0, "vote-convention"), declared,
                  "not a declaration such as agree=+1;disagree=-1;pass=0",
                  "export the folder again")  # fmt: skip
    return None


def _counted(export: Export) -> int | None:
    """Tell the sign of an agreeing vote by the counts; None where they are mute."""
    fits = {1: True, -1: True}
    counted = False
    unheard = dataclasses.replace(export, carried=Carried())
    for _, cells in unheard.table(MATRIX[0], ("participant",)):
        if "n-agree" not in cells or "n-disagree" not in cells:
            return None
        votes = [text for column, text in cells.items() if column.isdecimal()]
        counts = (cells["n-agree"], cells["n-disagree"])
        counted = counted or counts[0] != counts[1]
        for sign in fits:
            fits[sign] &= counts == (str(votes.count(str(sign))), str(votes.count(str(-sign))))
    if not any(fits.values()):
        export.carried.lose(Place(MATRIX[0], 1, "n-agree"), "", "the counts do not add up with "
                            "the votes, and do not tell their sign")  # fmt: skip
    told = [sign for sign, right in fits.items() if right and counted]
    return told[0] if len(told) == 1 else None
