"""A study with bodies and propositions alone, and three documents: a PDF, a Word file, a page."""

import json

import documents_made
import model_server
import village

ALPHA = (
    "Alpha to the council, 8 March 2021\nWe support the bridge without reservation. A market\n"
    "is welcome too. The mill, on",
    "balance, should be mended: it has its uses, if the\nmiller agrees.",
)
BETA = (
    "Beta, 9 March 2021",
    "We want no bridge at any price. Keep the market out of the town. On the mill we take no side.",
    "The toll must stay.",
)
NEWS = """<!doctype html><html><head><title>Town news</title></head><body><nav>Home | Sport</nav>
<main><h1>Bridge divides the town</h1>
<p>10 March 2021. Gamma leans to the bridge, its chair told us, but
wants to see the cost first.</p><p>The market is nobody's business, she said: Gamma opposes it.</p>
</main></body></html>"""


def write(folder):
    """Write the study `village` and the three documents into a folder."""
    tables = village.tables()
    empty = {name: tables[name][:1] for name in ("sources", "codings", "coders", "engagement")}
    village.write(folder / "village", empty)
    (folder / "alpha.pdf").write_bytes(documents_made.pdf(*ALPHA))
    (folder / "beta.docx").write_bytes(documents_made.word(*BETA))
    (folder / "news.html").write_text(NEWS, encoding="utf-8", newline="")


class Reader(model_server.Model):
    """A made-up model: to each document it answers the codes of its body, as far as it is asked."""

    def answer(self, body):
        text = body["messages"][1]["content"]
        asked = body["response_format"]["json_schema"]["schema"]["properties"]["codes"]["items"]
        known = asked["properties"]["proposition_id"]["enum"]
        said = [code for code in CODES if f"# Document {code['body_id']}-" in text
                and code["proposition_id"] in known]  # fmt: skip
        return model_server.completion(json.dumps({"codes": said}), body["model"])


def code(body, proposition, stance, quote, basis="stated", note=""):
    return {"body_id": body, "proposition_id": proposition, "stance": stance, "basis": basis,
            "quote": quote, "note": note}  # fmt: skip


CODES = [
    code("alpha", "p1", 2, "We support the bridge without reservation"),
    code("alpha", "p2", 2, "A market is welcome too"),
    code("alpha", "p3", 1, "The mill, on balance, should be mended"),
    code("beta", "p1", -2, "We want no bridge at any price"),
    code("beta", "p2", -2, "Keep the market out of the town"),
    code("beta", "p3", 0, "On the mill we take no side"),
    code("beta", "p4", 2, "The toll has to stay"),
    code("gamma", "p1", 1, "Gamma leans to the bridge", "reported"),
    code("gamma", "p2", -2, "Gamma opposes it", "reported"),
]
"""What a made-up model answers; one phrase is not the text's."""
