"""Studies with markup in every string that may hold any, and what to look for on their pages."""

import json
import pathlib

import village
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from positions.study import load
from positions.study.problems import ERROR

SCRIPT = "<script>alert(1)</script>\"'&"
MATHS = r"$x$ \alpha 漢字 <img src=x onerror=alert(1)>"
SOURCES = "sources.csv"
LABEL = '<b onclick="alert(1)">bold</b>'


def tables():
    """The made-up study with markup in every string, two ids with marks in them, and one cell in
    dispute that nobody decided."""
    tables = village.tables()
    renamed = {"alpha": "A&b", "gamma": "x'y=z"}
    for name in ("bodies", "codings"):
        for row in tables[name][1:]:
            row[0] = renamed.get(row[0], row[0])
    for row, name in zip(tables["bodies"][1:], (SCRIPT, SCRIPT, MATHS, "Proposition"), strict=True):
        row[1], row[3] = name, SCRIPT
    for row in tables["sources"][1:]:
        row[1], row[2], row[4] = SCRIPT, LABEL, f"inferred: {SCRIPT}"
        row[7] = f"https://example.org/{SCRIPT}"
    for row in tables["propositions"][1:]:
        row[1:4] = [SCRIPT, f"{LABEL} {row[0]} $x$", f"{row[3]} {SCRIPT}"]
    for row in tables["models"][1:]:
        row[1], row[3] = LABEL, SCRIPT
    for row in tables["codings"][1:]:
        row[9] = SCRIPT
    quote = tables["codings"][1][6]
    tables["codings"][1][6] = "<i>we</i> $x$ support the"[: len(quote)]
    tables["engagement"][1][2] = f"{LABEL} $x$?"
    # Two coders read a rumour and differ; nobody decided, so it moves no score.
    tables["sources"].append(["rumour", "R", "", "2021-04-09", "shown", "article", "combined",
                              "", "opening", "", "", ""])  # fmt: skip
    for coder, stance in (("ann", 2), ("ben", -2)):
        tables["codings"].append(["x'y=z", "p2", "rumour", coder, stance, "stated", "so it is said",
                                  "", "", ""])  # fmt: skip
    tables["assumptions"] = [
        ["assumption_id", "assumption", "effect", "quality", "impact"],
        ["a1", SCRIPT, LABEL, "low", "high"],
    ]
    tables["claims"] = [
        ["claim_id", "kind", "body_id", "other_id", "threshold", "wording"],
        ["c1", "above", "A&b", "", 0.5, f"{LABEL} agrees {SCRIPT}"],
        ["c2", "closest", "A&b", "", "", SCRIPT],
    ]
    return tables


def write(folder: pathlib.Path):
    """Write that study, its own title, description and version markup as well."""
    return village.write(folder, tables(), title=SCRIPT, description=LABEL, version=SCRIPT)


def strings(path: pathlib.Path) -> list[str]:
    """The strings of a JSON list, each once, without those that are blank."""
    found = json.loads(path.read_text("utf-8"))
    return [text for text in dict.fromkeys(text.strip() for text in found) if text]


EACH = 6
"""How many strings a body's name holds in the wide study."""


def wide(payloads):
    """A study that holds each string in every column of text that may hold it.

    String n is the title of source n and the wording of proposition n, and what two coders, who
    differ, write about them. Six strings make the name of a body, which speaks in six sources.
    """
    numbered = [(f"n{n:04}", text) for n, text in enumerate(payloads)]
    named = {f"b{n // EACH:04}": " ".join(payloads[n : n + EACH])
             for n in range(0, len(payloads), EACH)}  # fmt: skip
    codings = [
        [f"b{at // EACH:04}", n, n, coder, stance, "stated", " ".join(text.split()[:25]), "", "",
         text]
        for at, (n, text) in enumerate(numbered)
        for coder, stance in (("ann", 1), ("ben", 2))
    ]  # fmt: skip
    heads = {name: rows[0] for name, rows in village.tables().items()}
    return {
        "bodies": [heads["bodies"], *([b, text, text, text, ""] for b, text in named.items())],
        "sources": [heads["sources"], *(
            [n, text, text, "2021-03", f"inferred: {text}", text, "combined", "", "opening", "", "",
             ""] for n, text in numbered
        )],
        "propositions": [heads["propositions"], *(
            [n, text, text, text, "", text, "", "", ""] for n, text in numbered
        )],
        "models": [heads["models"], ["plan", numbered[0][1], "", numbered[0][1]]],
        "model_positions": [heads["model_positions"], *(
            ["plan", n, 2, "inferred", "", "", text] for n, text in numbered
        )],
        "codings": [heads["codings"], *codings],
        "adjudications": [["body_id", "proposition_id", "source_id", "stance", "reason"],
                          *([*row[:3], 1, row[9]] for row in codings[::2])],
        "engagement": [heads["engagement"], *(
            [n, n, text, 60, 30, 10, n] for n, text in numbered
        )],
        "assumptions": [["assumption_id", "assumption", "effect", "quality", "impact"],
                        *([n, text, text, "low", "high"] for n, text in numbered)],
    }  # fmt: skip


def accepted(payloads, folder: pathlib.Path):
    """Write the wide study of the strings the reader takes; those strings, and the refused."""
    village.write(folder, {**wide(payloads), "bodies": village.tables()["bodies"]})
    refused = {
        p.record - 1 for p in load.check(folder)[1] if p.severity == ERROR and p.file == SOURCES
    }
    kept = [text for n, text in enumerate(payloads) if n not in refused]
    first, second, third, *_ = [text for text in kept if "script" in text]
    village.write(folder, wide(kept), title=first, description=second, version=third)
    return kept, [text for n, text in enumerate(payloads) if n in refused]


SINKS = """
from matplotlib.figure import Figure
import positions as ps
from positions.present.display import Chart
loaded = ps.read(STUDY)
texts = loaded.bodies["name"].tolist()
---
ps.say(*texts)
---
ps.say(texts)
---
ps.table(loaded.bodies, texts[0], name=texts[0], note=texts[0],
         headings={"body_id": texts[1], "name": texts[2], "about": texts[3]})
---
ps.table(loaded.codings, "The codings", name="codings")
---
print(*texts, sep="\\n")
---
texts
---
for text in texts[:5]:
    display(Chart(Figure(figsize=(1, 1)), text, " ".join(texts)))
"""


def notebook():
    """A notebook that puts every name of a study into each thing that a notebook can show."""
    cells = [new_markdown_cell("# What do strings do?"),
             new_code_cell("STUDY = ''", metadata={"tags": ["parameters"]}),
             *(new_code_cell(source.strip()) for source in SINKS.split("---\n"))]  # fmt: skip
    return new_notebook(cells=cells)
