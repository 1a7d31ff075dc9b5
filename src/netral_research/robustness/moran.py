"""Moran's I: whether regions near each other are alike, in values, in rates, or in what a model leaves unexplained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from netral_research.errors import CannotEstimateError, Problem
from netral_research.robustness.neighbours import Neighbours

FEWEST_REGIONS = 4
# Permuted statistics that differ by rounding alone count as equal.
ROUNDING = 1e-12


@dataclass(frozen=True)
class MoranTest:
    """Moran's I with its distribution if places played no role.

    Parameters
    ----------
    statistic : float
        Above ``expected``: neighbours are alike; below: they differ more than by chance.
    expected : float
        Mean if places played no role: ``-1 / (n - 1)``.
    variance_normality, variance_randomisation : float
        Variances if values were normal, and if the same values were dealt out to regions at random.
    p_normality, p_randomisation : float
        Two-sided, from these variances.
    p_permutation : float
        Two-sided share of permutations at least as far from ``expected``, the observed one counted.
    n_permutations : int
    n_regions : int
        Regions with neighbours; the statistic rests on them alone.
    islands : tuple of str
        Codes of regions without neighbours, left out.
    """

    statistic: float
    expected: float
    variance_normality: float
    variance_randomisation: float
    p_normality: float
    p_randomisation: float
    p_permutation: float
    n_permutations: int
    n_regions: int
    islands: tuple[str, ...]


def moran_test(values: np.ndarray, neighbours: Neighbours, permutations: int, seed: int) -> MoranTest:
    """Test whether regions near each other have like values.

    The permutation p-value is exact for values that are exchangeable: the observed statistic and the permuted ones
    are then equally likely to be any of their number, and the observed one is counted, so at most a share *a* of
    p-values is *a* or less (Phipson and Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9:
    39). Rates and residuals are exchangeable only nearly; their size is simulated in the tests.

    Parameters
    ----------
    values : numpy.ndarray of shape (n,)
        One value a region, in the order of ``neighbours.codes``; none missing.
    neighbours : Neighbours
        Islands are left out of the mean, the variance and the statistic.
    permutations : int
    seed : int

    Returns
    -------
    MoranTest

    Raises
    ------
    CannotEstimateError
        If fewer than four regions have neighbours, all values are equal, or one is missing.

    References
    ----------
    Cliff and Ord (1981), Spatial Processes: Models and Applications, chapters 1 and 2.

    Examples
    --------
    >>> from netral_research.robustness.neighbours import row_standardised
    >>> ring = row_standardised("ABCDEF", np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1))
    >>> test = moran_test(np.array([1.0, 2.0, 3.0, 3.0, 2.0, 1.0]), ring, permutations=99, seed=1)
    >>> round(test.statistic, 3), round(test.expected, 3)
    (0.5, -0.2)
    """
    kept, islands = _connected(neighbours)
    weights = neighbours.weights[np.ix_(kept, kept)]
    centred = _centred(np.asarray(values, dtype="float64")[kept])

    def statistic(order: np.ndarray) -> float:
        moved = centred[order]
        return float(moved @ weights @ moved)

    scale = len(kept) / weights.sum() / float(centred @ centred)
    observed = scale * statistic(np.arange(len(kept)))
    expected = -1 / (len(kept) - 1)
    p_permutation = _permutation_p(observed, expected, lambda order: scale * statistic(order), len(kept), permutations,
                                   seed)  # fmt: skip
    normality, randomisation = _variances(weights, centred)
    return MoranTest(
        statistic=float(observed),
        expected=expected,
        variance_normality=normality,
        variance_randomisation=randomisation,
        p_normality=_normal_p(observed - expected, normality),
        p_randomisation=_normal_p(observed - expected, randomisation),
        p_permutation=p_permutation,
        n_permutations=permutations,
        n_regions=len(kept),
        islands=islands,
    )


def _connected(neighbours: Neighbours) -> tuple[np.ndarray, tuple[str, ...]]:
    islands = neighbours.islands
    kept = np.array([place for place, code in enumerate(neighbours.codes) if code not in islands], dtype="int64")
    if len(kept) < FEWEST_REGIONS:
        fields = {"found": str(len(kept)), "wanted": str(FEWEST_REGIONS)}
        raise CannotEstimateError([Problem("space_regions", fields=fields)])
    return kept, islands


def _centred(values: np.ndarray) -> np.ndarray:
    if not np.isfinite(values).all():
        raise CannotEstimateError([Problem("space_missing")])
    if np.ptp(values) <= ROUNDING * max(float(np.abs(values).max()), 1.0):
        raise CannotEstimateError([Problem("space_constant")])
    return values - values.mean()


def _variances(weights: np.ndarray, centred: np.ndarray) -> tuple[float, float]:
    n = len(centred)
    total = weights.sum()
    both_ways = ((weights + weights.T) ** 2).sum() / 2
    margins = ((weights.sum(axis=0) + weights.sum(axis=1)) ** 2).sum()
    square = 1 / (n - 1) ** 2
    normality = (n**2 * both_ways - n * margins + 3 * total**2) / ((n**2 - 1) * total**2) - square
    kurtosis = (centred**4).mean() / (centred**2).mean() ** 2
    upper = n * ((n**2 - 3 * n + 3) * both_ways - n * margins + 3 * total**2)
    lower = kurtosis * ((n**2 - n) * both_ways - 2 * n * margins + 6 * total**2)
    randomisation = (upper - lower) / ((n - 1) * (n - 2) * (n - 3) * total**2) - square
    return float(normality), float(randomisation)


def _normal_p(gap: float, variance: float) -> float:
    # A few regions that are all neighbours leave the statistic no room: no gap is then too large.
    return float(2 * stats.norm.sf(abs(gap) / np.sqrt(variance))) if variance > ROUNDING else 1.0


def _permutation_p(
    observed: float, centre: float, permuted: Callable[[np.ndarray], float], n: int, permutations: int, seed: int
) -> float:
    random = np.random.default_rng(seed)
    reach = abs(observed - centre) - ROUNDING
    as_far = sum(bool(abs(permuted(random.permutation(n)) - centre) >= reach) for _ in range(permutations))
    return (1 + as_far) / (permutations + 1)


def moran_test_of_rates(
    counts: np.ndarray, population: np.ndarray, neighbours: Neighbours, permutations: int, seed: int
) -> MoranTest:
    """Test whether regions near each other have like rates, the small ones not louder than the large ones.

    A plain Moran's I of rates is driven by regions with few people, whose rates vary most. Here each rate's distance
    from the overall rate is divided by its own standard deviation, estimated by empirical Bayes.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n,)
        Cases, not negative.
    population : numpy.ndarray of shape (n,)
        People exposed, above zero.
    neighbours : Neighbours
    permutations : int
    seed : int

    Returns
    -------
    MoranTest

    Raises
    ------
    CannotEstimateError
        As :func:`moran_test`; also if all counts are zero or a population is not above zero.

    References
    ----------
    Assunção and Reis (1999), A new proposal to adjust Moran's I for population density, Statistics in Medicine 18:
    2147-2162.

    Examples
    --------
    >>> from netral_research.robustness.neighbours import row_standardised
    >>> ring = row_standardised("ABCDEF", np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1))
    >>> cases, people = np.array([9, 20, 33, 31, 22, 8]), np.array([1000, 1100, 1000, 900, 1000, 1000])
    >>> round(moran_test_of_rates(cases, people, ring, permutations=99, seed=1).statistic, 2)
    0.49
    """
    kept, _ = _connected(neighbours)
    standardised = np.zeros(len(neighbours.codes))
    standardised[kept] = _standardised_rates(
        np.asarray(counts, dtype="float64")[kept], np.asarray(population, dtype="float64")[kept]
    )
    return moran_test(standardised, neighbours, permutations, seed)


def _standardised_rates(counts: np.ndarray, population: np.ndarray) -> np.ndarray:
    if not (np.isfinite(population).all() and (population > 0).all()):
        raise CannotEstimateError([Problem("space_population")])
    if not counts.any():
        raise CannotEstimateError([Problem("model_zeros")])
    rates = counts / population
    overall = counts.sum() / population.sum()
    spread = (population * (rates - overall) ** 2).sum() / population.sum()
    between = spread - overall / population.mean()
    within = overall / population
    # Less spread than chance alone gives no negative variance: chance is then all there is.
    variances = np.where(between + within > 0, between + within, within)
    return (rates - overall) / np.sqrt(variances)


def moran_test_of_residuals(
    residuals: np.ndarray, neighbours: Neighbours, permutations: int, seed: int
) -> tuple[float, float, float]:
    """Test whether a model leaves neighbours alike in the same cycles.

    With region effects the residuals of a region add to nothing over its cycles, so their sum cannot be tested;
    neighbours are compared cycle by cycle instead. Permutations deal out whole region histories, which keeps the
    likeness of a region with itself over time.

    Parameters
    ----------
    residuals : numpy.ndarray of shape (n, t)
        Standardised residuals by region and cycle, regions in the order of ``neighbours.codes``; missing where there
        is no count.
    neighbours : Neighbours
    permutations : int
    seed : int

    Returns
    -------
    statistic : float
        Moran's I pooled over cycles.
    expected : float
        Its mean over the permutations.
    p_permutation : float
        Two-sided share of permutations at least as far from ``expected``, the observed one counted.

    Raises
    ------
    CannotEstimateError
        If fewer than four regions have neighbours and counts, or all residuals are equal.

    Examples
    --------
    >>> from netral_research.robustness.neighbours import row_standardised
    >>> ring = row_standardised("ABCDEF", np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1))
    >>> residuals = np.array([[1, -1], [2, -2], [1, -1], [-1, 1], [-2, 2], [-1, 1.0]])
    >>> statistic, expected, p = moran_test_of_residuals(residuals, ring, permutations=199, seed=1)
    >>> round(statistic, 2), p < 0.2
    (0.5, True)
    """
    values = np.asarray(residuals, dtype="float64")
    told = np.isfinite(values)
    some = told.any(axis=1)
    chosen = neighbours.among([code for code, any_told in zip(neighbours.codes, some, strict=True) if any_told])
    kept, _ = _connected(chosen)
    weights = chosen.weights[np.ix_(kept, kept)]
    values, told = values[some][kept], told[some][kept]
    _centred(values[told])
    filled, present = np.where(told, values, 0.0), told.astype("float64")
    size = float((filled**2).sum() / present.sum())

    def statistic(order: np.ndarray) -> float:
        # The histories stand still and the map turns under them: the same comparison, one matrix to reorder.
        turned = weights[np.ix_(order, order)]
        pairs = float((present * (turned @ present)).sum())
        return float((filled * (turned @ filled)).sum()) / pairs / size if pairs else 0.0

    random = np.random.default_rng(seed)
    drawn = np.array([statistic(random.permutation(len(kept))) for _ in range(permutations)])
    observed, centre = statistic(np.arange(len(kept))), float(drawn.mean())
    as_far = int((np.abs(drawn - centre) >= abs(observed - centre) - ROUNDING).sum())
    return observed, centre, (1 + as_far) / (permutations + 1)
