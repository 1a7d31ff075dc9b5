"""Figure of the funnel: rates by the size of their region, and the limits within which they cannot be told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from netral_research.describe.funnel import Funnel, funnel_limits, level_name
from netral_research.figures import ACCENT, INK, RULE, SEQUENCE, SOFT, TINT, WARM, drawing_style, new_figure
from netral_research.language import format_number
from netral_research.results import percent_style

WORDS = ("size_axis", "rate_axis", "exact", "widened", "common", "inside", "outside")
# Regions named beside their point; more would cover each other.
NAMED = 12


def funnel_figure(
    funnel: Funnel, names: Mapping[str, str], words: Mapping[str, str], language: str, narrow: bool = False
) -> Figure:
    """Draw rates against the size of their regions, with exact and over-dispersed limits around the common rate.

    Parameters
    ----------
    funnel : Funnel
        With at least one region.
    names : mapping of str to str
        Names of the regions by the index of the funnel's table.
    words : mapping of str to str
        ``size_axis``, ``rate_axis``; ``exact``, ``widened``, ``common``, ``inside`` and ``outside`` for the legend.
        ``{level}`` in ``exact`` and ``widened`` stands for a band's level, in per cent.
    language : {"id", "en"}
    narrow : bool
        Whether it is for a phone.

    Returns
    -------
    matplotlib.figure.Figure
        The widened bands are shaded; the exact limits are lines. Regions outside the narrowest widened band are named.
    """
    table, levels = funnel.table, sorted(funnel.levels)
    with drawing_style():
        figure = new_figure(4.4, narrow)
        axes = figure.subplots()
        sizes = np.geomspace(table["exposure"].min() * 0.85, table["exposure"].max() * 1.12, 400)
        _draw_bands(axes, funnel, sizes, levels, words, language)
        axes.axhline(funnel.rate, color=SOFT, linewidth=1, label=words["common"])
        outside = table[f"widened_place_{level_name(levels[0])}"] != "inside"
        for chosen, marker, colour, word in ((~outside, "o", ACCENT, "inside"), (outside, "D", WARM, "outside")):
            axes.scatter(
                table["exposure"][chosen],
                table["rate"][chosen],
                marker=marker,
                color=colour,
                edgecolor="#ffffff",
                linewidth=0.6,
                s=28,
                zorder=4,
                label=words[word],
            )
        top = 1.12 * float(table["rate"].max())
        axes.set(xscale="log", xlim=(sizes[0], sizes[-1]), ylim=(-0.02 * top, top))
        _write_ticks(axes, (sizes[0], sizes[-1]), top, language)
        axes.set_xlabel(words["size_axis"])
        axes.set_ylabel(words["rate_axis"])
        axes.grid(axis="y", color=RULE, linewidth=0.5)
        axes.set_axisbelow(True)
        _write_names(axes, table[outside], names)
        figure.legend(loc="outside lower center", ncols=1 if narrow else 2, frameon=False, fontsize=7.5)
        sns.despine(ax=axes)
    return figure


def _draw_bands(
    axes: Axes, funnel: Funnel, sizes: np.ndarray, levels: Sequence[float], words: Mapping[str, str], language: str
) -> None:
    spread = funnel.dispersion if funnel.overdispersed else 1.0
    for place, level in reversed(list(enumerate(levels))):
        low, high = funnel_limits(funnel.rate, sizes, level, spread)
        colour = SEQUENCE[0] if place == 0 else TINT
        band = words["widened"].format(level=_per_cent(level, language))
        axes.fill_between(sizes, low, high, color=colour, linewidth=0, label=band)
    for place, level in enumerate(levels):
        low, high = funnel_limits(funnel.rate, sizes, level)
        line = "--" if place == 0 else ":"
        told = words["exact"].format(level=_per_cent(level, language))
        axes.plot(sizes, low, color=INK, linewidth=0.8, linestyle=line, label=told)
        axes.plot(sizes, high, color=INK, linewidth=0.8, linestyle=line)


def _per_cent(level: float, language: str) -> str:
    return format_number(level, percent_style(level), language)


def _write_ticks(axes: Axes, sizes: tuple[float, float], top: float, language: str) -> None:
    marks = [
        number * 10.0**power
        for power in range(-3, 9)
        for number in (1, 2, 5)
        if sizes[0] <= number * 10.0**power <= sizes[1]
    ]
    axes.set_xticks(marks, [_told(mark, language) for mark in marks])
    axes.minorticks_off()
    heights = [mark for mark in axes.get_yticks() if 0 <= mark <= top]
    axes.set_yticks(heights, [_told(float(mark), language) for mark in heights])


def _told(number: float, language: str) -> str:
    whole = abs(number - round(number)) < 1e-9
    return format_number(number, "integer" if whole else "decimal_1" if number >= 0.1 else "decimal_2", language)


def _write_names(axes: Axes, outside: pd.DataFrame, names: Mapping[str, str]) -> None:
    farthest = outside.loc[outside["standardised"].abs().sort_values(ascending=False, kind="stable").index[:NAMED]]
    for code, row in farthest.iterrows():
        axes.annotate(
            names[str(code)],
            (row["exposure"], row["rate"]),
            xytext=(5, 3),
            textcoords="offset points",
            fontsize=7,
            color=INK,
        )
