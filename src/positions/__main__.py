"""The command `positions`: check a study, verify its phrases, build its report."""

from __future__ import annotations

import argparse
import hashlib
import os
import pathlib
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from positions.study import Study

GOOD, DATA, USAGE, BUILD = 0, 1, 2, 3

EPILOG = """\
examples:
  positions check                       check the study in data/
  positions check STUDY --json          the same, for machines
  positions verify --texts texts        compare every phrase with the stored texts
  positions report --out site           build the report of data/ into site/
  positions responses --from 'answers/*.parquet' --out counted
  positions report STUDY --out site --as-of 2021-02-11 --evidence stated implied

exit codes: 0 good, 1 a problem in the data, 2 wrong usage, 3 the report could not be built
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
    from positions import __version__

    parser.add_argument("--version", action="version", version=f"positions {__version__}")
    commands = parser.add_subparsers(metavar="command", required=True)
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
    return parser


def _check_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="write the problems as JSON")


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
    command.add_argument("--cell-seconds", type=int, default=120, metavar="N",
                         help="time limit of a notebook cell (120)")  # fmt: skip


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


def _report(options: argparse.Namespace) -> int:
    from positions import report
    from positions.execute import BuildError
    from positions.switch import SwitchError

    loaded = _loaded(options)
    if loaded is None:
        return DATA
    notebooks = options.notebooks or _notebooks()
    if not notebooks.is_dir():
        options.parser.error(f"--notebooks: {notebooks} is not a folder")
    if options.texts is not None and not options.texts.is_dir():
        options.parser.error(f"--texts: {options.texts} is not a folder")
    wanted = report.Options(
        notebooks=notebooks,
        model=options.model,
        as_of=options.as_of,
        evidence=options.evidence,
        texts=options.texts,
        allow_unresolved=options.allow_unresolved,
        independent=not options.all_sources,
        cell_seconds=options.cell_seconds,
    )
    try:
        report.analyse(loaded, wanted)
    except ValueError as error:
        options.parser.error(str(error))
    try:
        report.build(loaded, options.out, wanted, _progress())
    except (BuildError, SwitchError, OSError) as error:
        _complain(f"positions: the report was not built: {error}")
        if (options.out / "index.html").exists():
            _complain(f"{options.out} holds the last good report, as it was")
        return BUILD
    return GOOD


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
    """The notebooks of the working folder, else those that ship with the package."""
    here = pathlib.Path("notebooks")
    shipped = pathlib.Path(__file__).parent / "notebooks"
    return here if here.is_dir() or not shipped.is_dir() else shipped


if __name__ == "__main__":
    sys.exit(main())
