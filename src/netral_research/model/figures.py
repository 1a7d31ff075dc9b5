"""Figure of the estimate: the interval, its placebo, and what the study could not have seen."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from netral_research.figures import ACCENT, INK, RULE, SOFT, TINT, WARM, drawing_style, new_figure
from netral_research.language import format_number, text

# Words that cross a line stand on the ground of the band.
GROUND = {"facecolor": TINT, "edgecolor": "none", "pad": 1.2}


def estimate_figure(estimates: pd.DataFrame, language: str, narrow: bool = False) -> Figure:
    """Draw the rate ratio of a doubling of events before the campaign, with its placebo.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Table ``estimates``.
    language : {"id", "en"}
    narrow : bool
        Whether it is for a phone.

    Returns
    -------
    matplotlib.figure.Figure
        The shaded band holds the ratios the study could not have told from 1. Where nothing could be estimated the
        figure says so.
    """
    if estimates.empty:
        return _empty_figure(language, narrow)
    rows = estimates[estimates["estimate"] != "dose_beside_placebo"].reset_index(drop=True)
    dose = rows.iloc[0]
    with drawing_style():
        figure = new_figure(2.7 if narrow else 2.2, narrow)
        axes = figure.subplots()
        axes.axvspan(dose["detectable_below"], dose["detectable_above"], color=TINT, zorder=0)
        axes.axvline(1, color=SOFT, linewidth=1)
        for place, row in enumerate(rows.to_dict("records")):
            colour = ACCENT if row["estimate"] == "dose" else WARM
            axes.hlines(-place, row["lower"], row["upper"], color=colour, linewidth=2.4)
            axes.scatter(row["rate_ratio"], -place, color=colour, s=46, zorder=3, marker="o" if place == 0 else "D")
            told = text(
                language,
                "figures.estimate.told",
                **{name: format_number(row[name], "decimal_2", language) for name in ("rate_ratio", "lower", "upper")},
            )
            if narrow:
                told = f"{_row_name(row['estimate'], language, ' ')}\n{told}"
            axes.annotate(
                told, (row["rate_ratio"], -place + 0.16), ha="center", va="bottom", fontsize=7.6, color=INK, bbox=GROUND
            )
        axes.set_xscale("log")
        ticks = [0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0]
        low = min(rows["lower"].min(), dose["detectable_below"]) * 0.93
        high = max(rows["upper"].max(), dose["detectable_above"]) * 1.07
        shown = [tick for tick in ticks if low <= tick <= high]
        axes.set_xticks(shown, [format_number(tick, "decimal_2", language) for tick in shown])
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.minorticks_off()
        axes.set(xlim=(low, high), ylim=(-len(rows) + (0.1 if narrow else 0.35), 0.75))
        rows_named = [] if narrow else list(rows["estimate"])
        axes.set_yticks(-np.arange(len(rows_named)), [_row_name(name, language) for name in rows_named])
        axes.set_xlabel(text(language, "figures.estimate.axis"))
        axes.annotate(
            textwrap.fill(text(language, "figures.estimate.band"), 44 if narrow else 80),
            (1, 0.02),
            xycoords=("data", "axes fraction"),
            ha="center",
            va="bottom",
            fontsize=7,
            color=SOFT,
            bbox=GROUND,
        )
        axes.grid(axis="x", color=RULE, linewidth=0.5)
        axes.set_axisbelow(True)
        sns.despine(ax=axes, left=True)
    return figure


def _row_name(name: str, language: str, line_break: str = "\n") -> str:
    return text(language, f"figures.estimate.{name}").replace("\n", line_break)


def _empty_figure(language: str, narrow: bool) -> Figure:
    with drawing_style():
        figure = new_figure(0.6, narrow)
        axes = figure.subplots()
        axes.axis("off")
        axes.text(0.5, 0.5, text(language, "figures.estimate.not_estimated"), ha="center", va="center", color=SOFT)
    return figure
