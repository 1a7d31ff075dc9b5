"""The fit: right derivatives, the known truth, several starts, refusals, and what the real counts say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from netral_research.errors import CannotEstimateError
from netral_research.model.measurement.clocks import slope_limits
from netral_research.model.measurement.components import expand
from netral_research.model.measurement.design import build_design
from netral_research.model.measurement.fit import STARTS, fit_measurement
from netral_research.model.measurement.posterior import FIXED_SPREAD, SLOPE_LOG_CENTRE, SLOPE_LOG_SPREAD, Posterior
from netral_research.model.measurement.products import Target, compare_regions, estimate_ratios, estimate_regions
from netral_research.model.measurement.residuals import check_held_out_totals, find_outliers


@pytest.fixture(scope="module")
def posterior(published) -> Posterior:
    return Posterior(build_design(published))


@pytest.fixture
def somewhere(posterior, fitted):
    return fitted.mode + 0.1 * np.random.default_rng(2).normal(size=posterior.design.blocks.size)


def test_the_density_is_that_of_scipys_distributions_summed_row_by_row(posterior, published, somewhere):
    natural, _, _ = posterior.scales(somewhere, STARTS[0])
    design, components = posterior.design, expand(published)
    latent = np.exp(design.matrix.toarray() @ natural + components["log_headcount"].to_numpy())
    total = 0.0
    for place, row in published.table.iterrows():
        mine = (components["owner"] == place).to_numpy()
        mean = float((components["sign"].to_numpy() * latent)[mine].sum())
        alpha = np.exp(STARTS[0][3 if row["level"] == "national" else 2])
        law = stats.nbinom(1 / alpha, 1 / (1 + alpha * mean))
        exact = row["lower"] == row["upper"]
        total += law.logpmf(row["lower"]) if exact else np.log(law.cdf(row["upper"]) - law.cdf(row["lower"] - 1))
    fixed, slopes, units, cells = design.blocks.spans
    total += -0.5 * (somewhere[fixed] ** 2).sum() / FIXED_SPREAD**2
    total += -0.5 * (((somewhere[slopes] - SLOPE_LOG_CENTRE) / SLOPE_LOG_SPREAD) ** 2).sum()
    total += -0.5 * (somewhere[units.start : cells.stop] ** 2).sum()
    assert posterior.value(somewhere, STARTS[0]) == pytest.approx(total, rel=1e-9)


def test_gradient_and_curvature_are_those_of_finite_differences(posterior, somewhere):
    _, gradient, negative = posterior.derivatives(somewhere, STARTS[0])
    step = 1e-5
    for place in range(0, posterior.design.blocks.size, 5):
        move = step * np.eye(posterior.design.blocks.size)[place]
        up, down = (posterior.derivatives(somewhere + sign * move, STARTS[0]) for sign in (1, -1))
        assert gradient[place] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-5, abs=1e-4)
        assert negative[place] == pytest.approx(-(up[1] - down[1]) / (2 * step), rel=1e-5, abs=1e-4)
    assert posterior.gradient(somewhere, STARTS[0]) == pytest.approx(gradient)


def test_starting_points_agree(published, fitted):
    again = fit_measurement(build_design(published), starts=3)
    assert again.start_range < 1e-4
    assert again.effects == pytest.approx(fitted.effects, abs=1e-3)


def test_the_known_truth_lies_inside_the_intervals_about_as_often_as_they_say(publish):
    inside, off = [], []
    for seed in range(4):
        observations, truth = publish(seed)
        fit = fit_measurement(build_design(observations), start_spreads=STARTS[0])
        fixed, _, units, cells = fit.design.blocks.spans
        places = np.r_[fixed, units, cells]
        score = (fit.effects - truth.effects)[places] / np.sqrt(np.diag(fit.covariance))[places]
        inside.append(np.abs(score) < 1.96)
        off.append(fit.effects[fixed] - truth.effects[fixed])
    assert 0.90 < np.mean(inside) < 0.99
    assert np.abs(np.mean(off, axis=0)[-4:]).max() < 0.2


def test_ratios_between_stages_measures_and_institutions_are_told_with_what_was_learnt(fitted):
    ratios = estimate_ratios(fitted, 0.95).set_index("term")
    assert ratios.loc["measure_persons", "lower"] < 1.5 < ratios.loc["measure_persons", "upper"]
    assert (ratios.loc[ratios.index.str.startswith("clock"), "lower"] >= 1).all()
    assert ratios.loc["clock_pemilu_before_180", "learnt"] < 0.3 < ratios.loc["stage_referred", "learnt"]


def test_silent_regions_have_wider_intervals_and_wider_ranks(fitted, published):
    table = estimate_regions(fitted, published, Target(days_from_polling=0), 0.95, 400, seed=1)
    silent = table["n_exact"] == 0
    width, ranks = np.log(table["rate_upper"] / table["rate_lower"]), table["rank_upper"] - table["rank_lower"]
    assert width[silent].mean() > 1.5 * width[~silent].mean()
    assert ranks[silent].mean() > ranks[~silent].mean()
    assert ((table["rate_lower"] < table["rate"]) & (table["rate"] < table["rate_upper"])).all()


def test_only_regions_whose_interval_excludes_the_mean_are_named(fitted):
    table = compare_regions(fitted, 0.95, 400, seed=1)
    assert table["named"].equals((table["lower"] > 1) | (table["upper"] < 1))
    assert 0 < table["named"].sum() < len(table)


def test_a_wrong_figure_is_the_worst_residual(published):
    wrong = published.table.copy()
    wrong.loc[0, ["lower", "upper"]] = 10 * wrong.loc[0, "upper"] + 200
    observations = type(published)(wrong, published.cells, published.doses)
    worst = find_outliers(fit_measurement(build_design(observations)), observations, seed=1)
    assert worst.loc[0, "obs_id"] == "V000"
    assert worst.loc[0, "residual"] > 2


def test_totals_kept_out_are_predicted(published):
    check = check_held_out_totals(published, 2, 0.95, 400, seed=1)
    assert len(check) == (published.table["level"] == "national").sum()
    assert check["inside"].mean() > 0.85
    assert check["ratio"].between(1 / 3, 3).all()
    assert (check["lower"] < check["predicted"]).all()
    assert (check["predicted"] < check["upper"]).all()


def test_totals_that_the_model_does_not_explain_widen_the_interval_of_the_others(published):
    national = published.table["level"] == "national"
    wrong = published.table.copy()
    changed = wrong.index[national & (wrong["election_cycle"] == "pemilu_2024")]
    wrong.loc[changed, ["lower", "upper"]] *= 8
    other = type(published)(wrong, published.cells, published.doses)
    usual, widened = (check_held_out_totals(one, 2, 0.95, 400, seed=1) for one in (published, other))
    assert (widened["discrepancy"] > usual["discrepancy"]).all()


def test_no_total_gives_an_empty_check(published):
    provinces = published.keep(published.table["level"] == "province")
    assert check_held_out_totals(provinces, 2, 0.95, 100, seed=1).empty


def test_a_clock_that_may_stand_still_has_a_ratio_of_one_in_its_interval(fitted):
    limits = slope_limits(fitted, 0.95)
    slopes = fitted.natural()[fitted.design.blocks.spans[1]]
    assert (limits[:, 0] <= slopes).all()
    assert (slopes <= limits[:, 1]).all()
    # No count of this study was told so early: the counts cannot say that the clock moved at all.
    early = [name.endswith("before_180") for name in fitted.design.blocks.slopes]
    assert (limits[early, 0] == 0).all()
    table = estimate_ratios(fitted, 0.95).set_index("term")
    assert (table.loc[[name for name in table.index if name.endswith("before_180")], "lower"] == 1).all()


def test_one_region_or_only_zeros_are_refused_with_the_reason(published):
    one = published.keep(published.table["unit_code"] == "11")
    with pytest.raises(CannotEstimateError) as refusal:
        build_design(one)
    assert refusal.value.problems[0].key == "model_regions"
    empty = type(published)(
        published.table.assign(lower=0.0, upper=0.0, kind="exact"), published.cells, published.doses
    )
    with pytest.raises(CannotEstimateError) as refusal:
        build_design(empty)
    assert refusal.value.problems[0].key == "model_zeros"


def test_the_real_counts_give_the_ratios_that_the_national_figures_show(real_observations):
    fit = fit_measurement(build_design(real_observations))
    ratios = estimate_ratios(fit, 0.95).set_index("term")
    # Published for the nation on one day: 1,645 persons in 1,194 cases; 1,116 of 1,223 referred; 571 of 793 proven.
    for term, published in (("measure_persons", 1.38), ("stage_referred", 0.91), ("stage_proven", 0.72)):
        assert ratios.loc[term, "lower"] < published < ratios.loc[term, "upper"]
    named = compare_regions(fit, 0.95, 200, seed=1).query("named and ratio > 1")["unit_code"]
    # Sulawesi Tenggara, Sulawesi Barat, Maluku Utara and Sulawesi Selatan, as the vulnerability index has them.
    assert {"74", "76", "82", "73"} <= set(named)
    assert isinstance(named, pd.Series)
