"""Active headings of figures, chosen by what the figure shows; the texts stand in ``locales/*/report.toml``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

# The highest rate is called sharply different where it is at least this many times the median.
SHARP_RATIO = 5.0
LATE_SHARE = 0.6
# Nearly every interval of the specification curve holds one from this share on.
NEARLY_EVERY = 0.9
LATE_CYCLES = 2


def map_heading(rates: pd.DataFrame, cycle: str) -> str:
    """Choose the heading of the map.

    Parameters
    ----------
    rates : pandas.DataFrame
        Table ``rates``.
    cycle : str

    Returns
    -------
    str
        ``sharp`` where the highest rate is many times the median, else ``plain``.

    Examples
    --------
    >>> rates = pd.DataFrame({"election_cycle": "pilkada_2020", "rate": [1.0, 1.2, 9.0]})
    >>> map_heading(rates, "pilkada_2020")
    'sharp'
    """
    shown = rates.loc[rates["election_cycle"] == cycle, "rate"]
    return "sharp" if len(shown) > 1 and shown.max() >= SHARP_RATIO * shown.median() > 0 else "plain"


def intervals_heading(rates: pd.DataFrame, cycle: str) -> str:
    """Choose the heading of the intervals.

    Parameters
    ----------
    rates : pandas.DataFrame
        Table ``rates``.
    cycle : str

    Returns
    -------
    str
        ``overlap`` where at least half of the neighbours in order of rate overlap, else ``plain``.

    Examples
    --------
    >>> rates = pd.DataFrame({"election_cycle": "pilkada_2020", "unit_code": ["11", "12"], "rate": [1.0, 1.5],
    ...                       "rate_lower": [0.6, 1.1], "rate_upper": [1.4, 1.9]})
    >>> intervals_heading(rates, "pilkada_2020")
    'overlap'
    """
    shown = rates[rates["election_cycle"] == cycle].sort_values(["rate", "unit_code"])
    limits = list(zip(shown["rate_lower"], shown["rate_upper"], strict=True))
    overlapping = [below[1] >= above[0] for below, above in pairwise(limits)]
    return "overlap" if overlapping and sum(overlapping) * 2 >= len(overlapping) else "plain"


def exposure_heading(exposure: pd.DataFrame, cycles: Sequence[str]) -> str:
    """Choose the heading of the grid of events.

    Parameters
    ----------
    exposure : pandas.DataFrame
        Table ``exposure``.
    cycles : sequence of str
        In order of polling day.

    Returns
    -------
    str
        ``late`` where the last cycles hold most of the events before a campaign, else ``plain``.

    Examples
    --------
    >>> exposure = pd.DataFrame({"election_cycle": ["a", "b", "c"], "events_before_campaign": [1, 4, 5]})
    >>> exposure_heading(exposure, ["a", "b", "c"])
    'late'
    """
    by_cycle = exposure.groupby("election_cycle")["events_before_campaign"].sum()
    late = by_cycle.reindex(list(cycles[-LATE_CYCLES:]), fill_value=0).sum()
    return "late" if len(cycles) > LATE_CYCLES and late > LATE_SHARE * by_cycle.sum() else "plain"


def coverage_heading(coverage: pd.DataFrame) -> str:
    """Choose the heading of the grid of what is known.

    Parameters
    ----------
    coverage : pandas.DataFrame
        Table ``coverage``.

    Returns
    -------
    str
        ``most`` where more than half of the boxes with an election lack an exact count, else ``some``.

    Examples
    --------
    >>> coverage_heading(pd.DataFrame({"known": ["exact_final", "not_reported", "bounded", "not_applicable"]}))
    'most'
    """
    applicable = coverage.loc[coverage["known"] != "not_applicable", "known"]
    return "most" if (~applicable.str.startswith("exact")).sum() * 2 > len(applicable) else "some"


def curve_heading(specifications: pd.DataFrame) -> str:
    """Choose the heading of the specification curve.

    Parameters
    ----------
    specifications : pandas.DataFrame
        Table ``multiverse``.

    Returns
    -------
    str
        ``hold`` where nearly every interval holds a ratio of one, else ``plain``.

    Examples
    --------
    >>> told = pd.DataFrame({"refusal": ["", "", "model_zeros"], "lower": [0.5, 0.8, None], "upper": [1.4, 1.1, None]})
    >>> curve_heading(told), curve_heading(told.assign(upper=[1.4, 0.9, None]))
    ('hold', 'plain')
    """
    told = specifications[specifications["refusal"].fillna("") == ""]
    holds = (told["lower"] <= 1) & (told["upper"] >= 1)
    return "hold" if len(told) and holds.mean() >= NEARLY_EVERY else "plain"
