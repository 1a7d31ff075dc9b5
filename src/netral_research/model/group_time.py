"""Group-time effects of a staggered adoption, beside regions that never adopt (Callaway and Sant'Anna)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.refusals import as_floats, finite_numbers, require_names

COLUMNS = ("kind", "cohort", "period", "event_time", "effect", "standard_error")
Array = npt.NDArray[np.float64]


def group_time_effects(outcome: Any, regions: Any, periods: Any, adoption: Any) -> pd.DataFrame:
    """Average effects on the treated by cohort and period, and their aggregates.

    The change of a cohort's outcome since the last period before adoption is compared with the change among regions
    that never adopt; before adoption, each change from one period to the next (varying base). Regions must be seen
    in every period.

    Parameters
    ----------
    outcome, regions, periods, adoption : array-like of shape (n,)
        ``adoption`` is the period of adoption; missing, zero or infinite for a region that never adopts.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`; ``kind`` is ``cell`` (one cohort and period), ``event_time``, ``cohort``, ``overall`` (every
        treated cell by the size of its cohort), ``overall_event_time`` and ``overall_cohort`` (the mean over event
        times from adoption on, and over cohorts by their size). Standard errors from influence functions, regions
        independent.

    Raises
    ------
    CannotEstimateError
        If a number is missing, no region adopts, none never adopts, or a region misses a period or has it twice.

    References
    ----------
    Callaway and Sant'Anna (2021), Journal of Econometrics 225: 200-230.

    Examples
    --------
    >>> table = group_time_effects([1, 3, 4, 1, 1, 1, 2, 2, 3], list("aaabbbccc"), [1, 2, 3] * 3,
    ...                            [2] * 3 + [0] * 6)
    >>> table.loc[table["kind"] == "cell", "effect"].tolist()
    [2.0, 2.5]
    """
    require_names(regions, "regions")
    frame = pd.DataFrame(
        {
            "region": np.asarray(regions),
            "period": finite_numbers(periods, "periods"),
            "y": finite_numbers(outcome, "outcome"),
        }
    )
    if frame.duplicated(["region", "period"]).any():
        raise CannotEstimateError([Problem("multiverse_cells")])
    wide = frame.pivot(index="region", columns="period", values="y")
    if wide.isna().to_numpy().any():
        raise CannotEstimateError([Problem("event_study_unbalanced")])
    start = pd.Series(as_floats(adoption, "adoption")).groupby(np.asarray(regions)).first().reindex(wide.index)
    adopted = np.asarray(start.where(np.isfinite(start) & (start > 0), np.inf), dtype=np.float64)
    never = np.isinf(adopted)
    if never.all():
        raise CannotEstimateError([Problem("event_study_untreated")])
    if not never.any():
        raise CannotEstimateError([Problem("event_study_no_comparison")])
    cells, influence = _cells(wide, adopted, never)
    if not len(cells):
        raise CannotEstimateError([Problem("event_study_no_comparison")])
    return _aggregates(cells, influence, adopted)


def _cells(wide: pd.DataFrame, start: Array, never: npt.NDArray[np.bool_]) -> tuple[pd.DataFrame, Array]:
    periods = list(wide.columns)
    values = wide.to_numpy(dtype=np.float64)
    rows, influence = [], []
    for cohort in sorted(set(start[~never])):
        treated = start == cohort
        before = [place for place, period in enumerate(periods) if period < cohort]
        if not before:
            continue
        for place in range(1, len(periods)):
            base = before[-1] if periods[place] >= cohort else place - 1
            change = values[:, place] - values[:, base]
            centre, other = change[treated].mean(), change[never].mean()
            own = treated * (change - centre) / treated.mean() - never * (change - other) / never.mean()
            first = len(before)
            rows.append((cohort, periods[place], place - first, centre - other))
            influence.append(own)
    table = pd.DataFrame(rows, columns=["cohort", "period", "event_time", "effect"])
    return table, np.array(influence).reshape(len(rows), len(start))


def _aggregates(cells: pd.DataFrame, influence: Array, start: Array) -> pd.DataFrame:
    shares = np.array([(start == cohort).mean() for cohort in cells["cohort"]])
    members = np.array([start == cohort for cohort in cells["cohort"]], dtype=np.float64)
    effects, times = cells["effect"].to_numpy(), cells["event_time"].to_numpy()
    cohorts, after = cells["cohort"].to_numpy(), times >= 0
    found: list[tuple[Any, ...]] = [
        ("cell", *row[:3], row[3], _error(own))
        for row, own in zip(cells.itertuples(index=False), influence, strict=True)
    ]

    def by_size(chosen: npt.NDArray[np.bool_]) -> tuple[float, Array]:
        """Mean of cells by the size of their cohort; the sizes are estimated too."""
        total = shares[chosen].sum()
        weights = shares[chosen] / total
        effect = float(weights @ effects[chosen])
        sizes = members[chosen] - shares[chosen][:, None]
        own = weights @ influence[chosen] + (effects[chosen] - effect) @ sizes / total
        return effect, own

    def plain(parts: list[tuple[float, Array]], weights: Array, sizes: Array | None = None) -> tuple[float, Array]:
        values = np.array([effect for effect, _ in parts])
        effect = float(weights @ values)
        own = weights @ np.array([part for _, part in parts])
        return effect, own if sizes is None else own + (values - effect) @ sizes

    dynamic = {at: by_size(times == at) for at in sorted(set(times))}
    found += [("event_time", np.nan, np.nan, at, effect, _error(own)) for at, (effect, own) in dynamic.items()]
    by_cohort: dict[float, tuple[float, Array]] = {}
    for cohort in sorted(set(cohorts[after])):
        chosen = (cohorts == cohort) & after
        by_cohort[cohort] = plain(
            list(zip(effects[chosen], influence[chosen], strict=True)), np.full(chosen.sum(), 1 / chosen.sum())
        )
    found += [("cohort", cohort, np.nan, np.nan, effect, _error(own)) for cohort, (effect, own) in by_cohort.items()]
    if after.any():
        later = [part for at, part in dynamic.items() if at >= 0]
        sizes = np.array([(start == cohort).mean() for cohort in by_cohort])
        drawn = np.array([(start == cohort) - (start == cohort).mean() for cohort in by_cohort]) / sizes.sum()
        overall: dict[str, Callable[[], tuple[float, Array]]] = {
            "overall": lambda: by_size(after),
            "overall_event_time": lambda: plain(later, np.full(len(later), 1 / len(later))),
            "overall_cohort": lambda: plain(list(by_cohort.values()), sizes / sizes.sum(), drawn),
        }
        for kind, combine in overall.items():
            effect, own = combine()
            found.append((kind, np.nan, np.nan, np.nan, effect, _error(own)))
    return pd.DataFrame(found, columns=list(COLUMNS))


def _error(influence: Array) -> float:
    return float(np.sqrt((influence**2).mean() / len(influence)))
