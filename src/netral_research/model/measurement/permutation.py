"""Shuffled histories in the measurement model: one step from the fit without a dose for each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import linalg, sparse

from netral_research.model.measurement.fit import MeasurementFit
from netral_research.model.measurement.histories import Histories
from netral_research.model.measurement.posterior import FIXED_SPREAD, Posterior

# Shuffled histories at a time: bounds the memory, not the result.
AT_ONCE = 100


@dataclass(frozen=True)
class ShuffledDose:
    """Estimates of the within part when regions exchange their whole histories.

    Parameters
    ----------
    estimate : float
        Log rate ratio of the histories as they were, by the same step as the shuffled ones.
    shuffled : numpy.ndarray of shape (draws,)
    """

    estimate: float
    shuffled: np.ndarray

    @property
    def p_value(self) -> float:
        """Two-sided, around the shuffled mean: a dose with a trend in time does not scatter around no association."""
        distance = np.abs(self.shuffled - self.shuffled.mean())
        as_far = distance >= abs(self.estimate - self.shuffled.mean()) * (1 - 1e-12)
        return float((1 + as_far.sum()) / (len(self.shuffled) + 1))


def permute_histories(
    null: MeasurementFit, histories: Histories, units: list[str], strata: Mapping[str, str], draws: int, seed: int
) -> ShuffledDose:
    """Take one Newton step from the fit without a dose towards that with each shuffled history.

    The spreads stay at those of the fit without a dose, which no shuffle changes.

    Parameters
    ----------
    null : MeasurementFit
        Of the same observations, without a dose.
    histories : Histories
    units : list of str
        Regions in the order of ``histories``.
    strata : mapping of str to str
        Histories are exchanged within groups only.
    draws, seed : int

    Returns
    -------
    ShuffledDose

    References
    ----------
    MacKinnon and Webb (2020), Journal of Econometrics 218: 435-450.
    """
    step = _Step.of(null)
    orders = shuffled_orders(units, strata, draws, seed)
    chunks = [orders[begin : begin + AT_ONCE] for begin in range(0, len(orders), AT_ONCE)]
    found = np.concatenate(Parallel()(delayed(_estimate)(step, histories, chunk) for chunk in chunks))
    return ShuffledDose(float(found[0]), found[1:])


def shuffled_orders(units: list[str], strata: Mapping[str, str], draws: int, seed: int) -> np.ndarray:
    """Whose history each region is given.

    Parameters
    ----------
    units : list of str
    strata : mapping of str to str
    draws, seed : int

    Returns
    -------
    numpy.ndarray of shape (draws + 1, r)
        Places in ``units``; the first row leaves everything as it was.

    Examples
    --------
    >>> shuffled_orders(["11", "12"], {"11": "west", "12": "east"}, draws=1, seed=1).tolist()
    [[0, 1], [0, 1]]
    """
    random = np.random.default_rng(seed)
    groups = pd.Series([strata[unit] for unit in units]).groupby([strata[unit] for unit in units]).indices
    orders = np.tile(np.arange(len(units)), (draws + 1, 1))
    for members in groups.values():
        orders[1:, members] = random.permuted(np.tile(members, (draws, 1)), axis=1)
    return orders


@dataclass(frozen=True)
class _Step:
    """The log likelihood around the fit without a dose, in the linear predictors, and what all effects take up."""

    score: np.ndarray
    information: sparse.csr_array
    across: np.ndarray

    @classmethod
    def of(cls, null: MeasurementFit) -> _Step:
        posterior = Posterior(null.design)
        score, information = posterior.predictor_terms(null.mode, null.log_spreads)
        _, first, _ = posterior.scales(null.mode, null.log_spreads)
        _, _, negative = posterior.derivatives(null.mode, null.log_spreads)
        matrix = null.design.matrix.toarray() * first
        factor = linalg.cholesky(negative, lower=True)
        return cls(score, information, linalg.solve_triangular(factor, (information @ matrix).T, lower=True))

    def estimate(self, within: np.ndarray, between: np.ndarray) -> np.ndarray:
        """Coefficient of the within part beside the between part, one column of each a draw."""
        left, right = self.across @ within, self.across @ between
        weighted = self.information @ within

        def remaining(one: np.ndarray, other: np.ndarray) -> np.ndarray:
            return np.asarray(one.sum(axis=0) - other.sum(axis=0))

        of_within = remaining(within * weighted, left**2) + FIXED_SPREAD**-2
        of_both = remaining(between * weighted, left * right)
        of_between = remaining(between * (self.information @ between), right**2) + FIXED_SPREAD**-2
        gradient, beside = self.score @ within, self.score @ between
        return np.asarray((of_between * gradient - of_both * beside) / (of_within * of_between - of_both**2))


def _estimate(step: _Step, histories: Histories, orders: np.ndarray) -> np.ndarray:
    parts = [histories.split(order) for order in orders]
    return step.estimate(*(np.column_stack(columns) for columns in zip(*parts, strict=True)))
