"""Ground of all figures: one style, one palette, and drawings that are the same on every machine."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import seaborn as sns
from matplotlib.figure import Figure

from netral_research.language import LANGUAGES, format_number, text

INK = "#1d2a31"
SOFT = "#4d5d66"
RULE = "#cbd8da"
ACCENT = "#0b6170"
WARM = "#a8480f"
TINT = "#eef4f4"
# Light to dark; neighbours differ in lightness, so they stay apart in grey and for the colour-blind. Words on the first
# three are dark, on the last two white: either way their contrast is above 4.5.
SEQUENCE = ("#d8e9ea", "#9cc7cb", "#5fa6ae", "#0b6170", "#082b34")
# Inches: across a page, and across a phone, where letters keep their size.
WIDTH, NARROW = 7.2, 3.7

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "text.color": INK,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "ytick.color": INK,
    "xtick.labelcolor": INK,
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "netral-research",
    "svg.fonttype": "path",
    "figure.dpi": 100,
}


@contextmanager
def drawing_style() -> Iterator[None]:
    """Draw in the style of the toolkit, whatever the reader's own settings are."""
    with sns.axes_style("white"), mpl.rc_context(_STYLE):
        yield


def new_figure(height: float, narrow: bool = False) -> Figure:
    """An empty figure as wide as a page of the report, or as a phone.

    Parameters
    ----------
    height : float
        Inches.
    narrow : bool
        Whether it is for a phone.

    Returns
    -------
    matplotlib.figure.Figure
        Not known to pyplot, so that nothing shows it twice.

    Examples
    --------
    >>> [float(length) for length in new_figure(2.5).get_size_inches()]
    [7.2, 2.5]
    """
    return Figure(figsize=(NARROW if narrow else WIDTH, height), layout="constrained")


def svg_text(figure: Figure) -> str:
    """A figure as SVG text: no clock in it, and the same bytes every time.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    str
    """
    stream = io.StringIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(
            stream, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight", pad_inches=0.04
        )
    return stream.getvalue()


def png_bytes(figure: Figure) -> bytes:
    """A figure as a small PNG picture for a notebook.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    bytes
    """
    stream = io.BytesIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(stream, format="png", dpi=100, metadata={"Software": None}, bbox_inches="tight", pad_inches=0.04)
    return stream.getvalue()


def alternatives(
    key: str, numbers: Mapping[str, tuple[float, str]], sentence: str = "alt", **words: Mapping[str, str] | str
) -> dict[str, str]:
    """The text alternative of a figure in every language: a sentence with the finding.

    Parameters
    ----------
    key : str
        Section of ``locales/*/figures.toml``.
    numbers : mapping of str to (float, str)
        Placeholder to number and number style.
    sentence : str
        Key of the sentence in that section.
    **words : str or mapping of str to str
        Placeholder to a word, or to a word by language.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> told = alternatives("exposure", {"cells": (1360, "integer"), "without": (61, "integer")})
    >>> "1.360" in told["id"], "1,360" in told["en"]
    (True, True)
    """
    return {
        language: text(
            language,
            f"figures.{key}.{sentence}",
            **{name: format_number(number, style, language) for name, (number, style) in numbers.items()},
            **{name: word if isinstance(word, str) else word[language] for name, word in words.items()},
        )
        for language in LANGUAGES
    }
