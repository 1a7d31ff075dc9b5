"""Where socialisation was found: distinct events by province, cycle and kind."""

from __future__ import annotations

import pandas as pd

from netral_research.results import Result, Value
from netral_research.study import StudyParameters
from netral_research.vocabulary import EVENT_GROUPS

FUNCTION = "netral_research.describe.exposure.exposure_by_cycle"


def exposure_by_cycle(events: pd.DataFrame, panel: pd.DataFrame, study: StudyParameters) -> Result:
    """Distinct socialisation events by province and cycle, as the news shows them.

    Parameters
    ----------
    events : pandas.DataFrame
        Clean distinct events.
    panel : pandas.DataFrame
        ``province_cycle``.
    study : StudyParameters

    Returns
    -------
    Result
        Table ``unit_code``, ``election_cycle``, ``voted``, ``events_in_cycle``, ``events_before_campaign``,
        ``pledges_before_campaign``, the kinds of event before the campaign, search effort and ``exposure_absence``.
    """
    kinds = [f"{group}_before_campaign" for group in EVENT_GROUPS]
    columns = [
        "unit_code",
        "election_cycle",
        "voted",
        "events_in_cycle",
        "events_before_campaign",
        "events_ambiguous",
        "events_undated",
        "pledges_before_campaign",
        *kinds,
        "n_queries_named_cycle",
        "n_queries_no_cycle",
        "coverage_share",
        "exposure_absence",
    ]
    table = panel[columns]
    voted = table[table["voted"]]
    chosen = events[
        events["election_cycle"].isin(study.study.cycles) & events["event_type"].isin(study.exposure.event_types)
    ]
    chosen = chosen if study.exposure.pledges else chosen[~chosen["has_pledge"]]
    values = [
        Value("describe.exposure_events", len(chosen), "integer", "events", FUNCTION),
        Value("describe.exposure_national", int((chosen["scope"] == "national").sum()), "integer", "events", FUNCTION),
        Value("describe.exposure_pledges", int(chosen["has_pledge"].sum()), "integer", "events", FUNCTION),
        Value(
            "describe.exposure_cells_without",
            int((voted["events_in_cycle"] == 0).sum()),
            "integer",
            "province_cycles",
            FUNCTION,
        ),
        Value(
            "describe.exposure_cells_without_before",
            int((voted["events_before_campaign"] == 0).sum()),
            "integer",
            "province_cycles",
            FUNCTION,
        ),
    ]
    for cycle in study.study.cycles:
        cells = voted[voted["election_cycle"] == cycle]
        located = int((chosen.loc[chosen["election_cycle"] == cycle, "scope"] != "national").sum())
        values += [
            Value(f"describe.exposure_{cycle}", located, "integer", "events", FUNCTION),
            Value(f"describe.exposure_{cycle}_voted", len(cells), "integer", "provinces", FUNCTION),
            Value(
                f"describe.exposure_{cycle}_provinces",
                int((cells["events_in_cycle"] > 0).sum()),
                "integer",
                "provinces",
                FUNCTION,
            ),
            Value(
                f"describe.exposure_{cycle}_queries",
                int(cells["n_queries_named_cycle"].sum()),
                "integer",
                "queries",
                FUNCTION,
            ),
        ]
    kind_counts = chosen["event_group"].value_counts()
    values += [
        Value(f"describe.exposure_kind_{group}", int(kind_counts.get(group, 0)), "integer", "events", FUNCTION)
        for group in EVENT_GROUPS
    ]
    return Result("exposure", table.reset_index(drop=True), tuple(values), notes=("exposure_news",))
