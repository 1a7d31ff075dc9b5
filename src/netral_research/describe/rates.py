"""Reported rates: counts per 10,000 civil servants with exact intervals, and what was told for the nation."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from netral_research.clean.loading import Reference
from netral_research.describe.intervals import exact_rate_interval
from netral_research.errors import Problem, StudyError
from netral_research.results import Result, Value, percent_style
from netral_research.study import StudyParameters
from netral_research.vocabulary import INSTITUTION_GROUPS

PER = 10_000
FUNCTION = "netral_research.describe.rates"


def exact_province_counts(violations: pd.DataFrame, study: StudyParameters) -> pd.DataFrame:
    """Exact published counts of whole provinces, for the study's headline stage and measure.

    Parameters
    ----------
    violations : pandas.DataFrame
        Clean rows.
    study : StudyParameters

    Returns
    -------
    pandas.DataFrame
        Rows of the study's cycles and institutions; counts of a period and of a provincial government alone are left
        out.

    Examples
    --------
    >>> from netral_research.study import OutcomeSection, StudySection
    >>> study = StudyParameters.model_construct(
    ...     study=StudySection.model_construct(cycles=("pilkada_2020",)),
    ...     outcome=OutcomeSection.model_construct(
    ...         institutions=("kasn",), headline_stage="alleged", headline_measure="cases"))
    >>> told = pd.DataFrame({"obs_id": ["V1", "V2"], "origin": "published", "geo_level": "province",
    ...     "bound": ["exact", "at_least"], "count_kind": "cumulative", "stage": "alleged", "measure": "cases",
    ...     "election_cycle": "pilkada_2020", "institution": "kasn", "province_code": "11", "unit_code": "11"})
    >>> exact_province_counts(told, study)["obs_id"].tolist()
    ['V1']
    """
    chosen = (
        (violations["origin"] == "published")
        & (violations["geo_level"] == "province")
        & (violations["bound"] == "exact")
        & (violations["count_kind"] == "cumulative")
        & (violations["stage"] == study.outcome.headline_stage)
        & (violations["measure"] == study.outcome.headline_measure)
        & violations["election_cycle"].isin(study.study.cycles)
        & violations["institution"].isin(study.outcome.institutions)
        & (violations["province_code"] == violations["unit_code"])
    )
    return violations[chosen]


def undivided_units(violations: pd.DataFrame, reference: Reference, study: StudyParameters) -> pd.DataFrame:
    """Counts of units that were still one province on their cycle's polling day.

    Parameters
    ----------
    violations : pandas.DataFrame
        Clean rows.
    reference : Reference
    study : StudyParameters

    Returns
    -------
    pandas.DataFrame
        Without the cycles before which a unit was split: there even a count under its old name is of a part only.
    """
    cycles, boundaries = reference.calendar.cycles, study.study.province_boundaries
    whole = [
        not unit or cycle not in cycles or reference.register.is_undivided(unit, boundaries, cycles[cycle].polling_day)
        for unit, cycle in zip(violations["unit_code"], violations["election_cycle"], strict=True)
    ]
    return violations[whole]


def reported_rates(
    violations: pd.DataFrame,
    headcount: pd.DataFrame,
    polling_days: Mapping[str, str],
    names: Mapping[str, str],
    study: StudyParameters,
) -> Result:
    """Rate of reported violations per 10,000 civil servants in each province and cycle that has an exact count.

    The count is the latest one told for the cycle; a cumulative count says how many were reported up to its day, so
    rates of different days are not compared.

    Parameters
    ----------
    violations : pandas.DataFrame
        Clean rows.
    headcount : pandas.DataFrame
        ``unit_code`` and ``headcount``.
    polling_days : mapping of str to str
        ISO polling day by cycle.
    names : mapping of str to str
        Province names by code.
    study : StudyParameters

    Returns
    -------
    Result
        Table ``unit_code``, ``election_cycle``, ``value``, ``as_of``, ``final`` (from polling day on),
        ``institution``, ``headcount``, ``rate``, ``rate_lower``, ``rate_upper`` (Garwood's exact interval),
        ``obs_id``, ``source_ids``.

    Raises
    ------
    StudyError
        If no province has an exact count of the headline stage and measure: there is nothing to show.

    References
    ----------
    Garwood (1936), Biometrika 28: 437-442.

    Examples
    --------
    >>> from netral_research.study import ModelSection, OutcomeSection, StudySection
    >>> study = StudyParameters.model_construct(
    ...     study=StudySection.model_construct(cycles=("pilkada_2020",)),
    ...     outcome=OutcomeSection.model_construct(
    ...         institutions=("kasn",), headline_stage="alleged", headline_measure="cases"),
    ...     model=ModelSection.model_construct(confidence=0.95))
    >>> told = pd.DataFrame({"obs_id": ["V1"], "origin": "published", "geo_level": "province", "bound": "exact",
    ...     "count_kind": "cumulative", "stage": "alleged", "measure": "cases", "election_cycle": "pilkada_2020",
    ...     "institution": "kasn", "province_code": "11", "unit_code": "11", "value": 12.0, "source_ids": "S0001",
    ...     "as_of": "2020-12-31", "as_of_earliest": "2020-12-31", "as_of_latest": "2020-12-31"})
    >>> headcount = pd.DataFrame({"unit_code": ["11"], "headcount": [60_000]})
    >>> rates = reported_rates(told, headcount, {"pilkada_2020": "2020-12-09"}, {"11": "Aceh"}, study).table
    >>> rates[["rate", "rate_lower", "rate_upper", "final"]].round(1).to_numpy().tolist()
    [[2.0, 1.0, 3.5, True]]
    """
    counts = exact_province_counts(violations, study)
    dated = counts.assign(known=counts["as_of_latest"] != "")
    order = ["unit_code", "election_cycle", "known", "as_of_latest", "value", "obs_id"]
    if counts.empty:
        raise StudyError([_no_counts(study)])
    latest = dated.sort_values(order).drop_duplicates(["unit_code", "election_cycle"], keep="last")
    table = latest.merge(headcount[["unit_code", "headcount"]], on="unit_code")
    lower, upper = exact_rate_interval(table["value"], table["headcount"] / PER, study.model.confidence)
    polling = table["election_cycle"].map(polling_days)
    table = table.assign(
        final=(table["as_of_earliest"] >= polling) & (table["as_of_earliest"] != ""),
        rate=table["value"] / table["headcount"] * PER,
        rate_lower=lower,
        rate_upper=upper,
    )
    columns = [
        "unit_code", "election_cycle", "value", "as_of", "final", "institution", "headcount", "rate", "rate_lower",
        "rate_upper", "obs_id", "source_ids",
    ]  # fmt: skip
    table = table[columns].sort_values(["election_cycle", "unit_code"]).reset_index(drop=True)
    level = study.model.confidence
    confidence = Value(
        "describe.rates_confidence", level, percent_style(level), "percent", f"{FUNCTION}.reported_rates"
    )
    values = (*_rate_values(table, names), confidence)
    return Result("rates", table, values, notes=("rates_reported", "rates_dates_differ"))


def _no_counts(study: StudyParameters) -> Problem:
    stage, measure = study.outcome.headline_stage, study.outcome.headline_measure
    return Problem(
        "headline_without_counts", "study.toml", column="outcome.headline_stage", value=f"{stage}, {measure}"
    )


def _rate_values(table: pd.DataFrame, names: Mapping[str, str]) -> tuple[Value, ...]:
    function = f"{FUNCTION}.reported_rates"
    best = table["election_cycle"].value_counts().sort_index().idxmax()
    shown = table[table["election_cycle"] == best]
    top = shown.sort_values(["rate", "unit_code"]).iloc[-1]

    def rate(name: str, number: object, sources: str = "") -> Value:
        return Value(
            f"describe.{name}", float(str(number)), "decimal_1", "rate_per_10000", function,
            tuple(sources.split(";")) if sources else (),
        )  # fmt: skip

    return (
        Value("describe.rates_cells", len(table), "integer", "province_cycles", function),
        Value("describe.rates_final", int(table["final"].sum()), "integer", "province_cycles", function),
        Value("describe.rates_cycle", f"cycle:{best}", "label", "none", function),
        Value("describe.rates_cycle_provinces", len(shown), "integer", "provinces", function),
        rate("rates_median", table["rate"].median()),
        rate("rates_quartile_low", table["rate"].quantile(0.25)),
        rate("rates_quartile_high", table["rate"].quantile(0.75)),
        rate("rates_cycle_median", shown["rate"].median()),
        Value("describe.rates_top_province", names[str(top["unit_code"])], "text", "none", function),
        Value(
            "describe.rates_top_value", int(top["value"]), "integer", "cases", function,
            tuple(str(top["source_ids"]).split(";")),
        ),
        rate("rates_top", top["rate"], str(top["source_ids"])),
        rate("rates_top_lower", top["rate_lower"], str(top["source_ids"])),
        rate("rates_top_upper", top["rate_upper"], str(top["source_ids"])),
    )  # fmt: skip


def national_series(violations: pd.DataFrame, study: StudyParameters) -> Result:
    """The latest exact national count each institution told, by cycle, stage and measure.

    Parameters
    ----------
    violations : pandas.DataFrame
        Clean rows.
    study : StudyParameters

    Returns
    -------
    Result
        Table ``election_cycle``, ``institution``, ``stage``, ``measure``, ``value``, ``as_of``, ``n_counts`` (exact
        counts told, on any day), ``value_min``, ``value_max``, ``obs_id``, ``source_ids``.

    Examples
    --------
    >>> from netral_research.study import OutcomeSection, StudySection
    >>> study = StudyParameters.model_construct(
    ...     study=StudySection.model_construct(cycles=("pilkada_2020",)),
    ...     outcome=OutcomeSection.model_construct(
    ...         institutions=("kasn",), stages=("alleged",), headline_measure="cases"))
    >>> days = ["2020-10-04", "2020-12-31"]
    >>> told = pd.DataFrame({"obs_id": ["V1", "V2"], "origin": "published", "geo_level": "national", "bound": "exact",
    ...     "count_kind": "cumulative", "stage": "alleged", "measure": "cases", "election_cycle": "pilkada_2020",
    ...     "institution": "kasn", "value": [50.0, 90.0], "source_ids": "S0001", "as_of": days, "as_of_latest": days})
    >>> national_series(told, study).table[["value", "as_of", "n_counts"]].to_numpy().tolist()
    [[90.0, '2020-12-31', 2]]
    """
    chosen = violations[
        (violations["origin"] == "published")
        & (violations["geo_level"] == "national")
        & (violations["bound"] == "exact")
        & (violations["count_kind"] == "cumulative")
        & violations["election_cycle"].isin(study.study.cycles)
        & violations["stage"].isin(study.outcome.stages)
        & violations["institution"].isin([name for name in INSTITUTION_GROUPS if name in study.outcome.institutions])
        & (violations["as_of"] != "")
    ]
    keys = ["election_cycle", "institution", "stage", "measure"]
    spread = chosen.groupby(keys)["value"].agg(n_counts="size", value_min="min", value_max="max").reset_index()
    latest = chosen.sort_values([*keys, "as_of_latest", "value"]).drop_duplicates(keys, keep="last")
    table = latest[[*keys, "value", "as_of", "obs_id", "source_ids"]].merge(spread, on=keys)
    order = {cycle: place for place, cycle in enumerate(study.study.cycles)}
    table = table.sort_values(keys, key=lambda c: c.map(order) if c.name == "election_cycle" else c).reset_index(
        drop=True
    )
    function = f"{FUNCTION}.national_series"
    values = [Value("describe.national_counts", len(chosen), "integer", "counts", function)]
    for row in table[(table["measure"] == study.outcome.headline_measure)].to_dict("records"):
        name = f"describe.national_{row['election_cycle']}_{row['institution']}_{row['stage']}"
        sources = tuple(row["source_ids"].split(";"))
        values.append(Value(name, int(row["value"]), "integer", "cases", function, sources))
        values.append(Value(f"{name}_as_of", row["as_of"], "day", "none", function, sources))
    return Result("national_series", table, tuple(values), notes=("national_not_added",))
