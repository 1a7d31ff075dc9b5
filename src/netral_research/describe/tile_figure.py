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
    "ranking_only": ("----", "≤"),
    "not_reported": ("", "?"),
    "not_applicable": ("xxxx", "×"),
}
# Columns and rows of the grid; on a phone Sulawesi, Maluku and Papua stand below the others.
COLUMNS, ROWS = 18, 8
EAST_COLUMN, EAST_ROWS = 10, 5
NARROW_COLUMNS, EAST_LEFT, EAST_DOWN = 11, 9, 7.5
# Columns that one class of the legend takes.
CLASS_WIDTH = 2.2


def tile_map_figure(tiles: pd.DataFrame, cycle: str, counted: str, language: str, narrow: bool = False) -> Figure:
    """Draw the reported rates of one cycle, one tile a province.

    Parameters
    ----------
    tiles : pandas.DataFrame
        Table ``tile_map``.
    cycle : str
    counted : str
        Term of the vocabulary ``counted``.
    language : {"id", "en"}
    narrow : bool
        Whether it is for a phone.

    Returns
    -------
    matplotlib.figure.Figure
    """
    shown = tiles[tiles["election_cycle"] == cycle]
    if narrow:
        east = (shown["col"] >= EAST_COLUMN) & (shown["row"] < EAST_ROWS)
        shown = shown.assign(col=shown["col"] - EAST_LEFT * east, row=shown["row"] + EAST_DOWN * east)
    bottom = EAST_ROWS + EAST_DOWN if narrow else ROWS
    with drawing_style():
        figure = new_figure(5.6 if narrow else 4.2, narrow)
        axes = figure.subplots()
        for tile in shown.to_dict("records"):
            _draw_tile(axes, {str(name): cell for name, cell in tile.items()}, language)
        axes.set(xlim=(-0.1, (NARROW_COLUMNS if narrow else COLUMNS) + 0.1), ylim=(bottom + 3.4, -0.1), aspect="equal")
        axes.axis("off")
        _rate_legend(axes, bottom + 0.5, counted, language)
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
    ink = "#ffffff" if exact and place >= 3 else INK
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
    axes.text(x + 0.5, y + 0.35, str(tile["abbr"]), ha="center", va="center", fontsize=6.6, color=ink, weight="bold")
    axes.text(x + 0.5, y + 0.69, mark, ha="center", va="center", fontsize=7.2, color=ink)


def _rate_legend(axes: Axes, top: float, counted: str, language: str) -> None:
    bounds = [format_number(bound, "decimal_1", language) for bound in RATE_CLASSES]
    names = [
        f"< {bounds[0]}",
        *(f"{low}–{high}" for low, high in pairwise(bounds)),
        f"≥ {bounds[-1]}",
    ]
    axes.text(0.03, top, text(language, "figures.tile_map.legend", counted=label(language, "counted", counted)),
              fontsize=7.4, va="center")  # fmt: skip
    for place, name in enumerate(names):
        _legend_box(axes, 0.03 + place * CLASS_WIDTH, top + 0.65, name, SEQUENCE[place])
    x = 0.03
    for known, (hatch, mark) in KNOWN_MARKS.items():
        if known == "not_applicable":
            continue
        name = f"{mark} {text(language, f'figures.known_short.{known}')}"
        _legend_box(axes, x, top + 1.35, name, "#ffffff", hatch)
        x += 1.1 + 0.16 * len(name)
    axes.text(0.03, top + 2.15, text(language, "figures.tile_map.earlier"), fontsize=7.2, va="center", color=SOFT)


def _legend_box(axes: Axes, x: float, y: float, name: str, face: str, hatch: str = "") -> None:
    axes.add_patch(Rectangle((x, y - 0.2), 0.5, 0.4, facecolor=face, edgecolor=SOFT, linewidth=0.5, hatch=hatch))
    axes.text(x + 0.62, y, name, fontsize=7.2, va="center")
