"""Panels with a known truth: what the model recovers, how often its interval is right, and what it cannot rescue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from netral_research.model.cluster_errors import cluster_robust
from netral_research.model.fixed_effects import FixedEffectsFit, fit_fixed_effects
from netral_research.model.poisson import FIXED_EFFECTS, fit_within_provinces

EFFECT = -0.25
# Refitting without each province costs most of the time: intervals from fewer draws than the averages.
DRAWS = 24
POINTS = 40


@dataclass(frozen=True)
class Drawn:
    """Estimates of many simulated panels with the same truth."""

    estimates: np.ndarray
    jackknife: np.ndarray
    usual: np.ndarray
    printed: np.ndarray
    provinces: int

    def holds(self, truth: float) -> float:
        """Share of the printed intervals that hold the truth."""
        return float(((self.printed[:, 0] <= truth) & (truth <= self.printed[:, 1])).mean())

    def coverage(self, errors: np.ndarray, truth: float) -> float:
        """The same for an error taken with one degree of freedom less than there are provinces."""
        reach = stats.t.ppf(0.975, self.provinces - 1) * errors
        return float((np.abs(self.estimates - truth) <= reach).mean())


def fit_of(sample: pd.DataFrame) -> FixedEffectsFit:
    """The estimate alone, without its jackknife."""
    effects = [sample[name] for name in FIXED_EFFECTS]
    return fit_fixed_effects(sample["count"], sample[["dose"]], effects, sample["log_headcount"])


def usual_error(sample: pd.DataFrame) -> float:
    """The usual cluster-robust standard error (CRV1) at the same estimate."""
    return float(np.sqrt(cluster_robust(fit_of(sample), sample["unit_code"])[0, 0]))


def draw(simulate, seed: int, **truth) -> Drawn:
    random = np.random.default_rng(seed)
    found, printed = [], []
    for _ in range(DRAWS):
        sample = simulate(random, **truth)
        fit = fit_within_provinces(sample, ["dose"], 5)
        found.append((fit.coefficients[0], fit.standard_errors[0], usual_error(sample)))
        printed.append(np.log(fit.interval("dose", 0.95)[1:]))
    return Drawn(*np.array(found).T, np.array(printed), len(fit.left_out))


def point(sample: pd.DataFrame) -> float:
    return float(fit_of(sample).coefficients[0])


@pytest.fixture(scope="module")
def everywhere(simulate) -> Drawn:
    return draw(simulate, 20181, effect=EFFECT, stages=("alleged",))


@pytest.fixture(scope="module")
def few_treated(simulate) -> Drawn:
    return draw(simulate, 20204, effect=EFFECT, stages=("alleged",), treated=4, overdispersion=0.6)


@pytest.mark.parametrize("effect", [EFFECT, 0.3])
def test_the_true_coefficient_is_recovered_on_average(simulate, effect):
    random = np.random.default_rng(4)
    found = np.array([point(simulate(random, effect=effect, stages=("alleged", "proven"))) for _ in range(POINTS)])
    error = found.std(ddof=1) / np.sqrt(POINTS)
    assert error < 0.03
    assert found.mean() == pytest.approx(effect, abs=3.5 * error)


def test_the_jackknife_error_is_as_large_as_the_estimates_really_spread(everywhere):
    spread = everywhere.estimates.std(ddof=1)
    assert 0.75 < everywhere.jackknife.mean() / spread < 1.5


def test_the_jackknife_interval_holds_the_truth_about_as_often_as_it_says(everywhere):
    assert 0.85 <= everywhere.holds(EFFECT) <= 1


def test_where_few_provinces_have_events_the_usual_error_is_too_small_and_the_jackknife_is_not(few_treated):
    jackknife = few_treated.holds(EFFECT)
    usual = few_treated.coverage(few_treated.usual, EFFECT)
    spread = few_treated.estimates.std(ddof=1)
    assert few_treated.usual.mean() < 0.85 * spread
    assert few_treated.jackknife.mean() > 0.85 * spread
    assert usual < jackknife
    assert jackknife >= 0.85
    assert (few_treated.jackknife > few_treated.usual).mean() > 0.9


def between_provinces(sample: pd.DataFrame) -> float:
    """What a plain comparison of provinces shows: totals on the mean dose."""
    total = sample.groupby("unit_code").agg(
        count=("count", "sum"), dose=("dose", "mean"), size=("log_headcount", "first")
    )
    x = sm.add_constant(total["dose"].to_numpy())
    fitted = sm.GLM(total["count"], x, family=sm.families.Poisson(), offset=total["size"].to_numpy()).fit()
    return float(fitted.params.iloc[1])


def test_events_sent_to_provinces_at_risk_raise_the_comparison_of_provinces_but_not_the_one_within_them(simulate):
    random = np.random.default_rng(7)
    samples = [simulate(random, effect=0.0, targeting=0.6, stages=("alleged",)) for _ in range(POINTS)]
    raw = np.array([between_provinces(sample) for sample in samples])
    within = np.array([point(sample) for sample in samples])
    assert raw.mean() > 0.3
    assert (raw > 0).mean() > 0.9
    assert within.mean() == pytest.approx(0, abs=3.5 * within.std(ddof=1) / np.sqrt(POINTS))
    assert abs(within.mean()) < 0.1


def test_events_sent_to_cycles_at_risk_deceive_the_model_too_which_is_why_the_report_speaks_of_association(simulate):
    random = np.random.default_rng(8)
    within = np.array([point(simulate(random, chase=1.0, stages=("alleged",))) for _ in range(POINTS)])
    assert within.mean() > 0.1
