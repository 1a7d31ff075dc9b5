"""Standard errors that allow rows of one region to hang together, and the jackknife that leaves out each region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from netral_research.model.absorb import Array, Groups
from netral_research.model.fixed_effects import FixedEffectsFit, fit_fixed_effects


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
    """
    codes, labels = pd.factorize(np.asarray(clusters))
    rows, count = len(codes), len(labels)
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


def effective_degrees(fit: FixedEffectsFit, clusters: Any) -> tuple[Array, Array]:
    """How far the jackknife error of each coefficient can be trusted: its degrees of freedom and its scale.

    With few treated regions the error rests on those alone, and the t distribution with one degree less than there
    are regions is far too narrow; the error itself is then too large on average. Both follow from the mean and the
    variance that the squared error has where counts are Poisson, by the scaled chi-squared distribution with the same
    two. An interval reaches the t quantile times the error divided by the scale.

    Parameters
    ----------
    fit : FixedEffectsFit
        With fixed effects nested within the clusters; others stand among the regressors.
    clusters : array-like of shape (n,)

    Returns
    -------
    degrees : numpy.ndarray of shape (k,)
        At least 1 and at most the clusters minus one; missing where the coefficient is not determined.
    scales : numpy.ndarray of shape (k,)
        Root of the expected squared error over the true variance.

    References
    ----------
    Bell and McCaffrey (2002), Survey Methodology 28: 169-181; Hansen (2025), Jackknife standard errors for clustered
    regression (adjusted degrees of freedom and scale).

    Examples
    --------
    >>> labels = list("aabbccddee")
    >>> fit = fit_fixed_effects([10, 5, 20, 20, 8, 4, 12, 14, 9, 9], [[0, 0], [1, 1], [0, 0], [0, 1], [0, 0], [1, 1],
    ...                         [0, 0], [0, 1], [0, 0], [0, 1]], [labels])
    >>> degrees, scales = effective_degrees(fit, labels)
    >>> bool(1 < degrees[0] < 4), bool(scales[0] > 1)
    (True, True)
    """
    codes, labels = pd.factorize(np.asarray(clusters)[fit.used])
    degrees, scales = np.full((2, len(fit.coefficients)), np.nan)
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
        degrees[column] = np.trace(spread) ** 2 / (spread**2).sum()
        scales[column] = np.sqrt((1 - 1 / len(labels)) * np.trace(spread) / inverse[place, place])
    return np.clip(degrees, 1.0, max(len(labels) - 1, 1)), scales
