"""Simulation-based calibration: printed intervals should hold the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import stats

from netral_research.errors import CannotEstimateError
from netral_research.model.measurement.design import Design
from netral_research.model.measurement.fit import MeasurementFit, fit_measurement
from netral_research.model.measurement.observations import Observations
from netral_research.model.measurement.posterior import SPREADS
from netral_research.model.measurement.simulation import Truth, draw_truth, simulate_limits


def calibrate(
    design: Design, observations: Observations, effects: np.ndarray, log_spreads: np.ndarray, data_sets: int, seed: int,
    confidence: float = 0.95, jobs: int | None = None, **fixed: float,
) -> pd.DataFrame:  # fmt: skip
    """Draw data sets from a known truth, fit each, and compare intervals with the truth.

    Parameters
    ----------
    design : Design
    observations : Observations
        What the design was built from.
    effects : numpy.ndarray of shape (p,)
        True fixed effects and slopes, as :meth:`MeasurementFit.natural` gives them.
    log_spreads : numpy.ndarray of shape (4,)
    data_sets, seed : int
    confidence : float
    jobs : int, optional
        Processes; by default what :func:`joblib.parallel_config` sets, else one.
    **fixed : float
        Fixed effects to set by name.

    Returns
    -------
    pandas.DataFrame
        One row for each fixed effect, slope and spread, and for all regions, region-cycles and estimated levels of
        region-cycles together: ``quantity``, ``truth``, ``bias``, ``deviation`` (of estimates around the truth),
        ``mean_error`` (mean standard error), ``coverage`` and ``data_sets``; of a number of quantities together the
        mean over them.

    References
    ----------
    Talts et al. (2018), arXiv 1804.06788.
    """
    seeds = np.random.SeedSequence(seed).spawn(data_sets)
    task = delayed(_one)
    found = Parallel(n_jobs=jobs)(
        task(design, observations, effects, log_spreads, np.random.default_rng(one), confidence, fixed) for one in seeds
    )
    every = pd.concat([one for one in found if one is not None])
    table = every.groupby("quantity", sort=False).agg(
        truth=("truth", "mean"), bias=("difference", "mean"), deviation=("square", lambda s: float(np.sqrt(s.mean()))),
        mean_error=("error", "mean"), coverage=("inside", "mean"), data_sets=("data_set", "nunique"),
    )  # fmt: skip
    return table.reset_index()


def _one(
    design: Design, observations: Observations, effects: np.ndarray, log_spreads: np.ndarray,
    random: np.random.Generator, confidence: float, fixed: dict[str, float],
) -> pd.DataFrame | None:  # fmt: skip
    truth = draw_truth(design, effects, log_spreads, random, **fixed)
    simulated = design.with_limits(*simulate_limits(design, observations, truth, random))
    try:
        fit = fit_measurement(simulated, start_spreads=log_spreads)
    except CannotEstimateError:
        return None
    table = compare_with_truth(fit, truth, confidence)
    return table.assign(data_set=int(random.integers(2**31)))


def compare_with_truth(fit: MeasurementFit, truth: Truth, confidence: float) -> pd.DataFrame:
    """Estimates beside the truth they should hold.

    Parameters
    ----------
    fit : MeasurementFit
    truth : Truth
    confidence : float

    Returns
    -------
    pandas.DataFrame
        ``quantity``, ``truth``, ``difference`` (estimate minus truth), ``square``, ``error`` and ``inside``.
    """
    blocks = fit.design.blocks
    slopes = blocks.spans[1]
    known = truth.effects.copy()
    known[slopes] = np.log(known[slopes])
    levels = _level_rows(fit.design)
    error = np.sqrt(np.diag(fit.covariance))
    names = [*blocks.fixed, *blocks.slopes, *["regions"] * len(blocks.units), *["region_cycles"] * len(blocks.cells)]
    level_error = np.sqrt(np.einsum("ij,jk,ik->i", levels, fit.covariance, levels))
    parts = [
        (names, fit.effects, known, error),
        (["levels"] * len(levels), levels @ fit.effects, levels @ known, level_error),
        (list(SPREADS), fit.log_spreads, truth.log_spreads, np.sqrt(np.diag(fit.log_spread_covariance))),
    ]
    reach = float(stats.norm.ppf(0.5 + confidence / 2))
    return pd.concat(
        [
            pd.DataFrame({
                "quantity": name, "truth": true, "difference": found - true, "square": (found - true) ** 2,
                "error": spread, "inside": np.abs(found - true) <= reach * spread,
            })
            for name, found, true, spread in parts
        ],
        ignore_index=True,
    )  # fmt: skip


def _level_rows(design: Design) -> np.ndarray:
    """Level of each region-cycle on polling day: intercept, cycle, region and region-cycle."""
    blocks = design.blocks
    _, _, units, cells = blocks.spans
    rows = np.zeros((len(blocks.cells), blocks.size))
    rows[:, blocks.fixed.index("intercept")] = 1
    for row, (number, (unit, cycle)) in zip(rows, enumerate(blocks.cells), strict=True):
        if f"election_cycle_{cycle}" in blocks.fixed:
            row[blocks.fixed.index(f"election_cycle_{cycle}")] = 1
        row[units.start + blocks.units.index(unit)] = 1
        row[cells.start + number] = 1
    return rows
