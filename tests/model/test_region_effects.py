"""Estimates by region: lme4's published numbers, brute-force integrals, known truths, and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from netral_research.errors import CannotEstimateError
from netral_research.model.quadrature import GroupedCounts, marginal_likelihood
from netral_research.model.region_effects import fit_region_effects
from netral_research.model.region_estimates import name_regions, region_table


def panel(seed, regions=38, cycles=7, spread=0.6, slope_spread=0.0, correlation=0.0, effect=-0.3):
    random = np.random.default_rng(seed)
    region = np.repeat(np.arange(regions), cycles)
    dose, size = random.normal(0, 1, len(region)), random.normal(1, 0.5, len(region))
    standard = random.normal(size=(regions, 2))
    intercept = spread * standard[:, 0]
    slope = slope_spread * (correlation * standard[:, 0] + np.sqrt(1 - correlation**2) * standard[:, 1])
    count = random.poisson(np.exp(1 + size + intercept[region] + (effect + slope[region]) * dose))
    names = [f"{one:02d}" for one in region]
    return pd.DataFrame({"region": names, "dose": dose, "size": size, "count": count}), intercept, effect + slope


def grouped(nodes, varying, places):
    table, _, _ = panel(1, regions=4, cycles=5)
    design = np.column_stack([np.ones(20), table["dose"]])
    counts, offset = table["count"].to_numpy(dtype=float), table["size"].to_numpy()
    return GroupedCounts(counts, offset, design, design[:, :varying], np.arange(0, 20, 5), places, nodes)


ONE, TWO = ((0, 0),), ((0, 0), (1, 0), (1, 1))


def density(data, group, effect, coefficients):
    rows = data.group == group
    log_mean = data.offset[rows] + data.design[rows] @ coefficients + data.varying[rows] @ effect
    return float(np.exp(stats.poisson.logpmf(data.counts[rows], np.exp(log_mean)).sum()))


def test_the_likelihood_of_intercepts_is_the_integral():
    data, deviation = grouped(25, 1, ONE), 0.7
    found, _ = marginal_likelihood(np.array([1.0, -0.3, deviation]), data)

    def integrand(effect, group):
        return density(data, group, np.array([effect]), [1.0, -0.3]) * stats.norm.pdf(effect, 0, deviation)

    integrals = [
        integrate.quad(integrand, -5, 5, args=(group,), epsabs=0, epsrel=1e-11, limit=400)[0] for group in range(4)
    ]
    assert found == pytest.approx(np.log(integrals).sum(), abs=1e-8)


def test_the_likelihood_of_intercepts_and_slopes_is_the_integral():
    every, root = grouped(20, 2, TWO), np.array([[0.7, 0.0], [-0.2, 0.4]])
    data = GroupedCounts(
        every.counts[:5], every.offset[:5], every.design[:5], every.varying[:5], np.array([0]), TWO, every.nodes
    )
    found, _ = marginal_likelihood(np.array([1.0, -0.3, 0.7, -0.2, 0.4]), data)
    grid, step = np.linspace(-4.5, 4.5, 46, retstep=True)
    integral = sum(
        density(data, 0, root @ [one, two], [1.0, -0.3]) * stats.norm.pdf(one) * stats.norm.pdf(two) * step**2
        for one in grid
        for two in grid
    )
    assert found == pytest.approx(np.log(integral), abs=1e-5)


@pytest.mark.parametrize("nodes", [1, 2, 9])
@pytest.mark.parametrize(("varying", "places"), [(1, ONE), (2, TWO), (2, ((0, 0), (1, 1)))])
def test_the_gradient_is_that_of_the_approximation(nodes, varying, places):
    data, step = grouped(nodes, varying, places), 1e-5
    parameters = np.array([0.9, -0.2, 0.5, 0.2, 0.3])[: 2 + len(places)]
    _, gradient = marginal_likelihood(parameters, data)
    slopes = [
        (marginal_likelihood(parameters + move, data)[0] - marginal_likelihood(parameters - move, data)[0]) / (2 * step)
        for move in np.eye(len(parameters)) * step
    ]
    assert gradient == pytest.approx(slopes, abs=1e-6)


def test_simulated_intercepts_are_recovered():
    estimates, held = [], []
    for seed in range(12):
        table, intercept, _ = panel(seed)
        fit = fit_region_effects(table, ["dose"], region="region", offset="size", nodes=5)
        estimates.append([*fit.coefficients, fit.region_covariance[0, 0] ** 0.5])
        estimated = region_table(fit, "intercept", 0.95, 200, seed=1)
        held.append(estimated["lower"].lt(np.exp(intercept)) & estimated["upper"].gt(np.exp(intercept)))
    assert np.mean(estimates, axis=0) == pytest.approx([1.0, -0.3, 0.6], abs=0.06)
    assert 0.92 < np.mean(held) < 0.98


def test_simulated_slopes_are_recovered():
    estimates, held = [], []
    for seed in range(8):
        table, _, slopes = panel(seed, slope_spread=0.4, correlation=-0.5)
        fit = fit_region_effects(table, ["dose"], region="region", slope="dose", offset="size", nodes=1)
        root = np.sqrt(np.diag(fit.region_covariance))
        estimates.append([*fit.coefficients, *root, fit.region_covariance[0, 1] / root.prod()])
        estimated = region_table(fit, "dose", 0.95, 200, seed=1)
        held.append(estimated["lower"].lt(np.exp(slopes)) & estimated["upper"].gt(np.exp(slopes)))
    assert np.mean(estimates, axis=0) == pytest.approx([1.0, -0.3, 0.6, 0.4, -0.5], abs=0.1)
    assert 0.91 < np.mean(held) < 0.99


def test_uncorrelated_slopes_have_no_covariance_and_a_lower_likelihood():
    table, _, _ = panel(3, slope_spread=0.4, correlation=-0.5)
    fits = [
        fit_region_effects(table, ["dose"], region="region", slope="dose", offset="size", nodes=1, correlated=one)
        for one in (True, False)
    ]
    assert fits[1].region_covariance[0, 1] == 0
    assert fits[0].log_likelihood > fits[1].log_likelihood


def test_regions_that_do_not_differ_leave_a_variance_of_zero_and_nothing_to_name():
    region = np.repeat(np.arange(12), 6)
    table = pd.DataFrame({"region": region, "dose": np.tile([0, 1], 36), "count": np.tile([8, 6], 36)})
    fit = fit_region_effects(table, ["dose"], region="region")
    assert fit.at_boundary
    assert fit.region_covariance[0, 0] == pytest.approx(0, abs=1e-5)
    assert np.isnan(fit.region_variance_errors).all()
    # Without differences between regions it is the Poisson regression of two means.
    assert fit.coefficients == pytest.approx([np.log(8), np.log(6 / 8)], abs=1e-5)
    assert fit.standard_errors[1] == pytest.approx(np.sqrt(1 / 288 + 1 / 216), rel=1e-3)
    estimated = region_table(fit, "intercept", 0.95, 100, seed=1)
    assert estimated["rate_ratio"].to_numpy() == pytest.approx(1, abs=1e-4)
    assert estimated["lower"].isna().all()
    assert name_regions(estimated).empty


def test_slopes_that_do_not_differ_leave_the_intercepts_their_intervals():
    region = np.repeat(np.arange(10), 2)
    level = np.repeat([4, 8, 12, 16, 20, 28, 32, 40, 60, 80], 2)
    table = pd.DataFrame(
        {"region": region, "dose": np.tile([0, 1], 10), "count": np.where(np.arange(20) % 2, level // 2, level)}
    )
    fit = fit_region_effects(table, ["dose"], region="region", slope="dose", nodes=1, correlated=False)
    assert fit.at_boundary
    assert np.isnan(fit.region_variance_errors).tolist() == [False, True]
    assert fit.coefficients[1] == pytest.approx(np.log(0.5), abs=1e-4)
    plain = fit_region_effects(table, ["dose"], region="region", nodes=1)
    both = [region_table(one, "intercept", 0.95, 100, seed=1)[["lower", "upper"]] for one in (fit, plain)]
    assert both[0].to_numpy() == pytest.approx(both[1].to_numpy(), rel=1e-3)
    slopes = region_table(fit, "dose", 0.95, 100, seed=1)
    assert slopes["rate_ratio"].to_numpy() == pytest.approx(0.5, abs=1e-3)
    assert name_regions(slopes).empty


def test_only_regions_whose_interval_excludes_one_are_named_and_pooling_is_what_decides():
    counts = {"00": [40, 50], "01": [0, 1], "02": [9, 12], "03": [12, 8], "04": [10, 11], "05": [8, 9]}
    rows = [(name, count) for name, pair in counts.items() for count in pair]
    table = pd.DataFrame(rows, columns=["region", "count"]).assign(dose=[0, 1] * 6)
    fit = fit_region_effects(table, ["dose"], region="region")
    estimated = region_table(fit, "intercept", 0.95, 2_000, seed=1).set_index("region")
    named = name_regions(estimated.reset_index())
    assert named[["region", "side"]].to_numpy().tolist() == [["00", "above"], ["01", "below"]]
    # The smallest counts are pulled to the mean most.
    own = {name: np.log(sum(pair) / 2) - fit.coefficients[0] for name, pair in counts.items() if sum(pair)}
    pulled = np.log(estimated["rate_ratio"])
    assert abs(pulled["01"] / own["01"]) < abs(pulled["00"] / own["00"]) < 1
    assert estimated.loc["00", ["rank", "rank_lower", "rank_upper"]].tolist() == [1, 1, 1]
    assert estimated.loc["04", "rank_upper"] - estimated.loc["04", "rank_lower"] >= 2
    assert estimated.loc["00", "probability_above_1"] > 0.99


def test_the_order_of_rows_changes_nothing():
    table, _, _ = panel(2, regions=10)
    first, second = (
        fit_region_effects(rows, ["dose"], region="region", offset="size", nodes=3)
        for rows in (table, table.sample(frac=1, random_state=1))
    )
    assert first.regions == second.regions
    assert first.effects == pytest.approx(second.effects, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "slope", "key"),
    [
        ({"region": "11"}, None, "model_regions"),
        ({"count": 0}, None, "model_zeros"),
        ({"size": np.nan}, None, "model_offset"),
        ({"dose": 1.0}, None, "model_no_variation"),
        ({"dose": 1.0}, "dose", "model_no_variation"),
        ({}, "size_of_nothing", "model_no_variation"),
    ],
)
def test_a_panel_that_cannot_bear_the_model_is_refused(change, slope, key):
    table, _, _ = panel(2, regions=10)
    with pytest.raises(CannotEstimateError) as refused:
        fit_region_effects(table.assign(**change), ["dose"], region="region", offset="size", slope=slope)
    assert refused.value.problems[0].key == key


def test_slopes_by_region_need_a_dose_that_varies_within_regions():
    table, _, _ = panel(2, regions=10)
    fixed = table.assign(dose=table["region"].astype(int) % 2)
    with pytest.raises(CannotEstimateError) as refused:
        fit_region_effects(fixed, ["dose"], region="region", slope="dose")
    assert refused.value.problems[0].key == "model_no_variation"


def test_a_dose_whose_counts_are_all_zero_is_refused():
    table, _, _ = panel(2, regions=10)
    treated = (np.arange(len(table)) % 7 == 0).astype(int)
    separated = table.assign(dose=treated, count=np.where(treated, 0, table["count"]))
    with pytest.raises(CannotEstimateError) as refused:
        fit_region_effects(separated, ["dose"], region="region", offset="size")
    assert refused.value.problems[0].key == "model_no_variation"
