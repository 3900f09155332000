"""The recorded answers of three made-up readers of the example. Run it to write them anew.

Nobody ran a model: what each says is written here. `plain` reads as the people do, on most cells;
`eager` hears support; `wary` hears objections, copies badly, and once refuses.
"""

import csv
import json
import pathlib
import sys

HOME = pathlib.Path(__file__).parent.parent / "src" / "positions" / "example"
HERE = HOME / "readings"
EAGER = {
    ("traders", "closure", "traders-letter"): 2,
    ("traders", "closure", "gazette-report"): 2,
    ("traders", "september", "traders-letter"): -1,
    ("traders", "garden", "traders-letter"): -1,
    ("traders", "levy", "traders-letter"): -1,
    ("buses", "september", "bus-statement"): 2,
    ("buses", "deliveries", "bus-statement"): 0,
    ("league", "levy", "league-leaflet"): 1,
}
WARY = {
    ("traders", "closure", "traders-letter"): -1,
    ("traders", "closure", "gazette-report"): -1,
    ("buses", "closure", "bus-statement"): 1,
    ("buses", "september", "bus-statement"): -1,
    ("buses", "deliveries", "bus-statement"): -2,
    ("forum", "closure", "gazette-report"): -2,
}
PARAPHRASED = {("traders", "deliveries", "traders-letter"), ("league", "garden", "league-leaflet")}
CREATED = 1_714_558_500  # 1 May 2024, in the world of the example


def requests():
    from positions.reading.requests import Asking, requests, shipped_prompt
    from positions.study import load

    study = load.read(HOME)
    texts = {p.stem: p.read_bytes().decode() for p in (HOME / "texts").glob("*.txt")}
    return requests(study, texts, Asking(shipped_prompt())).values()


def said(reader, request):
    """What a reader answers to one request."""
    with open(HOME / "codings.csv", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["coder"] == "ann"]
    code = request.schema["properties"]["codes"]["items"]["properties"]
    codes = []
    for row in rows:
        cell = (row["body_id"], row["proposition_id"], row["source_id"])
        if row["source_id"] != request.source_id or cell[1] not in code["proposition_id"]["enum"]:
            continue
        if reader == "plain" and cell == ("forum", "closure", "gazette-report"):
            continue
        stances = {"eager": EAGER, "wary": WARY}.get(reader, {})
        quote = row["quote"]
        if reader == "wary" and cell in PARAPHRASED:
            quote = quote.replace("truly", "really").replace("is a gift", "would be a gift")
        codes.append({
            "body_id": cell[0], "proposition_id": cell[1], "basis": row["basis"], "quote": quote,
            "stance": stances.get(cell, int(row["stance"])), "note": row["note"],
        })  # fmt: skip
    return codes


def line(reader, number, request):
    refuses = reader == "wary" and (request.source_id, request.theme) == (
        "parents-email",
        "process",
    )
    body = {
        "model": f"made-up-{reader}-1", "created": CREATED + 7 * number,
        "usage": {"prompt_tokens": 900 + number, "completion_tokens": 40},
        "choices": [{"index": 0, "finish_reason": "stop", "message": {
            "role": "assistant",
            "content": None if refuses else json.dumps({"codes": said(reader, request)}),
            "refusal": "I do not read e-mail." if refuses else None,
        }}],
    }  # fmt: skip
    return json.dumps({
        "custom_id": request.custom_id, "error": None, "provider": "nobody (made up)",
        "request": {"model": f"made-up-{reader}", "temperature": 0},
        "response": {"status_code": 200, "body": body},
    }, sort_keys=True)  # fmt: skip


def answers(reader):
    lines = [line(reader, number, request) for number, request in enumerate(requests())]
    return ("\n".join(lines) + "\n").encode()


if __name__ == "__main__":
    sys.path.insert(0, str(HOME.parent.parent))
    HERE.mkdir(exist_ok=True)
    for name in ("eager", "plain", "wary"):
        (HERE / f"{name}.jsonl").write_bytes(answers(name))
