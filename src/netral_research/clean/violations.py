"""Raw counts become clean observations: whose count, which stage and measure, as of when, where, in which limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from netral_research.clean.accounting import account, accounting_result
from netral_research.clean.conflicts import find_conflicts
from netral_research.clean.decisions import apply_decisions
from netral_research.clean.loading import VIOLATIONS, Reference, ViolationTables, level_problems
from netral_research.clean.merging import group_reports, join_terms
from netral_research.clean.rankings import OBSERVATION_COLUMNS, find_rankings, unlisted_rows
from netral_research.dates import DateSpan, parse_date
from netral_research.errors import DataError, Problem
from netral_research.regions import UnknownRegionError
from netral_research.results import Result, Value
from netral_research.schemas import check_table, date_span_texts
from netral_research.study import StudyParameters
from netral_research.vocabulary import INSTITUTION_GROUPS

SAME_COUNT = (
    "institution", "as_of", "period_start", "election_cycle", "geo_level", "province", "regency", "measure", "stage",
    "value", "bound",
)  # fmt: skip


def clean_violations(tables: ViolationTables, study: StudyParameters) -> tuple[Result, ...]:
    """Clean the published counts of violations.

    Every raw row ends in exactly one place. A region that a ranking leaves out becomes a censored row (at or below the
    ranking's last value on the ranking's day), never a zero. Contradictions keep all their values.

    Parameters
    ----------
    tables : ViolationTables
        Raw tables, checked against their contracts.
    study : StudyParameters

    Returns
    -------
    tuple of Result
        ``violations`` (published and censored rows), ``rankings``, ``rejects``, ``conflicts``, ``decisions_applied``,
        ``breakdowns``, ``vulnerability_index`` and ``accounting``.

    Raises
    ------
    DataError
        If a region, date, term or decision is not understood.
    """
    decided = apply_decisions(tables.violations, tables.decisions, "violations.csv", "obs_id")
    check_table(decided.frame, VIOLATIONS)
    problems = level_problems(decided.frame)
    if problems:
        raise DataError(problems)
    placed = _place_rows(decided.frame, VIOLATIONS, study, tables.reference)
    rows = _typed_rows(decided.frame.join(placed))
    rankings = find_rankings(rows)
    ranking_of = _ranking_of(rankings)
    rows["ranking_id"] = pd.array([ranking_of.get(obs_id, "") for obs_id in rows["obs_id"]], dtype="str")
    published, roots = _merge_repeats(rows, decided.frame, decided.merges)
    unlisted = unlisted_rows(rankings, rows, tables.reference, study)
    violations = pd.concat([published, unlisted], ignore_index=True)[list(OBSERVATION_COLUMNS)]
    conflicts = find_conflicts(published, rankings, unlisted, tables.reference)
    accounts = [
        account(VIOLATIONS, len(tables.violations), len(published), len(roots) - len(published), len(decided.rejects)),
        account("data/raw/breakdowns.csv", len(tables.breakdowns), len(tables.breakdowns), 0, 0),
        account(
            "data/raw/vulnerability_index.csv", len(tables.vulnerability_index), len(tables.vulnerability_index), 0, 0
        ),
    ]
    return (
        Result("violations", violations, _violation_values(tables, published, unlisted, conflicts)),
        Result("rankings", rankings.drop(columns="listed")),
        Result("rejects", decided.rejects),
        Result("conflicts", conflicts),
        Result("decisions_applied", decided.applied),
        Result("breakdowns", _breakdowns(tables.breakdowns)),
        Result("vulnerability_index", _index(tables, study)),
        accounting_result("clean_violations", accounts),
    )


def _place_rows(frame: pd.DataFrame, relative: str, study: StudyParameters, reference: Reference) -> pd.DataFrame:
    register, boundaries = reference.register, study.study.province_boundaries
    rows: list[tuple[str, str, str]] = []
    problems: list[Problem] = []
    for line, row in frame.iterrows():
        column = "province"
        try:
            today = register.find_province(row["province"]) if row["province"] else ""
            day = _place_day(row, reference)
            then = register.province_on(today, day) if today else ""
            column = "regency"
            regency = register.find_regency(row["regency"], frozenset({today, then})) if row["regency"] else ""
            holder = register.parents[regency] if regency else today
            province = register.province_on(holder, day) if regency else then
            rows.append((province, register.province_on(holder, boundaries) if holder else "", regency))
        except UnknownRegionError as unknown:
            problems.append(Problem("region_unknown", relative, int(str(line)), column, unknown.name, unknown.nearest))
    if problems:
        raise DataError(problems)
    return pd.DataFrame(rows, columns=["province_code", "unit_code", "regency_code"], index=frame.index, dtype="str")


def _place_day(row: pd.Series, reference: Reference) -> dt.date:
    """A count speaks of the regions that voted, so the boundaries of its cycle's polling day apply."""
    cycle = row.get("election_cycle", "")
    if cycle:
        return reference.calendar.cycles[cycle].polling_day
    span: DateSpan | None = parse_date(row.get("published", ""))
    return dt.date.max if span is None else span.latest


def _typed_rows(frame: pd.DataFrame) -> pd.DataFrame:
    spans = date_span_texts(frame["as_of"])
    value = frame["value"].astype("int64")
    rows = frame.assign(
        origin="published",
        institution_group=frame["institution"].map(INSTITUTION_GROUPS),
        as_of_earliest=spans["earliest"],
        as_of_latest=spans["latest"],
        count_kind=frame["period_start"].map(lambda start: "period" if start else "cumulative").astype("str"),
        value=value,
        lower=value.where(frame["bound"] != "at_most", 0).astype("float64"),
        upper=value.where(frame["bound"] != "at_least").astype("float64"),
        list_k=pd.to_numeric(frame["list_k"]),
    )
    return rows.sort_values("obs_id")


def _ranking_of(rankings: pd.DataFrame) -> dict[str, str]:
    return {
        obs_id: str(ranking.ranking_id)
        for ranking in rankings.itertuples()
        for obs_id in str(ranking.listed).split(";")
    }


def _merge_repeats(
    rows: pd.DataFrame, frame: pd.DataFrame, merges: dict[str, str]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Rows with the same count of the same thing on the same day are one observation; all sources are kept."""
    decided = group_reports(rows["obs_id"].tolist(), merges.items())
    links = list(merges.items())
    for _, group in frame.groupby(list(SAME_COUNT), sort=True):
        # Decisions come first: rows that a person has merged already need no second link, which would close a circle.
        first, *others = sorted({decided[obs_id] for obs_id in group["obs_id"]})
        links += [(other, first) for other in others]
    roots = group_reports(rows["obs_id"].tolist(), links)
    root = rows["obs_id"].map(roots)
    sources = rows.groupby(root)["source_id"].agg(join_terms)
    numbers = root.value_counts()
    kept = rows[rows["obs_id"] == root].copy()
    kept["source_ids"] = kept["obs_id"].map(sources).astype("str")
    kept["n_reports"] = kept["obs_id"].map(numbers).astype("int64")
    return kept.reset_index(drop=True), roots


def _breakdowns(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = {name: pd.to_numeric(frame[name]).astype("float64") for name in ("share_percent", "count")}
    keys = ["election_cycle", "dimension", "institution", "as_of", "source_id", "category"]
    return frame.assign(**numbers).sort_values(keys).reset_index(drop=True)


def _index(tables: ViolationTables, study: StudyParameters) -> pd.DataFrame:
    relative = "data/raw/vulnerability_index.csv"
    placed = _place_rows(tables.vulnerability_index, relative, study, tables.reference)
    numbers = {name: pd.to_numeric(tables.vulnerability_index[name]).astype("float64") for name in ("score", "rank")}
    keys = ["index_name", "edition", "geo_level", "aggregate", "province_code", "regency_code"]
    return tables.vulnerability_index.assign(**numbers).join(placed).sort_values(keys).reset_index(drop=True)


def _violation_values(
    tables: ViolationTables, published: pd.DataFrame, unlisted: pd.DataFrame, conflicts: pd.DataFrame
) -> tuple[Value, ...]:
    function = "netral_research.clean.violations.clean_violations"

    def count(name: str, number: int, unit: str) -> Value:
        return Value(f"clean_violations.{name}", number, "integer", unit, function)

    levels: Sequence[str] = ("national", "province", "provincial_government", "regency")
    return (
        count("rows", len(tables.violations), "rows"),
        count("published", len(published), "counts"),
        count("censored", len(unlisted), "counts"),
        count("conflicts", len(conflicts), "conflicts"),
        count("zeros", int(((published["value"] == 0) & (published["bound"] == "exact")).sum()), "counts"),
        count("without_date", int((published["as_of"] == "").sum()), "counts"),
        count("sources", published["source_ids"].str.split(";").explode().nunique(), "pages"),
        *(count(f"level_{level}", int((published["geo_level"] == level).sum()), "counts") for level in levels),
    )
