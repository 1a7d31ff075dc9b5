"""The headline estimate by three separate ways, and its jackknife by hand."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from netral_research.model.build import estimate_association
from netral_research.model.cross_check import compare, fit_by_pyfixest
from netral_research.model.poisson import FIXED_EFFECTS, Fit, fit_within_provinces
from netral_research.model.sample import CLOCK_PIECES

REGRESSORS = ("dose", *CLOCK_PIECES)


@pytest.fixture(scope="module")
def headline_sample(real_model) -> pd.DataFrame:
    return real_model["sample"].table


@pytest.fixture(scope="module")
def headline(headline_sample, study) -> Fit:
    return fit_within_provinces(headline_sample, REGRESSORS, study.model.minimum_regions)


def poisson_by_hand(sample: pd.DataFrame, regressors: Sequence[str]) -> np.ndarray:
    """Newton's method on plain dummies, written without any statistics library."""
    levels = [sorted(set(sample[name])) for name in FIXED_EFFECTS]
    columns = [sample[name].to_numpy(dtype=float) for name in regressors]
    for place, (name, found) in enumerate(zip(FIXED_EFFECTS, levels, strict=True)):
        columns += [(sample[name] == level).to_numpy(dtype=float) for level in found[(place > 0) :]]
    x = np.column_stack(columns)
    y = sample["count"].to_numpy(dtype=float)
    offset = sample["log_headcount"].to_numpy(dtype=float)
    mean = (y + y.mean()) / 2
    for _ in range(100):
        working = np.log(mean) - offset + (y - mean) / mean
        root = np.sqrt(mean)
        beta = np.linalg.lstsq(x * root[:, None], working * root, rcond=None)[0]
        new = np.exp(offset + x @ beta)
        if np.abs(new - mean).max() < 1e-12:
            break
        mean = new
    # At the maximum of the likelihood every score is zero.
    assert np.abs(x.T @ (y - np.exp(offset + x @ beta))).max() < 1e-6
    return beta[: len(regressors)]


def test_the_headline_equals_pyfixest_to_eight_digits(headline, headline_sample):
    second = fit_by_pyfixest(headline_sample, REGRESSORS)
    assert np.abs(second["coefficient"].to_numpy() - headline.coefficients[: len(REGRESSORS)]).max() < 1e-8
    assert compare(headline, second)["agree"].all()


def test_the_headline_equals_newtons_method_written_here(headline, headline_sample):
    assert poisson_by_hand(headline_sample, REGRESSORS) == pytest.approx(
        headline.coefficients[: len(REGRESSORS)], abs=1e-8
    )


def test_the_report_prints_the_headline_of_this_fit(headline, real_model):
    values = {value.id: value.value for value in real_model["estimates"].values}
    assert values["model.rate_ratio"] == pytest.approx(np.exp(headline.coefficients[0]), abs=1e-12)


def test_a_disagreement_of_the_two_implementations_would_be_told(headline, headline_sample):
    second = fit_by_pyfixest(headline_sample, REGRESSORS)
    second.loc[0, "coefficient"] += 1e-6
    assert not compare(headline, second)["agree"].all()


def jackknife_by_pyfixest(sample: pd.DataFrame) -> float:
    import pyfixest as pf

    formula = f"count ~ {' + '.join(REGRESSORS)} | {' + '.join(FIXED_EFFECTS)}"

    def dose(rows: pd.DataFrame) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = pf.fepois(formula, rows, offset="log_headcount", vcov="iid", iwls_tol=1e-12, fixef_tol=1e-12)
        return float(fitted.coef()["dose"])

    whole = dose(sample)
    units = sorted(sample["unit_code"].unique())
    refits = np.array([dose(sample[sample["unit_code"] != unit]) for unit in units])
    return float(np.sqrt((len(units) - 1) / len(units) * ((refits - whole) ** 2).sum()))


def test_the_printed_error_is_the_jackknife_that_pyfixest_gives_refit_by_refit(headline, headline_sample):
    assert jackknife_by_pyfixest(headline_sample) == pytest.approx(headline.standard_errors[0], abs=1e-7)


def test_the_jackknife_keeps_an_offset_that_changes_over_time(sample):
    """pyfixest's own CRV3 forgets it; ours must not."""
    random = np.random.default_rng(5)
    moving = sample.assign(log_headcount=sample["log_headcount"] + random.normal(0, 1.0, len(sample)))
    fit = fit_within_provinces(moving, ["dose"], 5)
    units = sorted(moving["unit_code"].unique())
    refits = np.array([poisson_by_hand(moving[moving["unit_code"] != unit], ["dose"])[0] for unit in units])
    expected = np.sqrt((len(units) - 1) / len(units) * ((refits - fit.coefficients[0]) ** 2).sum())
    assert fit.standard_errors[0] == pytest.approx(expected, abs=1e-7)
    assert fit.left_out["dose"].to_numpy() == pytest.approx(refits, abs=1e-7)


def test_leaving_one_out_and_the_error_come_from_the_same_refits(headline, real_model):
    ratios = real_model["leave_one_out"].table["rate_ratio"]
    assert ratios.to_numpy() == pytest.approx(np.exp(headline.left_out["dose"].to_numpy()), abs=1e-8)
    number = len(ratios)
    spread = ((np.log(ratios) - headline.coefficients[0]) ** 2).sum()
    assert np.sqrt((number - 1) / number * spread) == pytest.approx(headline.standard_errors[0], abs=1e-7)


def test_two_runs_give_the_same_tables(real_model, model_tables, study):
    again = {result.name: result for result in estimate_association(model_tables, study)}
    for name, result in real_model.items():
        pd.testing.assert_frame_equal(again[name].table, result.table, check_exact=True)
