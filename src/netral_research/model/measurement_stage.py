"""The measurement model of the study: every published count at once, told as tables and values."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from netral_research.clean.loading import Reference
from netral_research.errors import CannotEstimateError
from netral_research.model.measurement.design import build_design
from netral_research.model.measurement.dose import DoseResult, RateRatio, estimate_dose
from netral_research.model.measurement.fit import MeasurementFit, fit_measurement
from netral_research.model.measurement.histories import island_group
from netral_research.model.measurement.observations import Observations, build_observations
from netral_research.model.measurement.products import (
    Target,
    compare_regions,
    estimate_ratios,
    estimate_regions,
    estimate_spreads,
)
from netral_research.model.measurement.residuals import check_held_out_totals, find_outliers
from netral_research.results import Result, Value
from netral_research.study import StudyParameters

FUNCTION = "netral_research.model.measurement_stage.measure_counts"
TABLES = (
    "measurement_provinces", "measurement_differences", "measurement_ratios", "measurement_spreads",
    "measurement_outliers", "measurement_totals", "measurement_dose",
)  # fmt: skip
RATIOS = {
    "persons_cases": "measure_persons", "referred_alleged": "stage_referred", "proven_alleged": "stage_proven",
    "kasn_bawaslu": "institution_group_kasn",
}  # fmt: skip
DRAWS, _DIGITS = 2000, 6
_DOSE_COLUMNS = ("estimate", "rate_ratio", "lower", "upper", "detectable_below", "detectable_above")


def measure_counts(
    violations: pd.DataFrame, panel: pd.DataFrame, snapshots: pd.DataFrame, reference: Reference, study: StudyParameters
) -> tuple[Result, ...]:
    """Fit all published counts at once and tell what they determine.

    Parameters
    ----------
    violations, panel, snapshots : pandas.DataFrame
        As :func:`netral_research.model.measurement.observations.build_observations` takes them.
    reference : Reference
    study : StudyParameters

    Returns
    -------
    tuple of Result
        :data:`TABLES`, in this order. Where the counts do not bear the model the tables are empty and the value
        ``model.measurement_refusal`` says why.
    """
    try:
        observations = build_observations(violations, panel, snapshots, reference, study)
        fit = fit_measurement(build_design(observations, {}, study.model.minimum_regions), starts=2)
    except CannotEstimateError as reason:
        refusal = Value("model.measurement_refusal", reason.problems[0].key, "text", "none", FUNCTION)
        first, *others = TABLES
        return (
            Result(first, pd.DataFrame({"unit_code": pd.Series(dtype="str")}), (refusal,)),
            *(Result(name, pd.DataFrame({"unit_code": pd.Series(dtype="str")})) for name in others),
        )
    return (
        _provinces(fit, observations, study),
        _differences(fit, study),
        _ratios(fit, study),
        Result("measurement_spreads", estimate_spreads(fit, study.model.confidence).round(_DIGITS)),
        _outliers(fit, observations, study),
        _totals(fit, observations, study),
        _dose(observations, study),
    )


def _number(name: str, value: float | None, style: str = "decimal_2", unit: str = "ratio") -> Value:
    return Value(f"model.{name}", value, style, unit, FUNCTION)


def _provinces(fit: MeasurementFit, observations: Observations, study: StudyParameters) -> Result:
    """Every province at the same count on the same day: polling day, by Bawaslu."""
    target = Target(stage=study.outcome.headline_stage, measure=study.outcome.headline_measure)
    try:
        table = estimate_regions(fit, observations, target, study.model.confidence, DRAWS, study.model.seed)
    except (KeyError, ValueError):  # the study counts nothing of this kind
        table = estimate_regions(fit, observations, Target(), study.model.confidence, DRAWS, study.model.seed)
    widths = (table["rank_upper"] - table["rank_lower"]).astype("float64")
    values = (
        _number("measurement_counts", len(observations.table), "integer", "counts"),
        _number("measurement_provinces", table["unit_code"].nunique(), "integer", "provinces"),
        _number("measurement_rank_width", float(widths.median()), "integer", "places"),
    )
    return Result("measurement_provinces", table.round(_DIGITS), values)


def _differences(fit: MeasurementFit, study: StudyParameters) -> Result:
    table = compare_regions(fit, study.model.confidence, DRAWS, study.model.seed)
    named = table[table["named"]]
    values = (
        _number("measurement_high", int((named["lower"] > 1).sum()), "integer", "provinces"),
        _number("measurement_low", int((named["upper"] < 1).sum()), "integer", "provinces"),
    )
    return Result("measurement_differences", table.round(_DIGITS), values)


def _ratios(fit: MeasurementFit, study: StudyParameters) -> Result:
    table = estimate_ratios(fit, study.model.confidence)
    found: Mapping[str, Mapping[str, float]] = table.set_index("term")[["ratio", "lower", "upper"]].to_dict("index")  # type: ignore[assignment]
    values = tuple(
        _number(f"measured_{name}{suffix}", float(found[term][column]))
        for name, term in RATIOS.items()
        if term in found
        for suffix, column in (("", "ratio"), ("_lower", "lower"), ("_upper", "upper"))
    )
    return Result("measurement_ratios", table.round(_DIGITS), values)


def _outliers(fit: MeasurementFit, observations: Observations, study: StudyParameters) -> Result:
    table = find_outliers(fit, observations, study.model.seed)
    numbers = ["expected", "residual"]
    return Result("measurement_outliers", table.assign(**{name: table[name].round(_DIGITS) for name in numbers}))


def _totals(fit: MeasurementFit, observations: Observations, study: StudyParameters) -> Result:
    """National totals kept out of the fit, a cycle at a time, set beside the sums it implies."""
    model = study.model
    table = check_held_out_totals(
        observations, model.minimum_regions, model.confidence, DRAWS, model.seed, fit.log_spreads
    )
    values = (
        _number("totals_kept_out", len(table), "integer", "counts"),
        _number("totals_inside", float(table["inside"].mean()) if len(table) else None, "percent_0", "percent"),
        _number("totals_ratio", float(table["ratio"].median()) if len(table) else None),
        *(
            _number(f"totals_{name}", float((table[name] / table["predicted"]).median()) if len(table) else None)
            for name in ("lower", "upper")
        ),
    )
    return Result("measurement_totals", table.round(_DIGITS), values)


def _dose(observations: Observations, study: StudyParameters) -> Result:
    strata = {unit: island_group(unit) for unit in observations.cells["unit_code"].unique()}
    model = study.model
    try:
        found = estimate_dose(
            observations,
            strata,
            model.confidence,
            model.power,
            model.minimum_regions,
            model.permutations,
            model.seed,
        )
    except CannotEstimateError as reason:
        refusal = Value("model.measured_dose_refusal", reason.problems[0].key, "text", "none", FUNCTION)
        sentence = Value("model.measured_sentence", "not_estimated", "text", "none", FUNCTION)
        return Result("measurement_dose", pd.DataFrame(columns=list(_DOSE_COLUMNS)), (sentence, refusal))
    return Result("measurement_dose", _dose_table(found).round(_DIGITS), _dose_values(found))


def _dose_table(found: DoseResult) -> pd.DataFrame:
    def row(name: str, ratio: RateRatio) -> tuple[str | float, ...]:
        return (name, ratio.ratio, ratio.lower, ratio.upper, ratio.detectable_below, ratio.detectable_above)

    names = ("within", "between", "placebo", "next_cycle", "within_beside_placebo", "beyond_placebo")
    known = [(name, ratio) for name in names if (ratio := getattr(found, name)) is not None]
    return pd.DataFrame([row(name, ratio) for name, ratio in known], columns=list(_DOSE_COLUMNS))


def _dose_values(found: DoseResult) -> tuple[Value, ...]:
    within, placebo = found.within, found.placebo
    numbers = {
        "measured_rate_ratio": within.ratio, "measured_lower": within.lower, "measured_upper": within.upper,
        "measured_detectable_below": within.detectable_below, "measured_detectable_above": within.detectable_above,
        "measured_placebo": placebo.ratio, "measured_placebo_lower": placebo.lower,
        "measured_placebo_upper": placebo.upper, "measured_targeting_lower": found.targeting[0],
        "measured_targeting_upper": found.targeting[1],
    }  # fmt: skip
    if found.next_cycle is not None:
        later = found.next_cycle
        numbers |= {
            "measured_next_cycle": later.ratio, "measured_next_cycle_lower": later.lower,
            "measured_next_cycle_upper": later.upper,
        }  # fmt: skip
    return (
        Value("model.measured_sentence", found.sentence, "text", "none", FUNCTION),
        *(_number(name, None if value is None or np.isnan(value) else float(value)) for name, value in numbers.items()),
        _number("measured_permutation_p", found.permutation_p, "decimal_3", "p_value"),
        _number("measured_observations", found.n_observations, "integer", "counts"),
    )
