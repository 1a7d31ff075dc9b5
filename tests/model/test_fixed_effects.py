"""The solver gives what two other implementations give, finds separation, and refuses what cannot be estimated."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from netral_research.errors import CannotEstimateError
from netral_research.model.absorb import Absorber, number_groups
from netral_research.model.fixed_effects import fit_fixed_effects
from netral_research.model.separation import separated_rows


def panel(seed: int, regions: int = 12, periods: int = 5, keep: float = 1.0) -> pd.DataFrame:
    """A panel with offset; ``keep`` is the share of its rows that are kept."""
    rng = np.random.default_rng(seed)
    region, period = np.indices((regions, periods)).reshape(2, -1)
    dose, clock = rng.random(region.size), rng.normal(size=region.size)
    offset = rng.normal(scale=0.5, size=region.size)
    mean = np.exp(1 + offset - 0.4 * dose + 0.2 * clock + rng.normal(size=regions)[region])
    frame = pd.DataFrame(
        {"count": rng.poisson(mean), "dose": dose, "clock": clock, "offset": offset, "region": region, "period": period}
    )
    return frame[rng.random(len(frame)) < keep].reset_index(drop=True)


def fit(frame: pd.DataFrame, regressors=("dose", "clock"), effects=("region", "period"), offset=True):
    labels = [frame[name] for name in effects]
    return fit_fixed_effects(frame["count"], frame[list(regressors)], labels, frame["offset"] if offset else None)


def key_of(*arguments, **named) -> str:
    with pytest.raises(CannotEstimateError) as refused:
        fit_fixed_effects(*arguments, **named)
    return refused.value.problems[0].key


@pytest.mark.parametrize("keep", [1.0, 0.6])
@pytest.mark.parametrize("offset", [True, False])
@pytest.mark.parametrize("effects", [("region",), ("region", "period")])
def test_coefficients_and_information_equal_a_regression_with_dummies(keep, offset, effects):
    frame = panel(3, keep=keep)
    ours = fit(frame, effects=effects, offset=offset)
    used = frame[ours.used]
    dummies = [pd.get_dummies(used[name], drop_first=place > 0, dtype=float) for place, name in enumerate(effects)]
    design = np.column_stack([used[["dose", "clock"]], *dummies])
    theirs = sm.GLM(used["count"], design, family=sm.families.Poisson(), offset=used["offset"] if offset else None).fit(
        tol=1e-14
    )
    assert ours.coefficients == pytest.approx(theirs.params.to_numpy()[:2], abs=1e-8)
    assert np.linalg.inv(ours.information) == pytest.approx(theirs.cov_params().to_numpy()[:2, :2], rel=1e-6)
    assert ours.fitted == pytest.approx(theirs.fittedvalues.to_numpy(), rel=1e-7)
    assert ours.deviance == pytest.approx(theirs.deviance, rel=1e-9)


@pytest.mark.parametrize("seed", [1, 2])
def test_coefficients_equal_those_of_pyfixest(seed):
    import pyfixest as pf

    frame = panel(seed, regions=20, keep=0.8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pf.fepois("count ~ dose + clock | region + period", frame, offset="offset", iwls_tol=1e-13)
    assert fit(frame).coefficients == pytest.approx(theirs.coef().to_numpy(), abs=1e-8)


def test_levels_without_a_case_carry_nothing():
    frame = panel(5)
    quiet = frame[frame["region"] == 0].assign(region=99, count=0)
    found = fit(pd.concat([frame, quiet], ignore_index=True))
    assert found.coefficients == pytest.approx(fit(frame).coefficients, abs=1e-10)
    assert not found.used[-len(quiet) :].any()


def test_scores_add_up_to_zero_over_every_level():
    frame = panel(6, keep=0.7)
    found = fit(frame)
    assert found.scores.sum(axis=0) == pytest.approx(0, abs=1e-6)
    for codes, size in zip(found.groups.codes, found.groups.sizes, strict=True):
        assert np.bincount(codes, found.residuals, size) == pytest.approx(0, abs=1e-6)


def test_a_refit_from_the_solution_takes_the_same_answer():
    frame = panel(7)
    first = fit(frame)
    again = fit_fixed_effects(
        frame["count"], frame[["dose", "clock"]], [frame["region"], frame["period"]], frame["offset"],
        start=np.log(first.fitted),
    )  # fmt: skip
    assert again.coefficients == pytest.approx(first.coefficients, abs=1e-10)
    assert again.steps <= first.steps


def test_a_separated_regressor_is_refused_and_never_given_a_number():
    frame = panel(8)
    frame["alarm"] = ((frame["region"] == 3) & (frame["period"] == 2)).astype(float)
    frame.loc[frame["alarm"] == 1, "count"] = 0
    assert key_of(frame["count"], frame[["alarm"]], [frame["region"], frame["period"]]) == "model_no_variation"


def test_separated_rows_are_left_out_where_the_others_determine_the_regressor():
    frame = panel(9)
    frame["alarm"] = 0.0
    frame.loc[(frame["region"] == 3) & (frame["period"] == 2), ["alarm", "count"]] = [1.0, 0]
    found = fit_fixed_effects(
        frame["count"], frame[["dose", "alarm"]], [frame["region"], frame["period"]], frame["offset"], needed=[0]
    )
    without = fit(frame[frame["alarm"] == 0].reset_index(drop=True), ("dose",))
    assert found.coefficients[0] == pytest.approx(without.coefficients[0], abs=1e-8)
    assert found.determined.tolist() == [True, False]
    assert not found.used[frame["alarm"] == 1].any()


def test_separation_by_a_combination_of_regressors_is_found():
    counts = np.array([0, 3, 2, 4, 0, 5.0])
    regressors = np.array([[1, 1], [1, 0], [0, 1], [0, 0], [1, 1], [1, 0.0]])
    balance = np.column_stack([regressors[:, 0] * regressors[:, 1]])
    assert separated_rows(counts, balance, number_groups([np.zeros(6)])).tolist() == [
        True,
        False,
        False,
        False,
        True,
        False,
    ]
    assert not separated_rows(counts + 1, balance, number_groups([np.zeros(6)])).any()


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"count": 0}, "model_zeros"),
        ({"dose": 1.0}, "model_no_variation"),
        ({"offset": np.nan}, "model_missing_cell"),
        ({"dose": np.nan}, "model_missing_cell"),
        ({"dose": np.inf}, "model_missing_cell"),
        ({"count": -1}, "model_missing_cell"),
    ],
)
def test_a_bad_panel_is_refused_with_its_reason(change, key):
    frame = panel(1).assign(**change)
    labels = [frame["region"], frame["period"]]
    assert key_of(frame["count"], frame[["dose"]], labels, frame["offset"]) == key


def test_one_region_alone_is_refused():
    frame = panel(1)
    one = frame[frame["region"] == 0]
    assert key_of(one["count"], one[["dose"]], [one["region"], one["period"]]) == "model_no_variation"


def test_a_dose_that_never_changes_within_regions_is_refused():
    frame = panel(1).assign(dose=lambda rows: rows["region"] * 0.1)
    assert key_of(frame["count"], frame[["dose"]], [frame["region"], frame["period"]]) == "model_no_variation"


@given(seed=st.integers(0, 10_000), effects=st.integers(1, 4))
@settings(deadline=None, max_examples=25)
def test_what_is_left_has_no_mean_in_any_level(seed, effects):
    rng = np.random.default_rng(seed)
    groups = number_groups([rng.integers(0, rng.integers(1, 7), 60) for _ in range(effects)])
    weights, columns = rng.random(60) + 0.01, rng.normal(size=(60, 2))
    left = Absorber(groups, weights).take_out(columns)
    for codes, size in zip(groups.codes, groups.sizes, strict=True):
        for column in left.T:
            assert np.bincount(codes, weights * column, size) == pytest.approx(0, abs=1e-8)
    # Taking out again changes nothing.
    assert Absorber(groups, weights).take_out(left) == pytest.approx(left, abs=1e-8)


def test_many_levels_are_taken_out_in_turn_with_the_same_result(monkeypatch):
    rng = np.random.default_rng(2)
    groups = number_groups([rng.integers(0, 9, 200), rng.integers(0, 8, 200), rng.integers(0, 5, 200)])
    weights, columns = rng.random(200), rng.normal(size=(200, 2))
    at_once = Absorber(groups, weights).take_out(columns)
    monkeypatch.setattr("netral_research.model.absorb.MOST_AT_ONCE", 0)
    assert Absorber(groups, weights).take_out(columns) == pytest.approx(at_once, abs=1e-9)
