"""Probabilities of counts and limits, against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from netral_research.model.measurement.negative_binomial import distribution, log_probability

CASES = [
    (3, 3, 2.0, 0.5),
    (0, 7, 9.0, 0.3),
    (4, np.inf, 1.5, 0.8),
    (2, 6, 30.0, 0.2),
    (0, 0, 0.4, 1.2),
    (5, 9, 0.3, 0.1),
]


def by_scipy(lower: float, upper: float, mean: float, dispersion: float) -> float:
    law = stats.nbinom(1 / dispersion, 1 / (1 + dispersion * mean))
    counts = np.arange(lower, (2000 if np.isinf(upper) else upper) + 1)
    return float(law.pmf(counts).sum())


@pytest.mark.parametrize("case", CASES)
def test_the_probability_between_limits_is_the_sum_of_the_counts_inside(case):
    terms = log_probability(*(np.array([part], dtype="float64") for part in (*case[:2], np.log(case[2]), case[3])))
    assert np.exp(terms.value[0]) == pytest.approx(by_scipy(*case), rel=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_its_derivatives_are_those_of_finite_differences(case):
    lower, upper, _, dispersion = (np.array([part], dtype="float64") for part in case)
    centre, step = np.log(case[2]), 1e-5

    def at(log_mean):
        return log_probability(lower, upper, np.array([log_mean]), dispersion)

    first = (at(centre + step).value - at(centre - step).value) / (2 * step)
    second = (at(centre + step).first - at(centre - step).first) / (2 * step)
    assert at(centre).first == pytest.approx(first, abs=1e-7)
    assert at(centre).second == pytest.approx(second, abs=1e-7)


def test_a_limit_far_from_the_mean_keeps_a_finite_probability_and_a_slope_towards_it():
    ends = np.array([0.0, 4000.0]), np.array([3.0, np.inf])
    terms = log_probability(*ends, np.array([16.0, -16.0]), np.array([0.01, 0.01]))
    assert np.isfinite(terms.value).all()
    assert terms.first[0] < 0 < terms.first[1]


def test_the_distribution_function_is_scipys():
    counts = np.arange(6.0)
    law = stats.nbinom(2, 1 / (1 + 0.5 * 3))
    assert distribution(counts, np.full(6, 3.0), np.full(6, 0.5)) == pytest.approx(law.cdf(counts), rel=1e-12)
