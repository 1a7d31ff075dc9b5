"""Simulation and extrapolation on regressions whose slope without error is known."""

from __future__ import annotations

import numpy as np
import pytest

from netral_research.errors import CannotEstimateError
from netral_research.model.simex import simex

LEVELS = (0.5, 1.0, 1.5, 2.0)


def slope_with_error(error: float, seed: int, n: int = 600):
    random = np.random.default_rng(seed)
    true = random.normal(size=n)
    outcome, seen = 1.5 * true + random.normal(0, 0.5, n), true + error * random.normal(size=n)

    def estimate_at(level, draw):
        noisy = seen + np.sqrt(level) * error * draw.normal(size=n)
        centred = noisy - noisy.mean()
        slope = centred @ outcome / (centred @ centred)
        left = outcome - outcome.mean() - slope * centred
        return float(slope), float(left @ left / (n - 2) / (centred @ centred))

    return estimate_at


def test_the_rational_curve_gives_the_slope_without_error():
    result = simex(slope_with_error(0.7, 1, 4000), LEVELS, 30, seed=1)
    assert result.naive == pytest.approx(1.5 / 1.49, abs=0.06)
    assert result.corrected["rational"] == pytest.approx(1.5, abs=0.08)
    assert result.naive < result.corrected["quadratic"] < result.corrected["rational"]


def test_intervals_of_the_corrected_slope_hold_the_truth():
    results = [simex(slope_with_error(0.5, seed), LEVELS, 60, seed=seed) for seed in range(40)]
    limits = [result.interval("rational", 0.95) for result in results]
    assert 0.85 <= np.mean([low < 1.5 < high for _, low, high in limits]) <= 1
    assert np.mean([result.naive < 1.3 for result in results]) == 1


def test_without_error_there_is_nothing_to_correct():
    result = simex(slope_with_error(0.0, 1), LEVELS, 3, seed=1)
    assert result.corrected["quadratic"] == pytest.approx(result.naive, abs=1e-9)


def test_too_few_levels_are_refused():
    with pytest.raises(CannotEstimateError) as refusal:
        simex(slope_with_error(0.5, 1), (1.0, 2.0), 5, seed=1)
    assert refusal.value.problems[0].key == "model_simex_levels"
