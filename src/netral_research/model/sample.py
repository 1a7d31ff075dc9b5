"""The rows of the model: exact counts of whole provinces from the campaign on, exposure fixed before it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from netral_research.clean.loading import Reference
from netral_research.results import Result, Value
from netral_research.study import StudyParameters

FUNCTION = "netral_research.model.sample.build_sample"
PER = 10_000
# Pieces of the electoral clock, in days after polling day: cases accumulate faster near the poll than after it.
CLOCK_PIECES = {"clock_early": (-210, -60), "clock_late": (-60, 0), "clock_after": (0, 60)}


def build_sample(
    violations: pd.DataFrame, panel: pd.DataFrame, snapshots: pd.DataFrame, reference: Reference, study: StudyParameters
) -> Result:
    """Join published counts with the exposure of their province and cycle.

    Parameters
    ----------
    violations : pandas.DataFrame
        Clean rows.
    panel : pandas.DataFrame
        ``province_cycle``.
    snapshots : pandas.DataFrame
        ``province_cycle_snapshot``.
    reference : Reference
    study : StudyParameters

    Returns
    -------
    Result
        Table with one row a count: ``count``, ``log_headcount`` (log of civil servants in 10,000), ``dose`` (log2 of
        1 + events before the campaign: one unit is a doubling), ``later_dose`` (the same of events after the count's
        day: the placebo), the clock pieces, and ``unit_code``, ``election_cycle``, ``institution_group``, ``stage``,
        ``measure``, ``as_of``, ``days_to_polling``, ``obs_id``, ``source_ids``. Only provinces with counts of two
        cycles or more, and at least one case, can be compared with themselves; others are left out.
    """
    chosen = _eligible(violations, reference, study)
    table = chosen.merge(
        panel[["unit_code", "election_cycle", "exposure", "events_before_campaign", "headcount"]],
        on=["unit_code", "election_cycle"],
    ).merge(
        snapshots[["unit_code", "election_cycle", "snapshot_date", "events_after_date", "days_to_polling"]],
        left_on=["unit_code", "election_cycle", "as_of_latest"],
        right_on=["unit_code", "election_cycle", "snapshot_date"],
    )
    clock = -table["days_to_polling"].astype("float64")
    table = table.assign(
        count=table["value"].astype("int64"),
        log_headcount=np.log(table["headcount"] / PER),
        dose=np.log2(1 + table["exposure"]),
        later_dose=np.log2(1 + table["events_after_date"]),
        **{name: (clock.clip(*span) - span[1]) / 60 for name, span in CLOCK_PIECES.items()},
    )
    comparable = _comparable(table)
    columns = [
        "obs_id", "unit_code", "election_cycle", "institution_group", "stage", "measure", "as_of", "days_to_polling",
        "count", "headcount", "log_headcount", "events_before_campaign", "dose", "events_after_date", "later_dose",
        *CLOCK_PIECES, "source_ids",
    ]  # fmt: skip
    sample = table.loc[comparable, columns].sort_values(["unit_code", "election_cycle", "as_of", "obs_id"])
    return Result("sample", sample.reset_index(drop=True), _sample_values(table, sample), notes=("sample_selected",))


def _eligible(violations: pd.DataFrame, reference: Reference, study: StudyParameters) -> pd.DataFrame:
    rows = violations[
        (violations["origin"] == "published")
        & (violations["geo_level"] == "province")
        & (violations["bound"] == "exact")
        & (violations["count_kind"] == "cumulative")
        & (violations["as_of"] != "")
        # Part of a unit is not the unit: after a split, counts of one of its provinces cannot stand for it.
        & (violations["province_code"] == violations["unit_code"])
        & violations["election_cycle"].isin(study.study.cycles)
        & violations["institution"].isin(study.outcome.institutions)
        & violations["stage"].isin(study.outcome.stages)
        & violations["measure"].isin(study.outcome.measures)
    ]
    cycles, register = reference.calendar.cycles, reference.register
    starts = rows["election_cycle"].map({name: cycle.campaign_start.isoformat() for name, cycle in cycles.items()})
    boundaries = study.study.province_boundaries
    # After a split the old name, too, stands for a part of the unit only.
    whole = [
        register.is_undivided(unit, boundaries, cycles[cycle].polling_day)
        for unit, cycle in zip(rows["unit_code"], rows["election_cycle"], strict=True)
    ]
    return rows[(rows["as_of_earliest"] >= starts) & np.array(whole, dtype=bool)]


def _comparable(table: pd.DataFrame) -> pd.Series:
    by_unit = table.groupby("unit_code")
    return (by_unit["election_cycle"].transform("nunique") > 1) & (by_unit["count"].transform("sum") > 0)


def _sample_values(eligible: pd.DataFrame, sample: pd.DataFrame) -> tuple[Value, ...]:
    def number(name: str, count: int, unit: str) -> Value:
        return Value(f"model.{name}", count, "integer", unit, FUNCTION)

    return (
        number("eligible_counts", len(eligible), "counts"),
        number("eligible_provinces", eligible["unit_code"].nunique(), "provinces"),
        number("counts", len(sample), "counts"),
        number("provinces", sample["unit_code"].nunique(), "provinces"),
        number("province_cycles", len(sample[["unit_code", "election_cycle"]].drop_duplicates()), "province_cycles"),
        number("sources", sample["source_ids"].str.split(";").explode().nunique(), "pages"),
    )
