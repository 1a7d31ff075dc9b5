"""Panels as they could be: expected counts, a schedule of exposure, and how much rates differ by themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from netral_research.errors import CannotEstimateError, Problem
from netral_research.robustness.two_way import fit_two_way

REGENCIES, MONTHS = 514, 12
# Correlation of a region's shocks with those of the cycle before.
CYCLE_MEMORY = 0.5


@dataclass(frozen=True)
class PanelDesign:
    """A panel whose power is asked for.

    Parameters
    ----------
    expected : numpy.ndarray of shape (n, t)
        Expected counts by region and period where the dose changes nothing; zero in cells that will have no count.
    dose : numpy.ndarray of shape (n, t)
        Exposure; the rate ratio is that of one unit.
    shock_deviation : float
        Standard deviation of the log of what makes a region's rate differ from period to period.
    autocorrelation : float
        Correlation of these shocks with those of the period before, from 0 to below 1.
    overdispersion : float
        Variance of a further factor of each cell, with mean 1 and no memory (as in a negative binomial count).
    """

    expected: np.ndarray
    dose: np.ndarray
    shock_deviation: float
    autocorrelation: float
    overdispersion: float = 0.0


def staggered_design(
    regions: int, periods: int, mean: float, treated_share: float, seed: int, **spread: float
) -> PanelDesign:
    """A plain design: some regions are treated from a period of their own on, all others never.

    Parameters
    ----------
    regions, periods : int
    mean : float
        Expected count of every cell without treatment.
    treated_share : float
        Share of regions treated, from the second period at the earliest.
    seed : int
        Of the periods in which treatment begins.
    **spread : float
        ``shock_deviation``, ``autocorrelation``, ``overdispersion`` of :class:`PanelDesign`.

    Returns
    -------
    PanelDesign

    Examples
    --------
    >>> design = staggered_design(34, 5, 30.0, 0.5, seed=1, shock_deviation=0.5, autocorrelation=0.5)
    >>> int((design.dose[:, -1] > 0).sum()), float(design.dose[:, 0].max())
    (17, 0.0)
    """
    random = np.random.default_rng(seed)
    treated = random.permutation(regions)[: round(treated_share * regions)]
    begins = np.full(regions, periods)
    begins[treated] = random.integers(1, periods, size=len(treated))
    dose = (np.arange(periods) >= begins[:, None]).astype("float64")
    return PanelDesign(np.full((regions, periods), mean), dose, **spread)


def panel_as_design(
    counts: np.ndarray, exposure: np.ndarray, dose: np.ndarray, autocorrelation: float = 0.5
) -> PanelDesign:
    """A panel that exists, as a design: its own expected counts, exposure and spread.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n, t)
        Counts by region and period, zero where ``exposure`` is.
    exposure : numpy.ndarray of shape (n, t)
        Exposed population; zero in cells without a count.
    dose : numpy.ndarray of shape (n, t)
    autocorrelation : float
        Memory of the shocks: a few periods cannot tell it, so it is assumed.

    Returns
    -------
    PanelDesign
        Without periods or regions that have no case: they say nothing about a ratio.

    Raises
    ------
    CannotEstimateError
        If all counts are zero, or no count is left beside the effects of regions and periods to tell the spread.

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> counts = random.poisson(50 * np.exp(random.normal(0, 0.5, (200, 6)))).astype(float)
    >>> round(panel_as_design(counts, np.ones((200, 6)), np.zeros((200, 6))).shock_deviation, 1)
    0.5
    """
    fitted = fit_two_way(counts, exposure)
    rows, columns = fitted.sum(axis=1) > 0, fitted.sum(axis=0) > 0
    cells = int((fitted > 0).sum())
    free = cells - int(rows.sum()) - int(columns.sum()) + 1
    if free < 1:
        raise CannotEstimateError([Problem("power_panel")])
    # What chance alone does not explain, beside the effects that the fit has used up.
    excess = ((counts - fitted) ** 2).sum() * cells / free - fitted.sum()
    spread = max(float(excess / (fitted**2).sum()), 0.0)
    chosen = np.ix_(rows, columns)
    return PanelDesign(fitted[chosen], dose[chosen], math.sqrt(math.log1p(spread)), autocorrelation)


def designs_with_more_data(
    provinces: int, cycles: int, mean: float, dispersion: tuple[float, float] = (0.5, 0.8), seed: int = 1
) -> dict[str, PanelDesign]:
    """What else could be collected: the provinces of now, all regencies, all regencies month by month.

    Half of the regions are treated, the others never; the same cases are spread over more cells.

    Parameters
    ----------
    provinces, cycles : int
        Size of the panel of now.
    mean : float
        Expected count of a province and cycle.
    dispersion : tuple of float
        Variance of the log shocks of provinces and of regencies.
    seed : int
        Of the schedules.

    Returns
    -------
    dict of str to PanelDesign
        ``provinces``, ``regencies`` and ``regencies_monthly`` (the twelve months before each poll, as one series; the
        memory from cycle to cycle becomes one from month to month).

    Examples
    --------
    >>> {name: design.expected.shape for name, design in designs_with_more_data(34, 5, 30.0).items()}
    {'provinces': (34, 5), 'regencies': (514, 5), 'regencies_monthly': (514, 60)}
    """
    by_province, by_regency = (math.sqrt(variance) for variance in dispersion)
    of_regency = mean * provinces / REGENCIES
    return {
        "provinces": staggered_design(
            provinces, cycles, mean, 0.5, seed, shock_deviation=by_province, autocorrelation=CYCLE_MEMORY
        ),
        "regencies": staggered_design(
            REGENCIES, cycles, of_regency, 0.5, seed, shock_deviation=by_regency, autocorrelation=CYCLE_MEMORY
        ),
        "regencies_monthly": staggered_design(
            REGENCIES, cycles * MONTHS, of_regency / MONTHS, 0.5, seed, shock_deviation=by_regency,
            autocorrelation=CYCLE_MEMORY ** (1 / MONTHS),
        ),
    }  # fmt: skip


def simulate_counts(design: PanelDesign, rate_ratio: float, draws: int, random: np.random.Generator) -> np.ndarray:
    """Counts as they could have come out.

    Parameters
    ----------
    design : PanelDesign
    rate_ratio : float
        True ratio of one unit of the dose.
    draws : int
    random : numpy.random.Generator

    Returns
    -------
    numpy.ndarray of shape (draws, n, t)

    Examples
    --------
    >>> design = PanelDesign(np.full((2, 3), 1000.0), np.eye(2, 3), shock_deviation=0.0, autocorrelation=0.0)
    >>> simulate_counts(design, 0.5, 400, np.random.default_rng(1)).mean(axis=0).round(-1).tolist()
    [[500.0, 1000.0, 1000.0], [1000.0, 500.0, 1000.0]]
    """
    shape = (draws, *design.expected.shape)
    shocks = random.normal(size=shape)
    memory = design.autocorrelation
    for period in range(1, shape[-1]):
        shocks[..., period] = memory * shocks[..., period - 1] + math.sqrt(1 - memory**2) * shocks[..., period]
    size = design.shock_deviation
    factor = np.exp(size * shocks - size**2 / 2 + math.log(rate_ratio) * design.dose)
    if design.overdispersion > 0:
        factor = factor * random.gamma(1 / design.overdispersion, design.overdispersion, size=shape)
    return random.poisson(design.expected * factor).astype("float64")
