"""Published rankings: unlisted regions enter as counts within limits, and bad lists are refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, stats

from netral_research.errors import CannotEstimateError
from netral_research.model.ranking_limits import ranking_limits
from netral_research.model.rankings import fit_rankings
from netral_research.model.unlisted_regions import predict_unlisted

TRUE = -0.4


def panel(seed, regions=38, cycles=7, dispersion=0.3, spread=0.7):
    """Counts of regions and cycles with a known effect of the dose; every region counts once a cycle."""
    random = np.random.default_rng(seed)
    region, cycle = np.repeat(np.arange(regions), cycles), np.tile(np.arange(cycles), regions)
    size, dose = random.normal(0, 0.7, regions)[region], random.integers(0, 2, regions * cycles)
    effects = random.normal(0, spread, regions)[region] + random.normal(0, 0.3, cycles)[cycle]
    mean = np.exp(np.log(8) + size + effects + TRUE * dose)
    count = random.negative_binomial(1 / dispersion, 1 / (1 + dispersion * mean))
    names = {"region": [f"{one:02d}" for one in region], "ranking": [f"L{one}" for one in cycle]}
    return pd.DataFrame(names | {"dose": dose, "size": size, "count": count})


def published(table, kind="top_k", length=10):
    """The same panel as only its rankings tell it."""
    limits = [
        ranking_limits(
            rows.sort_values("count", ascending=kind == "bottom_k", kind="stable").head(length)
            .set_index("region")["count"],
            rows["region"].tolist(), kind, length,
        ).assign(ranking=ranking)
        for ranking, rows in table.groupby("ranking")
    ]  # fmt: skip
    return table.merge(pd.concat(limits), on=["region", "ranking"])


def refusal(run):
    with pytest.raises(CannotEstimateError) as refused:
        run()
    return refused.value.problems[0].key


FIT = {"cluster": "region", "fixed_effects": ["region", "ranking"], "offset": "size"}


@pytest.fixture(scope="module")
def simulated():
    """Estimates of the same data sets by three ways to treat unlisted regions, and from all counts."""
    fit = FIT | {"fixed_effects": ["ranking"]}
    rows = []
    for seed in range(16):
        lists = published(panel(seed, spread=0))
        zeros = lists["lower"].where(lists["lower"] == lists["upper"], 0)
        fits = {
            "all": fit_rankings(lists.assign(lower=lists["count"], upper=lists["count"]), ["dose"], **fit),
            "zero": fit_rankings(lists.assign(lower=zeros, upper=zeros), ["dose"], **fit),
            "listed": fit_rankings(lists[lists["lower"] == lists["upper"]], ["dose"], **fit),
            "limits": fit_rankings(lists, ["dose"], **fit),
        }
        errors = {"error": fits["limits"].standard_error("dose", clustered=False)}
        rows.append({name: one.coefficients[0] for name, one in fits.items()} | errors)
    return pd.DataFrame(rows)


def test_unlisted_regions_within_limits_give_the_truth_where_zeros_exaggerate_it(simulated):
    means = simulated.mean()
    assert abs((simulated["limits"] - simulated["all"]).mean()) < 0.05
    assert abs(means["limits"] - TRUE) < 0.05
    assert means["zero"] < TRUE - 0.35
    assert means["listed"] > TRUE + 0.08


def test_standard_errors_tell_how_far_estimates_scatter(simulated):
    assert 0.6 < simulated["limits"].std() / simulated["error"].mean() < 1.4


def test_regions_with_a_rate_of_their_own_need_no_list_that_names_them_all():
    differences = []
    for seed in range(4):
        lists = published(panel(seed))
        every = fit_rankings(lists.assign(lower=lists["count"], upper=lists["count"]), ["dose"], **FIT)
        limits = fit_rankings(lists, ["dose"], **FIT)
        assert set(every.left_out) < set(limits.left_out)
        differences.append(limits.coefficients[0] - every.coefficients[0])
    assert abs(np.mean(differences)) < 0.08


def test_a_published_total_is_used_and_keeps_the_truth():
    lists = published(panel(3, regions=16, cycles=4), length=5)
    totals = lists.groupby("ranking")["count"].sum().to_dict()
    fit = {"cluster": "region", "fixed_effects": ["ranking"], "offset": "size"}
    without, with_totals = fit_rankings(lists, ["dose"], **fit), fit_rankings(lists, ["dose"], totals=totals, **fit)
    assert with_totals.standard_error("dose", False) < without.standard_error("dose", False)
    every = fit_rankings(lists.assign(lower=lists["count"], upper=lists["count"]), ["dose"], **fit)
    assert abs(with_totals.coefficients[0] - every.coefficients[0]) < 2 * every.standard_error("dose", False)
    predicted = predict_unlisted(with_totals, lists, "region", 0.9, 50, seed=1)
    known = lists[lists["lower"] == lists["upper"]].groupby("ranking")["count"].sum()
    assert predicted.groupby("ranking")["expected"].sum().to_numpy() == pytest.approx(
        (pd.Series(totals) - known).to_numpy(), abs=1e-6
    )


def test_lowest_regions_bound_the_others_from_below():
    lists = published(panel(5), kind="bottom_k", length=15)
    assert np.isinf(lists["upper"]).any()
    every = fit_rankings(lists.assign(lower=lists["count"], upper=lists["count"]), ["dose"], **FIT)
    bounded = fit_rankings(lists, ["dose"], **FIT)
    assert abs(bounded.coefficients[0] - every.coefficients[0]) < 2 * bounded.standard_error("dose", False)
    predicted = predict_unlisted(bounded, lists, "region", 0.9, 100, seed=1)
    assert (predicted["predicted_lower"] >= predicted["lower"]).all()
    assert np.isfinite(predicted["predicted_upper"]).all()


def test_where_nothing_is_censored_the_fit_is_that_of_statsmodels():
    table = panel(1, regions=20, cycles=4).assign(
        lower=lambda frame: frame["count"], upper=lambda frame: frame["count"]
    )
    dummies = pd.get_dummies(table["ranking"], dtype=float)
    design = pd.concat([table[["dose"]].astype(float), dummies], axis=1)
    fit = {"cluster": "region", "fixed_effects": ["ranking"], "offset": "size"}
    ours = fit_rankings(table, ["dose"], family="poisson", **fit)
    clusters = {"groups": table["region"].astype(int), "use_correction": False}
    theirs = sm.GLM(table["count"], design, sm.families.Poisson(), offset=table["size"]).fit(tol=1e-12)
    assert ours.coefficients == pytest.approx(theirs.params.to_numpy(), abs=1e-8)
    assert np.sqrt(np.diag(ours.covariance)) == pytest.approx(theirs.bse.to_numpy(), rel=1e-6)
    assert ours.log_likelihood == pytest.approx(theirs.llf, abs=1e-6)
    robust = sm.GLM(table["count"], design, sm.families.Poisson(), offset=table["size"]).fit(
        tol=1e-12, cov_type="cluster", cov_kwds=clusters
    )
    assert ours.standard_error("dose") == pytest.approx(robust.bse["dose"] * np.sqrt(20 / 19), rel=1e-6)
    ours = fit_rankings(table, ["dose"], family="negative_binomial", **fit)
    theirs = sm.NegativeBinomial(table["count"], design, offset=table["size"]).fit(
        method="newton", maxiter=200, disp=0, tol=1e-12
    )
    assert ours.coefficients == pytest.approx(theirs.params.to_numpy()[:-1], abs=1e-6)
    assert ours.dispersion == pytest.approx(theirs.params["alpha"], abs=1e-6)
    assert ours.standard_error("dose", False) == pytest.approx(theirs.bse["dose"], rel=1e-4)


def test_a_small_censored_sample_gives_what_scipy_finds_by_brute_force():
    lists = published(panel(2, regions=9, cycles=3), length=3)

    def minus_log_likelihood(parameters):
        mean = np.exp(lists["size"] + parameters[0] * lists["dose"] + parameters[1])
        size = np.exp(-parameters[2])
        known = stats.nbinom(size, size / (size + mean))
        exact = lists["lower"] == lists["upper"]
        return -np.where(exact, known.logpmf(lists["lower"]), known.logcdf(lists["upper"])).sum()

    brute = optimize.minimize(
        minus_log_likelihood, [0, 2, 0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000}
    )
    fit = fit_rankings(lists, ["dose"], cluster="region", offset="size")
    assert [*fit.coefficients, np.log(fit.dispersion)] == pytest.approx(brute.x, abs=1e-5)
    assert fit.log_likelihood == pytest.approx(-brute.fun, abs=1e-8)
    assert fit.log_likelihoods[0] == pytest.approx(fit.log_likelihoods[1], abs=1e-6)


def test_plain_limits_enter_like_those_of_a_list():
    table = panel(1, regions=20, cycles=3).assign(
        lower=lambda frame: frame["count"], upper=lambda frame: frame["count"]
    )
    table = table.assign(ranking=table.index.astype(str))
    table = table.astype({"lower": float, "upper": float})
    table.loc[::3, "lower"], table.loc[1::3, "upper"] = table["count"] // 2, np.inf
    fit = fit_rankings(table, ["dose"], cluster="region", offset="size")
    assert fit.unlisted == (table["lower"] < table["upper"]).sum()
    assert abs(fit.coefficients[0] - TRUE) < 3 * fit.standard_error("dose")


def test_predicted_intervals_lie_within_the_limits_and_hold_the_truth():
    lists = published(panel(11))
    fit = fit_rankings(lists, ["dose"], cluster="region", fixed_effects=["ranking"], offset="size")
    predicted = predict_unlisted(fit, lists, "region", 0.9, 400, seed=1)
    again = predict_unlisted(fit, lists, "region", 0.9, 400, seed=1)
    assert predicted.equals(again)
    truth = lists.loc[lists["lower"] < lists["upper"], "count"].to_numpy()
    assert predicted["expected"].between(predicted["lower"], predicted["upper"]).all()
    held = (truth >= predicted["predicted_lower"]) & (truth <= predicted["predicted_upper"])
    assert 0.84 < held.mean() <= 1
    narrower = predicted["predicted_upper"] - predicted["predicted_lower"] < predicted["upper"] - predicted["lower"]
    assert narrower.mean() > 0.3


def test_a_region_no_list_ever_named_is_left_out_by_name_and_keeps_its_limits():
    lists = published(panel(11))
    lists = lists[lists["region"] != "00"]
    silent = lists[lists["region"] == "01"].assign(region="00", lower=0)
    silent["upper"] = lists.groupby("ranking")["upper"].min().loc[silent["ranking"]].to_numpy()
    both = pd.concat([lists, silent], ignore_index=True)
    fit, without = fit_rankings(both, ["dose"], **FIT), fit_rankings(lists, ["dose"], **FIT)
    assert "region 00" in fit.left_out
    assert fit.coefficients[0] == pytest.approx(without.coefficients[0], abs=1e-8)
    row = predict_unlisted(fit, both, "region", 0.9, 50, seed=1).query("region == '00'")
    assert row["expected"].isna().all()
    assert (row["predicted_upper"] == row["upper"]).all()


def test_a_tie_with_the_last_listed_is_possible():
    limits = ranking_limits(pd.Series({"11": 9, "12": 4}), ["11", "12", "13"], "top_k", 2).set_index("region")
    assert limits.loc["13"].tolist() == [0, 4]
    low = ranking_limits(pd.Series({"11": 0, "12": 4}), ["11", "12", "13"], "bottom_k", 2).set_index("region")
    assert low.loc["13"].tolist() == [4, np.inf]


def test_one_of_two_entries_bounds_nobody_but_the_single_entry_of_a_top_one_does():
    second = pd.Series({"73": 47})
    assert refusal(lambda: ranking_limits(second, ["11", "73"], "top_k", 2)) == "ranking_short"
    assert ranking_limits(second, ["11", "73"], "top_k", 1)["upper"].tolist() == [47, 47]


@pytest.mark.parametrize(
    ("listed", "kind", "length", "known", "key"),
    [
        ({"11": 9}, "top_k", None, None, "ranking_without_length"),
        ({"99": 9}, "top_k", 1, None, "ranking_unknown_region"),
        ({"11": 9}, "full", None, None, "ranking_short"),
        ({}, "top_k", 0, None, "ranking_short"),
        ({"11": 9}, "top_k", 1, {"12": (10, np.inf)}, "ranking_contradicts_limit"),
        ({"11": 2}, "bottom_k", 1, {"12": (0, 1)}, "ranking_contradicts_limit"),
        ({"11": 9}, "top_k", 1, {"11": (0, 8)}, "ranking_contradicts_limit"),
    ],
)
def test_a_bad_list_is_refused(listed, kind, length, known, key):
    limits = None if known is None else pd.DataFrame(known, index=["lower", "upper"]).T
    assert refusal(lambda: ranking_limits(pd.Series(listed, dtype=float), ["11", "12"], kind, length, limits)) == key


def test_a_region_named_twice_is_refused():
    twice = pd.Series([9, 4], index=["11", "11"])
    assert refusal(lambda: ranking_limits(twice, ["11", "12"], "top_k", 2)) == "ranking_repeats_region"


@pytest.fixture
def lists():
    return published(panel(2, regions=9, cycles=3), length=3)


def test_totals_that_cannot_be_are_refused(lists):
    listed = int(lists.loc[(lists["ranking"] == "L0") & (lists["lower"] == lists["upper"]), "lower"].sum())

    def run(total):
        return refusal(lambda: fit_rankings(lists, ["dose"], cluster="region", totals={"L0": total}))

    assert run(listed - 1) == "ranking_total_below_listed"
    assert run(listed + 10_000) == "ranking_total_impossible"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"upper": -1}, "ranking_limits_impossible"),
        ({"lower": 0.5, "upper": 0.5}, "ranking_limits_impossible"),
        ({"lower": np.nan}, "ranking_limits_impossible"),
        ({"size": np.nan}, "model_offset"),
        ({"region": "11"}, "model_regions"),
        ({"lower": 0, "upper": 0}, "model_zeros"),
        ({"lower": 0}, "model_zeros"),
        ({"dose": 1}, "model_no_variation"),
    ],
)
def test_a_panel_that_cannot_bear_the_model_is_refused(lists, change, key):
    changed = lists.assign(**change)
    assert refusal(lambda: fit_rankings(changed, ["dose"], cluster="region", offset="size")) == key


@pytest.mark.parametrize("family", ["poisson", "negative_binomial"])
def test_a_dose_only_where_every_count_may_be_zero_is_refused(lists, family):
    separated = lists.assign(dose=(lists["lower"] == 0).astype(int))
    assert refusal(lambda: fit_rankings(separated, ["dose"], cluster="region", family=family)) == "model_no_variation"


def test_counts_that_scatter_no_more_than_poisson_ones_leave_a_dispersion_of_zero():
    table = pd.DataFrame({"region": [f"{one:02d}" for one in range(12)] * 2, "ranking": ["a"] * 12 + ["b"] * 12})
    table = table.assign(dose=np.arange(24) // 6 % 2, count=[10, 11, 12, 9, 10, 11, 7, 6, 7, 8, 7, 7] * 2)
    lists = published(table, length=8)
    fits = [fit_rankings(lists, ["dose"], cluster="region", family=one) for one in ("poisson", "negative_binomial")]
    assert fits[1].dispersion < 1e-3
    assert fits[1].coefficients == pytest.approx(fits[0].coefficients, abs=1e-3)
    assert fits[1].standard_error("dose", False) == pytest.approx(fits[0].standard_error("dose", False), rel=1e-2)
    assert predict_unlisted(fits[1], lists, "region", 0.9, 50, seed=1)["expected"].notna().all()


def test_results_do_not_hang_on_the_order_of_rows(lists):
    totals = lists.groupby("ranking")["count"].sum().to_dict()
    first, second = (
        fit_rankings(rows, ["dose"], cluster="region", offset="size", totals=totals)
        for rows in (lists, lists.sample(frac=1, random_state=1))
    )
    assert first.coefficients == pytest.approx(second.coefficients, abs=1e-6)
