"""The stage *robustness*: what the association hangs on, and what these data could have shown at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.errors import CannotEstimateError
from netral_research.files import Project
from netral_research.model.build import ModelTables, load_model_tables
from netral_research.model.exposure_completeness import capture_histories, estimate_completeness
from netral_research.model.fixed_effects import fit_fixed_effects
from netral_research.model.poisson import FIXED_EFFECTS, fit_within_provinces
from netral_research.model.reporting import e_value, identified_set, ratios_by_reporting, tipping_point
from netral_research.model.sample import CLOCK_PIECES
from netral_research.results import Result, Value
from netral_research.robustness.estimates import Estimate
from netral_research.robustness.leave_one_out import leave_one_cycle_out
from netral_research.robustness.moran import moran_test_of_residuals
from netral_research.robustness.multiverse_stage import compare_choices
from netral_research.robustness.neighbours import Neighbours, adjacent_provinces, nearest_seats
from netral_research.robustness.panel_design import designs_with_more_data
from netral_research.robustness.power import compare_designs
from netral_research.robustness.unseen import correct_dose_error, judge_under_reporting
from netral_research.schemas import load_raw
from netral_research.storage import load_results
from netral_research.study import StudyParameters

FUNCTION = "netral_research.robustness.build.check_robustness"
TABLES = (
    "reporting", "without_cycle", "space", "multiverse", "multiverse_choices", "joint_test", "completeness_cells",
    "dose_error", "under_reporting", "more_data", "completeness",
)  # fmt: skip
# A campaign that raises or lowers reporting by a quarter is held possible.
LOWEST, HIGHEST = 0.8, 1.25
POWER_DRAWS, _DIGITS = 60, 6


@dataclass(frozen=True)
class RobustnessTables:
    """What the checks rest on.

    Parameters
    ----------
    model : ModelTables
        What the model was fitted on.
    sample, estimates : pandas.DataFrame
        Tables of the stage *model*.
    regions, neighbours, source_frame : pandas.DataFrame
        Reference tables, and which search found which page, as text.
    events, event_places : pandas.DataFrame
        Tables of the stage *clean_events*.
    """

    model: ModelTables
    sample: pd.DataFrame
    estimates: pd.DataFrame
    regions: pd.DataFrame
    neighbours: pd.DataFrame
    source_frame: pd.DataFrame
    events: pd.DataFrame
    event_places: pd.DataFrame


def load_robustness_tables(project: Project) -> RobustnessTables:
    """Load what the checks rest on.

    Parameters
    ----------
    project : Project

    Returns
    -------
    RobustnessTables

    Raises
    ------
    WorkflowError
        If an earlier stage has not been run.
    """
    saved = load_results(project, "model").results
    cleaned = load_results(project, "clean_events").results
    return RobustnessTables(
        load_model_tables(project),
        saved["sample"].table,
        saved["estimates"].table,
        load_raw(project, "data/reference/regions.csv"),
        load_raw(project, "data/reference/neighbours.csv"),
        load_raw(project, "data/raw/source_frame.csv"),
        cleaned["events"].table,
        cleaned["event_places"].table,
    )


def check_robustness(tables: RobustnessTables, study: StudyParameters) -> tuple[Result, ...]:
    """Check the association against reporting, single cycles, neighbours, other choices and too little data.

    Parameters
    ----------
    tables : RobustnessTables
    study : StudyParameters

    Returns
    -------
    tuple of Result
        :data:`TABLES`, in this order; empty where the association could not be estimated, but for the last two.
    """
    always = (_more_data(tables, study), _completeness(tables, study))
    if tables.estimates.empty:
        return (*(Result(name, _nothing()) for name in TABLES[:-2]), *always)
    return (
        _reporting(tables.estimates),
        _without_cycle(tables.sample, study),
        _space(tables, study),
        *compare_choices(tables.model, tables.sample, study),
        *correct_dose_error(tables.sample, _captures(tables, study), study),
        judge_under_reporting(tables.sample),
        *always,
    )


def _nothing() -> pd.DataFrame:
    """A table without rows that can be saved and read again."""
    return pd.DataFrame({"refusal": pd.Series(dtype="str")})


def _value(name: str, value: float | None, style: str = "decimal_2", unit: str = "ratio") -> Value:
    known = None if value is None or not np.isfinite(value) else value
    return Value(f"robustness.{name}", known, style, unit, FUNCTION)


def _reporting(estimates: pd.DataFrame) -> Result:
    row = estimates.set_index("estimate").loc["dose"]
    ratio, lower, upper = (float(str(row[name])) for name in ("rate_ratio", "lower", "upper"))
    tipping = tipping_point(ratio, (lower, upper))
    identified = identified_set(ratio, (lower, upper), (LOWEST, HIGHEST))
    third_cause = e_value(ratio, (lower, upper))
    values = (
        _value("tipping", tipping.estimate),
        _value("reporting_lowest", LOWEST),
        _value("reporting_highest", HIGHEST),
        _value("identified_from", identified.lower),
        _value("identified_to", identified.upper),
        _value("identified_lower", identified.interval_lower),
        _value("identified_upper", identified.interval_upper),
        _value("e_value", third_cause.estimate),
        _value("e_value_limit", third_cause.limit),
    )
    return Result("reporting", ratios_by_reporting(ratio, (lower, upper)).round(_DIGITS), values)


def _without_cycle(sample: pd.DataFrame, study: StudyParameters) -> Result:
    def estimate(rows: pd.DataFrame) -> Estimate:
        fit = fit_within_provinces(rows, ["dose", *CLOCK_PIECES], study.model.minimum_regions)
        return Estimate(*fit.interval("dose", study.model.confidence))

    try:
        table = leave_one_cycle_out(sample, estimate)
    except CannotEstimateError:
        return Result("without_cycle", _nothing())
    told = table[(table["left_out"] != "") & (table["refusal"] == "")]
    values = (
        _value("without_cycle_lowest", float(told["rate_ratio"].min())),
        _value("without_cycle_highest", float(told["rate_ratio"].max())),
    )
    return Result("without_cycle", table.round(_DIGITS), values)


def _space(tables: RobustnessTables, study: StudyParameters) -> Result:
    register, boundaries = tables.model.reference.register, study.study.province_boundaries
    adjacent = adjacent_provinces(tables.neighbours, register, boundaries)
    found = []
    for name, neighbours in (
        ("adjacent", adjacent),
        ("nearest_seats", nearest_seats(tables.regions, adjacent.codes)),
    ):
        residuals = _residuals(tables.sample, neighbours, study)
        try:
            statistic, expected, p = moran_test_of_residuals(
                residuals, neighbours, study.model.permutations, study.model.seed
            )
        except CannotEstimateError:
            statistic, expected, p = (float("nan"),) * 3
        found.append((name, statistic, expected, p))
    table = pd.DataFrame(found, columns=["neighbours", "moran", "expected", "p_value"])
    values = tuple(_value(f"moran_p_{name}", p, unit="p_value") for name, _, _, p in found)
    return Result("space", table.round(_DIGITS), values)


def _residuals(sample: pd.DataFrame, neighbours: Neighbours, study: StudyParameters) -> np.ndarray:
    """Pearson residuals of the model, summed by province and cycle."""
    regressors = sample[["dose", *CLOCK_PIECES]]
    effects = [sample[name] for name in FIXED_EFFECTS]
    fit = fit_fixed_effects(sample["count"], regressors, effects, sample["log_headcount"], needed=[0])
    used = sample.loc[fit.used, ["unit_code", "election_cycle"]].assign(apart=fit.residuals, expected=fit.fitted)
    sums = used.groupby(["unit_code", "election_cycle"]).sum()
    wide = (sums["apart"] / np.sqrt(sums["expected"])).unstack()
    return wide.reindex(index=list(neighbours.codes), columns=list(study.study.cycles)).to_numpy(dtype="float64")


def _more_data(tables: RobustnessTables, study: StudyParameters) -> Result:
    """Panels with every cell published: what they would show."""
    provinces = tables.model.province_cycle["unit_code"].nunique()
    mean = float(tables.sample["count"].mean()) if len(tables.sample) else 10.0
    designs = designs_with_more_data(provinces, len(study.study.cycles), mean, seed=study.model.seed)
    chosen = {name: designs[name] for name in ("provinces", "regencies")}
    table = compare_designs(chosen, POWER_DRAWS, study.model.seed, 1 - study.model.confidence, study.model.power)
    found = dict(zip(table["design"], table["detectable_ratio"], strict=True))
    values = tuple(_value(f"detectable_{name}", float(found[name])) for name in chosen)
    return Result("more_data", table.round(_DIGITS), values)


def _completeness(tables: RobustnessTables, study: StudyParameters) -> Result:
    """How many of the events the searches found, judged by how often two of them found the same one."""
    try:
        table = estimate_completeness(_captures(tables, study), ["election_cycle"], study.model.confidence)
    except CannotEstimateError:
        return Result("completeness", _nothing())
    values = (
        _value("completeness_lowest", float(table["completeness"].min()), "percent_0", "percent"),
        _value("completeness_highest", float(table["completeness"].max()), "percent_0", "percent"),
    )
    return Result("completeness", table.round(_DIGITS), values)


def _captures(tables: RobustnessTables, study: StudyParameters) -> pd.DataFrame:
    captures = capture_histories(tables.events, tables.event_places, tables.source_frame)
    return captures[captures["election_cycle"].isin(study.study.cycles)]
