"""Staggered adoption: which region and period is compared with which, and the design that says how uncertain it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.absorb import Array
from netral_research.model.cluster_errors import small_sample_factor
from netral_research.model.fixed_effects import FixedEffectsFit
from netral_research.model.refusals import as_floats, finite_numbers, require_names

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
        If a period is missing, no region adopts, or none has been left without an event in a period in which others
        have adopted.

    Examples
    --------
    >>> design = staggered_design([1, 2, 3, 1, 2, 3], [2, 2, 2, 0, 0, 0], leads=False)
    >>> design.cells.to_numpy().tolist()
    [[2.0, 2.0, 0.0], [2.0, 3.0, 1.0]]
    """
    time, start = finite_numbers(periods, "periods"), as_floats(adoption, "adoption")
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


@dataclass(frozen=True)
class WholeDesign:
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


def whole_design(fit: FixedEffectsFit, regressors: Array, clusters: Any) -> WholeDesign:
    """The design of a fit with its covariance by clusters, CRV1 with the factor of fixest.

    Parameters
    ----------
    fit : FixedEffectsFit
    regressors : numpy.ndarray of shape (n, k)
        Of all rows; those that are determined make the first columns.
    clusters : array-like of shape (n,)

    Returns
    -------
    WholeDesign
    """
    require_names(clusters, "clusters")
    own = regressors[fit.used][:, fit.determined]
    dummies = [np.eye(size)[codes] for codes, size in zip(fit.groups.codes, fit.groups.sizes, strict=True)]
    columns = np.column_stack([own, *dummies])
    bread = np.linalg.pinv(columns.T @ (columns * fit.fitted[:, None]), rcond=1e-12, hermitian=True)
    codes, labels = pd.factorize(np.asarray(clusters)[fit.used])
    scores = columns * fit.residuals[:, None]
    sums = np.column_stack([np.bincount(codes, column, len(labels)) for column in scores.T])
    factor = small_sample_factor(fit.groups, np.asarray(clusters)[fit.used], own.shape[1])
    return WholeDesign(columns, factor * bread @ sums.T @ sums @ bread)
