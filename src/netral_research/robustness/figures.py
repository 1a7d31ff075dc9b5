"""Figures of the robustness checks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from netral_research.errors import CannotEstimateError, Problem
from netral_research.figures import ACCENT, INK, RULE, SOFT, TINT, WARM, drawing_style, new_figure
from netral_research.language import format_number, text
from netral_research.robustness.specifications import DIMENSIONS

TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
CURVE_HEIGHT, ROW_HEIGHT = 2.7, 0.185


def specification_curve_figure(table: pd.DataFrame, language: str, narrow: bool = False) -> Figure:
    """Draw all estimates in order of size, and below each of them the choices it rests on.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`netral_research.robustness.multiverse.run_multiverse` gives it, the study's own specification first;
        refused rows are not drawn.
    language : {"id", "en"}
        Words for dimensions and options stand in ``locales/*/choices.toml``.
    narrow : bool
        Whether it is for a phone.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    CannotEstimateError
        If every specification was refused.
    """
    own = table["spec_id"].iloc[0]
    shown = table[table["refusal"] == ""].sort_values(["rate_ratio", "spec_id"]).reset_index(drop=True)
    if shown.empty:
        raise CannotEstimateError([Problem("multiverse_empty")])
    # A dimension in which all specifications agree tells nothing about the curve.
    varied = [name for name in DIMENSIONS if shown[name].nunique() > 1]
    rows = [(name, option) for name in varied for option in dict.fromkeys(table[name]) if (shown[name] == option).any()]
    lines = len(rows) + len(varied)
    is_own = (shown["spec_id"] == own).to_numpy()
    with drawing_style():
        figure = new_figure(CURVE_HEIGHT + ROW_HEIGHT * lines + 0.5, narrow)
        heights = [CURVE_HEIGHT, ROW_HEIGHT * lines]
        if rows:
            above, below = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": heights})
            _choices(below, shown, is_own, rows, language)
        else:
            above = figure.subplots()
        _curve(above, shown, is_own, language)
        figure.legend(
            *above.get_legend_handles_labels(), loc="outside upper left", ncols=2 if narrow else 4, frameon=False,
            fontsize=7.6, handletextpad=0.4, columnspacing=1.4,
        )  # fmt: skip
    return figure


def _curve(axes: Axes, shown: pd.DataFrame, is_own: np.ndarray, language: str) -> None:
    places = np.arange(len(shown))
    excludes_one = ((shown["upper"] < 1) | (shown["lower"] > 1)).to_numpy()
    width = 1.6 if len(shown) <= 60 else 1.0
    # Shape beside colour: the two kinds stay apart in grey.
    for kind, chosen, colour, marker in (
        ("holds_one", ~excludes_one, ACCENT, "o"),
        ("excludes_one", excludes_one, WARM, "D"),
    ):
        told = shown[chosen]
        if len(told):
            axes.vlines(places[chosen], told["lower"], told["upper"], color=colour, linewidth=width, alpha=0.35)
            axes.scatter(
                places[chosen], told["rate_ratio"], color=colour, s=11, marker=marker, zorder=3, linewidth=0,
                label=_word(kind, language),
            )  # fmt: skip
    if is_own.any():
        axes.scatter(
            places[is_own], shown.loc[is_own, "rate_ratio"], s=58, facecolor="none", edgecolor=INK, linewidth=1.2,
            zorder=4, label=_word("own", language),
        )  # fmt: skip
    axes.axhline(1.0, color=INK, linewidth=0.9)
    axes.axhline(
        float(shown["rate_ratio"].median()), color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)),
        label=_word("median", language),
    )  # fmt: skip
    axes.set_yscale("log")
    low, high = shown[["lower", "rate_ratio"]].min().min(), shown[["upper", "rate_ratio"]].max().max()
    ticks = [tick for tick in TICKS if low / 1.5 < tick < high * 1.5]
    axes.set_yticks(ticks, [_tick(tick, language) for tick in ticks])
    axes.minorticks_off()
    axes.tick_params(bottom=False, labelbottom=False)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_ylabel(_word("axis", language))
    sns.despine(ax=axes, bottom=True)


def _word(name: str, language: str) -> str:
    return text(language, f"figures.specification_curve.{name}")


def _tick(tick: float, language: str) -> str:
    return format_number(tick, "integer" if tick >= 1 else "decimal_1" if tick >= 0.1 else "decimal_2", language)


def _choices(
    axes: Axes, shown: pd.DataFrame, is_own: np.ndarray, rows: Sequence[tuple[str, str]], language: str
) -> None:
    height, names, heights = 0, [], []
    dimension = ""
    for name, option in rows:
        if name != dimension:
            dimension = name
            axes.annotate(
                text(language, f"choices.dimension.{name}"), (-0.012, height), xycoords=("axes fraction", "data"),
                ha="right", va="center", fontsize=8, fontweight="bold", color=INK,
            )  # fmt: skip
            height += 1
        chosen = (shown[name] == option).to_numpy()
        axes.axhspan(height - 0.42, height + 0.42, color=TINT, linewidth=0)
        for marked, colour, width in ((chosen & ~is_own, ACCENT, 1.0), (chosen & is_own, INK, 2.2)):
            axes.vlines(np.flatnonzero(marked), height - 0.3, height + 0.3, color=colour, linewidth=width)
        names.append(text(language, f"choices.option.{name}_{option}"))
        heights.append(height)
        height += 1
    axes.set_yticks(heights, names, fontsize=7.8)
    axes.set_ylim(height - 0.4, -0.7)
    axes.tick_params(length=0, labelbottom=False)
    sns.despine(ax=axes, left=True, bottom=True)
