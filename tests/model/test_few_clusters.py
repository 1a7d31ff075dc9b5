"""Uncertainty with few regions: cluster errors, the jackknife, the wild bootstrap and shuffled histories."""

from __future__ import annotations

import warnings

import joblib
import numpy as np
import pytest
from scipy import stats

from netral_research.errors import CannotEstimateError
from netral_research.model.cluster_errors import cluster_robust, jackknife, jackknife_quantile
from netral_research.model.fixed_effects import fit_fixed_effects
from netral_research.model.randomisation import _shuffled, estimate_orders, permute_histories
from netral_research.model.wild_bootstrap import score_wild_bootstrap

from .test_fixed_effects import fit, panel


def test_the_cluster_robust_error_equals_that_of_pyfixest():
    import pyfixest as pf

    frame = panel(4, regions=25, keep=0.8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pf.fepois(
            "count ~ dose + clock | region + period", frame, offset="offset", vcov={"CRV1": "region"},
            iwls_tol=1e-13, fixef_tol=1e-13,
        )  # fmt: skip
    ours = np.sqrt(np.diag(cluster_robust(fit(frame), frame["region"])))
    assert ours == pytest.approx(theirs.se().to_numpy(), abs=1e-8)


@pytest.mark.parametrize("regions", [1, 2, 5, 37])
def test_the_quantile_is_that_of_students_t_where_regions_bear_the_error_alike(regions):
    alike = np.full(regions, 1 / regions)
    for probability in (0.5, 0.8, 0.975, 0.995):
        ours = jackknife_quantile(probability, alike)
        assert ours == pytest.approx(stats.t.ppf(probability, regions), rel=1e-6, abs=1e-9)


def test_the_quantile_of_unequal_regions_is_what_draws_give():
    weights = np.array([0.55, 0.3, 0.1, *[0.05 / 20] * 20])
    random = np.random.default_rng(3)
    draws = random.normal(size=400_000) / np.sqrt(random.chisquare(1, (400_000, len(weights))) @ weights)
    assert np.mean(draws > jackknife_quantile(0.975, weights)) == pytest.approx(0.025, abs=0.001)


def test_the_jackknife_is_what_refits_without_each_region_give():
    frame = panel(5, regions=9)
    labels = [frame["region"], frame["period"]]
    whole = fit(frame, ("dose",))
    found = jackknife(frame["count"], frame[["dose"]], labels, frame["offset"], frame["region"], whole)
    by_hand = np.array(
        [fit(frame[frame["region"] != one].reset_index(drop=True), ("dose",)).coefficients for one in range(9)]
    )
    assert found.left_out == pytest.approx(by_hand, abs=1e-8)
    assert found.covariance[0, 0] == pytest.approx(8 / 9 * ((by_hand - whole.coefficients) ** 2).sum(), rel=1e-6)


def histories(seed: int, regions: int = 12, periods: int = 5):
    frame = panel(seed, regions, periods)
    exposure = np.random.default_rng(seed + 1).random((regions, periods))
    return frame, exposure


def shuffle(frame, exposure, *, regressors=None, effects=("region", "period"), draws=60, seed=3, strata=None):
    strata = np.zeros(len(exposure)) if strata is None else strata
    labels = [frame[name] for name in effects]
    return permute_histories(
        frame["count"],
        exposure,
        frame["region"],
        frame["period"],
        strata,
        regressors,
        labels,
        frame["offset"],
        draws,
        seed,
    )


def refitted(frame, exposure, strata, draws, seed):
    """The full estimate of the same shuffled histories."""
    orders = _shuffled(strata, draws, seed)
    found = []
    for order in orders:
        dose = exposure[order][frame["region"], frame["period"]]
        found.append(fit(frame.assign(dose=dose), ("dose",)).coefficients[0])
    return np.array(found)


def test_one_step_is_all_but_the_refit_of_every_shuffled_history():
    frame, exposure = histories(2)
    found = shuffle(frame, exposure, draws=40)
    full = refitted(frame, exposure, np.zeros(12), 40, 3)
    assert np.corrcoef(found.coefficients, full)[0, 1] > 0.999
    assert found.coefficients == pytest.approx(full, abs=0.05)


def test_a_panel_and_the_same_rows_in_another_order_give_the_same_draws():
    frame, exposure = histories(2)
    mixed = frame.sample(frac=1, random_state=1).reset_index(drop=True)
    one, two = shuffle(frame, exposure), shuffle(mixed, exposure)
    assert two.coefficients == pytest.approx(one.coefficients, abs=1e-9)
    assert two.statistics == pytest.approx(one.statistics, abs=1e-8)


def test_draws_do_not_depend_on_the_number_of_processes():
    frame, exposure = histories(4)
    with joblib.parallel_config("threading", n_jobs=2):
        two = shuffle(frame, exposure, draws=600)
    assert (two.coefficients == shuffle(frame, exposure, draws=600).coefficients).all()


def test_several_counts_of_one_region_and_period_and_further_regressors_are_allowed():
    frame, exposure = histories(6)
    twice = frame.loc[frame.index.repeat(2)].reset_index(drop=True)
    found = shuffle(twice, exposure, regressors=twice[["clock"]])
    assert np.isfinite(found.coefficients).all()
    assert 0 < found.p_statistic <= 1


def test_histories_stay_within_their_stratum():
    strata = np.array([0, 0, 0, 1, 1, 2])
    orders = _shuffled(strata, 50, 1)
    assert (strata[orders] == strata).all()
    assert (orders[:, 5] == 5).all()
    assert sorted(set(orders[:, 0])) == [0, 1, 2]


def in_orders(frame, exposure, orders, clock=None):
    labels = [frame["region"], frame["period"]]
    return estimate_orders(
        frame["count"], exposure, frame["region"], frame["period"], orders, clock, labels, frame["offset"]
    )


def test_given_orders_have_the_estimates_of_the_same_orders_drawn():
    frame, exposure = histories(2)
    orders, clock = _shuffled(np.zeros(12), 300, 3), frame[["clock"]]
    drawn = shuffle(frame, exposure, draws=300, regressors=clock)
    coefficients, statistics = in_orders(frame, exposure, orders, clock)
    assert coefficients == pytest.approx(drawn.coefficients, rel=1e-9)
    assert statistics == pytest.approx(drawn.statistics, rel=1e-9)


@pytest.mark.parametrize("clocked", [False, True])
def test_an_order_has_the_same_estimate_whatever_orders_stand_beside_it(clocked):
    frame, exposure = histories(2)
    # Where the history of the region without counts is lent, the others' vary little beside it.
    exposure[11] *= 1e6
    frame = frame[frame["region"] != 11].reset_index(drop=True)
    orders, clock = _shuffled(np.zeros(12), 40, 3), frame[["clock"]] if clocked else None
    alone = np.concatenate([in_orders(frame, exposure, order[None], clock) for order in orders], axis=1)
    assert np.isfinite(alone).all()
    assert in_orders(frame, exposure, orders, clock) == pytest.approx(alone, rel=1e-6)


def test_a_region_without_a_count_lends_its_history():
    frame, exposure = histories(2)
    less = frame[frame["region"] != 11].reset_index(drop=True)
    orders = np.vstack([np.arange(12), np.r_[11, np.arange(1, 11), 0]])
    lent = exposure.copy()
    lent[0] = exposure[11]
    found = in_orders(less, exposure, orders)
    assert found[:, 1] == pytest.approx(in_orders(less, lent, orders[:1])[:, 0], rel=1e-9)


def test_an_order_in_which_the_exposure_does_not_vary_has_no_estimate():
    frame, exposure = histories(2)
    exposure = np.zeros_like(exposure)
    exposure[11] = [0, 1, 0, 1, 0]
    less = frame[frame["region"] != 11].reset_index(drop=True)
    orders = np.vstack([np.arange(12), np.r_[11, np.arange(1, 11), 0]])
    assert np.isnan(in_orders(less, exposure, orders)).tolist() == [[True, False]] * 2


def test_a_strong_association_is_found_and_none_is_not():
    frame, exposure = histories(11, regions=20)
    rng = np.random.default_rng(12)
    dose = exposure[frame["region"], frame["period"]]
    strong = frame.assign(count=rng.poisson(np.exp(2 + frame["offset"] - 1.5 * dose)))
    none = frame.assign(count=rng.poisson(np.exp(2 + frame["offset"])))
    assert shuffle(strong, exposure, draws=199).p_statistic < 0.02
    assert shuffle(none, exposure, draws=199).p_statistic > 0.05


def test_the_p_value_counts_the_observed_history_among_the_draws():
    frame, exposure = histories(2)
    found = shuffle(frame, exposure, draws=60)
    centre = found.statistics.mean()
    larger = (np.abs(found.statistics - centre) >= abs(found.statistic - centre)).sum()
    assert found.p_statistic == pytest.approx((1 + larger) / 61)


def test_the_wild_bootstrap_holds_its_level_where_few_regions_are_treated():
    rng = np.random.default_rng(5)
    region, period = np.indices((20, 5)).reshape(2, -1)
    dose = ((region < 5) & (period > 2)).astype(float)
    rejected = 0
    for seed in range(60):
        shocks = rng.normal(scale=0.5, size=(20, 5)).cumsum(axis=1).ravel()
        counts = rng.poisson(np.exp(2 + shocks))
        rejected += score_wild_bootstrap(counts, dose[:, None], [region, period], None, region, 199, seed) < 0.05
    assert rejected <= 9


def test_the_wild_bootstrap_tests_the_first_regressor_beside_the_others():
    frame = panel(13, regions=25)
    labels = [frame["region"], frame["period"]]
    strong = np.random.default_rng(1).poisson(np.exp(2 + frame["offset"] - 1.5 * frame["dose"]))
    p = score_wild_bootstrap(strong, frame[["dose", "clock"]], labels, frame["offset"], frame["region"], 499, 1)
    assert p < 0.02
    p = score_wild_bootstrap(strong, frame[["clock", "dose"]], labels, frame["offset"], frame["region"], 499, 1)
    assert p > 0.02


@pytest.mark.parametrize(
    ("exposure", "key"),
    [
        (np.ones((12, 5)), "model_no_variation"),
        (np.full((12, 5), np.nan), "model_missing_cell"),
    ],
)
def test_an_exposure_that_cannot_be_shuffled_is_refused(exposure, key):
    frame, _ = histories(2)
    with pytest.raises(CannotEstimateError) as refused:
        shuffle(frame, exposure)
    assert refused.value.problems[0].key == key


def test_histories_of_strata_with_one_region_each_cannot_be_shuffled():
    frame, exposure = histories(2)
    with pytest.raises(CannotEstimateError):
        shuffle(frame, exposure, strata=np.arange(12))


def test_a_null_without_regressors_is_a_fit_too():
    frame = panel(3)
    null = fit_fixed_effects(frame["count"], np.zeros((len(frame), 0)), [frame["region"], frame["period"]])
    assert null.coefficients.size == 0
    assert null.fitted.sum() == pytest.approx(frame["count"].sum())
