"""Tables, values and figures in notebooks, the same at every run, so that stored outputs can be compared."""

from __future__ import annotations

import base64
import html
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd
from IPython.display import display
from matplotlib.figure import Figure

from netral_research.figures import png_bytes
from netral_research.results import Result, Value

DIGITS = 4


def show_table(frame: pd.DataFrame, caption: str) -> None:
    """Show a table below its caption.

    Parameters
    ----------
    frame : pandas.DataFrame
        Its first column names the rows; the index is not shown.
    caption : str
        In both languages.
    """
    columns = [str(name) for name in frame.columns]
    rows = [[_cell(cell) for cell in row] for row in frame.itertuples(index=False, name=None)]
    _show(table_html(columns, rows, caption))


def show_text(text: str, marks: Mapping[tuple[int, int], str], caption: str) -> None:
    """Show a text with passages marked, each named by what was read from it.

    Parameters
    ----------
    text : str
    marks : mapping of (int, int) to str
        Start and end of every passage, and its name.
    caption : str
        In both languages.
    """
    _show(f"<figure>\n<figcaption>{html.escape(caption)}</figcaption>\n<p>{marked_html(text, marks)}</p>\n</figure>")


def marked_html(text: str, marks: Mapping[tuple[int, int], str]) -> str:
    """A text with passages marked, as HTML; where passages overlap, the pieces of them are marked.

    Parameters
    ----------
    text : str
    marks : mapping of (int, int) to str

    Returns
    -------
    str

    Examples
    --------
    >>> marked_html("Apel di Bima <2>", {(0, 4): "event_type", (8, 12): ""})
    '<mark>Apel<sub> event_type</sub></mark> di <mark>Bima</mark> &lt;2&gt;'
    """
    bounds = sorted({0, len(text), *(place for span in marks for place in span)})
    pieces = []
    for start, end in pairwise(bounds):
        piece = html.escape(text[start:end])
        names = [name for (first, last), name in marks.items() if first <= start and end <= last]
        ended = [name for (first, last), name in marks.items() if first <= start and end == last and name]
        label = f"<sub> {html.escape(', '.join(ended))}</sub>" if ended else ""
        pieces.append(f"<mark>{piece}{label}</mark>" if names else piece)
    return "".join(pieces)


def show_values(result: Result) -> None:
    """Show every value a result holds, as the report will find it.

    Parameters
    ----------
    result : Result
    """
    rows = [[value.id, _value_text(value), value.unit] for value in result.values]
    _show(table_html(["id", "value", "unit"], rows, f"Nilai yang dicatat / Recorded values: {result.name}"))


def show_figure(figure: Figure, alternative: str) -> None:
    """Show a figure with its text alternative.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    alternative : str
        A sentence with the finding, for those who do not see the figure.
    """
    picture = base64.b64encode(png_bytes(figure)).decode("ascii")
    shown = {"image/png": picture, "text/plain": alternative}
    display(shown, metadata={"image/png": {"alt": alternative}}, raw=True)  # type: ignore[no-untyped-call]


def table_html(columns: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    """A table as accessible HTML without random ids.

    Parameters
    ----------
    columns : sequence of str
    rows : sequence of sequence of str
        The first cell of each names the row.
    caption : str

    Returns
    -------
    str

    Examples
    --------
    >>> table_html(["a"], [["<b>"]], "Judul / Title").count("&lt;b&gt;")
    1
    """
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in columns)
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{html.escape(cell)}</th>' if place == 0 else f"<td>{html.escape(cell)}</td>"
            for place, cell in enumerate(row)
        )
        + "</tr>\n"
        for row in rows
    )
    return (
        f"<table>\n<caption>{html.escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}</tbody>\n</table>"
    )


def _cell(cell: object) -> str:
    if isinstance(cell, float):
        return "" if math.isnan(cell) else f"{cell:.{DIGITS}g}" if abs(cell) < 1000 else f"{cell:.0f}"
    return str(cell)


def _value_text(value: Value) -> str:
    return "–" if value.value is None else _cell(value.value)


def _show(page: str) -> None:
    display({"text/html": page}, raw=True)  # type: ignore[no-untyped-call]
