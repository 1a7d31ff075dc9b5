"""Sets of data that published numbers exist for, and how the public functions compute those numbers from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from netral_research.describe.intervals import exact_rate_interval
from netral_research.model.average_effects import average_effects
from netral_research.model.cluster_errors import cluster_robust
from netral_research.model.count_regression import fit_negative_binomial, fit_poisson
from netral_research.model.fixed_effects import FixedEffectsFit, fit_fixed_effects
from netral_research.model.group_time import group_time_effects
from netral_research.model.linear_effects import fit_linear_effects
from netral_research.model.penalised_quasi_likelihood import fit_by_quasi_likelihood
from netral_research.model.region_effects import fit_region_effects
from netral_research.model.regression_fit import RegressionFit
from netral_research.model.regression_input import code_levels
from netral_research.model.reporting import e_value

# A number, or a number and its standard error, by the name it has in the list of published ones.
Number = float | None
Found = dict[str, Number | tuple[Number, Number]]


def _terms(fit: RegressionFit, names: Mapping[str, str]) -> Found:
    return {identifier: fit.estimate(term) for identifier, term in names.items()}


def closed_form(table: pd.DataFrame) -> Found:
    """Exact limits of counts, and E-values."""
    found: Found = {}
    counts = table.loc[table["kind"] == "garwood95", "x"].astype("int64")
    lower, upper = exact_rate_interval(counts, np.ones(len(counts)))
    for count, low, high in zip(counts, lower, upper, strict=True):
        found |= {f"garwood_{count}_lo": float(low), f"garwood_{count}_hi": float(high)}
    for ratio in table.loc[table["kind"] == "evalue", "x"].astype("float64"):
        found[f"evalue_{ratio:g}"] = e_value(ratio, (ratio, ratio)).estimate
    return found


def ships(table: pd.DataFrame) -> Found:
    """Wave damage to cargo ships: Poisson regression with an exposure, errors widened by the dispersion."""
    afloat = table[table["service"] > 0]
    design = code_levels(afloat, [], {"type": "A", "year": 60, "period": 60})
    fit = fit_poisson(afloat["incidents"], design, exposure=afloat["service"], errors="dispersion")
    return _terms(fit, {"Intercept": "constant", **{name: name for name in design.columns}}) | {
        "deviance": fit.deviance,
        "df_resid": fit.residual_degrees_of_freedom,
        "pearson_dispersion": fit.dispersion,
        "loglik": fit.log_likelihood,
        "IRR_period_75": fit.interval("period_75", 0.95)[0],
    }


def scottish_lip(table: pd.DataFrame) -> Found:
    """Lip cancer in Scotland: standardised ratios, Poisson and negative binomial regression with an exposure."""
    design, observed, expected = table[["aff_percent"]] / 10, table["observed"], table["expected"]
    plain = fit_poisson(observed, design, exposure=expected)
    quasi = fit_poisson(observed, design, exposure=expected, errors="dispersion")
    negative = fit_negative_binomial(observed, design, exposure=expected)
    lower, upper = exact_rate_interval(observed, np.ones(len(table)))
    return {
        "sum_observed": float(observed.sum()),
        "sum_expected": float(expected.sum()),
        "glm_Intercept": plain.estimate("constant"),
        "glm_x": plain.estimate("aff_percent"),
        "glm_deviance": plain.deviance,
        "null_deviance": fit_poisson(observed, design[[]], exposure=expected).deviance,
        "quasi_dispersion": quasi.dispersion,
        "quasi_se_x": quasi.estimate("aff_percent")[1],
        "nb_Intercept": negative.estimate("constant"),
        "nb_x": negative.estimate("aff_percent"),
        "nb_theta": (negative.theta, negative.theta_standard_error),
        "SMR_1_x100": float(100 * observed.iloc[0] / expected.iloc[0]),
        "SMR_1_exact_lo_count": float(lower[0]),
        "SMR_1_exact_hi_count": float(upper[0]),
    }


def horsekicks(table: pd.DataFrame) -> Found:
    """Deaths by horse kick: small counts, and deviances with effects of corps and years."""
    found: Found = {}
    for name, part in (("all", table), ("fisher", table[table["fisher"] == "yes"])):
        found |= {f"n_{name}": len(part), f"deaths_{name}": int(part["deaths"].sum())}
        # The mean is that of the fit, not of the column.
        found[f"mean_{name}"] = float(np.exp(fit_poisson(part["deaths"], part[[]]).estimate("constant")[0]))
        found |= {f"freq_{name}_{number}": int((part["deaths"] == number).sum()) for number in range(5)}
        if name == "fisher":
            found["var_fisher"] = float(part["deaths"].var())
    corps, years = code_levels(table, [], {"corps": "G"}), code_levels(table, [], {"year": 1875})
    for name, design in (("null", corps[[]]), ("corps", corps), ("corps_year", corps.join(years))):
        found[f"deviance_{name}"] = fit_poisson(table["deaths"], design).deviance
    return found


def nmes1988(table: pd.DataFrame) -> Found:
    """Visits to physicians: Poisson regression with robust errors, and negative binomial regression."""
    numbers, levels = ["hospital", "chronic", "school"], {"health": "average", "gender": "female", "insurance": "no"}
    design = code_levels(table, numbers, levels)
    design = design.rename(columns={"gender_male": "male", "insurance_yes": "insurance"})
    robust = fit_poisson(table["visits"], design, errors="robust")
    negative = fit_negative_binomial(table["visits"], design)
    found = _terms(robust, {f"pois_{name}": name for name in design.columns} | {"pois_Intercept": "constant"})
    found |= {
        "pois_ml_se_hospital": fit_poisson(table["visits"], design).estimate("hospital")[1],
        "pois_loglik": robust.log_likelihood,
        "nb_theta": negative.theta,
        "nb_loglik": negative.log_likelihood,
        "nb_Intercept": negative.estimate("constant"),
    }
    return found | _terms(negative, {f"nb_{name}": name for name in ("hospital", "chronic", "insurance")})


def epil(table: pd.DataFrame) -> Found:
    """Epileptic seizures: Poisson regression, and partial pooling by quadrature, Laplace and quasi-likelihood."""
    treated = (table["trt"] != "placebo").astype("float64")
    told = table.assign(trt=treated, lbase_trt=treated * table["lbase"], count=table["y"])
    terms = ["lbase", "trt", "lage", "V4", "lbase_trt"]
    plain = fit_poisson(table["y_mass2002"], told[terms])
    found = _terms(plain, {f"glm_{name}": name for name in terms} | {"glm_Intercept": "constant"})
    found |= {"glm_deviance": plain.deviance, "glm_df": plain.residual_degrees_of_freedom}
    for kind, nodes in (("agq", 25), ("laplace", 1)):
        pooled = fit_region_effects(told, terms, region="subject", nodes=nodes)
        names = ("Intercept", *pooled.names[1:])
        found |= _named(kind, names, pooled.coefficients, pooled.standard_errors)
        variance = float(pooled.region_covariance[0, 0])
        found |= {f"{kind}_variance": variance, f"{kind}_sigma": variance**0.5, f"{kind}_loglik": pooled.log_likelihood}
    design = np.column_stack([np.ones(len(told)), told[terms]])
    counts, subjects = table["y_mass2002"].to_numpy(dtype="float64"), pd.factorize(table["subject"])[0]
    quasi = fit_by_quasi_likelihood(counts, np.zeros(len(told)), design, subjects)
    found |= _named("pql", ("Intercept", *terms), quasi.coefficients, quasi.standard_errors)
    return found | {"pql_sigma": quasi.group_deviation, "pql_residual": quasi.residual_deviation}


def _named(kind: str, names: tuple[str, ...], values: np.ndarray, errors: np.ndarray) -> Found:
    return {f"{kind}_{name}": (float(a), float(b)) for name, a, b in zip(names, values, errors, strict=True)}


def fixest_trade(table: pd.DataFrame) -> Found:
    """Trade flows: Poisson and linear regression with four fixed effects, errors by country of origin."""
    effects = [table[name] for name in ("Origin", "Destination", "Product", "Year")]
    distance = np.log(table[["dist_km"]])
    poisson = fit_fixed_effects(table["Euros"], distance, effects)
    linear = fit_linear_effects(np.log(table["Euros"]), distance, effects)

    def first(fit: FixedEffectsFit) -> tuple[float, float]:
        return float(fit.coefficients[0]), float(np.sqrt(cluster_robust(fit, table["Origin"])[0, 0]))

    return {"pois_log_dist": first(poisson), "ols_log_dist": first(linear), "n": int(poisson.used.sum())}


def mpdta(table: pd.DataFrame) -> Found:
    """Teen employment and minimum wages: staggered adoption by cohort and period, linear and Poisson."""
    cells = group_time_effects(table["lemp"], table["countyreal"], table["year"], table["first_treat"])
    found: Found = {}
    for row in cells.to_dict("records"):
        cohort, period, event_time = row["cohort"], row["period"], row["event_time"]
        name = {
            "cell": f"att_{cohort:.0f}_{period:.0f}",
            "event_time": f"dynamic_{'m' if event_time < 0 else ''}{abs(event_time):.0f}",
            "cohort": f"group_{cohort:.0f}",
            "overall": "simple",
            "overall_event_time": "dynamic_overall",
            "overall_cohort": "group_overall",
        }[str(row["kind"])]
        found[name] = (float(row["effect"]), float(row["standard_error"]))
    for family, stem in (("gaussian", "etwfe"), ("poisson", "etwfe_pois")):
        outcome = np.exp(table["lemp"]) if family == "poisson" else table["lemp"]
        effects = average_effects(
            outcome, table["first_treat"], table["year"], table["countyreal"], table["lpop"], family=family
        )
        for row in effects.to_dict("records"):
            told = "simple" if row["kind"] == "overall" else f"event_{row['at']:.0f}"
            found[f"{stem}_{told}"] = (float(row["effect"]), float(row["standard_error"]))
    return found


SETS: Mapping[str, Callable[[pd.DataFrame], Found]] = {
    function.__name__: function
    for function in (closed_form, ships, scottish_lip, horsekicks, nmes1988, epil, fixest_trade, mpdta)
}
