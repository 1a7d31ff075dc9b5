"""Moran's I agrees with published numbers and with plain loops, and refuses what has no answer."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from netral_research.errors import CannotEstimateError
from netral_research.model.fixed_effects import fit_fixed_effects
from netral_research.robustness.moran import moran_test, moran_test_of_rates, moran_test_of_residuals
from netral_research.robustness.neighbours import row_standardised

HERE = Path(__file__).parent


def published_set(name):
    """Values and neighbours of a textbook set, from the data of PySAL (BSD)."""
    table = pd.read_csv(HERE / f"{name}.csv", dtype={"region": "str", "neighbours": "str"})
    place = {region: number for number, region in enumerate(table["region"])}
    links = np.zeros((len(table), len(table)))
    for region, cell in zip(table["region"], table["neighbours"], strict=True):
        for other in cell.split(";"):
            links[place[region], place[other]] = 1.0
    return table, row_standardised(table["region"].tolist(), links)


def test_crime_in_columbus_has_the_published_statistic_and_variance():
    # Anselin (1988); R package spdep, moran.test on the neighbours of the PySAL file.
    table, neighbours = published_set("columbus")
    test = moran_test(table["value"].to_numpy(), neighbours, permutations=99, seed=1)
    assert test.statistic == pytest.approx(0.500188557, abs=1e-7)
    assert test.expected == pytest.approx(-0.020833333, abs=1e-9)
    assert test.variance_randomisation == pytest.approx(0.008689289, abs=1e-8)
    assert test.p_permutation == 0.01


def test_homicides_around_saint_louis_have_the_published_p():
    # Example of the Python package esda, Moran.
    table, neighbours = published_set("saint_louis")
    test = moran_test(table["value"].to_numpy(), neighbours, permutations=99, seed=1)
    assert round(test.statistic, 3) == 0.244
    assert test.expected == pytest.approx(-0.012987012987012988, rel=1e-12)
    assert test.p_normality == pytest.approx(0.00027147862770937614, rel=1e-6)


def test_infant_deaths_in_north_carolina_have_the_published_statistic_of_rates():
    # Example of the Python package esda, Moran_Rate: 0.1662, one-sided p 0.0042.
    table, neighbours = published_set("north_carolina")
    counts, births = table["value"].to_numpy(), table["population"].to_numpy()
    test = moran_test_of_rates(counts, births, neighbours, permutations=99, seed=1)
    assert round(test.statistic, 4) == 0.1662
    assert round(test.p_normality / 2, 4) == 0.0042


def looped_statistic(values, weights):
    n, mean = len(values), sum(values) / len(values)
    above = total = 0.0
    for i, j in itertools.product(range(n), range(n)):
        above += weights[i][j] * (values[i] - mean) * (values[j] - mean)
        total += weights[i][j]
    return n / total * above / sum((value - mean) ** 2 for value in values)


def uneven_neighbours(n, seed):
    random = np.random.default_rng(seed)
    links = random.uniform(0.1, 1.0, (n, n)) * (random.uniform(size=(n, n)) < 0.5)
    links[np.arange(n), (np.arange(n) + 1) % n] = 0.3
    return row_standardised([f"R{number}" for number in range(n)], links)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_statistic_equals_plain_loops_where_weights_are_uneven(seed):
    neighbours = uneven_neighbours(11, seed)
    values = np.random.default_rng(seed).gamma(1.0, size=11)
    test = moran_test(values, neighbours, permutations=1, seed=1)
    assert test.statistic == pytest.approx(looped_statistic(values, neighbours.weights), rel=1e-12)


def test_the_variance_under_randomisation_is_that_of_all_permutations():
    neighbours = uneven_neighbours(7, 4)
    values = np.array([0.0, 1.0, 1.5, 4.0, 9.0, 2.0, 0.5])
    every = [looped_statistic(list(order), neighbours.weights) for order in itertools.permutations(values)]
    test = moran_test(values, neighbours, permutations=4999, seed=5)
    assert test.expected == pytest.approx(np.mean(every), abs=1e-12)
    assert test.variance_randomisation == pytest.approx(np.var(every), rel=1e-9)
    exact = np.mean(np.abs(np.array(every) - test.expected) >= abs(test.statistic - test.expected) - 1e-12)
    assert test.p_permutation == pytest.approx(exact, abs=0.02)


def test_the_variance_under_normality_is_that_of_normal_draws():
    neighbours = uneven_neighbours(9, 6)
    random = np.random.default_rng(7)
    drawn = random.normal(size=(20_000, 9))
    drawn -= drawn.mean(axis=1, keepdims=True)
    moved = np.einsum("bi,ij,bj->b", drawn, neighbours.weights, drawn)
    every = 9 / neighbours.weights.sum() * moved / (drawn**2).sum(axis=1)
    test = moran_test(drawn[0], neighbours, permutations=1, seed=1)
    assert test.variance_normality == pytest.approx(every.var(), rel=0.05)


def test_islands_are_left_out_and_named():
    inner = uneven_neighbours(8, 8)
    links = np.zeros((10, 10))
    links[:8, :8] = inner.weights
    with_islands = row_standardised([*inner.codes, "S", "T"], links)
    values = np.random.default_rng(9).normal(size=10)
    test = moran_test(values, with_islands, permutations=49, seed=1)
    alone = moran_test(values[:8], inner, permutations=49, seed=1)
    assert test.islands == ("S", "T")
    assert test.n_regions == 8
    assert test.statistic == pytest.approx(alone.statistic, rel=1e-12)
    assert test.p_permutation == alone.p_permutation


def test_independent_values_are_rejected_as_often_as_promised():
    neighbours = uneven_neighbours(30, 10)
    random = np.random.default_rng(11)
    tests = [moran_test(random.normal(size=30), neighbours, permutations=99, seed=seed) for seed in range(300)]
    for kind in ("p_normality", "p_randomisation", "p_permutation"):
        assert 0.02 <= np.mean([getattr(test, kind) <= 0.05 for test in tests]) <= 0.085


def test_small_populations_do_not_make_rates_look_clustered():
    # Two far ends of a chain have few people, so their rates swing most; nothing else is there.
    n = 40
    links = np.eye(n, k=1) + np.eye(n, k=-1)
    chain = row_standardised([f"R{number}" for number in range(n)], links)
    people = np.where(np.arange(n) < 10, 200, 20_000)
    random = np.random.default_rng(12)
    found = [
        moran_test_of_rates(random.poisson(0.01 * people), people, chain, permutations=99, seed=seed).p_permutation
        for seed in range(150)
    ]
    assert np.mean(np.array(found) <= 0.05) <= 0.09


def test_residuals_that_neighbours_share_are_found_and_others_are_not():
    links = np.roll(np.eye(34), 1, axis=1) + np.roll(np.eye(34), -1, axis=1)
    neighbours = row_standardised([f"R{number}" for number in range(34)], links)
    random = np.random.default_rng(14)
    noise = random.normal(size=(34, 5))
    shared = np.linalg.solve(np.eye(34) - 0.8 * neighbours.weights, noise)
    missing = random.uniform(size=(34, 5)) < 0.3
    for residuals, found in ((shared, True), (noise, False)):
        within = residuals - residuals.mean(axis=1, keepdims=True)
        told = np.where(missing, np.nan, within)
        assert (moran_test_of_residuals(told, neighbours, permutations=199, seed=1)[2] <= 0.05) is found


def test_residuals_of_a_fit_are_rejected_as_often_as_promised():
    links = np.roll(np.eye(38), 1, axis=1) + np.roll(np.eye(38), -1, axis=1)
    neighbours = row_standardised([f"R{number}" for number in range(38)], links)
    random = np.random.default_rng(15)
    places = np.indices((38, 7)).reshape(2, -1)
    found = []
    for seed in range(200):
        dose, risk = random.poisson(1.5, 266), random.normal(0, 0.5, (38, 1)) + random.normal(0, 0.4, (38, 7))
        fit = fit_fixed_effects(random.poisson(12 * np.exp(risk.ravel())), dose, places, None)
        residuals = (fit.residuals / np.sqrt(fit.fitted)).reshape(38, 7)
        found.append(moran_test_of_residuals(residuals, neighbours, permutations=199, seed=seed)[2])
    assert 0.02 <= np.mean(np.array(found) <= 0.05) <= 0.085


def test_residuals_without_gaps_equal_plain_loops():
    neighbours = uneven_neighbours(6, 15)
    residuals = np.random.default_rng(16).normal(size=(6, 3))
    above = sum(
        neighbours.weights[i, j] * residuals[i, t] * residuals[j, t]
        for i, j, t in itertools.product(range(6), range(6), range(3))
    )
    pairs, size = 3 * neighbours.weights.sum(), (residuals**2).mean()
    assert moran_test_of_residuals(residuals, neighbours, 9, 1)[0] == pytest.approx(above / pairs / size, rel=1e-12)


def test_the_same_seed_gives_the_same_p_and_another_seed_another():
    neighbours = uneven_neighbours(12, 17)
    values = np.random.default_rng(18).normal(size=12)
    first, again, other = (moran_test(values, neighbours, 999, seed).p_permutation for seed in (1, 1, 2))
    assert first == again != other


PAIR = row_standardised(list("ABC"), np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]]))
RING = row_standardised(list("ABCDE"), np.roll(np.eye(5), 1, axis=1))
FIVE = np.array([1.0, 2.0, 3.0, 4.0, 7.0])


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: moran_test(np.array([1.0, 2.0, 3.0]), PAIR, 9, 1), "space_regions"),
        (lambda: moran_test(np.full(5, 2.5), RING, 9, 1), "space_constant"),
        (lambda: moran_test(np.array([1.0, np.nan, 3.0, 4.0, 5.0]), RING, 9, 1), "space_missing"),
        (lambda: moran_test_of_rates(np.zeros(5), FIVE, RING, 9, 1), "model_zeros"),
        (lambda: moran_test_of_rates(FIVE, np.array([1.0, 0.0, 1.0, 1.0, 1.0]), RING, 9, 1), "space_population"),
        (lambda: moran_test_of_rates(FIVE, 10 * FIVE, RING, 9, 1), "space_constant"),
        (lambda: moran_test_of_residuals(np.zeros((5, 2)), RING, 9, 1), "space_constant"),
        (lambda: moran_test_of_residuals(np.full((5, 2), np.nan), RING, 9, 1), "space_regions"),
    ],
)
def test_what_has_no_answer_is_refused_with_its_reason(call, reason):
    with pytest.raises(CannotEstimateError) as refused:
        call()
    assert refused.value.problems[0].key == reason
