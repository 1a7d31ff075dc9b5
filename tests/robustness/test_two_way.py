"""The fast steps give what slow, independent fits give."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from netral_research.errors import CannotEstimateError
from netral_research.robustness.two_way import fit_two_way, one_step, shuffled_log_ratios


def panel(seed, regions=12, periods=5, missing=0.0, effect=0.0):
    random = np.random.default_rng(seed)
    exposure = random.uniform(0.5, 4.0, (regions, periods)) * (random.uniform(size=(regions, periods)) >= missing)
    dose = random.poisson(1.0, (regions, periods)).astype("float64")
    rate = np.exp(random.normal(size=(regions, 1)) + random.normal(size=periods) + effect * dose)
    return random.poisson(6 * exposure * rate).astype("float64"), exposure, dose


def dummies(shape, told):
    region, period = np.indices(shape)
    columns = [pd.get_dummies(region[told], dtype=float), pd.get_dummies(period[told], drop_first=True, dtype=float)]
    return np.hstack([column.to_numpy() for column in columns])


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_the_fit_equals_a_poisson_regression_with_dummies(missing):
    counts, exposure, _ = panel(1, missing=missing)
    told = exposure > 0
    model = sm.GLM(counts[told], dummies(counts.shape, told), sm.families.Poisson(), offset=np.log(exposure[told]))
    fitted = fit_two_way(counts, exposure)
    assert fitted[told] == pytest.approx(model.fit(tol=1e-13, maxiter=200).fittedvalues, rel=1e-8)
    assert (fitted[~told] == 0).all()


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_the_step_equals_one_newton_step_with_dummies(missing):
    counts, exposure, dose = panel(2, missing=missing)
    told = exposure > 0
    fitted = fit_two_way(counts, exposure)
    design = np.column_stack([dose[told], dummies(counts.shape, told)])
    weights = fitted[told]
    information = design.T @ (weights[:, None] * design)
    slow = np.linalg.solve(information, design.T @ (counts - fitted)[told])[0]
    assert float(one_step(counts, fitted, dose).log_ratios) == pytest.approx(slow, rel=1e-8)


def test_near_a_ratio_of_one_the_step_is_the_maximum_likelihood_estimate():
    counts, exposure, dose = panel(3, regions=40, effect=0.02)
    design = np.column_stack([dose.ravel(), dummies(counts.shape, exposure > 0)])
    full = sm.GLM(counts.ravel(), design, sm.families.Poisson(), offset=np.log(exposure.ravel())).fit(tol=1e-12)
    step = one_step(counts, fit_two_way(counts, exposure), dose)
    assert float(step.log_ratios) == pytest.approx(full.params[0], abs=0.002)


def test_the_scores_of_regions_are_what_is_left_beside_the_effects():
    counts, exposure, dose = panel(4)
    fitted = fit_two_way(counts, exposure)
    design = dummies(counts.shape, exposure > 0)
    weights = fitted.ravel()
    swept = dose.ravel() - design @ np.linalg.lstsq(
        np.sqrt(weights)[:, None] * design, np.sqrt(weights) * dose.ravel(), rcond=None
    )[0]  # fmt: skip
    slow = (swept.reshape(dose.shape) * (counts - fitted)).sum(axis=1)
    assert one_step(counts, fitted, dose).region_scores == pytest.approx(slow, abs=1e-8)


def test_stacks_give_what_each_gives_alone():
    panels = [panel(seed) for seed in (5, 6, 7)]
    exposure = np.ones(panels[0][0].shape)
    counts, doses = (np.stack([one[place] for one in panels]) for place in (0, 2))
    fitted = fit_two_way(counts, exposure)
    together = one_step(counts, fitted, doses[0]).log_ratios
    many_doses = one_step(counts[0], fitted[0], doses).log_ratios
    for number in range(3):
        alone = fit_two_way(counts[number], exposure)
        assert together[number] == pytest.approx(float(one_step(counts[number], alone, doses[0]).log_ratios), abs=1e-8)
        assert many_doses[number] == pytest.approx(float(one_step(counts[0], fitted[0], doses[number]).log_ratios))


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_shuffled_doses_have_the_ratios_that_each_has_alone(missing):
    counts, exposure, dose = panel(7, missing=missing)
    fitted, random = fit_two_way(counts, exposure), np.random.default_rng(1)
    orders = np.stack([random.permutation(12) for _ in range(9)])
    alone = [float(one_step(counts, fitted, dose[order]).log_ratios) for order in orders]
    assert shuffled_log_ratios(counts, fitted, dose, orders) == pytest.approx(alone, rel=1e-9)


def test_a_region_without_cases_changes_nothing():
    counts, exposure, dose = panel(8)
    counts[0] = 0.0
    with_zeros = one_step(counts, fit_two_way(counts, exposure), dose).log_ratios
    without = one_step(counts[1:], fit_two_way(counts[1:], exposure[1:]), dose[1:]).log_ratios
    assert float(with_zeros) == pytest.approx(float(without), rel=1e-9)


@pytest.mark.parametrize(
    "dose",
    [np.zeros((12, 5)), np.ones((12, 5)), np.tile(np.arange(5.0), (12, 1)), np.tile(np.arange(12.0)[:, None], 5)],
)
def test_a_dose_that_the_effects_explain_has_no_ratio(dose):
    counts, exposure, _ = panel(9)
    assert np.isnan(one_step(counts, fit_two_way(counts, exposure), dose).log_ratios)


def test_a_cell_whose_best_fit_is_zero_comes_near_it():
    # The missing cell leaves one way to meet the sums: nothing in the first.
    fitted = fit_two_way(np.array([[0.0, 3.0], [2.0, 0.0]]), np.array([[1.0, 1.0], [1.0, 0.0]]))
    assert fitted == pytest.approx(np.array([[0.0, 3.0], [2.0, 0.0]]), abs=0.01)


@pytest.mark.parametrize(
    ("counts", "exposure", "reason"),
    [
        (np.zeros((3, 2)), np.ones((3, 2)), "model_zeros"),
        (np.ones((3, 2)), np.full((3, 2), np.nan), "model_exposure"),
        (np.ones((3, 2)), np.full((3, 2), -1.0), "model_exposure"),
        (np.ones((2, 2)), np.array([[1.0, 1.0], [0.0, 0.0]]), "model_convergence"),
    ],
)
def test_what_has_no_fit_is_refused_with_its_reason(counts, exposure, reason):
    with pytest.raises(CannotEstimateError) as refused:
        fit_two_way(counts, exposure)
    assert refused.value.problems[0].key == reason
