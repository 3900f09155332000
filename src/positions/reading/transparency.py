"""A record in the form of GOV.UK's Algorithmic Transparency Recording Standard.

The headings are those of its version 3, in its order. What the manifest and the study know is
filled in; what only people know is named as missing, and never made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from positions.study.load import Study
from positions.words import listed, plural

Field = tuple[str, str]


def record(study: Study, made: Mapping[str, Any]) -> str:
    """Write the record of one reading.

    Parameters
    ----------
    study
        The study.
    made
        The manifest, as `manifest.manifest` gives it.
    """
    parts = list(_parts(study, made))
    gaps = [name for _, fields in parts for name, text in fields if text.startswith("MISSING")]
    lines = [
        f"# Algorithmic transparency record: {study.title}, reader {made['reader']}",
        "",
        "In the form of GOV.UK's Algorithmic Transparency Recording Standard, version 3. Filled "
        f"from `{made['reader']}.json`. {plural(len(gaps), 'field')} only people can fill: "
        f"{listed(gaps)}.",
    ]
    for title, fields in parts:
        lines += ["", f"## {title}"]
        for name, text in fields:
            lines += ["", f"**{name}.** {text}"]
    return "\n".join(lines) + "\n"


def _parts(study: Study, made: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[Field]]]:
    yield "Tier 1: overview", _overview(study, made)
    yield "Tier 2: owner and responsibility", _owner(made)
    yield "Tier 2: description and rationale", _rationale()
    yield "Tier 2: deployment context", _context(made)
    yield "Tier 2: tool specification", _tool(made)
    yield "Tier 2: model specification", _model(made)
    yield "Tier 2: data specification", _data(made)
    yield "Tier 2: risks, mitigations and impact assessments", _risks()


def _missing(what: str) -> str:
    return f"MISSING: {what}"


def _overview(study: Study, made: Mapping[str, Any]) -> list[Field]:
    return [
        ("Name", f"Reader {made['reader']} of the study “{study.title}”"),
        ("Description", "A language model reads documents of a consultation, and proposes codes: "
         "how far a body supports a statement, each with a phrase of the document. Only codes "
         "whose phrase stands in the document exactly once are taken."),
        ("Website URL", _missing("where the study is published")),
        ("Contact email", study.contact or _missing("whom to write to")),
    ]  # fmt: skip


def _owner(made: Mapping[str, Any]) -> list[Field]:
    provider = listed(made["provider"]) if made["provider"] else _missing("who ran the model")
    return [
        ("Organisation or department", _missing("which organisation")),
        ("Team", _missing("which team")),
        ("Senior responsible owner", _missing("who answers for it")),
        ("Third party involvement", provider),
        ("Procurement and data access terms", _missing("how it was bought, and what the provider "
         "may do with what was sent")),
    ]  # fmt: skip


def _rationale() -> list[Field]:
    return [
        ("Scope", "First readings of documents. It decides nothing: codes are compared with other "
         "readers', disagreements are decided by people from the text, and a sample is checked."),
        ("Benefit", _missing("what it is to bring, and how that is measured")),
        ("Previous process", _missing("how documents were read before")),
        ("Alternatives considered", _missing("what else was weighed")),
    ]  # fmt: skip


def _context(made: Mapping[str, Any]) -> list[Field]:
    counts = made["counts"]
    times = made["time"]
    when = f", {times['first']} to {times['last']}" if times else ""
    return [
        ("Integration into broader operational process", "Codes enter the study's table of "
         "codings under the reader's own name, as of a model."),
        ("Human review", _missing("who checked which sample, and what they found (positions "
         "audit)")),
        ("Frequency and scale of usage", f"{plural(counts['asked'], 'request')} could be asked; "
         f"{counts['answered']} were answered, {counts['refused']} refused{when}; "
         f"{plural(made['tokens']['in'], 'token')} in, {made['tokens']['out']} out."),
        ("Required training", _missing("what people who use the codes are taught")),
        ("Appeals and review", _missing("how a body can object to a code")),
    ]  # fmt: skip


def _tool(made: Mapping[str, Any]) -> list[Field]:
    rejects = ", ".join(f"{why} {number}" for why, number in made["rejects"].items()) or "none"
    return [
        ("System architecture", "Requests are prepared, and answers judged, by `positions` on the "
         "analyst's machine; a model answers each request by itself."),
        ("System-level input", "Per request: instructions "
         f"(sha256 {made['prompt']['sha256']}), codebook (sha256 {made['codebook']['sha256']}), a "
         "text or a part of it."),
        ("System-level output", f"{plural(made['counts']['codes_taken'], 'code')} taken, "
         f"{made['counts']['rejected']} not taken: {rejects}."),
        ("Maintenance", _missing("who looks after it, and how often")),
    ]  # fmt: skip


def _model(made: Mapping[str, Any]) -> list[Field]:
    named = listed(made["model"]) if made["model"] else _missing("the model was not returned")
    prints = f" (fingerprints {listed(made['fingerprints'])})" if made["fingerprints"] else ""
    set_to = "; ".join(map(_settings, made["parameters"])) if made["parameters"] else _missing(
        f"not returned; prepared were {_settings(made['parameters_as_prepared'])}")  # fmt: skip
    return [
        ("Model name and version", f"{named}{prints}"),
        ("Model task", "To find phrases that carry a stance on a statement, and to code them."),
        ("Model parameters", set_to),
        ("Model performance", _missing("how often people who checked a sample agreed (positions "
         "audit)")),
        ("Datasets and their purposes", _missing("what the model was trained on, from its maker")),
    ]  # fmt: skip


def _settings(parameters: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(parameters.items())) or "none"


def _data(made: Mapping[str, Any]) -> list[Field]:
    return [
        ("Source data", f"{plural(len(made['sources']), 'text')} of the study: "
         f"{listed(made['sources'])}"),
        ("Sensitive attributes", _missing("whether the documents hold personal data")),
        ("Data sharing agreements and storage", _missing("where texts and answers are kept, and "
         "for how long")),
    ]  # fmt: skip


def _risks() -> list[Field]:
    return [
        ("Impact assessments", _missing("which were made: data protection, equality")),
        ("Risks and mitigations", "Invented phrases: a phrase must stand in the text exactly once. "
         "Instructions hidden in a text: answers are judged like any other, and read beside the "
         "text in the check. Missed stances: blanks are part of the sample that people check. "
         "Readers of one make err alike: their agreement is not called accuracy."),
    ]  # fmt: skip
