"""Exposure: how many distinct socialisation events a place had, before the campaign and up to a day."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from netral_research.study import StudyParameters
from netral_research.vocabulary import EVENT_GROUPS


def countable_events(events: pd.DataFrame, study: StudyParameters) -> pd.DataFrame:
    """Events that count as exposure in the study.

    Parameters
    ----------
    events : pandas.DataFrame
        Clean distinct events.
    study : StudyParameters

    Returns
    -------
    pandas.DataFrame
        Events of the chosen cycles and types, without those wholly after polling day: they cannot have preceded the
        outcome.

    Examples
    --------
    >>> from netral_research.study import ExposureSection, StudySection
    >>> study = StudyParameters.model_construct(
    ...     study=StudySection.model_construct(cycles=("pilkada_2020",)),
    ...     exposure=ExposureSection.model_construct(event_types=("sosialisasi",), pledges=True))
    >>> events = pd.DataFrame({"event_id": ["E1", "E2"], "election_cycle": "pilkada_2020", "event_type": "sosialisasi",
    ...                        "cycle_check": ["ok", "after_polling"]})
    >>> countable_events(events, study)["event_id"].tolist()
    ['E1']
    """
    chosen = events["election_cycle"].isin(study.study.cycles) & events["event_type"].isin(study.exposure.event_types)
    if not study.exposure.pledges:
        chosen &= ~events["has_pledge"]
    return events[chosen & (events["cycle_check"] != "after_polling")]


def when_relative_to(events: pd.DataFrame, day: pd.Series) -> pd.Series:
    """Place each event before, at or after a day, as far as its date tells.

    Parameters
    ----------
    events : pandas.DataFrame
        With ``date_earliest`` and ``date_latest`` (ISO days, empty where unknown).
    day : pandas.Series of str
        ISO day for each event.

    Returns
    -------
    pandas.Series of str
        ``before`` (wholly before the day), ``from`` (on the day or later), ``ambiguous`` (may be either) or
        ``undated``.

    Examples
    --------
    >>> events = pd.DataFrame({"date_earliest": ["2020-09-01", "2020-09-01", "2020-10-02", ""],
    ...                        "date_latest": ["2020-09-01", "2020-09-30", "2020-10-02", ""]})
    >>> when_relative_to(events, pd.Series(["2020-09-26"] * 4)).tolist()
    ['before', 'ambiguous', 'from', 'undated']
    """
    where = pd.Series("ambiguous", index=events.index, dtype="str")
    where[events["date_latest"] < day] = "before"
    where[events["date_earliest"] >= day] = "from"
    where[events["date_earliest"] == ""] = "undated"
    return where


def count_events(
    events: pd.DataFrame, places: pd.DataFrame, place: str, study: StudyParameters, campaign_start: dict[str, str]
) -> pd.DataFrame:
    """Count distinct events by place and cycle.

    Parameters
    ----------
    events : pandas.DataFrame
        Countable events.
    places : pandas.DataFrame
        ``event_places`` of the cleaning.
    place : {"unit_code", "regency_code"}
    study : StudyParameters
    campaign_start : dict of str to str
        ISO day by cycle.

    Returns
    -------
    pandas.DataFrame
        Indexed by place and cycle; only places with events.

    Examples
    --------
    >>> from netral_research.study import ExposureSection
    >>> study = StudyParameters.model_construct(
    ...     exposure=ExposureSection.model_construct(half_life_days=0, ambiguous_dates="exclude"))
    >>> days = ["2020-09-01", "2020-10-02"]
    >>> events = pd.DataFrame({"event_id": ["E1", "E2"], "election_cycle": "pilkada_2020", "has_pledge": False,
    ...     "scope": "province", "event_group": "awareness", "date_earliest": days, "date_latest": days})
    >>> places = pd.DataFrame({"event_id": ["E1", "E2"], "unit_code": "11"})
    >>> counts = count_events(events, places, "unit_code", study, {"pilkada_2020": "2020-09-26"})
    >>> counts[["events_before_campaign", "events_in_cycle"]].to_dict("index")
    {('11', 'pilkada_2020'): {'events_before_campaign': 1, 'events_in_cycle': 2}}
    """
    start = events["election_cycle"].map(campaign_start)
    when = when_relative_to(events, start)
    counted = when.isin(["before", "ambiguous"] if study.exposure.ambiguous_dates == "include" else ["before"])
    # An event that may fall after the campaign's first day weighs as much as one on that day, never more.
    age = _days_between(events["date_latest"], start).clip(lower=0)
    half_life = study.exposure.half_life_days
    weight = (0.5 ** (age.fillna(0) / half_life)) if half_life else pd.Series(1.0, index=events.index)
    columns = {
        "events_before_campaign": counted,
        "events_before_campaign_certain": when == "before",
        "events_ambiguous": when == "ambiguous",
        "events_from_campaign": when == "from",
        "events_undated": when == "undated",
        "events_in_cycle": pd.Series(True, index=events.index),
        "pledges_before_campaign": counted & events["has_pledge"],
        "multi_province_before_campaign": counted & (events["scope"] == "multi_province"),
        **{f"{group}_before_campaign": counted & (events["event_group"] == group) for group in EVENT_GROUPS},
    }
    table = pd.DataFrame({name: flag.astype("int64") for name, flag in columns.items()})
    table["exposure"] = weight.where(counted, 0.0)
    table[["event_id", "election_cycle"]] = events[["event_id", "election_cycle"]]
    distinct = places.loc[places[place] != "", ["event_id", place]].drop_duplicates()
    joined = distinct.merge(table, on="event_id")
    return joined.drop(columns="event_id").groupby([place, "election_cycle"]).sum()


def _days_between(earlier: pd.Series, later: pd.Series) -> pd.Series:
    return (pd.to_datetime(later) - pd.to_datetime(earlier.where(earlier != ""))).dt.days


def count_events_by_day(
    events: pd.DataFrame, places: pd.DataFrame, snapshots: pd.DataFrame, units: Sequence[str]
) -> pd.DataFrame:
    """Count distinct events up to, and after, each snapshot day.

    Parameters
    ----------
    events : pandas.DataFrame
        Countable events.
    places : pandas.DataFrame
        ``event_places`` of the cleaning.
    snapshots : pandas.DataFrame
        ``election_cycle`` and ``snapshot_date`` (ISO day).
    units : sequence of str
        Every one of them gets a row for every snapshot.

    Returns
    -------
    pandas.DataFrame
        ``unit_code``, ``election_cycle``, ``snapshot_date``, ``events_to_date`` (surely no later than the day),
        ``events_after_date`` (surely later, within the cycle) and ``pledges_to_date``.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["E1"], "election_cycle": ["pilkada_2020"], "date_earliest": ["2020-09-01"],
    ...                        "date_latest": ["2020-09-01"], "has_pledge": [False]})
    >>> places = pd.DataFrame({"event_id": ["E1"], "unit_code": ["11"]})
    >>> days = pd.DataFrame({"election_cycle": ["pilkada_2020"], "snapshot_date": ["2020-10-04"]})
    >>> count_events_by_day(events, places, days, ["11", "12"])[["unit_code", "events_to_date"]].to_numpy().tolist()
    [['11', 1], ['12', 0]]
    """
    located = places[["event_id", "unit_code"]].drop_duplicates().merge(
        events[["event_id", "election_cycle", "date_earliest", "date_latest", "has_pledge"]], on="event_id"
    )  # fmt: skip
    located = located[located["date_earliest"] != ""]
    pairs = located.merge(snapshots, on="election_cycle")
    before = pairs["date_latest"] <= pairs["snapshot_date"]
    counts = (
        pairs.assign(
            events_to_date=before.astype("int64"),
            events_after_date=(pairs["date_earliest"] > pairs["snapshot_date"]).astype("int64"),
            pledges_to_date=(before & pairs["has_pledge"]).astype("int64"),
        )
        .groupby(["unit_code", "election_cycle", "snapshot_date"])[
            ["events_to_date", "events_after_date", "pledges_to_date"]
        ]
        .sum()
    )
    every = snapshots.merge(pd.DataFrame({"unit_code": pd.array(list(units), dtype="str")}), how="cross")
    index = pd.MultiIndex.from_frame(every[["unit_code", "election_cycle", "snapshot_date"]])
    return counts.reindex(index, fill_value=0).reset_index()


def national_events_before(events: pd.DataFrame, campaign_start: dict[str, str]) -> pd.Series:
    """Count events that addressed the whole nation before each cycle's campaign.

    They reach every province alike, so they never enter a comparison of provinces.

    Parameters
    ----------
    events : pandas.DataFrame
        Countable events.
    campaign_start : dict of str to str

    Returns
    -------
    pandas.Series
        Number by cycle.

    Examples
    --------
    >>> events = pd.DataFrame({"scope": ["national", "province"], "election_cycle": "pilkada_2020",
    ...                        "date_earliest": "2020-09-01", "date_latest": "2020-09-01"})
    >>> national_events_before(events, {"pilkada_2020": "2020-09-26", "pemilu_2024": "2023-11-28"}).tolist()
    [1, 0]
    """
    national = events[events["scope"] == "national"]
    before = when_relative_to(national, national["election_cycle"].map(campaign_start)) == "before"
    counts = before.groupby(national["election_cycle"]).sum()
    return counts.reindex(list(campaign_start), fill_value=0).astype("int64")
