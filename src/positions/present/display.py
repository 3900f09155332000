"""What a notebook shows: captioned tables, computed sentences, figures with alternative text.

Every string is escaped here, where it becomes HTML. What is shown also has a plain-text form, so
that a notebook's stored outputs can be compared word by word. Computes nothing.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import functools
import html
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from positions.present import cell_links
from positions.study.csv_cells import table_csv
from positions.words import MISSING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

AS_WRITTEN = 'class="mathjax_ignore tex2jax_ignore"'
"""Keeps notebooks from reading what stands between two dollars as a formula."""


def dollars_as_written() -> None:
    """Have pandas tell notebooks the same of its DataFrames."""
    pd.set_option("display.html.use_mathjax", False)


dollars_as_written()

Bundle = tuple[dict[str, Any], dict[str, Any]]


@dataclasses.dataclass(frozen=True)
class Table:
    """A table with its caption: accessible HTML, plain text, and its tidy data for a CSV file.

    The first column heads its row. `name` is the CSV file's name without ending. In the HTML each
    cell carries the ids of what it is about, as `subjects` finds them.
    """

    data: pd.DataFrame
    caption: str
    name: str
    headings: Mapping[str, str]
    formats: Mapping[str, Callable[[Any], str]]
    note: str

    def cells(self) -> list[list[str]]:
        """Return the cells as printed, row by row."""
        columns = []
        for column in self.headings:
            form = self.formats.get(column, str)
            columns.append([MISSING if pd.isna(v) else form(v) for v in self.data[column].tolist()])
        return [list(row) for row in zip(*columns, strict=True)]

    def html(self) -> str:
        """Return the table as HTML: caption, scoped headers, note; every string escaped.

        Numbers stand right and words left, whatever a page's own style says. Without rows it is
        a sentence: headers that head nothing tell a listener nothing.
        """
        note = f'<p class="note">{html.escape(self.note)}</p>' if self.note else ""
        if self.data.empty:
            return f"<div {AS_WRITTEN}><p>{html.escape(self.caption)}: none.</p>{note}</div>"
        columns, printed = list(self.headings), self.cells()
        sides = [
            "right" if cell_links.figures(cells) else "left" for cells in zip(*printed, strict=True)
        ]
        heads = [_cell('th scope="col"', *cell) for cell in zip(
            self.headings.values(), sides, cell_links.of_columns(self.data, columns), strict=True
        )]  # fmt: skip
        body = "".join(
            f"<tr>{_row(cells, sides, about)}</tr>\n"
            for cells, about in zip(
                printed, cell_links.of_cells(self.data, columns, printed), strict=True
            )
        )
        caption = html.escape(self.caption, quote=True)
        return (
            f"<div {AS_WRITTEN}>\n"
            f'<div class="scroll" role="region" tabindex="0" aria-label="{caption}" '
            'style="overflow-x: auto">\n'
            f'<table>\n<caption style="text-align: left">{caption}</caption>\n'
            f"<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"
            f"</div>{note}</div>"
        )

    def plain(self) -> str:
        """Return the table as plain text."""
        printed = pd.DataFrame(self.cells(), columns=list(self.headings.values()))
        parts = [self.caption, printed.to_string(index=False)]
        if self.data.empty:
            parts = [f"{self.caption}: none."]
        return "\n".join([*parts, self.note] if self.note else parts)

    def csv(self) -> str:
        """Return the tidy data, rounded to six decimals, with no cell a spreadsheet runs."""
        floats = self.data.select_dtypes("float").round(6)
        rounded = self.data.assign(**{str(name): floats[name] for name in floats})
        return table_csv(rounded)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        kept = {"name": self.name, "csv": self.csv()} if self.name else {}
        return (
            {"text/plain": self.plain(), "text/html": self.html()},
            {"text/html": {"table": kept}} if kept else {},
        )


def _row(cells: Sequence[str], sides: Sequence[str], about: Sequence[cell_links.Subject]) -> str:
    """Return the cells of one row: the first is its header."""
    first, *others = zip(cells, sides, about, strict=True)
    return "".join([_cell('th scope="row"', *first), *(_cell("td", *cell) for cell in others)])


def _cell(opening: str, text: str, side: str, about: cell_links.Subject) -> str:
    aside = f' style="text-align: {side}"'
    element = opening.partition(" ")[0]
    return f"<{opening}{aside}{cell_links.attributes(about)}>{html.escape(text)}</{element}>"


def table(
    data: pd.DataFrame,
    caption: str,
    *,
    headings: Mapping[str, str] | None = None,
    formats: Mapping[str, Callable[[Any], str]] | None = None,
    name: str = "",
    note: str = "",
) -> Table:
    """Show a table under a caption.

    Parameters
    ----------
    data
        A tidy table. What is a named level of its index is its first columns. Or a wide table,
        as `unstack` and `pivot` make it: all its columns are printed, each under the last level
        of its name.
    caption
        What the table holds.
    headings
        The columns to print, in order, and what stands above each; all columns by default.
    formats
        How to print a column's values; a missing value is printed `[x]`.
    name
        The name of the CSV file the report writes it to; none is written without.
    note
        How to read it, printed below.

    Examples
    --------
    >>> scores = pd.DataFrame({"name": ["Ann", "Ben"], "agreement": [0.5, None]})
    >>> print(table(scores, "Scores", formats={"agreement": "{:.0%}".format}).plain())
    Scores
    name agreement
     Ann       50%
     Ben       [x]

    Returns
    -------
    Table
        In a notebook an accessible HTML table; `plain()` and `csv()` give it as text.
    """
    if data.columns.names != [None]:
        data, headings = _laid_out(data, headings or {})
    elif data.index.names != [None]:
        data = data.reset_index()
    columns = headings or {str(column): str(column).replace("_", " ") for column in data.columns}
    return Table(data, caption, name, columns, formats or {}, note)


def _laid_out(
    wide: pd.DataFrame, headings: Mapping[str, str]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a wide table with one row of headings, and what stands above each of its columns.

    Ids of rows are not printed where the rows have names. What the columns are about is kept for
    `cell_links`.
    """
    rows = wide.index.to_frame(index=False).rename(columns=str)
    names = [level for level in rows if level not in cell_links.IDS] or list(rows)
    above = {level: headings.get(level, level.replace("_", " ")) for level in names}
    ids, last = (wide.columns.get_level_values(level).astype("str") for level in (0, -1))
    heads = _told_apart(ids, last, {*rows, *above.values()})
    cells = wide.reset_index(drop=True).set_axis(heads, axis=1)
    laid_out = pd.concat([rows, cells], axis=1)
    if wide.columns.names[0] in cell_links.IDS:
        across = dict(zip(heads, ids, strict=True))
        laid_out.attrs[cell_links.ACROSS] = {wide.columns.names[0]: across}
    return laid_out, above | {head: headings.get(head, head) for head in heads}


def _told_apart(ids: pd.Index, names: pd.Index, taken: Collection[str]) -> list[str]:
    """Names as headings, with the id where a name alone would not head one column only."""
    twice = names.duplicated(keep=False) | names.isin(list(taken))
    return [
        f"{name} ({key})" if unclear else name
        for key, name, unclear in zip(ids, names, twice, strict=True)
    ]


@dataclasses.dataclass(frozen=True)
class Prose:
    """Computed sentences, shown as one paragraph."""

    text: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        said = f"<p {AS_WRITTEN}>{html.escape(self.text)}</p>"
        return {"text/plain": self.text, "text/html": said}, {}


@dataclasses.dataclass(frozen=True)
class Points:
    """Computed sentences, shown as a list."""

    sentences: tuple[str, ...]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        items = "".join(f"<li>{html.escape(sentence)}</li>\n" for sentence in self.sentences)
        plain = "\n".join(f"- {sentence}" for sentence in self.sentences)
        return {"text/plain": plain, "text/html": f"<ul {AS_WRITTEN}>\n{items}</ul>"}, {}


def say(*sentences: str | Sequence[str]) -> Prose | Points:
    """Show computed sentences. Sentences with numbers are never typed.

    Parameters
    ----------
    sentences
        The sentences of one paragraph, or one list of sentences, to be shown as a list. Empty
        ones are left out.

    Returns
    -------
    Prose or Points
        In a notebook a paragraph, or a list.

    Examples
    --------
    >>> shown, _ = say(["Two of three agree.", "", "One does not."])._repr_mimebundle_()
    >>> print(shown["text/plain"])
    - Two of three agree.
    - One does not.
    """
    if len(sentences) == 1 and not isinstance(sentences[0], str):
        return Points(tuple(sentence for sentence in sentences[0] if sentence))
    return Prose(" ".join(str(sentence) for sentence in sentences if sentence))


@contextlib.contextmanager
def house() -> Iterator[None]:
    """Set every setting of matplotlib as the house has it, whatever a user's own file says.

    A decorator of what draws, or the head of a `with` block. Letters are drawn without hints,
    which take a third more time and change little.
    """
    import matplotlib.style  # a table needs none of it

    with matplotlib.style.context(["default", {"text.hinting": "none"}]):
        yield


@dataclasses.dataclass(frozen=True)
class Chart:
    """A figure with its headline title and the text that stands for it where it is not seen.

    `again` draws it for a telephone; without it there is one drawing, which a page scrolls.
    """

    figure: Figure
    title: str
    alt: str
    again: Callable[[], Chart] | None = None

    @functools.cached_property
    def narrow(self) -> Chart | None:
        """The same chart as it is drawn for a telephone."""
        return self.again() if self.again else None

    def png(self, dpi: float | None = None) -> bytes:
        """Return the picture; the same bytes for the same figure.

        Its few hundred colours are rounded to 256, which halves the file and cannot be seen: the
        quantisation that Pillow calls maximum coverage moves a channel by a few levels at most.
        """
        from PIL import Image

        dots, stored = io.BytesIO(), io.BytesIO()
        dpi = dpi or self.figure.dpi
        with house():
            self.figure.savefig(dots, format="rgba", dpi=dpi)
        size = (int(self.figure.get_figwidth() * dpi), int(self.figure.get_figheight() * dpi))
        picture = Image.frombytes("RGB", size, dots.getvalue(), "raw", "RGBX")
        picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            stored, format="png", dpi=(dpi, dpi)
        )
        return stored.getvalue()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        # JupyterLab shows a picture without its alternative text, but markup with it.
        picture = self.png()
        encoded = base64.b64encode(picture).decode("ascii")
        alt = html.escape(self.alt, quote=True)
        about = {"alt": self.alt}
        if self.narrow:
            about["narrow"] = base64.b64encode(self.narrow.png()).decode("ascii")
        return (
            {
                "image/png": picture,
                "text/html": f'<img src="data:image/png;base64,{encoded}" alt="{alt}">',
                "text/plain": self.alt,
            },
            {"image/png": about},
        )
