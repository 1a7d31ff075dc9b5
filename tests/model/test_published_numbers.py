"""Numbers others have published, from the data they published them for. The sets are read where they lie."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.rates import confint_poisson

from netral_research.describe.rates import reported_rates
from netral_research.model.cluster_errors import cluster_robust
from netral_research.model.fixed_effects import fit_fixed_effects
from netral_research.model.poisson import fit_within_provinces


@pytest.fixture(scope="module")
def ships(benchmarks) -> pd.DataFrame:
    """Wave damage to ships (McCullagh and Nelder): 34 cells that were at sea."""
    table = pd.read_csv(benchmarks / "ships.csv", dtype={"type": "str", "year": "str", "period": "str"})
    table = table[table["service"] > 0].reset_index(drop=True)
    return table.assign(
        count=table["incidents"],
        log_service=np.log(table["service"]),
        later_period=(table["period"] == "75").astype("float64"),
    )


def test_published_exact_limits_of_counts(benchmarks, study):
    closed = pd.read_csv(benchmarks / "closed_form.csv")
    garwood = closed[closed["kind"] == "garwood95"]
    assert len(garwood) >= 10
    for row in garwood.itertuples():
        violations = pd.DataFrame(
            {
                "origin": "published", "geo_level": "province", "bound": "exact", "count_kind": "cumulative",
                "stage": "alleged", "measure": "cases", "election_cycle": "pilkada_2020", "institution": "kasn",
                "province_code": "51", "unit_code": "51", "value": [int(row.x)], "as_of": "2020-12-09",
                "as_of_earliest": "2020-12-09", "as_of_latest": "2020-12-09", "obs_id": "O", "source_ids": "S",
            }
        )  # fmt: skip
        headcount = pd.DataFrame({"unit_code": ["51"], "headcount": [10_000]})
        found = reported_rates(violations, headcount, {"pilkada_2020": "2020-12-09"}, {"51": "Bali"}, study).table.iloc[
            0
        ]
        assert (found["rate_lower"], found["rate_upper"]) == pytest.approx((row.lower, row.upper), abs=2e-6)


def test_published_rates_of_lip_cancer_have_the_limits_of_the_exact_method(benchmarks):
    """The method behind the printed interval on 56 districts: no district's limits exclude its own ratio."""
    lip = pd.read_csv(benchmarks / "scottish_lip.csv")
    lower, upper = confint_poisson(lip["observed"].to_numpy(), lip["expected"].to_numpy(), method="exact-c")
    ratio = lip["observed"] / lip["expected"]
    assert ((lower <= ratio) & (ratio <= upper)).all()
    assert (lip["observed"].sum(), round(lip["expected"].sum(), 1)) == (536, 536.2)


def test_published_coefficients_of_ships_with_an_offset(ships):
    fit = fit_within_provinces(ships, ["later_period"], 2, fixed_effects=("type", "year"), offset="log_service")
    found = dict(zip(fit.names, fit.coefficients, strict=True))
    published = {"later_period": 0.38, "year_65": 0.70, "year_70": 0.82, "year_75": 0.45}
    assert {name: round(found[name], 2) for name in published} == published


def test_published_differences_between_types_of_ship(ships):
    fit = fit_within_provinces(ships, ["later_period"], 2, fixed_effects=("year", "type"), offset="log_service")
    found = dict(zip(fit.names, fit.coefficients, strict=True))
    published = {"type_B": -0.54, "type_C": -0.69, "type_D": -0.08, "type_E": 0.33}
    assert {name: round(found[name], 2) for name in published} == published


def test_ships_agree_with_pyfixest_and_with_plain_statsmodels(ships):
    import pyfixest as pf

    ours = fit_within_provinces(ships, ["later_period"], 2, fixed_effects=("type", "year"), offset="log_service")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        second = pf.fepois(
            "count ~ later_period | type + year", ships, offset="log_service", iwls_tol=1e-12, fixef_tol=1e-12
        )
    design = sm.add_constant(pd.get_dummies(ships[["type", "year"]], drop_first=True, dtype="float64"))
    design["later_period"] = ships["later_period"]
    third = sm.GLM(ships["count"], design, family=sm.families.Poisson(), offset=ships["log_service"].to_numpy()).fit(
        tol=1e-12
    )
    assert float(second.coef()["later_period"]) == pytest.approx(ours.coefficients[0], abs=1e-8)
    assert float(third.params["later_period"]) == pytest.approx(ours.coefficients[0], abs=1e-8)


def test_published_elasticity_of_trade_with_four_fixed_effects_and_its_error_by_origin(benchmarks):
    """38,325 rows, four fixed effects, no offset."""
    trade = pd.read_csv(benchmarks / "fixest_trade.csv")
    effects = [trade[name] for name in ("Origin", "Destination", "Product", "Year")]
    fit = fit_fixed_effects(trade["Euros"], np.log(trade[["dist_km"]]), effects)
    assert fit.coefficients[0] == pytest.approx(-1.527875, abs=2e-6)
    assert np.sqrt(cluster_robust(fit, trade["Origin"])[0, 0]) == pytest.approx(0.115678, abs=2e-6)
    assert fit.used.sum() == 38325


def test_published_trade_on_a_part_with_its_jackknife(benchmarks):
    """One year and one product: the fit and every refit equal pyfixest's."""
    import pyfixest as pf

    trade = pd.read_csv(benchmarks / "fixest_trade.csv", dtype={"Product": "str", "Year": "str"})
    part = trade[(trade["Year"] == "2010") & (trade["Product"] == "4")]
    part = part.assign(log_distance=np.log(part["dist_km"]), count=part["Euros"]).reset_index(drop=True)
    ours = fit_within_provinces(part, ["log_distance"], 5, fixed_effects=("Origin", "Destination"), offset=None)

    def elasticity(rows: pd.DataFrame) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = pf.fepois("count ~ log_distance | Origin + Destination", rows, iwls_tol=1e-12, fixef_tol=1e-12)
        return float(fitted.coef()["log_distance"])

    assert elasticity(part) == pytest.approx(ours.coefficients[0], abs=1e-7)
    refits = [elasticity(part[part["Origin"] != origin]) for origin in ours.left_out.index]
    assert refits == pytest.approx(ours.left_out["log_distance"].tolist(), abs=1e-6)
