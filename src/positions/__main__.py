"""The command `positions`: begin, check, verify and compare studies, and build their report."""

from __future__ import annotations

import argparse
import hashlib
import os
import pathlib
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import subprocess

    import pandas as pd

    from positions.revisions import Edition
    from positions.study import Study

BEGIN = "begin a study: a folder that passes check, with a README of what to fill in"
GOOD, DATA, USAGE, BUILD, DIFFER = 0, 1, 2, 3, 4

EPILOG = """\
examples:
  positions new water                   begin a study in the new folder water/
  positions new water --example         the same, with a small complete one to learn from
  positions check                       check the study in data/
  positions check STUDY --json          the same, for machines
  positions verify --texts texts        compare every phrase with the stored texts
  positions report --out site           build the report of data/ into site/
  positions responses --from 'answers/*.parquet' --out counted
  positions report STUDY --out site --as-of 2021-02-11 --evidence stated implied
  positions diff v0.1.0                 what changed in data/ since a git revision
  positions diff OLD NEW --markdown     lines for a changelog: which numbers moved, and why
  positions import dna debate.dna STUDY --stance yes=1 --stance no=-1
  positions export refi-qda STUDY --out study.qdpx

exit codes: 0 good, 1 a problem in the data, 2 wrong usage, 3 the report could not be built,
4 the studies differ (diff --exit-code)
"""


DIFF_EPILOG = """\
A path that exists is read as a path, whatever revision bears its name; REV:path and full names
such as refs/heads/data always mean a revision, ./name always a path. REV alone means the other
study's place in its repository, or data.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        sys.stderr.close()
        return GOOD


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="positions",
        description="How far does each body agree with a reference model, and on what evidence?",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    from positions import __version__, exchange_command

    parser.add_argument("--version", action="version", version=f"positions {__version__}")
    commands = parser.add_subparsers(metavar="command", required=True)
    begin = commands.add_parser("new", help=BEGIN, description=BEGIN)
    begin.set_defaults(run=_new, parser=begin)
    _new_options(begin)
    for name, run, text in (
        ("check", _check, "check a study: every problem with its place and its fix"),
        ("verify", _verify, "compare every phrase with the stored source texts"),
        ("report", _report, "run the notebooks on a study and build its static site"),
        ("responses", _responses, "count individual responses and compare them with the bodies"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run, parser=command)
        command.add_argument(
            "study", nargs="?", default="data", metavar="STUDY", help="study folder (data)"
        )
        command.add_argument(
            "--allow-unresolved",
            action="store_true",
            help="load although coders disagree on cells that nobody adjudicated",
        )
        {
            "check": _check_options,
            "verify": _verify_options,
            "report": _report_options,
            "responses": _responses_options,
        }[name](command)
    _diff_options(commands)
    exchange_command.add(commands)
    return parser


def _new_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=pathlib.Path, metavar="DIR", help="a folder not there yet")
    command.add_argument("--title", default="", metavar="TEXT", help="the title (DIR's name)")
    command.add_argument("--name", default="", metavar="NAME",
                         help="the data package's name, in small letters (from DIR's)")  # fmt: skip
    command.add_argument("--example", action="store_true",
                         help="copy a small complete study, made up, with its texts")  # fmt: skip


def _check_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="write the problems as JSON")
    command.add_argument(
        "--digests",
        action="store_true",
        help="print the SHA-256 of each table's rows in order of key, as the assurance page does",
    )


def _verify_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--texts",
        type=pathlib.Path,
        metavar="DIR",
        help="folder of stored texts, one <source_id>.txt a source",
    )
    command.add_argument("--require", action="store_true", help="fail where a text is not there")
    command.add_argument(
        "--accept-moves",
        action="store_true",
        help="write new offsets for phrases that moved and stand in their text exactly once",
    )


def _report_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=pathlib.Path, default=pathlib.Path("site"), metavar="DIR",
                         help="folder for the site (site)")  # fmt: skip
    command.add_argument("--notebooks", type=pathlib.Path, metavar="DIR",
                         help="folder of the notebooks (notebooks)")  # fmt: skip
    command.add_argument("--texts", type=pathlib.Path, metavar="DIR",
                         help="folder of stored texts to check the phrases against")  # fmt: skip
    command.add_argument("--model", metavar="ID", help="reference model (the study's own)")
    command.add_argument("--as-of", metavar="DATE", help="count sources up to this date only")
    command.add_argument("--evidence", nargs="+", metavar="CLASS",
                         choices=["stated", "implied", "reported"],
                         default=["stated", "implied", "reported"],
                         help="classes that count: stated implied reported")  # fmt: skip
    command.add_argument("--all-sources", action="store_true",
                         help="count sources that repeat another's wording, too")  # fmt: skip
    command.add_argument("--since", metavar="OLD",
                         help="show what changed since OLD: a folder, a workbook, REV or "
                         "REV:path/of/study")  # fmt: skip
    command.add_argument("--cell-seconds", type=int, default=120, metavar="N",
                         help="time limit of a notebook cell (120)")  # fmt: skip
    command.add_argument("--build-seconds", type=int, default=1800, metavar="N",
                         help="time limit of all notebooks together (1800)")  # fmt: skip
    command.add_argument("--output-megabytes", type=int, default=50, metavar="N",
                         help="how much a notebook may put out (50)")  # fmt: skip
    command.add_argument("--force", action="store_true",
                         help="build even if nothing has changed since the last build")  # fmt: skip


def _new(options: argparse.Namespace) -> int:
    from positions import skeleton

    if options.example and (options.title or options.name):
        options.parser.error("--example has a title and a name; change them in datapackage.json")
    try:
        if options.example:
            skeleton.copy_example(options.folder)
        else:
            skeleton.write(options.folder, options.title, options.name)
    except skeleton.CannotBegin as error:
        options.parser.error(str(error))
    folder = shlex.quote(str(options.folder))
    shown, when = ("what it shows", "") if options.example else (
        "what to fill in, in order", "   # once there are codes")  # fmt: skip
    print(f"{options.folder} holds a study. {folder}/README.md says {shown}. Then:")
    print(f"  positions check {folder}\n  positions report {folder} --out site{when}")
    return GOOD


def _diff_options(commands: Any) -> None:
    text = "compare two states of a study: what changed, and which published numbers moved"
    command = commands.add_parser(
        "diff", help=text, description=text, epilog=DIFF_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    command.set_defaults(run=_diff, parser=command)
    command.add_argument("old", metavar="OLD", help="folder, workbook, REV or REV:path/of/study")
    command.add_argument("new", nargs="?", default="data", metavar="NEW",
                         help="the same (data)")  # fmt: skip
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="write the comparison as JSON")
    form.add_argument("--markdown", action="store_true", help="write lines for a changelog")
    command.add_argument("--exit-code", action="store_true",
                         help="exit with 4 where the studies differ")  # fmt: skip
    command.add_argument("--allow-unresolved", action="store_true",
                         help="load although coders disagree on cells that nobody "
                         "adjudicated")  # fmt: skip


def _responses_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--from", dest="files", nargs="+", default=[], metavar="FILE",
                         help="CSV or Parquet files, or patterns (the study's own)")  # fmt: skip
    command.add_argument("--out", type=pathlib.Path, metavar="DIR",
                         help="folder for the tables and the rejected rows")  # fmt: skip
    command.add_argument("--model", metavar="ID", help="reference model (the study's own)")
    command.add_argument("--campaign-from", type=_count, default=10, metavar="N",
                         help="responses of one wording that make a campaign (10)")  # fmt: skip
    command.add_argument("--shortest", type=_count, default=40, metavar="N",
                         help="characters a text must have to be compared (40)")  # fmt: skip
    command.add_argument("--memory", default="128MB", metavar="SIZE",
                         help="what the database may hold in memory (128MB)")  # fmt: skip
    command.add_argument("--threads", type=_count, default=2, metavar="N",
                         help="threads of the database (2)")  # fmt: skip


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


def _check(options: argparse.Namespace) -> int:
    from positions import study
    from positions.problems import as_json, as_text, count

    loaded, problems = study.check(options.study, allow_unresolved=options.allow_unresolved)
    if options.json:
        print(as_json(problems))
    else:
        if problems:
            print(as_text(problems, colour=_colour()))
        verdict = "passes" if loaded else "is refused"
        print(f"{options.study}: the study {verdict}; {count(problems)}.")
        if options.digests and loaded:
            print(*(f"{digest}  {name}" for name, digest in loaded.digests.items()), sep="\n")
    return GOOD if loaded else DATA


def _colour() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _verify(options: argparse.Namespace) -> int:
    from positions import evidence

    loaded = _loaded(options)
    if loaded is None:
        return DATA
    if options.texts is not None and not options.texts.is_dir():
        options.parser.error(f"--texts: {options.texts} is not a folder")
    stored = evidence.texts(options.texts, loaded.sources) if options.texts else {}
    whole = evidence.verify_texts(loaded.sources, stored)
    phrases = evidence.verify(loaded.codings, stored)
    for source_id in whole.loc[whole["result"] == "changed", "source_id"]:
        print(_changed(source_id, stored[source_id]))
    if options.accept_moves:
        changed = evidence.accept_moves(pathlib.Path(options.study) / "codings.csv", phrases)
        print(f"{changed} phrases have new offsets in codings.csv; look at the difference.")
        phrases = evidence.verify(_again(options).codings, stored)
    for _, row in phrases[phrases["result"].isin(["moved", "gone"])].iterrows():
        print(_amiss(row))
    seen = phrases["source_id"].map(whole.set_index("source_id")["text_seen"])
    only = (phrases["result"] == "absent") & (seen != "whole")
    if only.any():
        print(f"{only.sum()} phrases come from texts of which only the opening was seen: no text "
              "to check them against.")  # fmt: skip
    return _verdict(options, whole[whole["text_seen"] == "whole"], phrases[~only]["result"])


def _changed(source_id: str, raw: bytes) -> str:
    """A stored text that is not the one that was coded, and what to write if it is to be."""
    return (
        f"{source_id}: the stored text is not the one that was coded. If the new text is the right "
        f"one, write characters {len(raw.decode('utf-8', 'replace'))} and sha256 "
        f"{hashlib.sha256(raw).hexdigest()} in sources.csv"
    )


def _again(options: argparse.Namespace) -> Study:
    """The study as it now stands in its folder."""
    from positions import study

    return study.read(options.study, allow_unresolved=options.allow_unresolved)


def _amiss(row: Mapping[str, Any]) -> str:
    cell = " / ".join(row[c] for c in ("body_id", "proposition_id", "source_id", "coder"))
    place = f"{row['start']}-{row['end']}"
    if row["result"] == "moved":
        return f"{cell}: moved: not at {place} but at {row['found_at']}: «{row['quote']}»"
    return f"{cell}: gone: nowhere in the text (was at {place}): «{row['quote']}»"


def _verdict(options: argparse.Namespace, texts: pd.DataFrame, phrases: pd.Series) -> int:
    """Print what was verified and what was not; return the exit code.

    `texts` are the sources that were read whole: only their texts can be asked for.
    """
    whole = texts["result"]
    absent, found = int((phrases == "absent").sum()), int((phrases == "found").sum())
    checked = len(phrases) - absent
    if checked:
        print(f"{found} of {checked} phrases stand in the stored texts at their offsets.")
    if absent:
        missing = int((whole == "absent").sum())
        print(
            f"{absent} phrases not verified here: texts absent ({missing} of {len(whole)} "
            "sources).\nThe texts are other people's and are not shipped. Get them from their "
            "publishers\n(title, publisher and date stand in sources.csv), store each as "
            "<source_id>.txt in one\nfolder, and run: positions verify --texts FOLDER"
        )
    required = options.require and bool(absent or (whole == "absent").any())
    if checked > found or (whole == "changed").any() or required:
        return DATA
    return GOOD


def _loaded(options: argparse.Namespace) -> Study | None:
    """The study, or None once its errors are printed."""
    from positions import study
    from positions.problems import ERROR, as_text

    loaded, problems = study.check(options.study, allow_unresolved=options.allow_unresolved)
    if loaded is None:
        errors = [problem for problem in problems if problem.severity == ERROR]
        _complain(as_text(errors, colour=sys.stderr.isatty()))
        _complain(f"{options.study}: the study is refused; nothing was done.")
    return loaded


NO_INPUTS = {"run", "parser", "out", "force", "study", "notebooks",
             "cell_seconds", "build_seconds", "output_megabytes"}  # fmt: skip
"""What does not decide what a report says, or is compared by what it holds."""


def _report(options: argparse.Namespace) -> int:
    from positions import unchanged

    notebooks = options.notebooks or _notebooks()
    if not notebooks.is_dir():
        options.parser.error(f"--notebooks: {notebooks} is not a folder")
    if options.texts is not None and not options.texts.is_dir():
        options.parser.error(f"--texts: {options.texts} is not a folder")
    given = {k: v for k, v in vars(options).items() if k not in NO_INPUTS}
    folders = {k: v for k, v in given.items() if isinstance(v, pathlib.Path)}
    folders |= {"study": pathlib.Path(options.study), "notebooks": notebooks}
    if options.since:  # a revision that is no path is not there to be listed: it is built anew
        folders["since"] = pathlib.Path(options.since)
    given = {k: v for k, v in given.items() if k not in folders}
    options.inputs = unchanged.listing(folders, given, options.out)  # before anything is read
    if not options.force and unchanged.still(options.out, options.inputs):
        print(f"{options.out}: nothing changed since it was built (--force builds it anew)")
        return GOOD
    from positions import execute

    # The notebooks' libraries are loaded in a process of their own as the study is read here.
    with execute.runner(sorted(notebooks.glob("*.ipynb"))) as process:
        return _built(options, notebooks, process)


def _built(
    options: argparse.Namespace, notebooks: pathlib.Path, process: subprocess.Popen[str]
) -> int:
    """Build the report with a process that runs notebooks; say why it could not be."""
    loaded = _loaded(options)
    if loaded is None:
        return DATA
    if loaded.codings.empty:
        _complain(f"{options.study}: nothing is coded yet, so there is nothing to report: add the "
                  "readings to codings.csv.\n`positions check` names every table that is still "
                  "empty; `positions new` writes a README with the order.")  # fmt: skip
        return DATA
    since = _edition(options, options.since, options.study) if options.since else None
    if options.since and since is None:
        return DATA
    from positions import execute, report, unchanged
    from positions.switch import SwitchError

    since = _edition(options, options.since, options.study) if options.since else None
    if options.since and since is None:
        return DATA
    wanted = report.Options(
        notebooks=notebooks,
        model=options.model,
        as_of=options.as_of,
        evidence=options.evidence,
        texts=options.texts,
        allow_unresolved=options.allow_unresolved,
        independent=not options.all_sources,
        limits=execute.Limits(
            cell_seconds=options.cell_seconds,
            build_seconds=options.build_seconds,
            output_bytes=options.output_megabytes * 1_000_000,
        ),
        since=since,
    )
    try:
        report.build(loaded, options.out, wanted, _progress(), process)
    except report.OptionsError as error:
        options.parser.error(str(error))
    except (execute.BuildError, SwitchError, OSError) as error:
        _complain(f"positions: the report was not built: {error}")
        if (options.out / "index.html").exists():
            _complain(f"{options.out} holds the last good report, as it was")
        return BUILD
    unchanged.remember(options.out, options.inputs)
    return GOOD


def _diff(options: argparse.Namespace) -> int:
    from positions import changetext, comparison

    beside = next((path for path in (options.new, options.old) if os.path.lexists(path)), "data")
    sides = [_edition(options, given, beside) for given in (options.old, options.new)]
    if sides[0] is None or sides[1] is None:
        return DATA
    found = comparison.compare(sides[0], sides[1])
    form = (
        comparison.as_json
        if options.json
        else changetext.as_markdown if options.markdown else changetext.as_text
    )  # fmt: skip
    print(form(found))
    return DIFFER if options.exit_code and not found.same else GOOD


def _edition(options: argparse.Namespace, given: str, beside: str) -> Edition | None:
    """One side of a comparison, or None once its errors are printed."""
    from positions import revisions
    from positions.characters import visible
    from positions.problems import ERROR, StudyError, as_text

    try:
        return revisions.read(given, beside, allow_unresolved=options.allow_unresolved)
    except revisions.RevisionError as error:
        return options.parser.error(visible(str(error), 1_000))  # type: ignore[no-any-return]
    except StudyError as error:
        errors = [problem for problem in error.problems if problem.severity == ERROR]
        _complain(as_text(errors, colour=sys.stderr.isatty()))
        _complain(f"{given}: the study is refused; nothing was compared.")
        return None


def _responses(options: argparse.Namespace) -> int:
    from positions.counting import NotResponses
    from positions.switch import SwitchError, building

    loaded = _loaded(options)
    if loaded is None:
        return DATA
    model = options.model or loaded.reference_model
    if model not in set(loaded.model_positions["model_id"]):
        options.parser.error(f"--model: the study has no model {model!r} that takes positions")
    try:
        if options.out is None:
            return _counted(loaded, model, options, None)
        with building(options.out) as folder:
            return _counted(loaded, model, options, folder)
    except (NotResponses, SwitchError, OSError) as error:
        _complain(f"positions: {error}")
        return DATA


def _counted(
    loaded: Study, model: str, options: argparse.Namespace, folder: pathlib.Path | None
) -> int:
    """Count the responses, print what they say, and write the tables into the folder."""
    from positions import consultation, publicreport
    from positions.counting import NotResponses

    wanted = consultation.Options(
        campaign_from=options.campaign_from,
        shortest=options.shortest,
        memory=options.memory,
        threads=options.threads,
        rejects=folder / "rejects.csv" if folder else None,
    )
    found = consultation.of_study(loaded, model, options.files, wanted)
    if found is None:
        raise NotResponses(
            f"{options.study}: no individual responses; questions.csv must say what was asked, and "
            "the answers lie in responses/ or are named by --from"
        )
    summary = publicreport.summary(loaded, model, found, wanted)
    print("\n".join(summary.sentences))
    if folder:
        publicreport.write(summary, folder)
        print(f"Tables and rejected rows: {options.out}")
    return GOOD


def _progress() -> Callable[[str], None]:
    """A line a step on a terminal; quiet where no one looks on."""
    if sys.stderr.isatty():
        return _complain
    return lambda line: None


def _notebooks() -> pathlib.Path:
    """The notebooks of the working folder, else those that ship with the package.

    A checkout's stand at its root: the package has its own copy only once it is installed.
    """
    package = pathlib.Path(__file__).parent
    found = [pathlib.Path("notebooks"), package / "notebooks", package.parents[1] / "notebooks"]
    return next((folder for folder in found if folder.is_dir()), found[0])


if __name__ == "__main__":
    sys.exit(main())
