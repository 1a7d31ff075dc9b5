"""The tile-grid map of reported rates, one tile a province."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from netral_research.figures import INK, RULE, SEQUENCE, SOFT, drawing_style, new_figure
from netral_research.language import format_number, label, text

RATE_CLASSES = (0.5, 1.0, 3.0, 10.0)
# What is not an exact count is told by hatching and by a mark, not by colour alone.
KNOWN_MARKS = {
    "bounded": ("////", "≥"),
    "ranking_only": ("....", "≤"),
    "not_reported": ("", "?"),
    "not_applicable": ("xxxx", "×"),
}


def tile_map_figure(tiles: pd.DataFrame, cycle: str, counted: str, language: str) -> Figure:
    """Draw the reported rates of one cycle, one tile a province.

    Parameters
    ----------
    tiles : pandas.DataFrame
        Table ``tile_map``.
    cycle : str
    counted : str
        Term of the vocabulary ``counted``.
    language : {"id", "en"}

    Returns
    -------
    matplotlib.figure.Figure
    """
    shown = tiles[tiles["election_cycle"] == cycle]
    with drawing_style():
        figure = new_figure(3.9)
        axes = figure.subplots()
        for tile in shown.to_dict("records"):
            _draw_tile(axes, {str(name): cell for name, cell in tile.items()}, language)
        axes.set(xlim=(-0.1, 18.1), ylim=(9.95, -0.1), aspect="equal")
        axes.axis("off")
        _rate_legend(axes, counted, language)
    return figure


def _draw_tile(axes: Axes, tile: Mapping[str, object], language: str) -> None:
    x, y = float(str(tile["col"])), float(str(tile["row"]))
    rate = float(str(tile["rate"]))
    exact = not math.isnan(rate)
    place = int(np.searchsorted(RATE_CLASSES, rate, side="right")) if exact else 0
    star = "" if tile["known"] == "exact_final" else "*"
    told = (
        ("", format_number(rate, "decimal_1", language) + star)
        if exact
        else KNOWN_MARKS.get(str(tile["known"]), ("", "?"))
    )
    hatch, mark = told
    face = SEQUENCE[place] if exact else ("#ffffff" if tile["known"] != "not_applicable" else "#eeeeee")
    ink = "#ffffff" if exact and place >= 2 else INK
    axes.add_patch(
        Rectangle(
            (x + 0.03, y + 0.03),
            0.94,
            0.94,
            facecolor=face,
            edgecolor=SOFT if exact else RULE,
            linewidth=0.7,
            hatch=hatch,
        )
    )
    if hatch:
        axes.add_patch(Rectangle((x + 0.1, y + 0.16), 0.8, 0.7, facecolor="#ffffff", linewidth=0))
    axes.text(x + 0.5, y + 0.37, str(tile["abbr"]), ha="center", va="center", fontsize=5.6, color=ink, weight="bold")
    axes.text(x + 0.5, y + 0.7, mark, ha="center", va="center", fontsize=6.4, color=ink)


def _rate_legend(axes: Axes, counted: str, language: str) -> None:
    bounds = [format_number(bound, "decimal_1", language) for bound in RATE_CLASSES]
    names = [
        f"< {bounds[0]}",
        *(f"{low}–{high}" for low, high in pairwise(bounds)),
        f"≥ {bounds[-1]}",
    ]
    axes.text(
        0.03,
        8.5,
        text(language, "figures.tile_map.legend", counted=label(language, "counted", counted)),
        fontsize=7,
        va="center",
    )
    for place, name in enumerate(names):
        axes.add_patch(
            Rectangle((0.03 + place * 2.0, 8.85), 0.5, 0.4, facecolor=SEQUENCE[place], edgecolor=SOFT, linewidth=0.5)
        )
        axes.text(0.65 + place * 2.0, 9.05, name, fontsize=6.6, va="center")
    x = 9.75
    for known, (hatch, mark) in KNOWN_MARKS.items():
        if known == "not_applicable":
            continue
        axes.add_patch(Rectangle((x, 8.85), 0.5, 0.4, facecolor="#ffffff", edgecolor=SOFT, linewidth=0.5, hatch=hatch))
        name = f"{mark} {text(language, f'figures.known_short.{known}')}"
        axes.text(x + 0.6, 9.05, name, fontsize=6.6, va="center")
        x += 0.95 + 0.165 * len(name)
    axes.text(0.03, 9.62, text(language, "figures.tile_map.earlier"), fontsize=6.6, va="center", color=SOFT)
