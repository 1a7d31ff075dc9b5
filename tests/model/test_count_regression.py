"""Regressions of counts: known truths, other programs' answers, and what is refused."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from netral_research.errors import CannotEstimateError
from netral_research.model.count_regression import fit_negative_binomial, fit_poisson, overdispersion_test
from netral_research.model.regression_input import code_levels


def draw(random, n=400, regions=20, slope=0.4, theta=None, shared=0.0):
    """Counts of rows in regions; ``shared`` is the spread of what a region's rows have in common."""
    region = np.arange(n) % regions
    dose = random.normal(0, 0.6, regions)[region] + random.normal(0, 0.6, n)
    exposure = np.exp(random.normal(1, 0.5, n))
    mean = exposure * np.exp(0.3 + slope * dose + random.normal(0, shared, regions)[region])
    if theta is not None:
        mean = mean * random.gamma(theta, 1 / theta, n)
    return pd.DataFrame({"count": random.poisson(mean), "dose": dose, "exposure": exposure, "region": region})


@pytest.fixture
def rows() -> pd.DataFrame:
    return draw(np.random.default_rng(3), theta=2.0)


def problem(refused) -> tuple[str, str]:
    first = refused.value.problems[0]
    return first.key, first.column


def test_parts_are_matched_by_index_whatever_their_order(rows):
    fit = fit_poisson(
        rows["count"], rows[["dose"]], exposure=rows["exposure"], clusters=rows["region"], errors="cluster"
    )
    mixed = rows.sample(frac=1, random_state=1)
    again = fit_poisson(
        rows["count"],
        mixed[["dose"]],
        exposure=mixed["exposure"].iloc[::-1],
        clusters=mixed["region"],
        errors="cluster",
    )
    assert np.array_equal(again.coefficients, fit.coefficients)
    assert np.array_equal(again.covariance, fit.covariance)
    assert again.fitted.index.equals(rows.index)


def test_an_offset_is_the_log_of_an_exposure_and_both_add_up(rows):
    half = np.log(rows["exposure"]) / 2
    first = fit_poisson(rows["count"], rows[["dose"]], exposure=rows["exposure"])
    second = fit_poisson(rows["count"], rows[["dose"]], offset=half, exposure=np.exp(half))
    assert second.coefficients == pytest.approx(first.coefficients, abs=1e-12)


@pytest.mark.parametrize(("errors", "kind"), [("model", "nonrobust"), ("robust", "HC0"), ("cluster", "cluster")])
def test_poisson_errors_are_those_of_statsmodels(rows, errors, kind):
    ours = fit_poisson(rows["count"], rows[["dose"]], exposure=rows["exposure"], clusters=rows["region"], errors=errors)
    options = {"cov_kwds": {"groups": rows["region"].to_numpy()}, "use_t": True} if kind == "cluster" else {}
    theirs = sm.GLM(
        rows["count"], sm.add_constant(rows[["dose"]]), family=sm.families.Poisson(),
        exposure=rows["exposure"].to_numpy(),
    ).fit(tol=1e-13, cov_type=kind, **options)  # fmt: skip
    assert ours.coefficients == pytest.approx(theirs.params.to_numpy(), abs=1e-9)
    assert ours.standard_errors == pytest.approx(theirs.bse.to_numpy(), rel=1e-8)
    assert ours.p_value("dose") == pytest.approx(theirs.pvalues["dose"], rel=1e-6)
    assert np.log(ours.interval("dose", 0.9)[1:]) == pytest.approx(
        theirs.conf_int(0.1).loc["dose"].to_numpy(), abs=1e-8
    )
    assert (ours.deviance, ours.pearson, ours.log_likelihood) == pytest.approx(
        (theirs.deviance, theirs.pearson_chi2, theirs.llf)
    )


def test_clustered_errors_are_those_of_pyfixest(rows):
    import pyfixest as pf

    ours = fit_poisson(rows["count"], rows[["dose"]], clusters=rows["region"], errors="cluster")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pf.fepois("count ~ dose", rows, vcov={"CRV1": "region"}, iwls_tol=1e-12)
    assert ours.estimate("dose") == pytest.approx((theirs.coef()["dose"], theirs.se()["dose"]), abs=1e-7)


def test_quasi_poisson_scales_the_errors_by_the_dispersion(rows):
    plain = fit_poisson(rows["count"], rows[["dose"]], exposure=rows["exposure"])
    scaled = fit_poisson(rows["count"], rows[["dose"]], exposure=rows["exposure"], errors="dispersion")
    assert scaled.standard_errors == pytest.approx(plain.standard_errors * np.sqrt(plain.dispersion))
    assert scaled.degrees_of_freedom == len(rows) - 2
    assert plain.dispersion > 1.5


@pytest.mark.parametrize("errors", ["model", "robust", "cluster"])
def test_negative_binomial_is_that_of_statsmodels(rows, errors):
    ours = fit_negative_binomial(
        rows["count"], rows[["dose"]], exposure=rows["exposure"], clusters=rows["region"], errors=errors,
        information="observed",
    )  # fmt: skip
    kind = {"model": "nonrobust", "robust": "HC0", "cluster": "cluster"}[errors]
    options = (
        {"cov_kwds": {"groups": rows["region"].to_numpy(), "use_correction": False}} if errors == "cluster" else {}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.NegativeBinomial(
            rows["count"], sm.add_constant(rows[["dose"]]), exposure=rows["exposure"].to_numpy()
        )
        start = [*ours.coefficients, ours.alpha]
        theirs = model.fit(start_params=start, method="newton", disp=0, tol=1e-12, cov_type=kind, **options)
    assert [*ours.coefficients, ours.alpha] == pytest.approx(theirs.params.to_numpy(), abs=1e-7)
    assert ours.log_likelihood == pytest.approx(theirs.llf, abs=1e-8)
    # The clustered error carries a correction for few clusters, which statsmodels counts differently here.
    factor = 20 / 19 * 399 / (400 - 3) if errors == "cluster" else 1.0
    assert ours.standard_errors == pytest.approx(theirs.bse.to_numpy()[:2] * np.sqrt(factor), rel=1e-5)
    assert ours.alpha_standard_error == pytest.approx(theirs.bse.to_numpy()[2] * np.sqrt(factor), rel=1e-5)


def test_negative_binomial_ends_where_its_slopes_vanish(rows):
    """Far from the start, too: the slopes are those of an independent likelihood, by differences."""
    from scipy import optimize, stats

    fit = fit_negative_binomial(rows["count"] * 50, rows[["dose"]])

    def loss(point):
        mean = np.exp(point[0] + point[1] * rows["dose"])
        theta = np.exp(point[2])
        return -stats.nbinom.logpmf(rows["count"] * 50, theta, theta / (theta + mean)).sum()

    found = np.append(fit.coefficients, np.log(fit.theta))
    assert np.abs(optimize.approx_fprime(found, loss, 1e-6)).max() < 2e-3
    assert loss(found) == pytest.approx(-fit.log_likelihood)


def test_theta_and_slope_are_found_again():
    fits = [
        fit_negative_binomial(rows["count"], rows[["dose"]], exposure=rows["exposure"])
        for rows in (draw(np.random.default_rng(seed), theta=2.0) for seed in range(60))
    ]
    slopes = np.array([fit.estimate("dose") for fit in fits])
    assert slopes[:, 0].mean() == pytest.approx(0.4, abs=0.02)
    assert slopes[:, 1].mean() == pytest.approx(slopes[:, 0].std(ddof=1), rel=0.25)
    logs = np.array([(np.log(fit.theta), fit.theta_standard_error / fit.theta) for fit in fits])
    assert logs[:, 0].mean() == pytest.approx(np.log(2), abs=0.06)
    assert logs[:, 1].mean() == pytest.approx(logs[:, 0].std(ddof=1), rel=0.3)


def test_with_shared_shocks_only_clustered_intervals_hold_the_truth():
    held = {"model": 0, "dispersion": 0, "cluster": 0}
    for seed in range(150):
        rows = draw(np.random.default_rng(seed), n=600, regions=40, shared=0.4)
        for errors in held:
            fit = fit_poisson(
                rows["count"], rows[["dose"]], exposure=rows["exposure"], clusters=rows["region"], errors=errors
            )
            _, lower, upper = fit.interval("dose", 0.95)
            held[errors] += lower < np.exp(0.4) < upper
    assert held["model"] < 0.8 * 150
    assert held["dispersion"] < 0.9 * 150
    assert held["cluster"] >= 0.88 * 150


def test_overdispersion_is_found_where_it_is_and_the_statistic_is_that_of_statsmodels(rows):
    fit = fit_poisson(rows["count"], rows[["dose"]], exposure=rows["exposure"])
    statistic, p_value = overdispersion_test(fit, rows["count"].iloc[::-1])
    model = sm.Poisson(rows["count"], sm.add_constant(rows[["dose"]]), exposure=rows["exposure"].to_numpy()).fit(disp=0)
    theirs = model.get_diagnostic().test_dispersion().summary_frame()
    assert statistic == pytest.approx(theirs["statistic"].iloc[1], rel=1e-6)
    assert p_value < 1e-6
    found = []
    for seed in range(200):
        plain = draw(np.random.default_rng(seed))
        found.append(
            overdispersion_test(
                fit_poisson(plain["count"], plain[["dose"]], exposure=plain["exposure"]), plain["count"]
            )[1]
        )
    assert 0.01 <= np.mean(np.array(found) < 0.05) <= 0.10


def test_counts_that_do_not_vary_more_than_chance_have_no_theta():
    counts = pd.Series([4, 5, 6, 5, 4, 6])
    with pytest.raises(CannotEstimateError) as refused:
        fit_negative_binomial(counts, pd.DataFrame(index=counts.index))
    assert problem(refused)[0] == "model_not_overdispersed"


@pytest.mark.parametrize("fit", [fit_poisson, fit_negative_binomial])
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rows: rows.assign(count=0), ("model_zeros", "")),
        (lambda rows: rows.assign(count=rows["count"].where(rows.index > 0, -1)), ("model_values", "counts")),
        (lambda rows: rows.assign(count=rows["count"].where(rows.index > 0)), ("model_values", "count")),
        (lambda rows: rows.assign(dose=rows["dose"].where(rows.index > 0)), ("model_values", "dose")),
        (lambda rows: rows.assign(dose=np.inf), ("model_values", "dose")),
        (lambda rows: rows.assign(dose=2.0), ("model_collinear", "dose")),
        (lambda rows: rows.assign(dose=0.0), ("model_collinear", "dose")),
        (lambda rows: rows.assign(exposure=rows["exposure"].where(rows.index > 0, 0)), ("model_offset", "exposure")),
        (lambda rows: rows.assign(exposure=np.nan), ("model_offset", "exposure")),
        (lambda rows: rows.assign(region=1), ("model_regions", "")),
        (
            lambda rows: rows.assign(dose=((rows["count"] == 0) & (rows.index % 2)).astype(float)),
            ("model_separated", "dose"),
        ),
        (lambda rows: rows.head(1), ("model_rows_few", "")),
    ],
)  # fmt: skip
def test_what_cannot_bear_an_answer_is_refused(rows, fit, change, told):
    changed = change(rows)
    with pytest.raises(CannotEstimateError) as refused:
        fit(
            changed["count"],
            changed[["dose"]],
            exposure=changed["exposure"],
            clusters=changed["region"],
            errors="cluster",
        )
    assert problem(refused) == told


def test_rows_that_lack_a_partner_or_repeat_are_refused(rows):
    for part in (rows.iloc[1:], pd.concat([rows, rows.iloc[:1]])):
        with pytest.raises(CannotEstimateError) as refused:
            fit_poisson(rows["count"], rows[["dose"]], exposure=part["exposure"])
        assert problem(refused) == ("model_rows_unmatched", "exposure")


def test_clustered_errors_without_clusters_are_refused(rows):
    with pytest.raises(CannotEstimateError) as refused:
        fit_poisson(rows["count"], rows[["dose"]], errors="cluster")
    assert problem(refused)[0] == "model_regions"


def test_separation_by_several_regressors_together_is_seen():
    """No single column separates; their difference does: it is positive only where counts are zero."""
    random = np.random.default_rng(2)
    first = random.normal(size=200)
    gap = np.where(np.arange(200) < 20, 1.0, 0.0)
    counts = pd.Series(np.where(gap > 0, 0, random.poisson(3, 200)))
    design = pd.DataFrame({"first": first, "second": first + gap})
    with pytest.raises(CannotEstimateError) as refused:
        fit_poisson(counts, design)
    assert problem(refused)[0] == "model_separated"
    # Where the gap goes both ways within the zeros, the likelihood has a maximum.
    counts.iloc[0] = 1
    assert np.isfinite(fit_poisson(counts, design).coefficients).all()


def test_levels_are_compared_with_the_one_of_reference():
    table = pd.DataFrame({"cycle": ["a", "b", "c", "b"], "dose": [1, 2, 3, 4]})
    assert code_levels(table, ["dose"], {"cycle": "b"}).columns.tolist() == ["dose", "cycle_a", "cycle_c"]
    with pytest.raises(CannotEstimateError) as refused:
        code_levels(table, [], {"cycle": "z"})
    assert problem(refused) == ("model_level_missing", "cycle")


@pytest.mark.parametrize("scale", [1e-4, 1e5])
@pytest.mark.parametrize("fit", [fit_poisson, fit_negative_binomial])
def test_the_unit_of_a_regressor_changes_its_coefficient_alone(rows, fit, scale):
    plain = fit(rows["count"], rows[["dose"]], exposure=rows["exposure"])
    scaled = fit(rows["count"], rows[["dose"]] * scale, exposure=rows["exposure"])
    assert [number * scale for number in scaled.estimate("dose")] == pytest.approx(plain.estimate("dose"), rel=1e-6)
    assert scaled.p_value("dose") == pytest.approx(plain.p_value("dose"), rel=1e-5)
    assert scaled.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-7)


def test_an_error_of_zero_is_refused():
    """The constant speaks of one region alone and fits it perfectly: its clustered error only seems to be zero."""
    counts, region = pd.Series([4, 6, 3, 8, 5, 9]), pd.Series(["a", "a", "b", "b", "c", "c"])
    others = pd.DataFrame({"others": (region != "a").astype(float)})
    with pytest.raises(CannotEstimateError) as refused:
        fit_poisson(counts, others, clusters=region, errors="cluster")
    assert problem(refused)[0] == "model_errors_undetermined"
    assert fit_poisson(counts, others).estimate("constant")[1] > 0


def test_numbers_of_another_program_on_a_set_that_comes_with_statsmodels():
    """20,190 doctor's visits (RAND): coefficients and errors of glm.nb of R's MASS, the error of alpha of Stata."""
    from statsmodels.discrete.tests.results.results_discrete import RandHIE

    visits = sm.datasets.randhie.load_pandas()
    published = RandHIE.negativebinomial_nb2_bfgs
    expected = fit_negative_binomial(visits.endog, visits.exog)
    observed = fit_negative_binomial(visits.endog, visits.exog, information="observed")
    *slopes, constant, alpha = published.params
    *errors, constant_error, alpha_error = published.bse
    assert expected.coefficients == pytest.approx([constant, *slopes], abs=1e-7)
    assert expected.standard_errors == pytest.approx([constant_error, *errors], rel=1e-5)
    assert (observed.alpha, observed.alpha_standard_error) == pytest.approx((alpha, alpha_error), abs=1e-6)
    assert expected.log_likelihood == pytest.approx(published.llf, abs=1e-5)
    poisson = fit_poisson(visits.endog, visits.exog)
    *slopes, constant = RandHIE.poisson.params
    assert poisson.coefficients == pytest.approx([constant, *slopes], abs=1e-7)
