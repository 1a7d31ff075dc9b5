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
from netral_research.model.fixed_effects import FixedEffectsFit, fit_fixed_effects
from netral_research.model.refusals import counts_of, finite_numbers
from netral_research.model.staggered_design import WholeDesign, staggered_design, whole_design

EFFECT_COLUMNS = ("kind", "at", "log_rate_ratio", "standard_error", "cells")


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
    shift = None if offset is None else finite_numbers(offset, "offset")[rows]
    kept = design.indicators[rows]
    y = counts_of(counts)[rows]
    filled = kept.sum(axis=0) > 0
    cells, kept = design.cells[filled].reset_index(drop=True), kept[:, filled]
    fit = fit_fixed_effects(y, kept, labels, shift, needed=())
    empty = _cells_without_a_case(kept, y, fit)
    if not (fit.determined | empty).any():
        raise CannotEstimateError([Problem("event_study_no_comparison")])
    told = fit.determined | empty
    expected = _Expected.of(kept, labels, np.zeros(len(y)) if shift is None else shift, fit)
    return _ratios(cells[told].reset_index(drop=True), kept[:, told], expected, whole_design(fit, kept, labels[0]))


def _cells_without_a_case(indicators: Array, counts: Array, fit: FixedEffectsFit) -> npt.NDArray[np.bool_]:
    """Cells whose ratio is zero: the fit leaves out their rows, which it would fit as zero without limit."""
    rows = indicators > 0
    unused = ~(rows & fit.used[:, None]).any(axis=0)
    return np.asarray(unused & (indicators.T @ counts == 0) & ~fit.determined)


@dataclass(frozen=True)
class _Expected:
    """Expected counts of all rows with and without an event, and how they change with each coefficient.

    The rows that the fit left out as zero have an expected count of zero with an event; without one it is that of
    their region and period, where both are known.
    """

    with_event: Array
    without: Array
    slopes_with: Array
    slopes_without: Array

    @classmethod
    def of(cls, indicators: Array, labels: list[Array], offset: Array, fit: FixedEffectsFit) -> _Expected:
        own = indicators[:, fit.determined]
        beta = fit.coefficients[fit.determined]
        # In the order of the levels' numbers, which the design of the errors has too.
        firsts = [np.unique(codes, return_index=True)[1] for codes in fit.groups.codes]
        levels = [label[fit.used][first] for label, first in zip(labels, firsts, strict=True)]
        known = np.all([np.isin(label, level) for label, level in zip(labels, levels, strict=True)], axis=0)
        dummies = np.column_stack(
            [(label[:, None] == level).astype(np.float64) for label, level in zip(labels, levels, strict=True)]
        )
        linear = np.log(fit.fitted) - own[fit.used] @ beta - offset[fit.used]
        effects = np.linalg.lstsq(dummies[fit.used], linear, rcond=None)[0]
        without = np.where(known, np.exp(np.where(known, dummies @ effects + offset, 0.0)), 0.0)
        with_event = np.zeros(len(own))
        with_event[fit.used] = fit.fitted
        nothing = np.zeros_like(own)
        return cls(with_event, without, np.column_stack([own, dummies]), np.column_stack([nothing, dummies]))


def _ratios(cells: pd.DataFrame, indicators: Array, expected: _Expected, design: WholeDesign) -> pd.DataFrame:
    after = (cells["event_time"] >= 0).to_numpy()
    times, cohorts = cells["event_time"].to_numpy(), cells["cohort"].to_numpy()
    groups = [("event_time", float(at), times == at) for at in sorted(set(times))]
    groups += [("cohort", float(at), (cohorts == at) & after) for at in sorted(set(cohorts[after]))]
    groups += [("overall", np.nan, after)] if after.any() else []
    found = []
    for kind, at, chosen in groups:
        rows = indicators[:, chosen].sum(axis=1) > 0
        with_event, without = expected.with_event[rows], expected.without[rows]
        ratio, error = -np.inf, np.nan
        if with_event.sum() > 0:
            slope = with_event @ expected.slopes_with[rows] / with_event.sum()
            slope = slope - without @ expected.slopes_without[rows] / without.sum()
            ratio, error = float(np.log(with_event.sum() / without.sum())), design.error(slope)
        found.append((kind, at, ratio, error, int(chosen.sum())))
    return pd.DataFrame(found, columns=list(EFFECT_COLUMNS))
