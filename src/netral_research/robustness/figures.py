"""Figures of the robustness checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from netral_research.errors import CannotEstimateError, Problem
from netral_research.figures import ACCENT, INK, RULE, SOFT, TINT, WARM, drawing_style, new_figure
from netral_research.language import format_number
from netral_research.robustness.specifications import DIMENSIONS

TICKS = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
CURVE_HEIGHT, ROW_HEIGHT = 2.6, 0.185


def specification_curve_figure(table: pd.DataFrame, labels: Mapping[str, str], axis: str, language: str) -> Figure:
    """Draw all estimates in order of size, and below each of them the choices it rests on.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`netral_research.robustness.multiverse.run_multiverse` gives it; refused rows are not drawn.
    labels : mapping of str to str
        Words for dimensions (``stage``) and options (``stage=alleged``); what has none is shown as it is.
    axis : str
        Words for the vertical axis.
    language : {"id", "en"}

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    CannotEstimateError
        If every specification was refused.
    """
    shown = table[table["refusal"] == ""].sort_values(["rate_ratio", "spec_id"]).reset_index(drop=True)
    if shown.empty:
        raise CannotEstimateError([Problem("multiverse_empty")])
    # A dimension in which all specifications agree tells nothing about the curve.
    varied = [name for name in DIMENSIONS if shown[name].nunique() > 1]
    rows = [(name, option) for name in varied for option in dict.fromkeys(table[name]) if (shown[name] == option).any()]
    lines = len(rows) + len(varied)
    with drawing_style():
        figure = new_figure(CURVE_HEIGHT + ROW_HEIGHT * lines + 0.2)
        if not rows:
            _curve(figure.subplots(), shown, axis, language)
            return figure
        heights = [CURVE_HEIGHT, ROW_HEIGHT * lines]
        above, below = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": heights})
        _curve(above, shown, axis, language)
        _choices(below, shown, rows, labels)
    return figure


def _curve(axes: Axes, shown: pd.DataFrame, axis: str, language: str) -> None:
    places = np.arange(len(shown))
    excludes_one = ((shown["upper"] < 1) | (shown["lower"] > 1)).to_numpy()
    width = 1.6 if len(shown) <= 60 else 1.0
    for chosen, colour in ((~excludes_one, ACCENT), (excludes_one, WARM)):
        told = shown[chosen]
        axes.vlines(places[chosen], told["lower"], told["upper"], color=colour, linewidth=width, alpha=0.35)
        # Shape beside colour: the two kinds stay apart in grey.
        axes.scatter(
            places[chosen], told["rate_ratio"], color=colour, s=11, marker="D" if colour == WARM else "o", zorder=3,
            linewidth=0,
        )  # fmt: skip
    axes.axhline(1.0, color=INK, linewidth=0.9)
    axes.axhline(float(shown["rate_ratio"].median()), color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.set_yscale("log")
    low, high = shown[["lower", "rate_ratio"]].min().min(), shown[["upper", "rate_ratio"]].max().max()
    ticks = [tick for tick in TICKS if low / 1.5 < tick < high * 1.5]
    axes.set_yticks(
        ticks, [format_number(tick, "integer" if tick.is_integer() else "decimal_1", language) for tick in ticks]
    )
    axes.minorticks_off()
    axes.tick_params(bottom=False, labelbottom=False)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_ylabel(axis)
    sns.despine(ax=axes, bottom=True)


def _choices(axes: Axes, shown: pd.DataFrame, rows: Sequence[tuple[str, str]], labels: Mapping[str, str]) -> None:
    height, names, heights = 0, [], []
    dimension = ""
    for name, option in rows:
        if name != dimension:
            dimension = name
            axes.annotate(
                labels.get(name, name), (-0.012, height), xycoords=("axes fraction", "data"), ha="right", va="center",
                fontsize=8, fontweight="bold", color=INK,
            )  # fmt: skip
            height += 1
        chosen = np.flatnonzero((shown[name] == option).to_numpy())
        axes.axhspan(height - 0.42, height + 0.42, color=TINT, linewidth=0)
        axes.vlines(chosen, height - 0.3, height + 0.3, color=ACCENT, linewidth=1.0)
        names.append(labels.get(f"{name}={option}", option))
        heights.append(height)
        height += 1
    axes.set_yticks(heights, names, fontsize=7.8)
    axes.set_ylim(height - 0.4, -0.7)
    axes.tick_params(length=0, labelbottom=False)
    sns.despine(ax=axes, left=True, bottom=True)
