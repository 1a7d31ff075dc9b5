"""The count model: exposure fixed before the campaign, counts from it on, compared within provinces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.clean.loading import Reference, load_reference
from netral_research.errors import CannotEstimateError
from netral_research.figures import alternatives
from netral_research.files import Project
from netral_research.model.association import DOSE, TERMS, Association, associate, numbers_of
from netral_research.model.case_flow_stage import share_stages
from netral_research.model.claims import Evidence
from netral_research.model.cross_check import compare, fit_by_pyfixest
from netral_research.model.event_study_stage import study_first_events
from netral_research.model.measurement_stage import measure_counts
from netral_research.model.poisson import Fit
from netral_research.model.ranking_stage import estimate_rankings
from netral_research.model.region_stage import estimate_by_region
from netral_research.model.sample import build_sample
from netral_research.model.sentence import choose_sentence
from netral_research.results import Result, Value, percent_style
from netral_research.storage import load_results
from netral_research.study import StudyParameters

FUNCTION = "netral_research.model.build.estimate_association"
COUNT_RATIOS = {
    "persons_cases": "measure_persons",
    "referred_alleged": "stage_referred",
    "proven_alleged": "stage_proven",
    "kasn_bawaslu": "institution_group_kasn",
}


@dataclass(frozen=True)
class ModelTables:
    """What the model is fitted on.

    Parameters
    ----------
    violations, province_cycle, snapshots : pandas.DataFrame
    reference : Reference
    """

    violations: pd.DataFrame
    province_cycle: pd.DataFrame
    snapshots: pd.DataFrame
    reference: Reference


def load_model_tables(project: Project) -> ModelTables:
    """Load the clean counts and the panel.

    Parameters
    ----------
    project : Project

    Returns
    -------
    ModelTables

    Raises
    ------
    WorkflowError
        If an earlier stage has not been run.
    """
    panel = load_results(project, "panel").results
    return ModelTables(
        violations=load_results(project, "clean_violations").results["violations"].table,
        province_cycle=panel["province_cycle"].table,
        snapshots=panel["province_cycle_snapshot"].table,
        reference=load_reference(project),
    )


def estimate_association(tables: ModelTables, study: StudyParameters) -> tuple[Result, ...]:
    """Estimate how reported violations and earlier socialisation go together within provinces.

    The result is an association, not an effect: campaigns are sent where risk is expected, both series come from
    news, and a campaign can change how much is reported.

    Parameters
    ----------
    tables : ModelTables
    study : StudyParameters

    Returns
    -------
    tuple of Result
        ``sample``; ``estimates`` (dose, and placebo beside the dose, with intervals and minimum detectable ratios);
        ``coefficients``; ``leave_one_out``; ``cross_check``. Where the panel cannot bear the model the tables are
        empty and the sentence says so.
    """
    sample = build_sample(tables.violations, tables.province_cycle, tables.snapshots, tables.reference, study)
    beside = _beside(tables, sample.table, study)
    try:
        found = associate(sample.table, tables.province_cycle, study)
    except CannotEstimateError as reason:
        return (*_refusal(sample, reason, study), *beside)
    second = compare(found.fit, fit_by_pyfixest(sample.table, list(TERMS)))
    coefficients = _coefficients(found.fit, study)
    return (
        sample,
        found.tests,
        *beside,
        Result(
            "estimates",
            found.estimates,
            (*_estimate_values(found), *_level_values(study)),
            _alternative(found.estimates),
            ("association_not_effect", "dose_error"),
        ),
        Result("coefficients", coefficients, _ratio_values(coefficients)),
        _leave_one_out(found.fit, tables.reference.register.names),
        _cross_check(second),
    )


def _beside(tables: ModelTables, sample: pd.DataFrame, study: StudyParameters) -> tuple[Result, ...]:
    """What stands beside the association and is told whether or not that can be estimated."""
    headcounts = tables.province_cycle.groupby("unit_code")["headcount"].first()
    return (
        *measure_counts(tables.violations, tables.province_cycle, tables.snapshots, tables.reference, study),
        *share_stages(tables.violations, study),
        *estimate_rankings(tables.violations, headcounts, study),
        *study_first_events(tables.violations, tables.snapshots, headcounts, study),
        estimate_by_region(sample, study),
    )


def _estimate_values(found: Association) -> tuple[Value, ...]:
    numbers = numbers_of(found.estimates)
    dose, placebo = numbers["dose"], numbers.get("placebo")

    targeting = found.targeting or (None, None)

    def ratio(name: str, number: float | None) -> Value:
        return Value(f"model.{name}", number, "decimal_2", "ratio", FUNCTION)

    return (
        Value("model.sentence", found.sentence, "text", "none", FUNCTION),
        *(ratio(name, dose[name]) for name in ("rate_ratio", "lower", "upper", "detectable_below", "detectable_above")),
        *(
            ratio(f"placebo_{name}", None if placebo is None else placebo[name])
            for name in ("rate_ratio", "lower", "upper")
        ),
        *(ratio(f"targeting_{name}", limit) for name, limit in zip(("lower", "upper"), targeting, strict=True)),
        # The reporting ratio that alone would produce the estimate, were the true ratio 1.
        ratio("reporting_ratio", dose["rate_ratio"]),
    )


def _level_values(study: StudyParameters) -> tuple[Value, ...]:
    """The study's levels, which every sentence about an interval or a detectable ratio must name."""
    chosen = {"confidence": study.model.confidence, "power": study.model.power}
    return tuple(
        Value(f"model.{name}", level, percent_style(level), "percent", FUNCTION) for name, level in chosen.items()
    )


def _alternative(estimates: pd.DataFrame) -> dict[str, str]:
    rows = numbers_of(estimates)
    dose = rows["dose"]
    numbers = {name: dose[name] for name in ("rate_ratio", "lower", "upper")}
    numbers |= {"below": dose["detectable_below"], "above": dose["detectable_above"]}
    if "placebo" in rows:
        placebo = rows["placebo"]
        numbers |= {
            "placebo": placebo["rate_ratio"],
            "placebo_lower": placebo["lower"],
            "placebo_upper": placebo["upper"],
        }
    styled = {name: (number, "decimal_2") for name, number in numbers.items()}
    return alternatives("estimate", styled, sentence="alt" if "placebo" in rows else "alt_without_placebo")


def _coefficients(main: Fit, study: StudyParameters) -> pd.DataFrame:
    limits = [main.interval(name, study.model.confidence) for name in main.names]
    return pd.DataFrame(
        {
            "term": list(main.names),
            "coefficient": np.round(main.coefficients, 9),
            "standard_error": np.round(main.standard_errors, 9),
            "ratio": np.round([ratio for ratio, _, _ in limits], 9),
            "lower": np.round([lower for _, lower, _ in limits], 9),
            "upper": np.round([upper for _, _, upper in limits], 9),
        }
    )


def _ratio_values(coefficients: pd.DataFrame) -> tuple[Value, ...]:
    """Ratios between kinds of count that more than one province determines."""
    known = coefficients[coefficients["standard_error"] > 0].set_index("term")[["ratio", "lower", "upper"]]
    rows = {str(term): row for term, row in known.to_dict("index").items()}
    return tuple(
        Value(f"model.ratio_{name}{suffix}", float(rows[term][column]), "decimal_2", "ratio", FUNCTION)
        for name, term in COUNT_RATIOS.items()
        if term in rows
        for suffix, column in (("", "ratio"), ("_lower", "lower"), ("_upper", "upper"))
    )


def _leave_one_out(main: Fit, names: Mapping[str, str]) -> Result:
    ratios = np.exp(main.left_out[DOSE])
    table = pd.DataFrame({"unit_code": ratios.index.astype("str"), "rate_ratio": np.round(ratios.to_numpy(), 9)})
    centre = float(np.exp(main.coefficients[main.names.index(DOSE)]))
    strongest = table.loc[(np.log(table["rate_ratio"]) - np.log(centre)).abs().idxmax()]
    values = (
        Value("model.without_one_lowest", float(table["rate_ratio"].min()), "decimal_2", "ratio", FUNCTION),
        Value("model.without_one_highest", float(table["rate_ratio"].max()), "decimal_2", "ratio", FUNCTION),
        Value("model.without_one_province", names[str(strongest["unit_code"])], "text", "none", FUNCTION),
        Value("model.without_one_ratio", float(strongest["rate_ratio"]), "decimal_2", "ratio", FUNCTION),
    )
    return Result("leave_one_out", table, values)


def _cross_check(second: pd.DataFrame) -> Result:
    dose = second.set_index("regressor").loc[DOSE]
    function = "netral_research.model.cross_check.compare"
    values = (
        Value("model.second_rate_ratio", float(np.exp(dose["pyfixest"])), "decimal_2", "ratio", function),
        Value("model.implementations_agree", "yes" if bool(second["agree"].all()) else "no", "text", "none", function),
    )
    return Result("cross_check", second, values)


def _refusal(sample: Result, reason: CannotEstimateError, study: StudyParameters) -> tuple[Result, ...]:
    empty = pd.DataFrame(
        columns=["estimate", "rate_ratio", "lower", "upper", "detectable_below", "detectable_above", "n_provinces"]
    )
    values = (
        Value("model.sentence", choose_sentence(Evidence(within_region=True)), "text", "none", FUNCTION),
        Value("model.refusal", reason.problems[0].key, "text", "none", FUNCTION),
        *_level_values(study),
    )
    return (
        sample,
        Result("estimates", empty, values, alternatives("estimate", {}, sentence="alt_not_estimated")),
        *(
            Result(name, pd.DataFrame({"term": pd.Series(dtype="str")}))
            for name in ("association_tests", "coefficients", "leave_one_out", "cross_check")
        ),
    )
