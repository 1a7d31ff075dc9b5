"""Average effects of staggered adoption in the units of the outcome, as the R package etwfe gives them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.absorb import Array
from netral_research.model.fixed_effects import FixedEffectsFit, fit_fixed_effects
from netral_research.model.linear_effects import fit_linear_effects
from netral_research.model.refusals import LARGEST_COUNT, as_floats, finite_numbers
from netral_research.model.staggered_design import WholeDesign, staggered_design, whole_design

LEVEL_COLUMNS = ("kind", "at", "effect", "standard_error")


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

    Raises
    ------
    CannotEstimateError
        As :func:`staggered_design`, and if a number is missing or the outcome leaves a cell without an effect.

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
    start = as_floats(cohorts, "cohorts")
    start = np.where(np.isfinite(start) & (start > 0), start, 0.0)
    rows = design.comparable
    y, time = finite_numbers(outcome, "outcome", LARGEST_COUNT)[rows], np.asarray(periods)[rows]
    cells = design.indicators[rows]
    regressors, slopes = cells, np.zeros((len(y), 0))
    if covariate is not None:
        own = finite_numbers(covariate, "covariate")[rows]
        centred = _centred(own, start[rows])
        regressors = np.column_stack([cells, cells * centred[:, None]])
        slopes = np.column_stack([_slopes(own, start[rows]), _slopes(own, time)[:, 1:]])
    if family == "poisson":
        fit = fit_fixed_effects(y, np.column_stack([regressors, slopes]), [start[rows], time], needed=())
    else:
        fit = fit_linear_effects(y, np.column_stack([regressors, slopes]), [start[rows], time])
    if not fit.determined[: cells.shape[1]][cells.any(axis=0)].all():
        raise CannotEstimateError([Problem("event_study_no_comparison")])
    whole = whole_design(fit, np.column_stack([regressors, slopes]), np.asarray(clusters)[rows])
    return _levels(design.cells, cells, regressors, fit, whole, family)


def _centred(values: Array, cohorts: Array) -> Array:
    codes = pd.factorize(cohorts)[0]
    return values - (np.bincount(codes, values) / np.bincount(codes))[codes]


def _slopes(values: Array, labels: Any) -> Array:
    return np.asarray(pd.get_dummies(labels, dtype="float64").to_numpy() * values[:, None])


def _levels(
    table: pd.DataFrame, cells: Array, regressors: Array, fit: FixedEffectsFit, design: WholeDesign, family: str
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
