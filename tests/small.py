"""A small sound study, written by hand, for tests to spoil; and how to spoil it."""

import json
import pathlib
from importlib import resources

from positions.study import load
from positions.study.problems import Problem, as_text

# ruff: noqa: E501 (tables are written as they are read)
A, B, C = "a" * 64, "b" * 64, "c" * 64
TABLES = {
    "bodies.csv": """\
body_id,name,kind,about
lga,Local Government Association,local government,"Councils, in England"
konp,Keep Our NHS Public,campaign,
nhsp,NHS Providers,trusts,Trusts
""",
    "sources.csv": f"""\
source_id,title,publisher,published,published_basis,kind,phase,url,text_seen,characters,sha256,follows
lga-view,View of the LGA,LGA,2021-01-08/2021-02-10,inferred: after the vote,article,options,,whole,900,{A},
konp-letter,Letter,,2021-03,shown,letter,white-paper,https://example.org/letter,whole,500,{B},
nhsp-brief,Briefing,NHS Providers,2021-02-11,shown,briefing,combined,,opening,,,
konp-copy,The letter again,,2021-04-02,shown,letter,white-paper,,whole,480,{C},konp-letter
""",
    "propositions.csv": """\
proposition_id,theme,label,statement,weight,note
footing,legal form,Statutory footing,Systems should be put on a statutory footing.,,
body,legal form,NHS body,A statutory body should take over.,2,
voice,voice,Council voice,Councils should have a voice.,0.5,"as worded,
in the first draft"
""",
    "models.csv": """\
model_id,label,proposed,about
combined,Option 1 plus 2,2021-02-11,Two bodies in each system.
voluntary,Voluntary,,
""",
    "model_positions.csv": """\
model_id,proposition_id,position,basis,source_id,quote,reason
combined,footing,2,inferred,,,By its terms.
combined,body,2,inferred,,,By its terms.
combined,voice,1,reported,nhsp-brief,broadly supports the plan,
voluntary,footing,-2,inferred,,,By its terms.
""",
    "coders.csv": """\
coder,kind,name,read_from,read_to,codebook,about
ann,person,Ann,2021-04-01,2021-04-02,1,
ben,person,Ben,2021-04-01,,1,
""",
    "codings.csv": """\
body_id,proposition_id,source_id,coder,stance,basis,quote,start,end,note
lga,footing,lga-view,ann,1,stated,broadly supports the plan,10,35,
lga,footing,lga-view,ben,2,stated,broadly supports the plan,10,35,
lga,voice,lga-view,ann,-1,implied,"questionable, in its form",40,65,"From ""questionable"":
one voice among many"
lga,voice,lga-view,ben,-1,stated,"questionable, in its form",40,65,
konp,body,konp-letter,ann,-2,stated,halt the bill,5,18,
nhsp,body,nhsp-brief,ann,2,reported,a welcome step,,,
konp,voice,konp-copy,ann,0,stated,we take no side,100,115,
""",
    "adjudications.csv": """\
body_id,proposition_id,source_id,stance,reason
lga,footing,lga-view,1,The support has a condition.
""",
    "engagement.csv": """\
question_id,proposition_id,question,agree,disagree,neutral,source_id
Q1,footing,Is a footing right?,49.2,43,7.8,nhsp-brief
""",
    "assumptions.csv": """\
assumption_id,assumption,effect,quality,impact
equal-spacing,The codes are equally spaced.,Moves every score.,medium,high
""",
    "claims.csv": """\
claim_id,kind,body_id,other_id,threshold,wording
lga-over-half,above,lga,,0.5,"The LGA agrees, by more than half"
""",
    "checks.csv": """\
body_id,proposition_id,source_id,checker,stance,seen_blind,checked,mark,note
""",
    "samples.csv": """\
body_id,proposition_id,source_id,stratum,probability,seed,drawn,mark
""",
    "outcomes.csv": """\
proposition_id,state,coder,stance,source_id,quote,reason
""",
    "questions.csv": """\
question_id,proposition_id,question,answers,reversed
P1,footing,Is a footing right?,likert5,
P2,voice,"Are councils unheard, as it is?",agree3,yes
why,,"Why, in your own words?",text,
""",
}
NAMES = [file.removesuffix(".csv") for file in TABLES]


def package() -> dict:
    """The shipped contract as a small study's own data package, without what it may leave out."""
    text = resources.files("positions").joinpath("datapackage.json").read_text("utf-8")
    named = {"name": "small", "title": "A small study", "description": "For tests",
             "version": "1.0", "reference_model": "combined", "ranked_from": 3}  # fmt: skip
    found = json.loads(text)
    for resource in found["resources"]:
        free = {"bodies": ["overlaps"], "propositions": ["kind", "since", "terms"]}
        schema = resource["schema"]
        schema["fields"] = [
            field
            for field in schema["fields"]
            if field["name"] not in free.get(resource["name"], ())
        ]
    return {**found, **named}


def write(folder: pathlib.Path, changed: dict[str, str | bytes | None] | None = None):
    """Write the small study into the folder; `changed` files differ, None leaves one out."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"datapackage.json": json.dumps(package()), **TABLES, **(changed or {})}
    for name, content in files.items():
        if content is None:
            continue
        raw = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(raw)
    return folder


def spoilt(file: str, old: str, new: str) -> dict[str, str]:
    """One file of the small study with one piece of text replaced; it must stand there once."""
    text = TABLES[file]
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    return {file: text.replace(old, new)}


def problems(folder: pathlib.Path, **options) -> list[Problem]:
    """Every problem of the study in the folder; a study with an error must be refused."""
    found, listed = load.check(folder, **options)
    refused = any(problem.severity == "error" for problem in listed)
    assert (found is None) == refused
    return listed


def said(folder: pathlib.Path, **options) -> str:
    """What `check` prints for the study in the folder."""
    return as_text(problems(folder, **options))


def assert_same_tables(one: load.Study, other: load.Study) -> None:
    """Two studies hold the same tables, to the dtype and the order of rows."""
    for name in NAMES:
        mine, theirs = getattr(one, name), getattr(other, name)
        assert mine.dtypes.equals(theirs.dtypes), name
        assert mine.equals(theirs), name
