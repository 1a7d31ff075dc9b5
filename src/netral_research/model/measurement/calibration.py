"""Simulation-based calibration: intervals should hold the truth as often as they say.

:func:`calibrate` follows the effects of the model, :func:`calibrate_printed` what is printed of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import stats

from netral_research.errors import CannotEstimateError
from netral_research.model.measurement.design import Design, build_design
from netral_research.model.measurement.dose import BETWEEN, WITHIN, estimate_dose
from netral_research.model.measurement.fit import MeasurementFit, fit_measurement
from netral_research.model.measurement.histories import read_histories
from netral_research.model.measurement.observations import Observations
from netral_research.model.measurement.posterior import SPREADS
from netral_research.model.measurement.products import (
    Target,
    clock_ratio,
    compare_regions,
    estimate_ratios,
    estimate_regions,
    estimate_spreads,
)
from netral_research.model.measurement.residuals import check_held_out_totals
from netral_research.model.measurement.simulation import Truth, draw_truth, simulate_limits

_DRAWS = 500


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
    known = _with_log_slopes(fit.design, truth.effects)
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


def calibrate_printed(
    fit: MeasurementFit, observations: Observations, target: Target, strata: Mapping[str, str], data_sets: int,
    seed: int, confidence: float = 0.95, jobs: int | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Draw data sets from a fit, estimate everything that is printed, and count how often the truth lies inside.

    Parameters
    ----------
    fit : MeasurementFit
        Its fixed effects, slopes and spreads are the truth; regions and region-cycles are drawn anew.
    observations : Observations
        What was fitted.
    target : Target
    strata : mapping of str to str
        Group of each region, as :func:`~netral_research.model.measurement.dose.estimate_dose` takes it.
    data_sets, seed : int
    confidence : float
    jobs : int, optional
        Processes; by default what :func:`joblib.parallel_config` sets, else one.

    Returns
    -------
    pandas.DataFrame
        ``quantity``, ``coverage`` and ``data_sets``: ``rates`` and ``ranks`` of regions in a cycle, lasting
        ``differences`` of regions and their ``difference_ranks``, every term of the ratios, the spreads, the ``dose``
        within regions and its ``placebo`` (both without an association in truth), and the held-out ``totals``, which
        are checked in every fifth data set.

    References
    ----------
    Talts et al. (2018), arXiv 1804.06788.
    """
    seeds = np.random.SeedSequence(seed).spawn(data_sets)
    late = observations.keep(observations.table["from_campaign"])
    histories = read_histories(late)
    parts = dict(zip((WITHIN, BETWEEN), histories.split(np.arange(histories.dose.shape[1])), strict=True))
    with_dose = fit_measurement(build_design(late, parts), start_spreads=fit.log_spreads)
    task = delayed(_printed)
    found = Parallel(n_jobs=jobs)(
        task(fit, with_dose, observations, late, target, strata, np.random.default_rng(one), confidence, not place % 5)
        for place, one in enumerate(seeds)
    )
    every = pd.concat([one.assign(data_set=place) for place, one in enumerate(found) if one is not None])
    table = every.groupby("quantity", sort=False).agg(coverage=("inside", "mean"), data_sets=("data_set", "nunique"))
    return table.reset_index()


def _printed(
    fit: MeasurementFit, with_dose: MeasurementFit, observations: Observations, late: Observations, target: Target,
    strata: Mapping[str, str], random: np.random.Generator, confidence: float, totals: bool,
) -> pd.DataFrame | None:  # fmt: skip
    number = int(random.integers(2**31))
    truth = draw_truth(fit.design, fit.natural(), fit.log_spreads, random)
    simulated = _publish(fit.design, observations, truth, random)
    no_dose = draw_truth(with_dose.design, with_dose.natural(), with_dose.log_spreads, random, **{WITHIN: 0.0})
    dosed = _publish(with_dose.design, late, no_dose, random)
    try:
        again = fit_measurement(build_design(simulated), start_spreads=fit.log_spreads)
        parts = [compare_printed(again, simulated, truth, target, confidence, number)]
        dose = estimate_dose(dosed, strata, confidence, 0.8, 2, draws=0, seed=number)
        for name, one in (("dose", dose.within), ("placebo", dose.placebo)):
            parts.append(pd.DataFrame({"quantity": [name], "inside": [one.lower <= 1 <= one.upper]}))
        if totals:
            check = check_held_out_totals(simulated, 2, confidence, _DRAWS, number, fit.log_spreads)
            parts.append(pd.DataFrame({"quantity": "totals", "inside": check["inside"]}))
    except CannotEstimateError:
        return None
    return pd.concat(parts)


def _publish(design: Design, observations: Observations, truth: Truth, random: np.random.Generator) -> Observations:
    lower, upper = simulate_limits(design, observations, truth, random)
    kind = np.where(lower == upper, "exact", "interval")
    return replace(observations, table=observations.table.assign(lower=lower, upper=upper, kind=kind))


def compare_printed(
    fit: MeasurementFit, observations: Observations, truth: Truth, target: Target, confidence: float, seed: int
) -> pd.DataFrame:
    """Whether the intervals that are printed hold the truth.

    Parameters
    ----------
    fit : MeasurementFit
    observations : Observations
        What was fitted.
    truth : Truth
    target : Target
    confidence : float
    seed : int

    Returns
    -------
    pandas.DataFrame
        ``quantity`` and ``inside``, one row an interval.
    """
    known = replace(fit, effects=_with_log_slopes(fit.design, truth.effects), log_spreads=truth.log_spreads)
    rates, true_rates = (estimate_regions(one, observations, target, confidence, _DRAWS, seed) for one in (fit, known))
    differences, true_differences = (compare_regions(one, confidence, _DRAWS, seed) for one in (fit, known))
    ratios, spreads = estimate_ratios(fit, confidence), estimate_spreads(fit, confidence)
    rows = [
        ("rates", rates, true_rates["rate"], "rate_"),
        ("ranks", rates, true_rates["rank"], "rank_"),
        ("differences", differences, true_differences["ratio"], ""),
        ("difference_ranks", differences, true_differences["rank"], "rank_"),
        (ratios["term"], ratios, ratios["term"].map(_true_ratios(fit.design, truth)), ""),
        (spreads["spread"], spreads, pd.Series(np.exp(truth.log_spreads)), ""),
    ]
    return pd.concat(
        [
            pd.DataFrame({"quantity": name, "inside": true.between(one[f"{side}lower"], one[f"{side}upper"])})
            for name, one, true, side in rows
        ],
        ignore_index=True,
    )


def _true_ratios(design: Design, truth: Truth) -> dict[str, float]:
    fixed, slopes, _, _ = design.blocks.spans
    ratios = dict(zip(design.blocks.fixed, np.exp(truth.effects[fixed]).tolist(), strict=True))
    for name, slope in zip(design.blocks.slopes, truth.effects[slopes], strict=True):
        ratios[name] = float(clock_ratio(name, slope))
    return ratios


def _with_log_slopes(design: Design, effects: np.ndarray) -> np.ndarray:
    slopes, known = design.blocks.spans[1], effects.copy()
    known[slopes] = np.log(known[slopes])
    return known
