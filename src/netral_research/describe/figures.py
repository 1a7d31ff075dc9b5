"""Figures of what was reported and what was held."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from netral_research.figures import ACCENT, INK, RULE, SEQUENCE, SOFT, TINT, drawing_style, new_figure
from netral_research.language import format_day, format_number, label, text
from netral_research.study import OutcomeSection

# A log scale has no zero: counts of zero are marked at its left edge.
LOWEST_RATE = 0.01
# Letters of a column's heading, on a page and on a phone.
HEADING_WIDTH, NARROW_HEADING_WIDTH = 16, 8
KNOWN_COLOURS = {
    "exact_final": SEQUENCE[3],
    "exact_earlier": SEQUENCE[2],
    "bounded": SEQUENCE[1],
    "ranking_only": SEQUENCE[0],
    "not_reported": "#ffffff",
    "not_applicable": "#e3e3e3",
}
KNOWN_SIGNS = {
    "exact_final": "●",
    "exact_earlier": "○",
    "bounded": "≥",
    "ranking_only": "≤",
    "not_reported": "?",
    "not_applicable": "×",
}


def rates_figure(
    rates: pd.DataFrame, cycle: str, names: Mapping[str, str], outcome: OutcomeSection, language: str,
    narrow: bool = False,
) -> Figure:  # fmt: skip
    """Draw the reported rates of one cycle with their exact intervals.

    Parameters
    ----------
    rates : pandas.DataFrame
        Table ``rates``.
    cycle : str
    names : mapping of str to str
        Province names by code.
    outcome : OutcomeSection
        What the study counts.
    language : {"id", "en"}
    narrow : bool
        Whether it is for a phone.

    Returns
    -------
    matplotlib.figure.Figure
    """
    shown = rates[rates["election_cycle"] == cycle].sort_values(["rate", "unit_code"]).reset_index(drop=True)
    with drawing_style():
        figure = new_figure(1.1 + (0.32 if narrow else 0.2) * len(shown), narrow)
        axes = figure.subplots()
        places = np.arange(len(shown))
        axes.hlines(
            places,
            shown["rate_lower"].clip(lower=LOWEST_RATE),
            shown["rate_upper"],
            color=ACCENT,
            linewidth=1.6,
            alpha=0.55,
        )
        final = shown["final"].to_numpy(dtype=bool)
        axes.scatter(
            shown["rate"][final],
            places[final],
            color=ACCENT,
            s=26,
            zorder=3,
            label=text(language, "figures.rates.final"),
        )
        axes.scatter(
            shown["rate"][~final],
            places[~final],
            facecolor="#ffffff",
            edgecolor=ACCENT,
            s=26,
            zorder=3,
            label=text(language, "figures.rates.earlier"),
        )
        none = shown["value"].to_numpy() == 0
        axes.scatter(
            np.full(none.sum(), LOWEST_RATE),
            places[none],
            marker="<",
            facecolor="#ffffff",
            edgecolor=ACCENT,
            s=26,
            zorder=3,
        )
        axes.set(xscale="log", ylim=(-0.8, len(shown) - 0.2))
        ticks = [
            tick
            for tick in (0.1, 0.3, 1, 3, 10, 30, 100)
            if shown["rate_lower"].min() / 2 < tick < shown["rate_upper"].max() * 2
        ]
        axes.set_xticks(
            ticks, [format_number(tick, "decimal_1" if tick < 1 else "integer", language) for tick in ticks]
        )
        axes.minorticks_off()
        axes.grid(axis="x", color=RULE, linewidth=0.6)
        axes.set_axisbelow(True)
        axis = text(language, "figures.rates.axis", counted=label(language, "counted", outcome.counted))
        axes.set_xlabel("\n".join(textwrap.wrap(axis, 42)) if narrow else axis)
        _name_rates(axes, shown, names, outcome.headline_measure, language, narrow)
        figure.legend(loc="outside lower center", ncols=1 if narrow else 2, frameon=False, fontsize=7.5)
        sns.despine(ax=axes, left=True)
    return figure


def _name_rates(
    axes: Axes, shown: pd.DataFrame, names: Mapping[str, str], measure: str, language: str, narrow: bool
) -> None:
    """Write each province and what was counted there: at both sides, or on a phone below each other."""
    provinces = [names[code] for code in shown["unit_code"]]
    counts = [
        text(
            language,
            "figures.rates.told",
            count=format_number(value, "integer", language),
            measure=label(language, "measure", measure),
            day=format_day(day, language) if day else text(language, "figures.rates.undated"),
        )
        for value, day in zip(shown["value"], shown["as_of"], strict=True)
    ]
    if narrow:
        both = [f"{province}\n{count}" for province, count in zip(provinces, counts, strict=True)]
        axes.set_yticks(range(len(both)), both, fontsize=7.2)
        return
    axes.set_yticks(range(len(provinces)), provinces)
    for place, count in enumerate(counts):
        axes.annotate(count, (1.01, place), xycoords=("axes fraction", "data"), va="center", fontsize=7.2, color=SOFT)


def exposure_figure(exposure: pd.DataFrame, names: Mapping[str, str], language: str, narrow: bool = False) -> Figure:
    """Draw the number of distinct events before each campaign, by province and cycle.

    Parameters
    ----------
    exposure : pandas.DataFrame
        Table ``exposure``.
    names : mapping of str to str
    language : {"id", "en"}
    narrow : bool
        Whether it is for a phone.

    Returns
    -------
    matplotlib.figure.Figure
    """
    cycles = list(dict.fromkeys(exposure["election_cycle"]))
    grid = exposure.pivot(index="unit_code", columns="election_cycle", values="events_before_campaign")[cycles]
    voted = exposure.pivot(index="unit_code", columns="election_cycle", values="voted")[cycles].astype("bool")
    with drawing_style():
        figure = new_figure(0.9 + 0.175 * len(grid), narrow)
        axes = figure.subplots()
        top = max(float(grid.to_numpy().max()), 4.0)
        edges = [-0.5, 0.5, 2.5, 4.5, 8.5, max(top, 9.0) + 0.5]
        colours = ListedColormap(["#ffffff", *SEQUENCE[:4]])
        sns.heatmap(
            grid,
            ax=axes,
            cmap=colours,
            norm=BoundaryNorm(edges, colours.N),
            annot=grid.where(voted).map(_count_mark),
            fmt="",
            linewidths=0.7,
            linecolor=RULE,
            cbar=False,
            annot_kws={"fontsize": 7},
            mask=~voted,
        )
        # The library would write white on the middle colour, where it is hard to read.
        for count in axes.texts:
            count.set_color("#ffffff" if int(count.get_text()) > edges[-2] else INK)
        for row, code in enumerate(grid.index):
            for column, cycle in enumerate(cycles):
                if not voted.loc[code, cycle]:
                    axes.add_patch(Rectangle((column, row), 1, 1, facecolor="#eeeeee", edgecolor=RULE, linewidth=0.7))
                    axes.text(column + 0.5, row + 0.5, "×", ha="center", va="center", fontsize=7, color=SOFT)
        headings = [_wrapped(label(language, "cycle", cycle), narrow) for cycle in cycles]
        _grid_axes(axes, [names[code] for code in grid.index], headings)
    return figure


def _wrapped(words: str, narrow: bool) -> str:
    """Words over several lines, so that neighbouring columns do not run into each other."""
    width = NARROW_HEADING_WIDTH if narrow else HEADING_WIDTH
    return "\n".join(textwrap.wrap(words, width, break_long_words=False))


def _count_mark(count: float) -> str:
    return "" if math.isnan(count) else str(int(count))


def _grid_axes(axes: Axes, rows: list[str], columns: list[str]) -> None:
    axes.set(xlabel="", ylabel="")
    axes.set_yticks(np.arange(len(rows)) + 0.5, rows, rotation=0, fontsize=7.4)
    axes.set_xticks(np.arange(len(columns)) + 0.5, columns, rotation=0, fontsize=7.8)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)


def coverage_figure(coverage: pd.DataFrame, names: Mapping[str, str], language: str, narrow: bool = False) -> Figure:
    """Draw what is known of the headline count in each province and cycle.

    Parameters
    ----------
    coverage : pandas.DataFrame
        Table ``coverage``.
    names : mapping of str to str
    language : {"id", "en"}
    narrow : bool
        Whether it is for a phone.

    Returns
    -------
    matplotlib.figure.Figure
    """
    cycles = list(dict.fromkeys(coverage["election_cycle"]))
    grid = coverage.pivot(index="unit_code", columns="election_cycle", values="known")[cycles]
    order = list(KNOWN_COLOURS)
    with drawing_style():
        figure = new_figure((1.9 if narrow else 1.4) + 0.175 * len(grid), narrow)
        axes = figure.subplots()
        sns.heatmap(
            grid.map(order.index).astype(float),
            ax=axes,
            cmap=ListedColormap(list(KNOWN_COLOURS.values())),
            vmin=-0.5,
            vmax=len(order) - 0.5,
            linewidths=0.7,
            linecolor=RULE,
            cbar=False,
        )
        for row, code in enumerate(grid.index):
            for column, cycle in enumerate(cycles):
                known = str(grid.loc[code, cycle])
                ink = "#ffffff" if known == "exact_final" else INK
                axes.text(column + 0.5, row + 0.52, KNOWN_SIGNS[known], ha="center", va="center", fontsize=7, color=ink)
        headings = [_wrapped(label(language, "cycle", cycle), narrow) for cycle in cycles]
        _grid_axes(axes, [names[code] for code in grid.index], headings)
        handles = [
            Rectangle((0, 0), 1, 1, facecolor=KNOWN_COLOURS[known], edgecolor=SOFT, linewidth=0.5) for known in order
        ]
        labels = [f"{KNOWN_SIGNS[known]} {text(language, f'figures.known.{known}')}" for known in order]
        columns = 1 if narrow else 2
        figure.legend(handles, labels, loc="outside lower center", ncols=columns, frameon=False, fontsize=7.5)
        axes.set_facecolor(TINT)
    return figure
