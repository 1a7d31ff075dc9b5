"""Violations told from their reporting: only with an exclusion restriction or validated cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, special, stats

from netral_research.errors import CannotEstimateError
from netral_research.model.count_regression import fit_poisson
from netral_research.model.regression_input import match_rows
from netral_research.robustness import under_reporting
from netral_research.robustness.under_reporting import fit_under_reporting

SLOPE = -0.3


def draw(seed: int, n: int = 1200, office: float = 1.0) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """The dose lowers violations and raises their reporting; ``office`` moves reporting alone."""
    random = np.random.default_rng(seed)
    rows = pd.DataFrame({"dose": random.normal(size=n), "risk": random.normal(size=n), "office": random.normal(size=n)})
    truth = pd.Series(random.poisson(np.exp(1.2 + SLOPE * rows["dose"] + 0.4 * rows["risk"])))
    share = special.expit(-0.4 + 0.9 * rows["dose"] + office * rows["office"])
    return rows, truth, pd.Series(random.binomial(truth, share))


def test_an_exclusion_restriction_finds_what_a_plain_regression_gets_wrong():
    slopes, plain = [], []
    for seed in range(12):
        rows, _, counts = draw(seed)
        found = fit_under_reporting(counts, rows[["dose", "risk"]], rows[["dose", "office"]])
        slopes.append((*found.maxima[0].estimate("dose"), *found.maxima[0].estimate("reporting_dose")))
        plain.append(fit_poisson(counts, rows[["dose", "risk"]]).estimate("dose")[0])
        assert found.identified_by == "exclusion"
        assert not found.tied
    found = np.array(slopes)
    assert np.mean(plain) > 0.1
    assert found[:, 0].mean() == pytest.approx(SLOPE, abs=3 * found[:, 1].mean() / np.sqrt(12))
    assert found[:, 2].mean() == pytest.approx(0.9, abs=3 * found[:, 3].mean() / np.sqrt(12))
    assert (np.abs(found[:, 0] - SLOPE) < 1.96 * found[:, 1]).sum() >= 9


def test_a_few_validated_cases_do_so_too():
    slopes = []
    for seed in range(12):
        rows, truth, counts = draw(seed, office=0.0)
        known = truth[np.random.default_rng(seed).random(len(truth)) < 0.05]
        found = fit_under_reporting(counts, rows[["dose", "risk"]], rows[["dose"]], true_counts=known)
        slopes.append(found.maxima[0].estimate("dose"))
        assert found.identified_by == "validation"
        assert not found.tied
    found = np.array(slopes)
    assert found[:, 0].mean() == pytest.approx(SLOPE, abs=3 * found[:, 1].mean() / np.sqrt(12))
    assert (np.abs(found[:, 0] - SLOPE) < 1.96 * found[:, 1]).sum() >= 9


def test_without_exclusion_or_validation_it_is_refused():
    rows, truth, counts = draw(1)
    for reporting in (rows[["dose"]], rows[["dose", "risk"]], rows[[]]):
        with pytest.raises(CannotEstimateError) as refused:
            fit_under_reporting(counts, rows[["dose", "risk"]], reporting)
        assert refused.value.problems[0].key == "under_reporting_unidentified"
    # A variable made of others is no exclusion, and a validated row or two do not determine reporting.
    with pytest.raises(CannotEstimateError) as refused:
        fit_under_reporting(counts, rows[["dose", "risk"]], pd.DataFrame({"mixed": rows["dose"] - 2 * rows["risk"]}))
    assert refused.value.problems[0].key == "under_reporting_unidentified"
    with pytest.raises(CannotEstimateError):
        fit_under_reporting(counts, rows[["dose"]], rows[["dose"]], true_counts=truth.iloc[:1])


def test_what_is_refused_has_two_maxima_that_fit_equally_well():
    """Papadopoulos and Santos Silva: the slopes of reporting turn their signs, and violations make up for it."""
    rows, _, counts = draw(2)
    violations, reporting = match_rows(counts, rows), match_rows(counts, rows[["dose", "office"]])
    parts = under_reporting._Parts(violations, reporting, np.full(len(counts), np.nan))
    first, second = under_reporting._find_maxima(parts)[:2]
    heights = [under_reporting._log_likelihoods(parts, point).sum() for point in (first, second)]
    assert heights[0] == pytest.approx(heights[1], abs=1e-6)
    assert first[4:] == pytest.approx(-second[4:], abs=1e-4)
    assert first[1] - second[1] == pytest.approx(second[5] * 1.0, abs=1e-4)


def test_an_exclusion_that_moves_nothing_leaves_a_tie_and_both_maxima_are_told():
    """Risk moves reporting as well, so its slope is not zero at either maximum."""
    random = np.random.default_rng(4)
    n = 1500
    rows = pd.DataFrame({"dose": random.normal(size=n), "risk": random.normal(size=n), "idle": random.normal(size=n)})
    mean = np.exp(1.5 + SLOPE * rows["dose"]) * special.expit(0.9 * rows["dose"] + 1.2 * rows["risk"])
    counts = pd.Series(random.poisson(mean))
    found = fit_under_reporting(counts, rows[["dose", "risk"]], rows)
    assert found.tied
    assert len(found.maxima) >= 2
    signs = {np.sign(fit.estimate("reporting_dose")[0]) for fit in found.maxima[:2]}
    assert signs == {-1.0, 1.0}
    assert found.maxima[0].log_likelihood >= found.maxima[1].log_likelihood


def test_the_likelihood_and_its_slopes_are_those_of_the_distributions():
    rows, truth, counts = draw(5, n=80)
    known = truth.iloc[:30]
    violations = match_rows(counts, rows[["dose", "risk"]], exposure=np.exp(rows["office"]))
    parts = under_reporting._Parts(
        violations, match_rows(counts, rows[["dose", "office"]]), known.reindex(counts.index).to_numpy()
    )
    point = np.array([1.0, -0.2, 0.3, 0.2, 0.5, -0.6])
    mean = np.exp(1.0 - 0.2 * rows["dose"] + 0.3 * rows["risk"] + rows["office"])
    share = special.expit(0.2 + 0.5 * rows["dose"] - 0.6 * rows["office"])
    expected = stats.poisson.logpmf(counts, mean * share)
    expected[:30] = (stats.poisson.logpmf(truth, mean) + stats.binom.logpmf(counts, truth, share))[:30]
    found = under_reporting._log_likelihoods(parts, point)
    assert found == pytest.approx(expected, abs=1e-9)
    gradient, curvature, _ = under_reporting._derivatives(parts, point)

    def value(x):
        return under_reporting._log_likelihoods(parts, x).sum()

    def slopes(x):
        return under_reporting._derivatives(parts, x)[0]

    assert gradient == pytest.approx(optimize.approx_fprime(point, value, 1e-6), rel=1e-3, abs=1e-3)
    assert -curvature == pytest.approx(optimize.approx_fprime(point, slopes, 1e-6), rel=1e-3, abs=1e-3)


def test_parts_are_matched_by_index():
    rows, truth, counts = draw(6, n=400)
    known = truth.iloc[::3]
    mixed = rows.sample(frac=1, random_state=1)
    first = fit_under_reporting(counts, rows[["dose", "risk"]], rows[["dose", "office"]], true_counts=known)
    second = fit_under_reporting(
        counts, mixed[["dose", "risk"]], mixed[["dose", "office"]], true_counts=known.iloc[::-1]
    )
    assert np.array_equal(first.maxima[0].coefficients, second.maxima[0].coefficients)
    assert first.share_reported.index.equals(counts.index)


def test_clustered_errors_grow_with_what_clusters_share():
    rows, _, counts = draw(7)
    region = pd.Series(np.arange(len(counts)) // 2)
    twice = pd.concat([counts, counts], ignore_index=True)
    both = pd.concat([rows, rows], ignore_index=True)
    region = pd.concat([region, region], ignore_index=True)
    fits = {
        errors: fit_under_reporting(
            twice, both[["dose", "risk"]], both[["dose", "office"]], clusters=region, errors=errors
        ).maxima[0]
        for errors in ("model", "cluster")
    }
    ratio = fits["cluster"].estimate("dose")[1] / fits["model"].estimate("dose")[1]
    assert ratio == pytest.approx(np.sqrt(2), rel=0.1)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda counts, known: (counts * 0, known), "model_zeros"),
        (lambda counts, known: (counts - 1, known), "model_values"),
        (lambda counts, known: (counts + 1, known), "model_values"),
        (lambda counts, known: (counts, pd.concat([known, known])), "model_rows_unmatched"),
        (lambda counts, known: (counts.astype(float).where(counts.index > 0), known), "model_values"),
    ],
)
def test_what_cannot_bear_an_answer_is_refused(change, key):
    rows, truth, counts = draw(8, n=200)
    changed, known = change(counts, truth)
    with pytest.raises(CannotEstimateError) as refused:
        fit_under_reporting(changed, rows[["dose"]], rows[["dose", "office"]], true_counts=known)
    assert refused.value.problems[0].key == key


@pytest.mark.filterwarnings("error")
def test_few_rows_give_an_answer_with_finite_errors_or_a_reason_and_never_a_warning():
    answers, reasons = 0, set()
    for seed in range(40):
        rows, _, counts = draw(seed, n=25)
        try:
            found = fit_under_reporting(counts, rows[["dose"]], rows[["dose", "office"]])
        except CannotEstimateError as refusal:
            reasons.add(refusal.problems[0].key)
            continue
        answers += 1
        assert all(np.isfinite(fit.standard_errors).all() for fit in found.maxima)
        assert found.maxima[0].log_likelihood == max(fit.log_likelihood for fit in found.maxima)
    assert answers >= 5
    assert reasons <= {"model_convergence", "model_errors_undetermined"}
