"""Power by simulation: the test holds its level, the table of the literature's order of size comes out, refusals."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from netral_research.errors import CannotEstimateError
from netral_research.robustness.panel_design import PanelDesign, simulate_counts, staggered_design
from netral_research.robustness.power import (
    compare_designs,
    detectable_from_error,
    minimum_detectable_ratio,
    power,
    power_curve,
)
from netral_research.robustness.two_way import fit_two_way, one_step

# Shocks whose variance is 0.5 between provinces and 0.8 between regencies, half of it kept from cycle to cycle.
BY_PROVINCE = {"shock_deviation": math.sqrt(0.5), "autocorrelation": 0.5}
BY_REGENCY = {"shock_deviation": math.sqrt(0.8), "autocorrelation": 0.5}


@pytest.mark.parametrize("treated", [5, 19, 33])
def test_without_an_effect_the_test_rejects_as_often_as_it_promises(treated):
    design = staggered_design(38, 7, 20.0, treated / 38, seed=2, **BY_PROVINCE)
    assert 0.03 <= power(design, 1.0, draws=1_000, seed=3) <= 0.075


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        (staggered_design(34, 5, 30.0, 0.5, seed=3, **BY_PROVINCE), {0.7: 0.33, 0.5: 0.79}),
        (staggered_design(38, 7, 8.0, 0.5, seed=3, **BY_PROVINCE), {0.7: 0.30, 0.5: 0.79}),
        (staggered_design(514, 7, 0.5, 0.5, seed=3, **BY_REGENCY), {0.8: 0.46, 0.7: 0.84}),
    ],
    ids=["34 provinces", "38 provinces", "514 regencies"],
)
def test_provinces_show_only_strong_ratios_and_regencies_weaker_ones(design, expected):
    # The power the project planned with, from 150 draws of another program.
    for ratio, share in expected.items():
        assert power(design, ratio, draws=150, seed=4) == pytest.approx(share, abs=0.12)


def test_power_grows_with_the_distance_from_one():
    design = staggered_design(34, 5, 30.0, 0.5, seed=5, shock_deviation=0.3, autocorrelation=0.5)
    curve = power_curve(design, [1.0, 0.85, 0.7, 0.55], draws=100, seed=6)
    assert curve["power"].is_monotonic_increasing
    assert curve["power"].iloc[-1] > 0.9
    assert curve["simulation_error"].max() <= 0.05


def test_simulation_and_closed_form_agree():
    design = staggered_design(60, 6, 40.0, 0.5, seed=7, shock_deviation=0.3, autocorrelation=0.5)
    counts = simulate_counts(design, 1.0, 400, np.random.default_rng(8))
    error = one_step(counts, fit_two_way(counts, np.ones(design.dose.shape)), design.dose).log_ratios.std()
    simulated = minimum_detectable_ratio(design, draws=200, seed=9)
    assert math.log(simulated) == pytest.approx(math.log(detectable_from_error(error, 59)[0]), rel=0.15)


def test_the_closed_form_is_that_of_the_t_and_the_normal_distribution():
    below, above = detectable_from_error(0.2, 10, confidence=0.9, wanted=0.9)
    assert below == pytest.approx(math.exp(-0.2 * (stats.t.ppf(0.95, 10) + stats.norm.ppf(0.9))))
    assert below * above == pytest.approx(1.0)


def test_shocks_have_the_spread_and_the_memory_asked_for():
    design = PanelDesign(np.full((200, 6), 1e7), np.zeros((200, 6)), shock_deviation=0.4, autocorrelation=0.6)
    logs = np.log(simulate_counts(design, 1.0, 40, np.random.default_rng(10)))
    assert logs.std() == pytest.approx(0.4, rel=0.05)
    assert np.corrcoef(logs[..., 2].ravel(), logs[..., 3].ravel())[0, 1] == pytest.approx(0.6, abs=0.05)
    spread = simulate_counts(replace(design, shock_deviation=0.0, overdispersion=0.5), 1.0, 40,
                             np.random.default_rng(11))  # fmt: skip
    assert spread.mean() == pytest.approx(1e7, rel=0.02)
    assert (spread / 1e7).var() == pytest.approx(0.5, rel=0.05)


def test_another_test_can_be_asked():
    design = staggered_design(20, 4, 30.0, 0.5, seed=12, shock_deviation=0.3, autocorrelation=0.0)
    never = power(design, 0.3, 10, 13, test=lambda counts, *_: np.ones(len(counts)))
    always = power(design, 1.0, 10, 13, test=lambda counts, *_: np.zeros(len(counts)))
    assert (never, always) == (0.0, 1.0)


def test_a_panel_that_shows_nothing_at_all_has_no_detectable_ratio():
    design = staggered_design(6, 2, 0.2, 0.2, seed=14, shock_deviation=1.5, autocorrelation=0.0)
    assert math.isnan(minimum_detectable_ratio(design, draws=30, seed=15))


def test_more_regions_detect_weaker_ratios():
    few = staggered_design(20, 4, 10.0, 0.5, seed=16, **BY_PROVINCE)
    many = staggered_design(200, 4, 10.0, 0.5, seed=16, **BY_PROVINCE)
    table = compare_designs({"few": few, "many": many}, draws=60, seed=17).set_index("design")
    assert table.loc["many", "detectable_ratio"] > table.loc["few", "detectable_ratio"] + 0.2
    assert table["n_regions"].tolist() == [20, 200]


PLAIN = staggered_design(10, 4, 10.0, 0.5, seed=1, shock_deviation=0.3, autocorrelation=0.5)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"dose": np.zeros((10, 4))}, "model_no_variation"),
        ({"dose": np.ones((10, 4))}, "model_no_variation"),
        ({"dose": np.full((10, 4), np.nan)}, "power_panel"),
        ({"expected": np.zeros((10, 4))}, "model_zeros"),
        ({"expected": np.full((10, 4), -1.0)}, "power_panel"),
        ({"expected": np.ones((1, 4)), "dose": np.eye(1, 4)}, "power_panel"),
    ],
)
def test_a_panel_that_can_show_nothing_is_refused_with_its_reason(changed, reason):
    with pytest.raises(CannotEstimateError) as refused:
        power(replace(PLAIN, **changed), 0.5, draws=5, seed=1)
    assert refused.value.problems[0].key == reason


def test_the_same_seed_gives_the_same_power():
    assert power(PLAIN, 0.5, draws=40, seed=1) == power(PLAIN, 0.5, draws=40, seed=1)
