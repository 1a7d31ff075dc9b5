"""Exact intervals of rates and shares, and two regions compared."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.rates import confint_poisson_2indep, test_poisson_2indep

from netral_research.describe.intervals import compare_rates, exact_rate_interval, exact_share_interval
from netral_research.errors import CannotEstimateError
from netral_research.model.reporting import e_value

# The name would make pytest take it for a test.
other_test = test_poisson_2indep
del test_poisson_2indep


def test_published_limits_and_e_values(benchmarks):
    table = pd.read_csv(benchmarks / "closed_form.csv")
    garwood = table[table["kind"] == "garwood95"]
    lower, upper = exact_rate_interval(garwood["x"], np.ones(len(garwood)))
    assert lower == pytest.approx(garwood["lower"].to_numpy(), abs=1e-6)
    assert upper == pytest.approx(garwood["upper"].to_numpy(), abs=1e-6)
    for row in table[table["kind"] == "evalue"].itertuples():
        assert e_value(row.x, (row.x, row.x)).estimate == pytest.approx(row.lower, abs=5e-3)
    assert len(garwood) + (table["kind"] == "evalue").sum() == len(table)
    for row in yaml.safe_load((benchmarks / "closed_form.yml").read_text(encoding="utf-8"))["expected"]:
        kind, number, *side = row["id"].split("_")
        if kind == "evalue":
            found = e_value(float(number), (float(number), float(number))).limit
        else:
            found = exact_rate_interval([int(number)], [1.0])[side == ["hi"]][0]
        assert found == pytest.approx(row["value"], abs=row["tol"]), row["id"]


def test_limits_of_a_rate_leave_each_tail_its_share():
    lower, upper = exact_rate_interval([7], [2.0], 0.9)
    assert stats.poisson.sf(6, lower[0] * 2) == pytest.approx(0.05)
    assert stats.poisson.cdf(7, upper[0] * 2) == pytest.approx(0.05)


@pytest.mark.parametrize("mean", [0.5, 3.0, 20.0])
def test_exact_intervals_hold_the_truth_at_least_as_often_as_they_say(mean):
    counts = np.random.default_rng(1).poisson(mean, 4000)
    lower, upper = exact_rate_interval(counts, np.ones(4000))
    assert ((lower <= mean) & (mean <= upper)).mean() >= 0.945


def test_limits_of_a_share_leave_each_tail_its_share_and_end_at_none_and_all():
    lower, upper = exact_share_interval([7, 0, 12], [12, 12, 12], 0.9)
    assert stats.binom.sf(6, 12, lower[0]) == pytest.approx(0.05)
    assert stats.binom.cdf(7, 12, upper[0]) == pytest.approx(0.05)
    assert (lower[1], upper[2]) == (0.0, 1.0)


@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.2, 5.0))
def test_two_regions_are_compared_as_statsmodels_does_it(first, second, exposure):
    found = compare_rates((first, exposure), (second, 1.0))
    score = confint_poisson_2indep(first, exposure, second, 1.0, compare="ratio", method="score")
    assert (found.lower, found.upper) == pytest.approx(score, rel=1e-5)
    assert found.p_value == pytest.approx(other_test(first, exposure, second, 1.0, method="exact-cond").pvalue)
    assert found.exact_lower < found.lower < found.ratio < found.upper < found.exact_upper


def test_a_region_without_a_case_still_has_an_interval():
    none, other = compare_rates((0, 10.0), (4, 10.0)), compare_rates((4, 10.0), (0, 10.0))
    assert (none.ratio, none.lower, none.exact_lower) == (0.0, 0.0, 0.0)
    assert (other.ratio, other.upper, other.exact_upper) == (math.inf, math.inf, math.inf)
    assert none.upper == pytest.approx(1 / other.lower)
    assert none.exact_upper == pytest.approx(1 / other.exact_lower)
    assert none.p_value == other.p_value == pytest.approx(0.125)
    # Rounding must not leave a limit just above zero, however many cases the other region has.
    assert compare_rates((0, 1.0), (2000, 1.0)).lower == 0.0
    assert compare_rates((2000, 1.0), (0, 1.0)).upper == math.inf


def test_both_intervals_of_a_ratio_hold_the_truth():
    random = np.random.default_rng(5)
    pairs = random.poisson([6.0, 8.0], (800, 2))
    found = [compare_rates((int(a), 2.0), (int(b), 4.0)) for a, b in pairs if a + b]
    score = np.mean([pair.lower <= 1.5 <= pair.upper for pair in found])
    exact = np.mean([pair.exact_lower <= 1.5 <= pair.exact_upper for pair in found])
    assert 0.93 <= score <= 0.97
    assert exact >= 0.95


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda: exact_rate_interval([1], [0.0]), "model_offset"),
        (lambda: exact_rate_interval([1], [math.nan]), "model_offset"),
        (lambda: exact_rate_interval([-1], [1.0]), "model_values"),
        (lambda: exact_rate_interval([1.5], [1.0]), "model_values"),
        (lambda: exact_rate_interval(["many"], [1.0]), "model_values"),
        (lambda: exact_rate_interval([1], ["many"]), "model_offset"),
        (lambda: exact_rate_interval([math.nan], [1.0]), "model_values"),
        (lambda: exact_share_interval([5], [4]), "model_values"),
        (lambda: exact_share_interval([0], [0]), "model_offset"),
        (lambda: compare_rates((0, 1.0), (0, 1.0)), "model_zeros"),
        (lambda: compare_rates((1, 1.0), (2, 0.0)), "model_offset"),
    ],
)
def test_what_cannot_be_compared_is_refused(call, key):
    with pytest.raises(CannotEstimateError) as refused:
        call()
    assert refused.value.problems[0].key == key
