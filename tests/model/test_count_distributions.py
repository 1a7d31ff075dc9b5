"""Probabilities of counts, of ranges of counts and of sums of counts, against scipy and enumeration."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from netral_research.model.count_distributions import log_cdf, log_interval, log_pmf
from netral_research.model.count_sums import counts_given_sum

DISPERSIONS = (0.0, 1e-3, 0.3, 5.0)


def family(mean, dispersion):
    return stats.nbinom(1 / dispersion, 1 / (1 + dispersion * mean)) if dispersion else stats.poisson(mean)


@pytest.fixture
def cases():
    random = np.random.default_rng(4)
    lower = random.integers(0, 60, 200)
    upper = np.where(np.arange(200) % 4 == 0, np.inf, lower + random.integers(0, 9, 200))
    return lower, upper, random.normal(2, 1, 200)


@pytest.mark.parametrize("dispersion", DISPERSIONS)
def test_single_counts_are_as_probable_as_scipy_says(cases, dispersion):
    counts, _, log_mean = cases
    expected = family(np.exp(log_mean), dispersion).logpmf(counts)
    assert log_pmf(counts, log_mean, dispersion).value == pytest.approx(expected, rel=1e-9)


def test_a_vanishing_dispersion_gives_the_poisson_distribution(cases):
    counts, _, log_mean = cases
    poisson = log_pmf(counts, log_mean)
    for dispersion in (1e-13, 1e-300):
        close = log_pmf(counts, log_mean, dispersion)
        assert close.value == pytest.approx(poisson.value, abs=1e-9)
        assert close.by_dispersion == pytest.approx(poisson.by_dispersion, rel=1e-6)


@pytest.mark.parametrize("dispersion", DISPERSIONS)
def test_ranges_are_as_probable_as_scipy_says(cases, dispersion):
    lower, upper, log_mean = cases
    known = family(np.exp(log_mean), dispersion)
    expected = np.where(np.isinf(upper), known.sf(lower - 1), known.cdf(upper) - known.cdf(lower - 1))
    found = log_interval(lower, upper, log_mean, dispersion).value
    clear = expected > 1e-6
    assert found[clear] == pytest.approx(np.log(expected[clear]), abs=1e-8)
    assert log_cdf(lower, log_mean, dispersion).value == pytest.approx(known.logcdf(lower), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("dispersion", DISPERSIONS)
def test_derivatives_are_those_of_the_values(cases, dispersion):
    lower, upper, log_mean = cases
    found, step = log_interval(lower, upper, log_mean, dispersion), 1e-5
    above, below = (log_interval(lower, upper, log_mean + move, dispersion).value for move in (step, -step))
    assert found.by_log_mean == pytest.approx((above - below) / (2 * step), rel=1e-5, abs=1e-6)
    if dispersion:
        step *= dispersion
        above, below = (log_interval(lower, upper, log_mean, dispersion + move).value for move in (step, -step))
        assert found.by_dispersion == pytest.approx((above - below) / (2 * step), rel=1e-5, abs=1e-4)


def test_tails_beyond_the_smallest_number_a_computer_holds_stay_finite_and_right():
    # P(Y >= 900) at mean 1 is about exp(-1) / 900!, far below 1e-308; its first term rules it.
    high = log_interval([900], [np.inf], [0.0])
    assert high.value[0] == pytest.approx(stats.poisson.logpmf(900, 1) + np.log1p(1 / 901), abs=1e-5)
    assert high.by_log_mean[0] == pytest.approx(899, abs=0.01)
    low = log_interval([0], [3], [8.0])
    assert low.value[0] == pytest.approx(-np.exp(8) + np.log(np.exp(24) / 6), abs=0.01)
    assert low.by_log_mean[0] == pytest.approx(3 - np.exp(8), abs=0.01)


def test_a_certain_range_has_no_slope():
    certain = log_interval([0, 0], [np.inf, 400], [1.0, 1.0], 0.2)
    assert certain.value == pytest.approx([0, 0], abs=1e-12)
    assert certain.by_log_mean == pytest.approx([0, 0], abs=1e-12)
    assert certain.by_dispersion == pytest.approx([0, 0], abs=1e-10)


@pytest.mark.parametrize("dispersion", [0.0, 0.4])
@pytest.mark.parametrize("total", [1, 3, 7, 10])
def test_a_sum_within_limits_is_as_probable_as_counting_every_case_says(dispersion, total):
    lower, upper = np.array([0.0, 0.0, 1.0, 0.0]), np.array([3.0, 3.0, 3.0, np.inf])
    log_mean = np.array([0.5, -2.0, 3.0, 1.0])
    singles = [family(mean, dispersion) for mean in np.exp(log_mean)]
    weights = {
        counts: np.prod([single.pmf(count) for single, count in zip(singles, counts, strict=True)])
        for counts in itertools.product(range(4), range(4), range(1, 4), range(total + 1))
        if sum(counts) == total
    }
    found = counts_given_sum(total, lower, upper, log_mean, dispersion)
    assert found.log_probability == pytest.approx(np.log(sum(weights.values())), abs=1e-12)
    expected = sum(np.array(counts) * weight for counts, weight in weights.items()) / sum(weights.values())
    assert (found.values * found.probabilities).sum(axis=1) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("dispersion", [0.0, 0.4])
def test_derivatives_of_a_sum_are_those_of_its_probability(dispersion):
    lower, upper, log_mean = np.zeros(5), np.array([4.0, 4, 4, 4, np.inf]), np.array([0.5, -2.0, 3.0, 1.0, 0.0])

    def value(log_mean, dispersion):
        return counts_given_sum(9, lower, upper, log_mean, dispersion).log_probability

    found, step = counts_given_sum(9, lower, upper, log_mean, dispersion), 1e-5
    for place, move in enumerate(np.eye(5) * step):
        slope = (value(log_mean + move, dispersion) - value(log_mean - move, dispersion)) / (2 * step)
        assert found.by_log_mean[place] == pytest.approx(slope, abs=1e-7)
    if dispersion:
        slope = (value(log_mean, dispersion + step) - value(log_mean, dispersion - step)) / (2 * step)
        assert found.by_dispersion.sum() == pytest.approx(slope, abs=1e-7)


def test_totals_at_and_near_their_limits_are_exact():
    limits, log_mean = np.full(28, 30.0), np.linspace(-1, 4, 28)
    full = counts_given_sum(840, np.zeros(28), limits, log_mean)
    assert full.log_probability == pytest.approx(log_pmf(limits, log_mean).value.sum(), abs=1e-9)
    none = counts_given_sum(0, np.zeros(28), limits, log_mean)
    assert none.log_probability == pytest.approx(-np.exp(log_mean).sum(), abs=1e-9)
    # Without limits the sum of Poisson counts is Poisson again, even where it is all but impossible.
    open_ended = counts_given_sum(2_000, np.zeros(28), np.full(28, np.inf), log_mean)
    expected = stats.poisson.logpmf(2_000, np.exp(log_mean).sum())
    assert open_ended.log_probability == pytest.approx(expected, abs=1e-8)
