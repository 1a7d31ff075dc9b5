"""Every published number of the sets that regressions of counts are known by. The sets are read where they lie."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from netral_research.describe.intervals import exact_rate_interval
from netral_research.model.count_regression import fit_negative_binomial, fit_poisson
from netral_research.model.regression_fit import RegressionFit
from netral_research.model.regression_input import code_levels

Found = dict[str, float | tuple[float, float]]


@pytest.fixture(scope="module")
def benchmarks(shared_folder) -> Path:
    folder = shared_folder / "benchmarks"
    if not folder.is_dir():
        pytest.skip("the folder with the published benchmark sets is not beside this repository")
    return folder


def compare(benchmarks: Path, name: str, found: Mapping[str, float | tuple[float, float]], prefix: str = "") -> None:
    """Compare with all expected rows of a set (whose id begins with the prefix), standard errors included."""
    expected = yaml.safe_load((benchmarks / f"{name}.yml").read_text(encoding="utf-8"))["expected"]
    expected = [row for row in expected if row["id"].startswith(prefix)]
    assert {row["id"] for row in expected} == set(found)
    for row in expected:
        number = found[row["id"]]
        value, error = number if isinstance(number, tuple) else (number, None)
        assert value == pytest.approx(row["value"], abs=max(row["tol"], 1e-9)), row["id"]
        if "se" in row:
            assert error == pytest.approx(row["se"], abs=row["se_tol"]), row["id"]


def terms(fit: RegressionFit, names: Mapping[str, str]) -> Found:
    return {identifier: fit.estimate(term) for identifier, term in names.items()}


def test_ships(benchmarks):
    ships = pd.read_csv(benchmarks / "ships.csv")
    ships = ships[ships["service"] > 0]
    design = code_levels(ships, [], {"type": "A", "year": 60, "period": 60})
    quasi = fit_poisson(ships["incidents"], design, exposure=ships["service"], errors="dispersion")
    names = {name: name for name in design.columns}
    found = terms(quasi, {"Intercept": "constant", **names}) | {
        "deviance": quasi.deviance,
        "df_resid": quasi.residual_degrees_of_freedom,
        "pearson_dispersion": quasi.dispersion,
        "loglik": quasi.log_likelihood,
        "IRR_period_75": quasi.interval("period_75", 0.95)[0],
    }
    compare(benchmarks, "ships", found)


def test_scottish_lip(benchmarks):
    lip = pd.read_csv(benchmarks / "scottish_lip.csv").set_index("district")
    design, observed, expected = lip[["aff_percent"]] / 10, lip["observed"], lip["expected"]
    plain = fit_poisson(observed, design, exposure=expected)
    quasi = fit_poisson(observed, design, exposure=expected, errors="dispersion")
    negative = fit_negative_binomial(observed, design, exposure=expected)
    lower, upper = exact_rate_interval(observed, np.ones(len(lip)))
    found: Found = {
        "sum_observed": observed.sum(),
        "sum_expected": expected.sum(),
        "glm_Intercept": plain.estimate("constant"),
        "glm_x": plain.estimate("aff_percent"),
        "glm_deviance": plain.deviance,
        "null_deviance": fit_poisson(observed, design[[]], exposure=expected).deviance,
        "quasi_dispersion": quasi.dispersion,
        "quasi_se_x": quasi.estimate("aff_percent")[1],
        "nb_Intercept": negative.estimate("constant"),
        "nb_x": negative.estimate("aff_percent"),
        "nb_theta": (negative.theta, negative.theta_standard_error),
        "SMR_1_x100": 100 * observed.iloc[0] / expected.iloc[0],
        "SMR_1_exact_lo_count": lower[0],
        "SMR_1_exact_hi_count": upper[0],
    }
    compare(benchmarks, "scottish_lip", found)


def test_horsekicks(benchmarks):
    deaths = pd.read_csv(benchmarks / "horsekicks.csv")
    found: Found = {}
    for name, part in (("all", deaths), ("fisher", deaths[deaths["fisher"] == "yes"])):
        found |= {f"n_{name}": len(part), f"deaths_{name}": part["deaths"].sum()}
        # The mean is that of the fit, not of the column.
        found[f"mean_{name}"] = np.exp(fit_poisson(part["deaths"], part[[]]).estimate("constant")[0])
        found |= {f"freq_{name}_{number}": (part["deaths"] == number).sum() for number in range(5)}
        if name == "fisher":
            found["var_fisher"] = part["deaths"].var()
    corps, years = code_levels(deaths, [], {"corps": "G"}), code_levels(deaths, [], {"year": 1875})
    for name, design in (("null", corps[[]]), ("corps", corps), ("corps_year", corps.join(years))):
        found[f"deviance_{name}"] = fit_poisson(deaths["deaths"], design).deviance
    compare(benchmarks, "horsekicks", found)


def test_nmes1988(benchmarks):
    visits = pd.read_csv(benchmarks / "nmes1988.csv")
    numbers, levels = ["hospital", "chronic", "school"], {"health": "average", "gender": "female", "insurance": "no"}
    design = code_levels(visits, numbers, levels)
    design = design.rename(columns={"gender_male": "male", "insurance_yes": "insurance"})
    robust = fit_poisson(visits["visits"], design, errors="robust")
    negative = fit_negative_binomial(visits["visits"], design)
    found = terms(robust, {f"pois_{name}": name for name in design.columns} | {"pois_Intercept": "constant"})
    found |= {
        "pois_ml_se_hospital": fit_poisson(visits["visits"], design).estimate("hospital")[1],
        "pois_loglik": robust.log_likelihood,
        "nb_theta": negative.theta,
        "nb_loglik": negative.log_likelihood,
        "nb_Intercept": negative.estimate("constant"),
    }
    found |= terms(negative, {f"nb_{name}": name for name in ("hospital", "chronic", "insurance")})
    compare(benchmarks, "nmes1988", found)


def test_epil(benchmarks):
    epil = pd.read_csv(benchmarks / "epil.csv")
    trt = (epil["trt"] == "progabide").astype("float64")
    design = pd.DataFrame(
        {"lbase": epil["lbase"], "trt": trt, "lage": epil["lage"], "V4": epil["V4"], "lbase_trt": epil["lbase"] * trt}
    )
    fit = fit_poisson(epil["y_mass2002"], design)
    found = terms(fit, {f"glm_{name}": name for name in design.columns} | {"glm_Intercept": "constant"})
    found |= {"glm_deviance": fit.deviance, "glm_df": fit.residual_degrees_of_freedom}
    compare(benchmarks, "epil", found, prefix="glm_")
