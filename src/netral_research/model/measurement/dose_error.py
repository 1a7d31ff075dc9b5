"""What the search that missed events does to the estimate of the dose, and what it would be with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from netral_research.model.measurement.design import build_design
from netral_research.model.measurement.dose import BETWEEN, WITHIN
from netral_research.model.measurement.fit import fit_measurement
from netral_research.model.measurement.histories import Histories, read_histories
from netral_research.model.measurement.observations import Observations
from netral_research.model.measurement.posterior import Posterior
from netral_research.model.simex import SimexResult, simex

LEVELS = (0.5, 1.0, 1.5, 2.0)


def correct_for_missed_events(
    observations: Observations, completeness: pd.DataFrame, draws: int, seed: int, levels: Sequence[float] = LEVELS
) -> SimexResult:
    """Thin the events further as the search has thinned them, and extrapolate back to a complete record.

    The estimate is the coefficient of the dose within regions. The correction takes missing as chance: where more is
    missed in places with more violations, no correction helps.

    Parameters
    ----------
    observations : Observations
    completeness : pandas.DataFrame
        ``unit_code``, ``election_cycle``, ``completeness``; the mean stands in for cells without one.
    draws : int
        Thinned records for each level.
    seed : int
    levels : sequence of float
        A level of 1 thins once more by the completeness, so that it is squared.

    Returns
    -------
    SimexResult

    Raises
    ------
    CannotEstimateError
        If the dose does not vary.
    """
    chosen = observations.keep(observations.table["from_campaign"])
    histories = read_histories(chosen)
    units = np.arange(histories.dose.shape[1])
    within, between = histories.split(units)
    fit = fit_measurement(build_design(chosen, {WITHIN: within, BETWEEN: between}))
    place = fit.design.blocks.fixed.index(WITHIN)
    cells = chosen.cells.merge(completeness, on=["unit_code", "election_cycle"], how="left")
    shares = cells["completeness"].fillna(completeness["completeness"].mean()).to_numpy()

    def estimate_at(level: float, random: np.random.Generator) -> tuple[float, float]:
        within, between = _thinned(histories, shares**level, random).split(units)
        design = fit.design.with_column(WITHIN, within).with_column(BETWEEN, between)
        mode = Posterior(design).mode(fit.log_spreads, fit.mode)
        return float(mode.effects[place]), float(mode.covariance()[place, place])

    return simex(estimate_at, levels, draws, seed)


def _thinned(histories: Histories, shares: np.ndarray, random: np.random.Generator) -> Histories:
    """Each region keeps each of its events with the cell's share."""
    own = histories.cell_dose[np.arange(len(shares)), histories.cell_unit]
    events = np.rint(2**own - 1).astype(int)
    # One number for each event: with a smaller share it goes missing together with those that went before.
    chance = random.uniform(size=(len(shares), max(int(events.max()), 1)))
    kept = (chance < shares[:, None]) & (np.arange(chance.shape[1]) < events[:, None])
    dose = np.log2(1 + kept.sum(axis=1))
    cell_dose, by_count = histories.cell_dose.copy(), histories.dose.copy()
    cell_dose[np.arange(len(shares)), histories.cell_unit] = dose
    by_count[np.arange(len(histories.unit)), histories.unit] = dose[histories.cell]
    return replace(histories, dose=by_count, cell_dose=cell_dose)
