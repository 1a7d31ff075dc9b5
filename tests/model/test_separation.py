"""Separated rows of a Poisson regression, beside a linear programme that decides the same question."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from netral_research.model.absorb import number_groups
from netral_research.model.separation import separated_rows


def separated_by_linear_programme(counts, regressors, effects):
    """Rows of count zero along which a direction rises that moves no row with a case and lowers none."""
    levels = [codes[:, None] == np.unique(codes) for codes in effects]
    design = np.column_stack([regressors, *levels]).astype("float64")
    zero = counts == 0
    wide, high = design.shape[1], int(zero.sum())
    solution = linprog(
        np.r_[np.zeros(wide), -np.ones(high)],
        A_ub=np.hstack([-design[zero], np.eye(high)]),
        b_ub=np.zeros(high),
        A_eq=np.hstack([design[~zero], np.zeros((int((~zero).sum()), high))]),
        b_eq=np.zeros(int((~zero).sum())),
        bounds=[(None, None)] * wide + [(0, 1)] * high,
    )
    found = np.zeros(len(counts), dtype=bool)
    found[zero] = solution.x[wide:] > 0.5
    return found


def draw(seed):
    random = np.random.default_rng(seed)
    region, period = np.indices((random.integers(3, 8), random.integers(2, 5))).reshape(2, -1)
    kept = random.random(len(region)) < 0.8
    region, period = region[kept], period[kept]
    counts = random.poisson(0.6, len(region)).astype("float64")
    return counts, random.integers(0, 2, (len(region), random.integers(1, 3))).astype("float64"), [region, period]


@pytest.mark.parametrize("seed", range(40))
def test_rows_are_those_that_a_linear_programme_finds(seed):
    counts, regressors, effects = draw(seed)
    if not counts.any():
        pytest.skip("no case was drawn")
    found = separated_rows(counts, regressors, number_groups(effects))
    assert found.tolist() == separated_by_linear_programme(counts, regressors, effects).tolist()


def test_a_regressor_that_the_fixed_effects_explain_separates_nothing():
    region = np.array([0, 0, 1, 1, 2, 2])
    counts = np.array([3.0, 0, 4, 1, 0, 2])
    found = separated_rows(counts, (region == 1).astype("float64")[:, None], number_groups([region]))
    assert not found.any()
