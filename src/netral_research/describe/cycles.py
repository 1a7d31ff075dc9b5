"""The electoral cycles side by side: their calendar, and how much was found for each."""

from __future__ import annotations

import pandas as pd

from netral_research.clean.loading import Reference
from netral_research.results import Result, Value
from netral_research.study import StudyParameters

FUNCTION = "netral_research.describe.cycles.cycles_compared"


def cycles_compared(
    exposure: pd.DataFrame, coverage: pd.DataFrame, reference: Reference, study: StudyParameters
) -> Result:
    """Compare the cycles of the study.

    Parameters
    ----------
    exposure, coverage : pandas.DataFrame
        Tables of this stage.
    reference : Reference
    study : StudyParameters

    Returns
    -------
    Result
        Table ``election_cycle``, ``campaign_start``, ``polling_day``, ``provinces_voting``,
        ``events_before_campaign`` (a multi-province event counts once in each of its provinces),
        ``provinces_with_exact``, ``provinces_with_final`` (exact, from polling day on) and ``queries``.
    """
    rows = []
    for name in study.study.cycles:
        cycle = reference.calendar.cycles[name]
        held = exposure[(exposure["election_cycle"] == name) & exposure["voted"]]
        known = coverage.loc[coverage["election_cycle"] == name, "known"]
        rows.append(
            (
                name,
                cycle.campaign_start.isoformat(),
                cycle.polling_day.isoformat(),
                len(held),
                int(held["events_before_campaign"].sum()),
                int(known.str.startswith("exact").sum()),
                int((known == "exact_final").sum()),
                int(held["n_queries_named_cycle"].sum()),
            )
        )
    columns = [
        "election_cycle", "campaign_start", "polling_day", "provinces_voting", "events_before_campaign",
        "provinces_with_exact", "provinces_with_final", "queries",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    values = (
        Value("describe.cycles", len(table), "integer", "cycles", FUNCTION),
        Value("describe.cycles_first_poll", str(table["polling_day"].min()), "day", "none", FUNCTION),
        Value("describe.cycles_last_poll", str(table["polling_day"].max()), "day", "none", FUNCTION),
    )
    return Result("cycles", table, values, notes=("search_differs",))


def best_covered_cycle(rates: Result) -> str:
    """The cycle in which most provinces have an exact count: the one shown on the map.

    Parameters
    ----------
    rates : Result
        As :func:`netral_research.describe.rates.reported_rates` gives it.

    Returns
    -------
    str

    Examples
    --------
    >>> best = Value("describe.rates_cycle", "cycle:pilkada_2020", "label", "none", "reported_rates")
    >>> best_covered_cycle(Result("rates", pd.DataFrame(), (best,)))
    'pilkada_2020'
    """
    return str(rates.value("describe.rates_cycle").value).removeprefix("cycle:")
