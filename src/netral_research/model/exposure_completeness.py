"""How many events the search has missed: the same years were searched twice, and the two searches can be compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from netral_research.errors import CannotEstimateError, Problem

FIRST = "standard"
# The second search of each year: five more queries on 2018-2020, three more on 2022-2024.
SECOND = ("standard2", "standard3")
# How much likelier one search finds what the other found: 1 if independent; loud events are found by both.
DEPENDENCE = (1.0, 2.0, 4.0)
_REGION_SPREAD = 0.5


def capture_histories(events: pd.DataFrame, places: pd.DataFrame, source_frame: pd.DataFrame) -> pd.DataFrame:
    """Tell which of the two searches found each event.

    Parameters
    ----------
    events : pandas.DataFrame
        Clean distinct events, with ``source_ids``.
    places : pandas.DataFrame
        ``event_places`` of the cleaning.
    source_frame : pandas.DataFrame
        ``data/raw/source_frame.csv``: ``source_id`` and ``frame``.

    Returns
    -------
    pandas.DataFrame
        One row an event and unit: ``event_id``, ``unit_code``, ``election_cycle``, ``first``, ``second``. Events that
        only further queries found are left out: they are no part of either search.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["E1", "E2"], "election_cycle": "pilkada_2020", "source_ids": ["A;B", "C"]})
    >>> places = pd.DataFrame({"event_id": ["E1", "E2"], "unit_code": ["11", "12"]})
    >>> frame = pd.DataFrame({"source_id": ["A", "B", "C"], "frame": ["standard", "standard2", "extra"]})
    >>> capture_histories(events, places, frame)[["event_id", "first", "second"]].to_numpy().tolist()
    [['E1', True, True]]
    """
    frames = dict(zip(source_frame["source_id"], source_frame["frame"], strict=True))
    found = [{frames.get(source, "") for source in sources.split(";")} for sources in events["source_ids"]]
    table = events[["event_id", "election_cycle"]].assign(
        first=[FIRST in one for one in found], second=[bool(one.intersection(SECOND)) for one in found]
    )
    table = table[table["first"] | table["second"]]
    located = places.loc[places["unit_code"] != "", ["event_id", "unit_code"]].drop_duplicates()
    columns = ["event_id", "unit_code", "election_cycle", "first", "second"]
    return table.merge(located, on="event_id")[columns].sort_values(columns[:2]).reset_index(drop=True)


def estimate_completeness(captures: pd.DataFrame, by: Sequence[str], confidence: float) -> pd.DataFrame:
    """Estimate how many events there were from how many both searches found (capture and recapture).

    Loud events are found by both searches, so the searches agree more than chance has it, and the number is too low:
    the completeness is an upper bound. ``completeness_dependent_2`` and ``_4`` tell it where finding by one search
    makes finding by the other two or four times as likely (as odds).

    Parameters
    ----------
    captures : pandas.DataFrame
        As :func:`capture_histories` gives it.
    by : sequence of str
        ``election_cycle``, ``unit_code`` or both; empty for all together.
    confidence : float

    Returns
    -------
    pandas.DataFrame
        One row a group: ``only_first``, ``only_second``, ``both``, ``found``, ``events`` (Chapman's estimate) with
        limits, ``chao`` (lower bound under differing loudness), ``completeness`` with limits, and the dependent ones.

    Raises
    ------
    CannotEstimateError
        If one of the searches found nothing.

    References
    ----------
    Chapman (1951), University of California Publications in Statistics 1: 131-160; Chao (1987), Biometrics 43: 783-791.

    Examples
    --------
    >>> told = [(True, False)] * 40 + [(False, True)] * 60 + [(True, True)] * 20
    >>> captures = pd.DataFrame(told, columns=["first", "second"]).assign(election_cycle="pilkada_2020")
    >>> estimate_completeness(captures, ["election_cycle"], 0.95)[["found", "events"]].round(0).to_numpy().tolist()
    [[120.0, 234.0]]
    """
    if not (captures["first"].any() and captures["second"].any()):
        raise CannotEstimateError([Problem("model_one_search")])
    groups = captures.groupby(list(by), sort=True) if by else [((), captures)]
    reach = float(stats.norm.ppf(0.5 + confidence / 2))
    rows = []
    for key, group in groups:
        first, second = group["first"].to_numpy(), group["second"].to_numpy()
        a, b, m = int((first & ~second).sum()), int((~first & second).sum()), int((first & second).sum())
        names = dict(zip(by, key if isinstance(key, tuple) else (key,), strict=True))
        rows.append(names | _chapman(a, b, m, reach))
    return pd.DataFrame(rows)


def _chapman(only_first: int, only_second: int, both: int, reach: float) -> dict[str, float]:
    first, second, found = only_first + both, only_second + both, only_first + only_second + both
    events = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * only_first * only_second / ((both + 1) ** 2 * (both + 2))
    missed = max(events - found, 0.0)
    # Limits on the log of the missed ones, so that the number is never below what was found.
    factor = np.exp(reach * np.sqrt(np.log1p(variance / missed**2))) if missed > 0 else 1.0
    lower, upper = found + missed / factor, found + missed * factor
    dependent = {f"completeness_dependent_{odds:g}": found / (found + odds * missed) for odds in DEPENDENCE if odds > 1}
    once = only_first + only_second
    return {
        "only_first": only_first, "only_second": only_second, "both": both, "found": found, "events": events,
        "events_lower": lower, "events_upper": upper,
        "chao": found + once * max(once - 1, 0) / (4 * (both + 1)),
        "completeness": found / events if events > 0 else float("nan"),
        "completeness_lower": found / upper if upper > 0 else float("nan"),
        "completeness_upper": found / lower if lower > 0 else float("nan"), **dependent,
    }  # fmt: skip


def completeness_by_cell(captures: pd.DataFrame) -> pd.DataFrame:
    """Completeness of every region in every cycle, partially pooled over regions.

    Both searches have their own chance in each cycle; a region makes both more or less likely. Regions with few events
    are drawn to the mean.

    Parameters
    ----------
    captures : pandas.DataFrame
        As :func:`capture_histories` gives it.

    Returns
    -------
    pandas.DataFrame
        ``unit_code``, ``election_cycle``, ``completeness`` (chance that an event was found by either search).

    Raises
    ------
    CannotEstimateError
        If one of the searches found nothing.

    References
    ----------
    Huggins (1989), Biometrika 76: 133-140 (conditional likelihood).
    """
    if not (captures["first"].any() and captures["second"].any()):
        raise CannotEstimateError([Problem("model_one_search")])
    cycles, cycle = np.unique(captures["election_cycle"], return_inverse=True)
    units, unit = np.unique(captures["unit_code"], return_inverse=True)
    first, second = captures["first"].to_numpy(dtype="float64"), captures["second"].to_numpy(dtype="float64")
    n_cycles, size = len(cycles), 2 * len(cycles) + len(units)
    spread = np.concatenate([np.full(2 * n_cycles, 2.0), np.full(len(units), _REGION_SPREAD)])
    centre = np.concatenate([np.full(2 * n_cycles, -1.0), np.zeros(len(units))])

    def negative(effects: np.ndarray) -> tuple[float, np.ndarray]:
        region = effects[2 * n_cycles :][unit]
        p, q = special.expit(effects[cycle] + region), special.expit(effects[n_cycles + cycle] + region)
        either = p + q - p * q
        log_density = special.xlogy(first, p) + special.xlog1py(1 - first, -p) + special.xlogy(second, q)
        log_density += special.xlog1py(1 - second, -q) - np.log(either)
        by_p = first - p - p * (1 - p) * (1 - q) / either
        by_q = second - q - q * (1 - q) * (1 - p) / either
        gradient = np.concatenate([
            np.bincount(cycle, by_p, n_cycles), np.bincount(cycle, by_q, n_cycles),
            np.bincount(unit, by_p + by_q, len(units)),
        ])  # fmt: skip
        pull = (effects - centre) / spread
        return float(0.5 * (pull**2).sum() - log_density.sum()), pull / spread - gradient

    effects = optimize.minimize(negative, np.zeros(size), jac=True, method="BFGS").x
    region = effects[2 * n_cycles :][:, None]
    p, q = special.expit(effects[:n_cycles] + region), special.expit(effects[n_cycles : 2 * n_cycles] + region)
    index = pd.MultiIndex.from_product([units, cycles], names=["unit_code", "election_cycle"])
    return pd.DataFrame({"completeness": (p + q - p * q).ravel()}, index=index).reset_index()
