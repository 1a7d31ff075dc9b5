"""Everything published as observations of one likelihood: exact counts, limits, rankings, national totals, periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.clean.loading import Reference
from netral_research.dates import parse_date
from netral_research.errors import CannotEstimateError, Problem
from netral_research.study import StudyParameters

PER = 10_000
# A count told for a month holds on its middle day; told for a year it is only a lower limit at the year's end.
PRECISE_DAYS = 31
KEYS = ["obs_id", "unit_code", "election_cycle", "institution_group", "stage", "measure"]


@dataclass(frozen=True)
class Observations:
    """What the likelihood is made of.

    Parameters
    ----------
    table : pandas.DataFrame
        One row an observation: ``obs_id``, ``unit_code`` (empty: the nation), ``election_cycle``,
        ``institution_group``, ``stage``, ``measure``, ``as_of``, ``days_from_polling`` (negative before polling day),
        ``start_days_from_polling`` (missing for a cumulative count), ``level`` (``province`` or ``national``),
        ``kind`` (``exact`` or ``interval``), ``origin``, ``lower``, ``upper`` (infinite where none is known),
        ``from_campaign`` (told on the campaign's first day or later), ``snapshot_date``, ``ranking_id`` and
        ``list_kind`` of the ranking it belongs to, and ``source_ids``.
    cells : pandas.DataFrame
        One row for each region and cycle in which it voted: ``unit_code``, ``election_cycle``, ``log_headcount`` (log
        of civil servants in 10,000) and ``dose`` (log2 of 1 + events before the campaign).
    doses : pandas.DataFrame
        ``unit_code``, ``election_cycle``, ``snapshot_date``, ``dose`` (before the campaign), ``dose_to_date`` and
        ``later_dose`` (events after the day), all as log2 of 1 + events, also where a region did not vote.
    cycles : tuple of str
        In the order of their polling days.
    """

    table: pd.DataFrame
    cells: pd.DataFrame
    doses: pd.DataFrame
    cycles: tuple[str, ...] = ()

    def keep(self, chosen: pd.Series) -> Observations:
        """Keep some observations.

        Parameters
        ----------
        chosen : pandas.Series of bool
            One for each row of ``table``.

        Returns
        -------
        Observations

        Examples
        --------
        >>> table = pd.DataFrame({"obs_id": ["V1", "V2"], "from_campaign": [True, False]})
        >>> told = Observations(table, pd.DataFrame(), pd.DataFrame())
        >>> told.keep(table["from_campaign"]).table["obs_id"].tolist()
        ['V1']
        """
        return Observations(self.table[chosen].reset_index(drop=True), self.cells, self.doses, self.cycles)


def build_observations(
    violations: pd.DataFrame, panel: pd.DataFrame, snapshots: pd.DataFrame, reference: Reference, study: StudyParameters
) -> Observations:
    """Gather every published count of provinces and of the nation as an observation.

    A region that a ranking leaves out counts at most (or at least) the ranking's limit on the ranking's day. Counts
    without a date are left out; a date of a whole year gives a lower limit at its end, or an upper limit at its
    beginning. Counts of a part of a unit are left out.

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
    Observations

    Raises
    ------
    CannotEstimateError
        If a province that voted has no headcount.
    """
    cells = _cells(panel)
    rows = _dated(_eligible(violations, reference, study), reference)
    voted = set(zip(cells["unit_code"], cells["election_cycle"], strict=True))
    told = [
        level == "national" or (unit, cycle) in voted
        for level, unit, cycle in zip(rows["geo_level"], rows["unit_code"], rows["election_cycle"], strict=True)
    ]
    # Nothing is said by limits of zero and infinity, or by a period that ends where it begins.
    says = (rows["lower"] > 0) | np.isfinite(rows["upper"])
    lasts = ~(rows["start_days_from_polling"] >= rows["days_from_polling"])
    rows = rows[np.array(told, dtype=bool) & says & lasts]
    columns = [
        *KEYS, "as_of", "days_from_polling", "start_days_from_polling", "level", "kind", "origin", "lower", "upper",
        "from_campaign", "snapshot_date", "ranking_id", "list_kind", "source_ids",
    ]  # fmt: skip
    table = rows.rename(columns={"geo_level": "level"})[columns].sort_values([*KEYS[1:], "as_of", "obs_id"])
    polling = {name: reference.calendar.cycles[name].polling_day for name in cells["election_cycle"].unique()}
    return Observations(
        table.reset_index(drop=True), cells, _doses(panel, snapshots), tuple(sorted(polling, key=polling.__getitem__))
    )


def _eligible(violations: pd.DataFrame, reference: Reference, study: StudyParameters) -> pd.DataFrame:
    rows = violations[
        violations["geo_level"].isin(["province", "national"])
        & (violations["as_of"] != "")
        # Part of a unit is not the unit: after a split, counts of one of its provinces cannot stand for it.
        & (violations["province_code"] == violations["unit_code"])
        & violations["election_cycle"].isin(study.study.cycles)
        & violations["institution"].isin(study.outcome.institutions)
        & violations["stage"].isin(study.outcome.stages)
        & violations["measure"].isin(study.outcome.measures)
    ]
    cycles, register, boundaries = reference.calendar.cycles, reference.register, study.study.province_boundaries
    whole = [
        unit == "" or register.is_undivided(unit, boundaries, cycles[cycle].polling_day)
        for unit, cycle in zip(rows["unit_code"], rows["election_cycle"], strict=True)
    ]
    return rows[np.array(whole, dtype=bool)]


def _dated(rows: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    cycles = reference.calendar.cycles
    polling = pd.to_datetime(rows["election_cycle"].map({name: c.polling_day for name, c in cycles.items()}))
    campaign = pd.to_datetime(rows["election_cycle"].map({name: c.campaign_start for name, c in cycles.items()}))
    earliest, latest = pd.to_datetime(rows["as_of_earliest"]), pd.to_datetime(rows["as_of_latest"])
    span = (latest - earliest).dt.days
    vague = span >= PRECISE_DAYS
    lower = rows["lower"].astype("float64")
    upper = rows["upper"].astype("float64").fillna(np.inf)
    upper_only = vague & (lower == 0)
    day = earliest + pd.to_timedelta(np.where(vague, np.where(upper_only, 0, span), span // 2), unit="D")
    starts = [parse_date(text) if text else None for text in rows["period_start"]]
    start = pd.to_datetime(pd.Series([span and span.earliest for span in starts], index=rows.index))
    upper = upper.where(~vague | upper_only, np.inf)
    return rows.assign(
        days_from_polling=(day - polling).dt.days.astype("float64"),
        start_days_from_polling=(start - polling).dt.days.astype("float64"),
        from_campaign=earliest >= campaign,
        snapshot_date=rows["as_of_latest"],
        lower=lower,
        upper=upper,
        kind=np.where(lower == upper, "exact", "interval"),
    )[~vague | start.isna()]


def _cells(panel: pd.DataFrame) -> pd.DataFrame:
    voted = panel[panel["voted"]]
    if not (voted["headcount"] > 0).all():
        raise CannotEstimateError([Problem("model_offset_missing", column="headcount")])
    cells = voted[["unit_code", "election_cycle"]].assign(
        log_headcount=np.log(voted["headcount"] / PER), dose=np.log2(1 + voted["exposure"])
    )
    return cells.sort_values(["unit_code", "election_cycle"]).reset_index(drop=True)


def _doses(panel: pd.DataFrame, snapshots: pd.DataFrame) -> pd.DataFrame:
    days = snapshots[["unit_code", "election_cycle", "snapshot_date", "events_to_date", "events_after_date"]]
    table = days.merge(panel[["unit_code", "election_cycle", "exposure"]], on=["unit_code", "election_cycle"])
    return table[["unit_code", "election_cycle", "snapshot_date"]].assign(
        dose=np.log2(1 + table["exposure"]),
        dose_to_date=np.log2(1 + table["events_to_date"]),
        later_dose=np.log2(1 + table["events_after_date"]),
    )
