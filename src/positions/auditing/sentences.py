"""What people checked, in sentences that stand wherever a number stands."""

from __future__ import annotations

import pandas as pd

from positions.auditing.audit import Audit
from positions.auditing.frame import CODED
from positions.words import percent, plural


def checked(found: Audit) -> str:
    """Say how many of the study's codes a person checked."""
    return f"{found.checked} of {plural(found.codes, 'code')} checked by a person."


def certified(found: Audit) -> str:
    """Say what the checks exclude; where nobody checked, what it would take."""
    codes = found.strata.set_index("stratum").loc[CODED]
    if not codes["cells"]:
        return ""
    if not codes["checked"]:
        least = found.plan.exclusions.to_dict("records")[-1]
        return (
            f"It takes {plural(int(least['checks']), 'clean check')} of the {least['of']} codes "
            "behind the scores, drawn at random, to exclude that more than "
            f"{percent(least['share'])} of them are wrong."
        )
    waiting = int(codes["drawn"] - codes["checked"])
    said = (
        f"Of {codes['cells']} codes behind the scores {codes['drawn']} were drawn; at most "
        f"{codes['most']} can be wrong (in {percent(1 - found.alpha)} of all draws)."
    )
    if waiting > 0:
        said += f" {waiting} of those drawn are not settled yet, and count as wrong until they are."
    return said


def claims(found: Audit) -> dict[str, str]:
    """Say of each claim, by its id, whether the checks certify it, and what it would take."""
    plans = found.plan.needs.set_index("claim_id")
    return {
        row["claim_id"]: _claim(row, plans.loc[row["claim_id"]])
        for _, row in found.claims.iterrows()
    }


def _claim(row: pd.Series, plan: pd.Series) -> str:
    base = f"{row['checked'] or 'none'} of its {row['codes']} codes checked by a person"
    if pd.isna(row["certified"]):
        return "checks cannot certify it"
    if row["certified"]:
        beside = "" if row["certified_missed"] else ", if no stance was missed"
        return f"the checks certify it{beside} ({base})"
    if pd.isna(plan["checks"]):
        return f"no check can certify it as coded ({base})"
    return (
        f"the checks do not certify it ({base}; it takes {plural(plan['checks'], 'clean check')})"
    )
