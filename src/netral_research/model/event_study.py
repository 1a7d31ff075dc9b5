"""Staggered adoption: the rate ratio after a region's first event, against regions that have had none yet.

Extended two-way fixed effects: every cohort and period after adoption has a coefficient of its own, so no region that
has adopted serves as a comparison for another (Wooldridge 2023). Leads show whether the regions went apart before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.absorb import Array
from netral_research.model.cluster_errors import small_sample_factor
from netral_research.model.fixed_effects import FixedEffectsFit, fit_fixed_effects
from netral_research.model.linear_effects import fit_linear_effects

EFFECT_COLUMNS = ("kind", "at", "log_rate_ratio", "standard_error", "cells")
LEVEL_COLUMNS = ("kind", "at", "effect", "standard_error")
_NEVER = np.inf


@dataclass(frozen=True)
class StaggeredDesign:
    """Cells of cohort and period that have a coefficient of their own.

    Parameters
    ----------
    cells : pandas.DataFrame
        ``cohort``, ``period`` and ``event_time`` (periods since adoption; negative before it) of every cell.
    indicators : numpy.ndarray of shape (n, cells)
        Which rows belong to each.
    comparable : numpy.ndarray of shape (n,)
        Rows of periods in which some region has not adopted yet.
    """

    cells: pd.DataFrame
    indicators: Array
    comparable: npt.NDArray[np.bool_]


def staggered_design(periods: Any, adoption: Any, *, leads: bool) -> StaggeredDesign:
    """Lay out the cells of a staggered adoption.

    Parameters
    ----------
    periods : array-like of shape (n,)
        Ordered numbers.
    adoption : array-like of shape (n,)
        Period of the region's first event; missing, zero or infinite for a region without one.
    leads : bool
        Whether periods before adoption have coefficients too; the last one before it is what all others are
        compared with.

    Returns
    -------
    StaggeredDesign

    Raises
    ------
    CannotEstimateError
        If no region adopts, or none has been left without an event in a period in which others have adopted.

    Examples
    --------
    >>> design = staggered_design([1, 2, 3, 1, 2, 3], [2, 2, 2, 0, 0, 0], leads=False)
    >>> design.cells.to_numpy().tolist()
    [[2.0, 2.0, 0.0], [2.0, 3.0, 1.0]]
    """
    time = np.asarray(periods, dtype=np.float64)
    start = np.asarray(adoption, dtype=np.float64)
    start = np.where(np.isfinite(start) & (start > 0), start, _NEVER)
    if not np.isfinite(start).any():
        raise CannotEstimateError([Problem("event_study_untreated")])
    ordered = np.unique(time)
    # Once every region has adopted there is nothing to compare with.
    last_free = max((one for one in ordered if (start[time == one] > one).any()), default=-np.inf)
    comparable = time <= last_free
    treated_from_first = start <= ordered[0]
    comparable &= ~treated_from_first  # no period before adoption: nothing to compare a region with itself
    cohorts = [cohort for cohort in np.unique(start[comparable]) if np.isfinite(cohort) and cohort <= last_free]
    if not cohorts:
        raise CannotEstimateError([Problem("event_study_no_comparison")])
    place = {one: index for index, one in enumerate(ordered)}
    rows, indicators = [], []
    for cohort in cohorts:
        first = place[min(one for one in ordered if one >= cohort)]
        for one in ordered[ordered <= last_free]:
            event_time = place[one] - first
            if event_time >= 0 or (leads and event_time != -1):
                rows.append((cohort, one, float(event_time)))
                indicators.append((start == cohort) & (time == one) & comparable)
    cells = pd.DataFrame(rows, columns=["cohort", "period", "event_time"])
    return StaggeredDesign(cells, np.column_stack(indicators).astype(np.float64), comparable)


def event_study(
    counts: Any, regions: Any, periods: Any, adoption: Any, offset: Any = None, *, leads: bool = True
) -> pd.DataFrame:
    """Rate ratios by time since a region's first event.

    The expected count without the event follows from the regions' and the periods' effects; a ratio over several
    cells is the sum of the expected counts with the event over the sum without it.

    Parameters
    ----------
    counts, regions, periods, adoption, offset : array-like of shape (n,)
        ``adoption`` as for :func:`staggered_design`.
    leads : bool, optional

    Returns
    -------
    pandas.DataFrame
        :data:`EFFECT_COLUMNS`: ``kind`` is ``event_time``, ``cohort`` or ``overall``, ``at`` the time or cohort;
        log rate ratios with cluster-robust standard errors by the delta method; ``cells`` behind each. Times before
        adoption are leads.

    Raises
    ------
    CannotEstimateError
        If there is nothing to compare with (:func:`staggered_design`), or the counts do not bear the cells.

    References
    ----------
    Wooldridge (2023), Econometrics Journal 26: C31-C66; Roth (2022), AER: Insights 4: 305-322 (what leads can show).

    Examples
    --------
    >>> table = event_study([8, 4, 4, 9, 9, 9, 6, 6, 3, 5, 5, 5], list("aaabbbcccddd"), [1, 2, 3] * 4,
    ...                     [2] * 3 + [0] * 3 + [3] * 3 + [0] * 3)
    >>> float(np.exp(table.query("kind == 'overall'")["log_rate_ratio"].iloc[0]).round(3))
    0.5
    """
    design = staggered_design(periods, adoption, leads=leads)
    rows = design.comparable
    labels = [np.asarray(regions)[rows], np.asarray(periods)[rows]]
    shift = None if offset is None else np.asarray(offset, dtype=np.float64)[rows]
    kept = design.indicators[rows]
    y = np.asarray(counts, dtype=np.float64)[rows]
    filled = kept.sum(axis=0) > 0
    cells, kept = design.cells[filled].reset_index(drop=True), kept[:, filled]
    fit = fit_fixed_effects(y, kept, labels, shift, needed=())
    if not fit.determined.any():
        raise CannotEstimateError([Problem("event_study_no_comparison")])
    return _ratios(cells, kept[fit.used], fit, _whole_design(fit, kept, labels[0]))


@dataclass(frozen=True)
class _WholeDesign:
    """Regressors and dummies of every level: effects of regions and periods are uncertain too."""

    columns: Array
    covariance: Array

    def error(self, slope: Array) -> float:
        """Standard error of a quantity that changes so with each coefficient."""
        return float(np.sqrt(max(float(slope @ self.covariance @ slope), 0.0)))

    def without(self, treated: int) -> Array:
        """The design with the first columns, those of the cells, set to zero."""
        columns = self.columns.copy()
        columns[:, :treated] = 0.0
        return columns


def _whole_design(fit: FixedEffectsFit, regressors: Array, clusters: Any) -> _WholeDesign:
    own = regressors[fit.used][:, fit.determined]
    dummies = [np.eye(size)[codes] for codes, size in zip(fit.groups.codes, fit.groups.sizes, strict=True)]
    columns = np.column_stack([own, *dummies])
    bread = np.linalg.pinv(columns.T @ (columns * fit.fitted[:, None]), rcond=1e-12, hermitian=True)
    codes, labels = pd.factorize(np.asarray(clusters)[fit.used])
    scores = columns * fit.residuals[:, None]
    sums = np.column_stack([np.bincount(codes, column, len(labels)) for column in scores.T])
    factor = small_sample_factor(fit.groups, np.asarray(clusters)[fit.used], own.shape[1])
    return _WholeDesign(columns, factor * bread @ sums.T @ sums @ bread)


def _ratios(cells: pd.DataFrame, indicators: Array, fit: FixedEffectsFit, design: _WholeDesign) -> pd.DataFrame:
    known = cells[fit.determined].reset_index(drop=True)
    indicators, beta = indicators[:, fit.determined], fit.coefficients[fit.determined]
    after = (known["event_time"] >= 0).to_numpy()
    times, cohorts = known["event_time"].to_numpy(), known["cohort"].to_numpy()
    groups = [("event_time", float(at), times == at) for at in sorted(set(times))]
    groups += [("cohort", float(at), (cohorts == at) & after) for at in sorted(set(cohorts[after]))]
    groups += [("overall", np.nan, after)] if after.any() else []
    without_cells = design.without(len(beta))
    found = []
    for kind, at, chosen in groups:
        rows = indicators[:, chosen].sum(axis=1) > 0
        with_event = fit.fitted[rows]
        without = with_event * np.exp(-indicators[rows] @ beta)
        slope = with_event @ design.columns[rows] / with_event.sum() - without @ without_cells[rows] / without.sum()
        ratio = float(np.log(with_event.sum() / without.sum()))
        found.append((kind, at, ratio, design.error(slope), int(chosen.sum())))
    return pd.DataFrame(found, columns=list(EFFECT_COLUMNS))


def average_effects(
    outcome: Any, cohorts: Any, periods: Any, clusters: Any, covariate: Any = None, *, family: str = "poisson"
) -> pd.DataFrame:
    """Average effects in the units of the outcome, with effects of cohorts and periods and one covariate.

    The covariate is centred within cohorts and interacted with every cell, cohort and period, as the R package etwfe
    does; effects are averaged over treated rows.

    Parameters
    ----------
    outcome, cohorts, periods, clusters : array-like of shape (n,)
        ``cohorts`` as ``adoption`` in :func:`staggered_design`.
    covariate : array-like of shape (n,), optional
        Constant in time.
    family : {"poisson", "gaussian"}, optional

    Returns
    -------
    pandas.DataFrame
        :data:`LEVEL_COLUMNS`; ``kind`` is ``event_time`` or ``overall``.

    References
    ----------
    Wooldridge (2023); McDermott, R package etwfe.

    Examples
    --------
    >>> table = average_effects([8, 4, 4, 9, 9, 9, 6, 6, 6, 9, 9, 9], [2] * 3 + [0] * 9, [1, 2, 3] * 4,
    ...                         list("aaabbbcccddd"))
    >>> table["effect"].round(3).tolist()
    [-4.0, -4.0, -4.0]
    """
    design = staggered_design(periods, cohorts, leads=False)
    start = np.asarray(cohorts, dtype=np.float64)
    start = np.where(np.isfinite(start) & (start > 0), start, 0.0)
    rows = design.comparable
    y, time, cells = np.asarray(outcome, dtype=np.float64)[rows], np.asarray(periods)[rows], design.indicators[rows]
    regressors, slopes = cells, np.zeros((len(y), 0))
    if covariate is not None:
        centred = _centred(np.asarray(covariate, dtype=np.float64)[rows], start[rows])
        own = np.asarray(covariate, dtype=np.float64)[rows]
        regressors = np.column_stack([cells, cells * centred[:, None]])
        slopes = np.column_stack([_slopes(own, start[rows]), _slopes(own, time)[:, 1:]])
    if family == "poisson":
        fit = fit_fixed_effects(y, np.column_stack([regressors, slopes]), [start[rows], time], needed=())
    else:
        fit = fit_linear_effects(y, np.column_stack([regressors, slopes]), [start[rows], time])
    whole = _whole_design(fit, np.column_stack([regressors, slopes]), np.asarray(clusters)[rows])
    return _levels(design.cells, cells, regressors, fit, whole, family)


def _centred(values: Array, cohorts: Array) -> Array:
    codes = pd.factorize(cohorts)[0]
    return values - (np.bincount(codes, values) / np.bincount(codes))[codes]


def _slopes(values: Array, labels: Any) -> Array:
    return np.asarray(pd.get_dummies(labels, dtype="float64").to_numpy() * values[:, None])


def _levels(
    table: pd.DataFrame, cells: Array, regressors: Array, fit: FixedEffectsFit, design: _WholeDesign, family: str
) -> pd.DataFrame:
    cells, own = cells[fit.used], regressors[fit.used]
    known = fit.determined[: own.shape[1]]
    shift = own[:, known] @ fit.coefficients[: own.shape[1]][known]
    without_cells = design.without(int(known.sum()))
    if family == "poisson":
        without = fit.fitted * np.exp(-shift)
        effects = fit.fitted - without
        slopes = design.columns * fit.fitted[:, None] - without_cells * without[:, None]
    else:
        effects, slopes = shift, design.columns - without_cells
    treated = cells.sum(axis=1) > 0
    event_times = cells @ table["event_time"].to_numpy()
    chosen = [("event_time", float(at), treated & (event_times == at)) for at in sorted(set(event_times[treated]))]
    found = []
    for kind, at, rows in [*chosen, ("overall", np.nan, treated)]:
        slope = slopes[rows].mean(axis=0)
        error = design.error(slope)
        found.append((kind, at, float(effects[rows].mean()), error))
    return pd.DataFrame(found, columns=list(LEVEL_COLUMNS))
