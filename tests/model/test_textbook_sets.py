"""Data sets that statsmodels ships: our fits beside regressions with dummies written out, to a millionth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.datasets import fair, grunfeld, randhie

from netral_research.model.count_regression import fit_negative_binomial, fit_poisson
from netral_research.model.event_study import event_study
from netral_research.model.fixed_effects import fit_fixed_effects

CLOSE = 1e-6


def dummies(*labels: pd.Series) -> pd.DataFrame:
    """A constant and all levels of each label but the first."""
    parts = [pd.get_dummies(label.astype("str"), prefix=str(place), drop_first=True, dtype="float64")
             for place, label in enumerate(labels)]  # fmt: skip
    return sm.add_constant(pd.concat(parts, axis=1))


def poisson(outcome: pd.Series, design: pd.DataFrame) -> pd.Series:
    return sm.GLM(outcome, design, family=sm.families.Poisson()).fit(tol=1e-13, tol_criterion="params").params


@pytest.fixture(scope="module")
def investment() -> pd.DataFrame:
    table = grunfeld.load_pandas().data
    # Numbers of like size, for the dummies' sake.
    return table.assign(value=table["value"] / 1000, capital=table["capital"] / 1000)


def test_flows_with_effects_of_both_sides_are_those_of_dummies_and_of_pyfixest(investment):
    regressors = ["value", "capital"]
    fit = fit_fixed_effects(investment["invest"], investment[regressors], [investment["firm"], investment["year"]])
    design = pd.concat([investment[regressors], dummies(investment["firm"], investment["year"])], axis=1)
    assert fit.coefficients == pytest.approx(poisson(investment["invest"], design)[regressors].to_numpy(), abs=CLOSE)
    import pyfixest as pf

    other = pf.fepois("invest ~ value + capital | firm + year", investment, vcov={"CRV1": "firm"}, iwls_tol=1e-12)
    assert fit.coefficients == pytest.approx(other.coef().to_numpy(), abs=CLOSE)


def test_counts_with_effects_of_three_groups_are_those_of_dummies():
    table = fair.load_pandas().data
    regressors, groups = ["rate_marriage", "religious"], ["occupation", "age", "children"]
    fit = fit_fixed_effects(table["affairs"], table[regressors], [table[name] for name in groups])
    design = pd.concat([table[regressors], dummies(*(table[name] for name in groups))], axis=1)
    assert fit.coefficients == pytest.approx(poisson(table["affairs"], design)[regressors].to_numpy(), abs=CLOSE)


@pytest.fixture(scope="module")
def visits() -> pd.DataFrame:
    return randhie.load_pandas().data.iloc[:3000].reset_index(drop=True)


def test_doctors_visits_have_the_poisson_and_negative_binomial_coefficients_of_statsmodels(visits):
    regressors = visits[["lncoins", "disea", "hlthp"]]
    design = sm.add_constant(regressors)
    plain = fit_poisson(visits["mdvis"], regressors)
    assert plain.coefficients == pytest.approx(poisson(visits["mdvis"], design).to_numpy(), abs=CLOSE)
    ours = fit_negative_binomial(visits["mdvis"], regressors, information="observed")
    theirs = sm.NegativeBinomial(visits["mdvis"], design).fit(method="newton", disp=0, maxiter=100, tol=1e-12)
    assert [*ours.coefficients, ours.alpha] == pytest.approx(theirs.params.to_numpy(), abs=CLOSE)
    assert ours.standard_errors == pytest.approx(theirs.bse.to_numpy()[:-1], rel=1e-4)


def test_staggered_adoption_is_the_regression_with_an_interaction_for_every_cohort_and_period():
    random = np.random.default_rng(3)
    rows = pd.DataFrame(np.indices((9, 5)).reshape(2, -1).T, columns=["region", "period"])
    adoption = rows["region"].map({0: 2, 1: 2, 2: 3, 3: 3, 4: 3}).fillna(0)
    counts = pd.Series(random.poisson(30 + 4 * rows["region"] + 3 * rows["period"]))
    after = (adoption > 0) & (rows["period"] >= adoption)
    cell = (adoption * 10 + rows["period"]).where(after)
    cells = pd.get_dummies(cell, prefix="cell", dtype="float64")
    effects = dummies(rows["region"], rows["period"])
    fitted = sm.GLM(counts, pd.concat([cells, effects], axis=1), family=sm.families.Poisson()).fit(tol=1e-13)
    without = np.exp(effects @ fitted.params[effects.columns])
    found = event_study(counts, rows["region"], rows["period"], adoption, leads=False).set_index(["kind", "at"])

    def ratio(chosen: pd.Series) -> float:
        return float(np.log(fitted.fittedvalues[chosen].sum() / without[chosen].sum()))

    overall = found.loc["overall", "log_rate_ratio"].iloc[0]
    assert overall == pytest.approx(ratio(after), abs=CLOSE)
    for time in (0, 1, 2):
        chosen = after & (rows["period"] - adoption == time)
        assert found.loc[("event_time", time), "log_rate_ratio"] == pytest.approx(ratio(chosen), abs=CLOSE)
    for cohort in (2, 3):
        assert found.loc[("cohort", cohort), "log_rate_ratio"] == pytest.approx(
            ratio(after & (adoption == cohort)), abs=CLOSE
        )
