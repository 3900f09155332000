"""A made-up study, small enough to work every number of it by hand, with its own texts.

Agreement with the reference model `plan` (p1, p2, p3 at +2, p4 at -2):

- alpha +2, +2, +1, silent: (1 + 1 + 3/4) / 3 = 91.67%, bounds 2.75/4 and 3.75/4
- beta -2, -2, 0, +2: (0 + 0 + 1/2 + 0) / 4 = 12.5%, both bounds the same
- gamma +1 on p1 only: 75%, bounds 0.75/4 and 3.75/4, too few to be ranked
- maker +2, +2: 100%, bounds 2/4 and 4/4, proposed the model
"""

import csv
import hashlib
import json
import pathlib
from importlib import resources

QUOTES = {
    ("alpha", "p1"): ("brief", 2, "stated", "we support the bridge"),
    ("alpha", "p2"): ("brief", 2, "stated", "a market is welcome"),
    ("alpha", "p3"): ("brief", 1, "implied", "the mill has its uses"),
    ("beta", "p1"): ("letter", -2, "stated", "no bridge at any price"),
    ("beta", "p2"): ("letter", -2, "stated", "keep the market out"),
    ("beta", "p3"): ("letter", 0, "stated", "we take no side on the mill"),
    ("beta", "p4"): ("letter", 2, "stated", "the toll must stay"),
    ("gamma", "p1"): ("news", 1, "reported", "Gamma leans to the bridge"),
    ("maker", "p1"): ("news", 2, "reported", "the council will bridge the river"),
    ("maker", "p2"): ("news", 2, "reported", "it will open a market"),
}
DATES = {"brief": "2021-03-01", "letter": "2021-03-05", "news": "2021-04"}


def text(source_id: str) -> str:
    """The made-up text of a source: its phrases, a line each."""
    said = [quote for source, _, _, quote in QUOTES.values() if source == source_id]
    return f"{source_id.upper()}\n\n" + "\n".join(f"As we said, {quote}." for quote in said) + "\n"


def tables() -> dict[str, list[list[object]]]:
    """The study's tables, header first; a test may change them before it writes them."""
    return {
        "bodies": [
            ["body_id", "name", "kind", "about", "overlaps"],
            ["alpha", "Alpha", "guild", "Traders.", ""],
            ["beta", "Beta", "guild", "Millers.", ""],
            ["gamma", "Gamma", "parish", "", ""],
            ["maker", "Maker", "proposer", "The council.", ""],
        ],
        "sources": [
            ["source_id", "title", "publisher", "published", "published_basis", "kind", "phase",
             "url", "text_seen", "characters", "sha256", "follows"],
            *[
                [name, f"The {name}", name.capitalize(), day, "shown",
                 "news report" if name == "news" else name.replace("brief", "briefing"),
                 "combined", "", "whole", len(text(name)),
                 hashlib.sha256(text(name).encode()).hexdigest(), ""]
                for name, day in DATES.items()
            ],
        ],
        "propositions": [
            ["proposition_id", "theme", "label", "statement", "weight", "note", "kind", "since",
             "terms"],
            ["p1", "works", "Build the bridge", "A bridge should be built.", "", "", "", "", ""],
            ["p2", "trade", "Open a market", "A market should be opened.", "", "", "", "", ""],
            ["p3", "works", "Mend the mill", "The mill should be mended.", "", "", "", "", ""],
            ["p4", "trade", "Keep the toll", "The toll should be kept.", "", "", "", "", ""],
        ],
        "models": [
            ["model_id", "label", "proposed", "about"],
            ["plan", "The plan", "2021-03-03", "The council's plan."],
            ["still", "Standstill", "", "Nothing is done."],
        ],
        "model_positions": [
            ["model_id", "proposition_id", "position", "basis", "source_id", "quote", "reason"],
            ["plan", "p1", 2, "inferred", "", "", "By its terms."],
            ["plan", "p2", 2, "inferred", "", "", "By its terms."],
            ["plan", "p3", 2, "inferred", "", "", "By its terms."],
            ["plan", "p4", -2, "inferred", "", "", "By its terms."],
            ["still", "p1", -2, "inferred", "", "", "By its terms."],
        ],
        "coders": [
            ["coder", "kind", "name", "read_from", "read_to", "codebook", "about"],
            ["ann", "person", "Ann", "2021-04-01", "", "1", ""],
            ["ben", "person", "Ben", "2021-04-01", "", "1", ""],
        ],
        "codings": [
            ["body_id", "proposition_id", "source_id", "coder", "stance", "basis", "quote",
             "start", "end", "note"],
            *[
                [body, proposition, source, "ann", stance, basis, quote,
                 text(source).index(quote), text(source).index(quote) + len(quote),
                 "It follows." if basis == "implied" else ""]
                for (body, proposition), (source, stance, basis, quote) in QUOTES.items()
            ],
        ],
        "engagement": [
            ["question_id", "proposition_id", "question", "agree", "disagree", "neutral",
             "source_id"],
            ["Q1", "p1", "Is a bridge wanted?", 60, 30, 10, "news"],
        ],
    }  # fmt: skip


def write(folder: pathlib.Path, changed: dict[str, list[list[object]]] | None = None, **named):
    """Write the study; `changed` tables and `named` entries of its data package differ."""
    folder.mkdir(parents=True, exist_ok=True)
    shipped = resources.files("positions").joinpath("datapackage.json").read_text("utf-8")
    package = {
        **json.loads(shipped), "name": "village", "title": "Village", "description": "Made up.",
        "version": "1.0", "reference_model": "plan", "ranked_from": 3, **named,
    }  # fmt: skip
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    for name, rows in {**tables(), **(changed or {})}.items():
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    return folder


def write_texts(folder: pathlib.Path):
    """Write the made-up source texts, one file a source."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in DATES:
        (folder / f"{name}.txt").write_text(text(name), encoding="utf-8", newline="")
    return folder
