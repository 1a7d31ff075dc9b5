"""Panels as they could be: expected counts, a schedule of exposure, and how much rates differ by themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


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
