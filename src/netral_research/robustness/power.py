"""What a panel could have shown: the rate ratio it finds with good odds, and what more data would buy."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import stats

from netral_research.errors import CannotEstimateError, Problem
from netral_research.robustness.panel_design import PanelDesign, simulate_counts
from netral_research.robustness.two_way import fit_two_way, one_step

# p-values of a stack of panels (draws, regions, periods) with one dose and one exposure (regions, periods).
PanelTest = Callable[[np.ndarray, np.ndarray, np.ndarray, np.random.Generator], np.ndarray]
SIGN_DRAWS = 399
# Panels simulated at a time: bounds the memory, not the result.
AT_ONCE = 50
SMALLEST_RATIO, STEPS = 0.05, 8


def score_wild_test(
    counts: np.ndarray, dose: np.ndarray, exposure: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Two-sided p-values of no association: the regions' scores under the null, their signs drawn at random.

    Parameters
    ----------
    counts : numpy.ndarray of shape (draws, n, t)
    dose, exposure : numpy.ndarray of shape (n, t)
    random : numpy.random.Generator

    Returns
    -------
    numpy.ndarray of shape (draws,)
        1 for a panel without any case, or whose dose does not vary beside the effects of regions and periods.

    References
    ----------
    Kline and Santos (2012), Journal of Econometric Methods 1: 23-41.

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> counts, dose = random.poisson(20.0, size=(3, 20, 4)).astype(float), np.tile([0.0, 0, 1, 1], (20, 1))
    >>> dose[:10] = 0.0
    >>> score_wild_test(counts, dose, np.ones((20, 4)), random).shape
    (3,)
    """
    step = one_step(counts, fit_two_way(counts, exposure), dose)
    scores = step.region_scores
    signs = random.choice([-1.0, 1.0], size=(SIGN_DRAWS, scores.shape[1]))
    reach = np.abs(scores.sum(axis=1)) * (1 - 1e-12)
    as_far = (np.abs(scores @ signs.T) >= reach[:, None]).sum(axis=1)
    return np.where(np.isnan(step.log_ratios), 1.0, (1 + as_far) / (SIGN_DRAWS + 1))


def power(
    design: PanelDesign, rate_ratio: float, draws: int, seed: int, level: float = 0.05,
    test: PanelTest = score_wild_test,
) -> float:  # fmt: skip
    """Share of simulated panels in which a true rate ratio is found.

    Parameters
    ----------
    design : PanelDesign
    rate_ratio : float
        True ratio of one unit of the dose; at 1 the share is the test's size.
    draws : int
        Its own error is at most ``0.5 / sqrt(draws)``.
    seed : int
    level : float
        Share of false findings that the test promises.
    test : callable
        Gives a p-value for each panel of a stack, from ``counts`` (draws, n, t), ``dose`` and ``exposure`` (n, t) and
        a random generator.

    Returns
    -------
    float

    Raises
    ------
    CannotEstimateError
        If the dose does not vary beside the effects of regions and periods, no count is expected, or the panel has
        fewer than two regions or periods.

    Examples
    --------
    >>> from netral_research.robustness.panel_design import staggered_design
    >>> design = staggered_design(34, 5, 30.0, 0.5, seed=1, shock_deviation=0.2, autocorrelation=0.5)
    >>> power(design, 0.5, draws=20, seed=1)
    1.0
    """
    _require_variation(design)
    random = np.random.default_rng(seed)
    exposure = (design.expected > 0).astype("float64")
    found = 0
    for begin in range(0, draws, AT_ONCE):
        counts = simulate_counts(design, rate_ratio, min(AT_ONCE, draws - begin), random)
        found += int((test(counts, design.dose, exposure, random) <= level).sum())
    return found / draws


def _require_variation(design: PanelDesign) -> None:
    expected = design.expected
    if expected.ndim != 2 or min(expected.shape) < 2:
        raise CannotEstimateError([Problem("power_panel")])
    if not (np.isfinite(design.dose).all() and np.isfinite(expected).all() and (expected >= 0).all()):
        raise CannotEstimateError([Problem("power_panel")])
    fitted = fit_two_way(expected, (expected > 0).astype("float64"))
    if not np.isfinite(one_step(expected, fitted, design.dose).log_ratios):
        raise CannotEstimateError([Problem("model_no_variation", column="dose")])


def power_curve(
    design: PanelDesign, rate_ratios: Sequence[float], draws: int, seed: int, level: float = 0.05,
    test: PanelTest = score_wild_test,
) -> pd.DataFrame:  # fmt: skip
    """Power at several true rate ratios.

    Parameters
    ----------
    design : PanelDesign
    rate_ratios : sequence of float
    draws, seed, level, test
        As for :func:`power`.

    Returns
    -------
    pandas.DataFrame
        ``rate_ratio``, ``power`` and ``simulation_error`` (standard error of the share).

    Examples
    --------
    >>> from netral_research.robustness.panel_design import staggered_design
    >>> design = staggered_design(34, 5, 30.0, 0.5, seed=1, shock_deviation=0.2, autocorrelation=0.5)
    >>> power_curve(design, [1.0, 0.5], draws=20, seed=1)["power"].is_monotonic_increasing
    True
    """
    shares = Parallel()(delayed(power)(design, ratio, draws, seed, level, test) for ratio in rate_ratios)
    errors = [math.sqrt(share * (1 - share) / draws) for share in shares]
    return pd.DataFrame({"rate_ratio": list(rate_ratios), "power": shares, "simulation_error": errors})


def minimum_detectable_ratio(
    design: PanelDesign, draws: int, seed: int, level: float = 0.05, wanted: float = 0.8,
    test: PanelTest = score_wild_test,
) -> float:  # fmt: skip
    """The rate ratio below 1 that a panel finds with the wanted odds, by simulation.

    Parameters
    ----------
    design : PanelDesign
    draws, seed, level, test
        As for :func:`power`.
    wanted : float
        Share of panels that shall find it.

    Returns
    -------
    float
        Missing where even a ratio of 0.05 is not found that often.

    Raises
    ------
    CannotEstimateError
        As :func:`power`.

    Examples
    --------
    >>> from netral_research.robustness.panel_design import staggered_design
    >>> design = staggered_design(34, 5, 300.0, 0.5, seed=1, shock_deviation=0.1, autocorrelation=0.5)
    >>> 0.8 < minimum_detectable_ratio(design, draws=40, seed=1) < 0.95
    True
    """

    def found(log_ratio: float) -> bool:
        return power(design, math.exp(log_ratio), draws, seed, level, test) >= wanted

    strong, none = math.log(SMALLEST_RATIO), 0.0
    if not found(strong):
        return math.nan
    for _ in range(STEPS):
        middle = (strong + none) / 2
        strong, none = (middle, none) if found(middle) else (strong, middle)
    return math.exp((strong + none) / 2)


def detectable_from_error(
    standard_error: float, degrees_of_freedom: float, confidence: float = 0.95, wanted: float = 0.8
) -> tuple[float, float]:
    """Rate ratios below and above which a study with this standard error would have shown a difference.

    Parameters
    ----------
    standard_error : float
        Of the log rate ratio.
    degrees_of_freedom : float
        Of the t distribution behind the interval: regions minus one.
    confidence, wanted : float
        Coverage of the interval; share of studies that shall find the ratio.

    Returns
    -------
    tuple of float
        ``exp(-(t + z) standard_error)`` and its mirror above 1.

    Examples
    --------
    >>> [round(ratio, 2) for ratio in detectable_from_error(0.13, 33)]
    [0.69, 1.45]
    """
    reach = (stats.t.ppf(0.5 + confidence / 2, degrees_of_freedom) + stats.norm.ppf(wanted)) * standard_error
    return float(math.exp(-reach)), float(math.exp(reach))


def compare_designs(
    designs: Mapping[str, PanelDesign], draws: int, seed: int, level: float = 0.05, wanted: float = 0.8,
    test: PanelTest = score_wild_test,
) -> pd.DataFrame:  # fmt: skip
    """What other panels would find: more regions, more periods, more complete counts.

    Designs are simulated in the processes that :func:`joblib.parallel_config` sets, else one after another; the result
    does not depend on it, since each design has draws of its own from the seed.

    Parameters
    ----------
    designs : mapping of str to PanelDesign
        By name.
    draws, seed, level, wanted, test
        As for :func:`minimum_detectable_ratio`.

    Returns
    -------
    pandas.DataFrame
        ``design``, ``n_regions``, ``n_periods``, ``expected_count`` (mean of the cells with counts),
        ``detectable_ratio`` and ``refusal`` (key of the reason; empty where there is a ratio).

    Examples
    --------
    >>> from dataclasses import replace
    >>> from netral_research.robustness.panel_design import staggered_design
    >>> small = staggered_design(10, 3, 20.0, 0.5, seed=1, shock_deviation=0.3, autocorrelation=0.5)
    >>> table = compare_designs({"small": small, "none": replace(small, dose=small.dose * 0)}, draws=20, seed=1)
    >>> table["refusal"].tolist()
    ['', 'model_no_variation']
    """
    found = Parallel()(delayed(_ratio_or_refusal)(one, draws, seed, level, wanted, test) for one in designs.values())
    rows = [
        {
            "design": name,
            "n_regions": design.expected.shape[0],
            "n_periods": design.expected.shape[1],
            "expected_count": float(design.expected[design.expected > 0].mean()) if design.expected.any() else 0.0,
            "detectable_ratio": ratio,
            "refusal": refusal,
        }
        for (name, design), (ratio, refusal) in zip(designs.items(), found, strict=True)
    ]
    return pd.DataFrame(rows)


def _ratio_or_refusal(
    design: PanelDesign, draws: int, seed: int, level: float, wanted: float, test: PanelTest
) -> tuple[float, str]:
    try:
        return minimum_detectable_ratio(design, draws, seed, level, wanted, test), ""
    except CannotEstimateError as reason:
        return math.nan, reason.problems[0].key
