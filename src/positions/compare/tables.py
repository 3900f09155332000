"""A comparison of two editions as tables for people: what is, and what was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from positions.compare import records as record_changes
from positions.compare.comparison import Comparison
from positions.compare.numbers import RELIABILITY
from positions.compare.positions import CARRIED
from positions.compare.sentences import (
    bodies,
    counted_records,
    models,
    names,
    points,
    propositions,
    share,
    title,
    was,
)
from positions.present.display import Table, table
from positions.words import MISSING, signed

WHOLE = {
    "bodies": "Bodies",
    "positions": "Positions taken",
    "ranked": "Bodies ranked",
    "groups": "Groups reported",
    "holds": "Analyses in which the claim holds",
    "judged": "Analyses that can judge the claim",
    "alpha": "Krippendorff's alpha",
    "alpha_lower": "Krippendorff's alpha, lower end",
    "alpha_upper": "Krippendorff's alpha, upper end",
    "presence": "Cells that all coders coded",
    "same": "Cells coded alike",
}
"""The names of the numbers that belong to no single body, in the order of printing."""
EMPTY = "(empty)"
UNREAD = "no reading changed"
_SCOPES = {"all": "all texts", "whole": "texts read whole", "opening": "texts seen in part"}


# --- numbers -------------------------------------------------------------------------------


def numbers(found: Comparison) -> list[Table]:
    """Make the tables on numbers: scores and what moved them, the whole study, groups, claims."""
    each = scores(found)
    return [*each[:1], parts(found), *each[1:], whole(found), grouping(found), claims(found)]


def scores(found: Comparison) -> list[Table]:
    """Make a table per model that both editions hold: the bodies whose numbers moved."""
    called = bodies(found)
    made = []
    for model_id, label in models(found):
        concerned = set(found.numbers.loc[found.numbers["model_id"] == model_id, "body_id"]) - {""}
        sides = [_wide(side.numbers, model_id) for side in (found.before, found.after)]
        standing = [_standing(side.standings, model_id) for side in (found.before, found.after)]
        rows = [_score(body_id, called[body_id], sides, standing) for body_id in concerned]
        rows.sort(key=lambda row: (row["alone"], -abs(row["difference"]), row["body_id"]))
        made.append(_scores_table(rows, label))
    return made


_SCORE = (
    "Body", "Agreement", "Points", "Range for unaddressed points", "Between the readers",
    "Spoke on", "Rank", "Standing",
)  # fmt: skip


def _scores_table(rows: list[dict[str, Any]], label: str) -> Table:
    return table(
        pd.DataFrame(rows, columns=["body_id", *_SCORE]),
        f"Agreement with “{label}”: {_concerned(len(rows))}",
        headings={name: name for name in _SCORE},
        note="Points are percentage points of agreement, new less old; each number is rounded by "
        "itself. The rank is that among the ranked; bodies with one score share it. [x]: none.",
    )


def _concerned(number: int) -> str:
    return "one body's numbers moved" if number == 1 else f"the numbers of {number} bodies moved"


def _wide(values: pd.DataFrame, model_id: str) -> dict[str, dict[str, float]]:
    """Return the numbers of one model: by body, then by name."""
    mine = values[(values["model_id"] == model_id) & (values["body_id"] != "")]
    return {
        str(body_id): dict(zip(rows["number"], rows["value"], strict=True))
        for body_id, rows in mine.groupby("body_id")
    }


def _standing(standings: pd.DataFrame, model_id: str) -> dict[str, str]:
    mine = standings[standings["model_id"] == model_id]
    return dict(zip(mine["body_id"], mine["standing"], strict=True))


def _score(
    body_id: str,
    name: str,
    sides: list[dict[str, dict[str, float]]],
    standing: list[dict[str, str]],
) -> dict[str, Any]:
    old, new = (side.get(body_id, {}) for side in sides)
    moves = new.get("agreement", float("nan")) - old.get("agreement", float("nan"))
    return {
        "body_id": body_id,
        "alone": not (old and new),
        "difference": 0.0 if pd.isna(moves) else round(moves, 9),
        "Body": name,
        "Agreement": was(_ends(old, "agreement"), _ends(new, "agreement")),
        "Points": MISSING if pd.isna(moves) else points(moves),
        "Range for unaddressed points": was(
            _ends(old, "lower", "upper"), _ends(new, "lower", "upper")
        ),
        "Between the readers": was(
            _ends(old, "coder_lower", "coder_upper"), _ends(new, "coder_lower", "coder_upper")
        ),
        "Spoke on": was(_base(old), _base(new)),
        "Rank": was(old.get("rank"), new.get("rank"), "{:.0f}".format),
        "Standing": was(standing[0].get(body_id), standing[1].get(body_id)),
    }


def _ends(values: Mapping[str, float], *ends: str) -> str:
    """Print one share or two ends; nothing where there are none."""
    found = [share(values[name]) for name in ends if name in values]
    return " to ".join(dict.fromkeys(found))


def _base(values: Mapping[str, float]) -> str:
    return f"{values['spoke']:.0f} of {values['of']:.0f}" if "of" in values else ""


def parts(found: Comparison) -> Table:
    """Make the table of what moved each score, proposition by proposition."""
    rows = found.parts[found.parts["part"].round(9) != 0]
    order = {key: place for place, (key, _) in enumerate(models(found))}
    labels, called, asked = dict(models(found)), bodies(found), propositions(found)
    rows = rows.assign(order=rows["model_id"].map(order), size=-rows["part"].abs().round(9))
    rows = rows.sort_values(["order", "body_id", "size", "proposition_id"])
    whys = found.positions.set_index(["body_id", "proposition_id"])["why"].to_dict()
    kinds = _kinds(found)
    pairs = list(zip(rows["body_id"], rows["proposition_id"], strict=True))
    data = pd.DataFrame(
        {
            "model_id": rows["model_id"].to_numpy(),
            "body_id": rows["body_id"].to_numpy(),
            "Body": [called[body] for body, _ in pairs],
            "Model": [labels[key] for key in rows["model_id"]],
            "Proposition": [asked[key] for _, key in pairs],
            "Points": [points(part) for part in rows["part"]],
            "What changed": [_what(row) for row in rows.to_dict("records")],
            "Why": [
                "; ".join(filter(None, (kinds.get(pair[1]), whys.get(pair)))) or UNREAD
                for pair in pairs
            ],
        }
    )
    return table(
        data,
        "What the movements are made of",
        headings={name: name for name in data.columns[2:]},
        note="The points of one body and model add up to the movement of its agreement. What moved "
        "on a proposition counts by its share of the weights, the mean of before and after. A "
        "proposition that is new, gone or weighed anew pulls by how far it lies from the others.",
    )


def _kinds(found: Comparison) -> dict[str, str]:
    """Say by proposition that it is of another kind: only those of the design count."""
    rows = found.records
    rows = rows[(rows["table"] == "propositions") & (rows["column"] == "kind")]
    rows = rows[rows["change"] == record_changes.CHANGED]
    said = "the proposition is of the kind {} (was {})".format
    return dict(zip(rows["key"], map(said, rows["new"], rows["old"]), strict=True))


def _what(row: Mapping[str, float]) -> str:
    """Say what changed of a proposition: the position, the model's own, or the weight."""
    said = [
        f"{word} {was(row[f'{name}_old'], row[f'{name}_new'], form)}"
        for word, name, form in (
            ("position", "position", signed),
            ("the model's", "reference", signed),
            ("weight", "weight", "{:g}".format),
        )
        if name == "position" or _both_differ(row[f"{name}_old"], row[f"{name}_new"])
    ]
    return ", ".join(said)


def _both_differ(old: float, new: float) -> bool:
    return not (pd.isna(old) or pd.isna(new)) and old != new


def positions(found: Comparison) -> Table:
    """Make the table of positions that moved, are new, are gone or on other evidence."""
    rows, called, asked = found.positions, bodies(found), propositions(found)
    cells = rows.to_dict("records")
    data = pd.DataFrame(
        {
            "body_id": rows["body_id"],
            "Body": [called[key] for key in rows["body_id"]],
            "Proposition": [asked[key] for key in rows["proposition_id"]],
            "Position": [was(row["old"], row["new"], signed) for row in cells],
            "Evidence": [was(row["basis_old"], row["basis_new"]) for row in cells],
            "Source": [
                was(", ".join(row["sources_old"]), ", ".join(row["sources_new"])) for row in cells
            ],
            "Why": rows["why"],
        }
    )
    counted = rows["change"].value_counts()
    return table(
        data,
        f"Positions that changed: {_listed(counted.to_dict())}",
        headings={name: name for name in data.columns[1:]},
        note="A position on other evidence is the same as before. Its sources changed, or the kind "
        "of evidence, or its sources now differ among themselves.",
    )


def _listed(counted: Mapping[str, int]) -> str:
    order = ("moved", "new", "gone", CARRIED)
    return ", ".join(f"{counted[word]} {word}" for word in order if word in counted)


def whole(found: Comparison) -> Table:
    """Make the table of the numbers that belong to no single body."""
    rows = found.numbers[found.numbers["body_id"] == ""]
    order = rows["number"].map({name: place for place, name in enumerate(WHOLE)})
    of_claims = rows["number"].isin(["holds", "judged"])
    order = order.mask(of_claims, len(WHOLE))  # claim by claim, after all others
    rows = rows.assign(order=order).sort_values(["order", "model_id", "scope", "number"])
    labels = names(found, "models", "model_id", "label")
    said = names(found, "claims", "claim_id", "wording")
    data = pd.DataFrame(
        {
            "Number": [WHOLE[name] for name in rows["number"]],
            "Of": [
                labels.get(model) or _SCOPES.get(scope) or said.get(scope, "the study")
                for model, scope in zip(rows["model_id"], rows["scope"], strict=True)
            ],
            "Value": [
                _value(name, old, new)
                for name, old, new in zip(rows["number"], rows["old"], rows["new"], strict=True)
            ],
        }
    )
    return table(data, "Numbers of the study as a whole that moved")


def _value(number: str, old: float, new: float) -> str:
    """Print a number and what it was, in as many decimals as tell them apart."""
    if number not in RELIABILITY:
        return was(old, new, "{:.0f}".format)
    for decimals in range(3, 7):
        printed = was(old, new, f"{{:.{decimals}f}}".format)
        if "(" in printed:
            return printed
    return printed


def grouping(found: Comparison) -> Table:
    """Make the table of the verdict on groups, and of groups that are new or gone."""
    called = bodies(found)
    data = pd.DataFrame(
        [
            ("Verdict", was(old, new))
            if what == "verdict"
            else (
                "New group" if new else "Group no longer reported",
                ", ".join(called[key] for key in new or old),
            )
            for what, old, new in found.grouping.itertuples(index=False, name=None)
        ],
        columns=["What", "Groups"],
    )
    note = "A group is its members: one that gained a member is one group gone and one new."
    return table(data, "Groups that changed", note=note)


def claims(found: Comparison) -> Table:
    """Make the table of claims that changed their verdict."""
    rows = found.claims.to_dict("records")
    data = pd.DataFrame(
        [(row["wording"], was(row["old"], row["new"])) for row in rows],
        columns=["Claim", "By default it"],
    )
    return table(data, "Claims that changed")


# --- records -------------------------------------------------------------------------------


def records(found: Comparison) -> list[Table]:
    """Make a table per table of the study: records that were added, taken out or changed."""
    made = []
    for name, counted in counted_records(found).items():
        mine = found.records[found.records["table"] == name]
        columns = ["Record", "What", "Column", "Is", "Was"]
        data = pd.DataFrame(_lines(mine), columns=["key", *columns])
        data["body_id"] = data.pop("key").map(dict(zip(mine["key"], mine["body_id"], strict=True)))
        headings = {each: each for each in columns}
        made.append(table(data, f"{title(name)}: {counted}", headings=headings))
    return made


def _lines(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """Make a line for each changed column, and for each record added or taken out."""
    lines: list[tuple[str, ...]] = []
    for (key, change), cells in rows.groupby(["key", "change"], sort=False):
        if change == record_changes.CHANGED:
            each = zip(cells["column"], cells["new"], cells["old"], strict=True)
            lines += [(key, key, change, c, new or EMPTY, old or EMPTY) for c, new, old in each]
            continue
        side = "new" if change == record_changes.ADDED else "old"
        pairs = zip(cells["column"], cells[side], strict=True)
        content = "; ".join(f"{column}: {value}" for column, value in pairs)
        is_now, before = (content, "not there") if side == "new" else ("not there", content)
        lines.append((key, key, change, "all", is_now, before))
    return lines
