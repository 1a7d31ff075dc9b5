"""A panel that exists becomes a design with its own expected counts and spread; larger ones hold the same cases."""

from __future__ import annotations

import math

import numpy as np
import pytest

from netral_research.errors import CannotEstimateError
from netral_research.robustness.panel_design import (
    PanelDesign,
    designs_with_more_data,
    panel_as_design,
    simulate_counts,
    staggered_design,
)
from netral_research.robustness.power import minimum_detectable_ratio


@pytest.mark.parametrize("deviation", [0.0, 0.3, 0.7])
def test_the_spread_of_a_panel_is_found_again(deviation):
    design = staggered_design(150, 6, 20.0, 0.5, seed=1, shock_deviation=deviation, autocorrelation=0.0)
    counts = simulate_counts(design, 1.0, 1, np.random.default_rng(2))[0]
    told = np.random.default_rng(3).uniform(size=counts.shape) > 0.2
    found = panel_as_design(np.where(told, counts, 0.0), told.astype("float64"), design.dose, autocorrelation=0.0)
    assert found.shock_deviation == pytest.approx(deviation, abs=0.12)
    assert found.expected.sum() == pytest.approx(counts[told].sum())
    assert ((found.expected > 0) == told).all()


def test_a_panel_and_the_design_it_came_from_detect_alike():
    true = staggered_design(38, 7, 30.0, 0.5, seed=4, shock_deviation=math.sqrt(0.5), autocorrelation=0.5)
    ratios = []
    for seed in range(4):
        counts = simulate_counts(true, 1.0, 1, np.random.default_rng(seed))[0]
        found = panel_as_design(counts, np.ones(counts.shape), true.dose)
        ratios.append(minimum_detectable_ratio(found, draws=100, seed=5))
    assert np.mean(np.log(ratios)) == pytest.approx(math.log(minimum_detectable_ratio(true, 100, 5)), abs=0.2)


def test_regions_and_periods_without_cases_are_left_out():
    counts = np.random.default_rng(6).poisson(9.0, (8, 5)).astype("float64")
    counts[2], counts[:, 4] = 0.0, 0.0
    assert panel_as_design(counts, np.ones((8, 5)), np.ones((8, 5))).expected.shape == (7, 4)


@pytest.mark.parametrize(
    ("counts", "reason"), [(np.zeros((5, 3)), "model_zeros"), (np.array([[3.0, 0.0], [0.0, 0.0]]), "power_panel"),
                           (np.full((4, 1), 3.0), "power_panel")],
)  # fmt: skip
def test_a_panel_that_tells_no_spread_is_refused(counts, reason):
    with pytest.raises(CannotEstimateError) as refused:
        panel_as_design(counts, np.ones(counts.shape), np.zeros(counts.shape))
    assert refused.value.problems[0].key == reason


def test_more_data_hold_the_same_cases_in_more_cells():
    designs = designs_with_more_data(34, 5, 30.0)
    totals = [design.expected.sum() for design in designs.values()]
    assert totals == pytest.approx([34 * 5 * 30.0] * 3)
    assert all(isinstance(design, PanelDesign) for design in designs.values())
    assert all(0.49 <= (design.dose[:, -1] > 0).mean() <= 0.51 for design in designs.values())
