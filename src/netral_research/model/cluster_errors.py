"""Standard errors that allow rows of one region to hang together, and the jackknife that leaves out each region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.absorb import Array, Groups
from netral_research.model.fixed_effects import FixedEffectsFit, fit_fixed_effects
from netral_research.model.refusals import require_names

# Gauss-Legendre nodes on the quarter circle, where Craig's integral runs.
_ANGLES, _ANGLE_WEIGHTS = np.polynomial.legendre.leggauss(64)
_SQUARED_SINES = np.sin((_ANGLES[:, None] + 1) * np.pi / 4) ** 2


@dataclass(frozen=True)
class Jackknife:
    """Refits that leave out each cluster in turn.

    Parameters
    ----------
    clusters : tuple
        Labels of the clusters that carry information.
    left_out : numpy.ndarray of shape (G, k)
        Coefficients without each cluster.
    covariance : numpy.ndarray of shape (k, k)
        CRV3: (G - 1) / G times the sum of squared differences from the full estimate.
    """

    clusters: tuple[Any, ...]
    left_out: Array
    covariance: Array


def cluster_scores(fit: FixedEffectsFit, clusters: Any) -> Array:
    """Scores summed by cluster.

    Parameters
    ----------
    fit : FixedEffectsFit
    clusters : array-like of shape (n,)
        Labels of all rows, used or not.

    Returns
    -------
    numpy.ndarray of shape (G, k)
        In the order of the sorted labels.
    """
    codes, labels = pd.factorize(np.asarray(clusters)[fit.used], sort=True)
    return np.column_stack([np.bincount(codes, column, len(labels)) for column in fit.scores.T])


def cluster_robust(fit: FixedEffectsFit, clusters: Any) -> Array:
    """Cluster-robust covariance CRV1 with the small-sample factor of fixest.

    The factor is G / (G - 1) times (N - 1) / (N - K), where K counts the regressors, a constant and the levels of
    those fixed effects, less one each, that are not nested within the clusters.

    Parameters
    ----------
    fit : FixedEffectsFit
    clusters : array-like of shape (n,)

    Returns
    -------
    numpy.ndarray of shape (k, k)

    References
    ----------
    Berge (2018), fixest, CREA discussion paper 2018-13; MacKinnon, Nielsen and Webb (2023).

    Examples
    --------
    >>> fit = fit_fixed_effects([10, 5, 20, 20, 8, 4, 12, 14], [[0], [1], [0], [0], [1], [2], [1], [1]],
    ...                         [list("aabbccdd"), [2020, 2024] * 4])
    >>> float(np.sqrt(cluster_robust(fit, list("aabbccdd"))[0, 0]).round(4))
    0.071
    """
    labels = np.asarray(clusters)[fit.used]
    sums = cluster_scores(fit, clusters)
    bread = np.linalg.inv(fit.information)
    factor = small_sample_factor(fit.groups, labels, len(fit.coefficients))
    return np.asarray(factor * bread @ (sums.T @ sums) @ bread)


def small_sample_factor(groups: Groups, clusters: Any, regressors: int) -> float:
    """The factor of fixest: G / (G - 1) times (N - 1) / (N - K).

    Parameters
    ----------
    groups : Groups
    clusters : array-like of shape (m,)
        Labels of the used rows.
    regressors : int

    Returns
    -------
    float

    Raises
    ------
    CannotEstimateError
        If a cluster is not named, or there is one only.
    """
    require_names(clusters, "clusters")
    codes, labels = pd.factorize(np.asarray(clusters))
    rows, count = len(codes), len(labels)
    if count < 2:
        raise CannotEstimateError([Problem("model_regions", fields={"found": str(count), "wanted": "2"})])
    nested = [
        len(np.unique(effect * count + codes)) == size for effect, size in zip(groups.codes, groups.sizes, strict=True)
    ]
    free = sum(size - 1 for size, inside in zip(groups.sizes, nested, strict=True) if not inside)
    return count / (count - 1) * (rows - 1) / max(rows - regressors - 1 - free, 1)


def jackknife(
    counts: Any, regressors: Any, fixed_effects: Sequence[Any], offset: Any, clusters: Any, fit: FixedEffectsFit
) -> Jackknife:
    """Leave out each cluster in turn: CRV3 and, from the same refits, what each cluster does to the estimate.

    Parameters
    ----------
    counts, regressors, fixed_effects, offset
        As for :func:`netral_research.model.fixed_effects.fit_fixed_effects`.
    clusters : array-like of shape (n,)
    fit : FixedEffectsFit
        Of all rows.

    Returns
    -------
    Jackknife

    Raises
    ------
    CannotEstimateError
        If a regressor does not vary once a single cluster is left out.

    References
    ----------
    MacKinnon, Nielsen and Webb (2023), Journal of Econometrics 232: 272-299.
    """
    y, x = np.asarray(counts, dtype=np.float64), np.asarray(regressors, dtype=np.float64)
    x = x.reshape(len(y), -1)
    shift = np.zeros(len(y)) if offset is None else np.asarray(offset, dtype=np.float64)
    labels = np.asarray(clusters)
    predictor = np.zeros(len(y))
    predictor[fit.used] = np.log(fit.fitted)
    names = sorted(set(labels[fit.used].tolist()))
    left_out = []
    for name in names:
        keep = fit.used & (labels != name)
        refit = fit_fixed_effects(
            y[keep], x[keep], [np.asarray(effect)[keep] for effect in fixed_effects], shift[keep], predictor[keep]
        )
        left_out.append(refit.coefficients)
    without = np.array(left_out)
    apart = without - fit.coefficients
    return Jackknife(tuple(names), without, (len(names) - 1) / len(names) * apart.T @ apart)


def error_spectrum(fit: FixedEffectsFit, clusters: Any) -> tuple[Array, Array]:
    """How far the jackknife error of each coefficient can be trusted: what bears it, and its scale.

    Where counts are Poisson the squared error is a weighted sum of independent chi-squared variables of one degree
    of freedom. With few treated regions few weights are large, and the t distribution with one degree less than
    there are regions is far too narrow; the error itself is then too large on average. An interval reaches the
    quantile of :func:`jackknife_quantile` times the error divided by the scale.

    Parameters
    ----------
    fit : FixedEffectsFit
        With fixed effects nested within the clusters; others stand among the regressors.
    clusters : array-like of shape (n,)

    Returns
    -------
    weights : numpy.ndarray of shape (k, G)
        Shares of the chi-squared variables in the squared error, ascending, adding to one; missing where the
        coefficient is not determined.
    scales : numpy.ndarray of shape (k,)
        Root of the expected squared error over the true variance.

    References
    ----------
    Bell and McCaffrey (2002), Survey Methodology 28: 169-181; Hansen (2025), Jackknife standard errors for clustered
    regression (scale).

    Examples
    --------
    >>> labels = list("aabbccddee")
    >>> fit = fit_fixed_effects([10, 5, 20, 20, 8, 4, 12, 14, 9, 9], [[0, 0], [1, 1], [0, 0], [0, 1], [0, 0], [1, 1],
    ...                         [0, 0], [0, 1], [0, 0], [0, 1]], [labels])
    >>> weights, scales = error_spectrum(fit, labels)
    >>> bool(1 < 1 / (weights[0] ** 2).sum() < 4), bool(scales[0] > 1)
    (True, True)
    """
    codes, labels = pd.factorize(np.asarray(clusters)[fit.used])
    weights, scales = np.full((len(fit.coefficients), len(labels)), np.nan), np.full(len(fit.coefficients), np.nan)
    known = np.flatnonzero(fit.determined)
    weighted = fit.regressors[:, known] * np.sqrt(fit.fitted)[:, None]
    information = fit.information[np.ix_(known, known)]
    parts = np.stack([weighted[codes == code].T @ weighted[codes == code] for code in range(len(labels))])
    inverse, without = (np.linalg.pinv(one, hermitian=True) for one in (information, information - parts))
    lent = parts @ without
    own = np.einsum("gij,gji->gi", without, lent)
    for place, column in enumerate(known):
        # Covariances of what leaving out each cluster changes.
        spread = np.diag(own[:, place]) - lent[:, :, place] @ inverse @ lent[:, :, place].T
        shares = np.clip(np.linalg.eigvalsh(spread), 0.0, None)
        weights[column] = shares / shares.sum()
        scales[column] = np.sqrt((1 - 1 / len(labels)) * np.trace(spread) / inverse[place, place])
    return weights, scales


def jackknife_quantile(probability: float, weights: Array) -> float:
    """Quantile of a normal variable over the root of a weighted sum of chi-squared variables.

    With equal weights this is Student's t. The t distribution with the degrees of freedom of Bell and McCaffrey only
    approximates unequal ones, and is too wide where fewer than about four regions bear the error.

    Parameters
    ----------
    probability : float
        At least 0.5.
    weights : numpy.ndarray of shape (G,)
        As :func:`error_spectrum` gives them for one coefficient.

    Returns
    -------
    float
        Missing where a weight is.

    References
    ----------
    McCaffrey and Bell (2006), Statistics in Medicine 25: 4081-4098 (same distribution, by saddlepoint); Craig (1991),
    IEEE MILCOM: 571-575 (the integral, which makes it exact).

    Examples
    --------
    >>> round(jackknife_quantile(0.975, np.full(10, 0.1)), 3)
    2.228
    """
    if not np.isfinite(weights).all():
        return float("nan")

    def excess(reach: float) -> float:
        return float(_ANGLE_WEIGHTS @ np.exp(-np.log1p(reach**2 * weights / _SQUARED_SINES).sum(axis=1) / 2)) / 2

    both = min(2 * (1 - probability), excess(0.0))
    return float(optimize.brentq(lambda reach: excess(reach) - both, 0.0, 1e6, xtol=1e-10))
