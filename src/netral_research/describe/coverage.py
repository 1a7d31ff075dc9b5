"""Coverage: which province has what, from whom, and what the repeated searches of the news reveal."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd
from scipy.stats import spearmanr

from netral_research.describe.rates import exact_province_counts
from netral_research.results import Result, Value
from netral_research.study import StudyParameters

FUNCTION = "netral_research.describe.coverage"
# From the most to the least that is known.
STATUS_ORDER = ("exact", "zero", "interval", "censored", "not_reported", "not_applicable")
FIRST_SEARCH = "standard"


def coverage(
    violations: pd.DataFrame,
    outcome: pd.DataFrame,
    snapshot_outcome: pd.DataFrame,
    panel: pd.DataFrame,
    polling_days: Mapping[str, str],
    study: StudyParameters,
) -> Result:
    """What is known of the headline count in each province and cycle.

    Parameters
    ----------
    violations : pandas.DataFrame
        Clean rows.
    outcome, snapshot_outcome : pandas.DataFrame
        Outcome limits of the panel, for the whole cycle and by snapshot day.
    panel : pandas.DataFrame
        ``province_cycle``.
    polling_days : mapping of str to str
        ISO polling day by cycle.
    study : StudyParameters

    Returns
    -------
    Result
        Table ``unit_code``, ``election_cycle``, ``known`` (``exact_final``: exact, told from polling day on;
        ``exact_earlier``: exact on an earlier or unknown day; ``bounded``: limits only; ``ranking_only``: bounded by
        a ranking that leaves it out; ``not_reported``; ``not_applicable``), ``institutions``, ``n_counts`` (exact),
        ``n_final`` (exact, from polling day on), ``n_sources``.
    """
    headline = (outcome["stage"] == study.outcome.headline_stage) & (
        outcome["measure"] == study.outcome.headline_measure
    )
    status = outcome[headline].groupby(["unit_code", "election_cycle"])["status"].agg(_best)
    ranked = snapshot_outcome[
        (snapshot_outcome["stage"] == study.outcome.headline_stage)
        & (snapshot_outcome["measure"] == study.outcome.headline_measure)
        & (snapshot_outcome["status"] == "censored")
    ]
    in_ranking = set(zip(ranked["unit_code"], ranked["election_cycle"], strict=True))
    exact = exact_province_counts(violations, study)
    final = (exact["as_of_earliest"] != "") & (exact["as_of_earliest"] >= exact["election_cycle"].map(polling_days))
    counts = exact.assign(final=final.astype("int64")).groupby(["unit_code", "election_cycle"])
    told = pd.DataFrame(
        {
            "n_counts": counts.size(),
            "n_final": counts["final"].sum(),
            "n_sources": counts["source_ids"].agg(lambda cells: len(set(";".join(cells).split(";")))),
            "institutions": counts["institution"].agg(lambda cells: ";".join(sorted(set(cells)))),
        }
    )
    table = panel[["unit_code", "election_cycle", "voted"]].join(told, on=["unit_code", "election_cycle"])
    table = table.fillna({"n_counts": 0, "n_final": 0, "n_sources": 0, "institutions": ""}).astype(
        {"n_counts": "int64", "n_final": "int64", "n_sources": "int64", "institutions": "str"}
    )
    statuses = status.to_dict()
    known = [
        _known(str(unit), str(cycle), int(n_counts), int(n_final), bool(voted), statuses, in_ranking)
        for unit, cycle, n_counts, n_final, voted in table[
            ["unit_code", "election_cycle", "n_counts", "n_final", "voted"]
        ].itertuples(index=False)
    ]
    table["known"] = pd.Series(known, index=table.index, dtype="str")
    return Result("coverage", table, _coverage_values(table), notes=("absences",))


def _best(statuses: pd.Series) -> str:
    return min(statuses, key=STATUS_ORDER.index)


def _known(
    unit: str,
    cycle: str,
    n_counts: int,
    n_final: int,
    voted: bool,
    status: Mapping[Hashable, str],
    in_ranking: set[tuple[str, str]],
) -> str:
    if n_counts:
        return "exact_final" if n_final else "exact_earlier"
    if status.get((unit, cycle), "not_reported") not in ("censored", "not_reported", "not_applicable"):
        return "bounded"
    if (unit, cycle) in in_ranking:
        return "ranking_only"
    return "not_reported" if voted else "not_applicable"


def _coverage_values(table: pd.DataFrame) -> tuple[Value, ...]:
    function = f"{FUNCTION}.coverage"
    applicable = table[table["known"] != "not_applicable"]
    numbers = applicable["known"].value_counts()

    def cells(name: str, number: int) -> Value:
        return Value(f"describe.coverage_{name}", number, "integer", "province_cycles", function)

    exact = int(numbers.get("exact_final", 0) + numbers.get("exact_earlier", 0))
    without = len(applicable) - exact
    nothing = applicable.groupby("unit_code")["known"].agg(lambda known: not known.str.startswith("exact").any())
    return (
        cells("cells", len(applicable)),
        cells("exact", exact),
        cells("without_exact", without),
        *(
            cells(name, int(numbers.get(name, 0)))
            for name in ("exact_final", "exact_earlier", "bounded", "ranking_only", "not_reported")
        ),
        Value("describe.coverage_without_exact_share", without / len(applicable), "percent_0", "percent", function),
        Value("describe.coverage_provinces_never_exact", int(nothing.sum()), "integer", "provinces", function),
    )


def coverage_sources(violations: pd.DataFrame, study: StudyParameters) -> Result:
    """Who published what about provinces: counts by institution, stage and measure.

    Parameters
    ----------
    violations : pandas.DataFrame
        Clean rows.
    study : StudyParameters

    Returns
    -------
    Result
        Table ``institution``, ``stage``, ``measure``, ``n_exact``, ``n_bounds``, ``n_censored`` (left out by a
        ranking), ``n_provinces``, ``first`` and ``last`` as-of date.

    Examples
    --------
    >>> from netral_research.study import StudySection
    >>> study = StudyParameters.model_construct(study=StudySection.model_construct(cycles=("pilkada_2020",)))
    >>> told = pd.DataFrame({"institution": "kasn", "stage": "alleged", "measure": "cases", "geo_level": "province",
    ...     "election_cycle": "pilkada_2020", "origin": ["published", "unlisted"], "bound": ["exact", "at_most"],
    ...     "unit_code": ["11", "12"], "as_of": "2020-10-04"})
    >>> coverage_sources(told, study).table[["n_exact", "n_censored", "n_provinces"]].to_dict("records")
    [{'n_exact': 1, 'n_censored': 1, 'n_provinces': 1}]
    """
    chosen = violations[(violations["geo_level"] == "province") & violations["election_cycle"].isin(study.study.cycles)]
    published = chosen["origin"] == "published"
    flagged = chosen.assign(
        n_exact=(published & (chosen["bound"] == "exact")).astype("int64"),
        n_bounds=(published & (chosen["bound"] != "exact")).astype("int64"),
        n_censored=(~published).astype("int64"),
        dated=chosen["as_of"].where(chosen["as_of"] != ""),
        named=chosen["unit_code"].where(published),
    )
    table = (
        flagged.groupby(["institution", "stage", "measure"])
        .agg(
            n_exact=("n_exact", "sum"), n_bounds=("n_bounds", "sum"), n_censored=("n_censored", "sum"),
            n_provinces=("named", "nunique"), first=("dated", "min"), last=("dated", "max"),
        )
        .reset_index()
        .fillna({"first": "", "last": ""})
    )  # fmt: skip
    return Result("coverage_sources", table.astype({"first": "str", "last": "str"}))


def search_rounds(
    events: pd.DataFrame, event_rows: pd.DataFrame, places: pd.DataFrame, study: StudyParameters
) -> Result:
    """What later searches of the news found that the first one had not.

    An exposure measured well would be found again by a second search. The rank correlation, over provinces, between
    the number of events the first search found and the number only later searches found says how far that holds.

    Parameters
    ----------
    events, event_rows, places : pandas.DataFrame
        Clean tables.
    study : StudyParameters

    Returns
    -------
    Result
        Table ``unit_code``, ``election_cycle``, ``found_first``, ``found_later_only``.

    Examples
    --------
    >>> from netral_research.study import StudySection
    >>> study = StudyParameters.model_construct(study=StudySection.model_construct(cycles=("pilkada_2020",)))
    >>> events = pd.DataFrame({"event_id": ["E1", "E2"], "election_cycle": "pilkada_2020"})
    >>> rows = events.assign(fate="event", frame=["standard", "standard2"])
    >>> places = pd.DataFrame({"event_id": ["E1", "E2"], "unit_code": ["11", "12"]})
    >>> found = search_rounds(events, rows, places, study).table
    >>> found[["unit_code", "found_first", "found_later_only"]].to_numpy().tolist()
    [['11', 1, 0], ['12', 0, 1]]
    """
    frames = event_rows[event_rows["fate"] != "rejected"]
    first = set(frames.loc[frames["frame"] == FIRST_SEARCH, "event_id"])
    later_frames = frames[frames["frame"].isin(["standard2", "standard3"])]
    located = (
        places[["event_id", "unit_code"]].drop_duplicates().merge(events[["event_id", "election_cycle"]], on="event_id")
    )
    located = located[located["election_cycle"].isin(study.study.cycles)]
    later = set(later_frames["event_id"]) - first
    table = (
        located.assign(
            found_first=located["event_id"].isin(first).astype("int64"),
            found_later_only=located["event_id"].isin(later).astype("int64"),
        )
        .groupby(["unit_code", "election_cycle"])[["found_first", "found_later_only"]]
        .sum()
    )
    units = sorted(places["unit_code"].unique())
    index = pd.MultiIndex.from_product([units, study.study.cycles], names=["unit_code", "election_cycle"])
    table = table.reindex(index, fill_value=0).reset_index()
    return Result("search_rounds", table, _round_values(table, later_frames, first))


def _round_values(table: pd.DataFrame, later_rows: pd.DataFrame, first: set[str]) -> tuple[Value, ...]:
    function = f"{FUNCTION}.search_rounds"
    totals = table.groupby("election_cycle")["found_later_only"].sum()
    cycle = str(totals.sort_index().idxmax())
    shown = table[table["election_cycle"] == cycle]
    varied = shown["found_first"].nunique() > 1 and shown["found_later_only"].nunique() > 1
    correlation = float(spearmanr(shown["found_first"], shown["found_later_only"]).statistic) if varied else None
    new = set(later_rows["event_id"]) - first
    return (
        Value("describe.search_cycle", f"cycle:{cycle}", "label", "none", function),
        Value("describe.search_found_first", int(shown["found_first"].sum()), "integer", "events", function),
        Value("describe.search_found_later", int(shown["found_later_only"].sum()), "integer", "events", function),
        Value("describe.search_rank_correlation", correlation, "decimal_2", "none", function),
        Value("describe.search_later_rows", len(later_rows), "integer", "rows", function),
        Value("describe.search_later_repeats", len(later_rows) - len(new), "integer", "rows", function),
    )
