"""Contradictions by kind and cycle, and how far two institutions that speak of the same thing are apart."""

from __future__ import annotations

import pandas as pd

from netral_research.results import Result, Value

FUNCTION = "netral_research.describe.disagreements"
DISAGREEMENT = "institutions_disagree"


def contradictions_by_cycle(events: pd.DataFrame, counts: pd.DataFrame) -> Result:
    """How many contradictions of each kind the cleaning found, cycle by cycle.

    Parameters
    ----------
    events, counts : pandas.DataFrame
        Contradictions among event reports and among counts, with ``kind`` and ``election_cycle``.

    Returns
    -------
    Result
        Table ``about`` (``events`` or ``counts``), ``kind``, ``election_cycle``, ``number``. A contradiction that is
        about several cycles stands with all of them together.

    Examples
    --------
    >>> counts = pd.DataFrame({"kind": ["falling_series"] * 2, "election_cycle": ["pemilu_2024"] * 2})
    >>> contradictions_by_cycle(counts[:0], counts).table.to_numpy().tolist()
    [['counts', 'falling_series', 'pemilu_2024', 2]]
    """
    found = pd.concat([events.assign(about="events"), counts.assign(about="counts")], ignore_index=True)
    table = found.groupby(["about", "kind", "election_cycle"]).size().rename("number").reset_index()
    function = f"{FUNCTION}.contradictions_by_cycle"
    values = (
        Value("describe.contradictions_events", len(events), "integer", "conflicts", function),
        Value("describe.contradictions_counts", len(counts), "integer", "conflicts", function),
        Value("describe.contradictions_kinds", int(found["kind"].nunique()), "integer", "conflicts", function),
    )
    return Result("contradictions_by_cycle", table, values, notes=("contradictions_kept",))


def institutions_apart(conflicts: pd.DataFrame, violations: pd.DataFrame) -> Result:
    """Pairs of exact counts of the same thing, of about the same day, by two institutions.

    Neither is taken for the true one, and the two are never added: they may have counted different files.

    Parameters
    ----------
    conflicts : pandas.DataFrame
        Contradictions among counts.
    violations : pandas.DataFrame
        Clean rows.

    Returns
    -------
    Result
        Table ``conflict_id``, ``election_cycle``, ``geo_level``, ``region_code``, ``stage``, ``measure``, for the
        lower and the higher count ``institution_low``, ``value_low``, ``as_of_low``, ``institution_high``,
        ``value_high``, ``as_of_high``, and ``ratio`` (higher by lower; missing where the lower one is zero),
        ``source_ids``.
    """
    by_id = violations.set_index("obs_id")
    rows = [
        _pair(str(conflict), by_id.loc[str(members).split(";")])
        for conflict, members in conflicts.loc[
            conflicts["kind"] == DISAGREEMENT, ["conflict_id", "row_ids"]
        ].itertuples(index=False)
    ]
    columns = [
        "conflict_id", "election_cycle", "geo_level", "region_code", "stage", "measure", "institution_low", "value_low",
        "as_of_low", "institution_high", "value_high", "as_of_high", "ratio", "source_ids",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    function = f"{FUNCTION}.institutions_apart"
    known = table["ratio"].dropna()
    values = (
        Value("describe.apart_pairs", len(table), "integer", "counts", function),
        Value("describe.apart_ratio", float(known.median()) if len(known) else None, "decimal_2", "ratio", function),
        Value(
            "describe.apart_ratio_highest", float(known.max()) if len(known) else None, "decimal_1", "ratio", function
        ),
    )
    return Result("institutions_apart", table, values, notes=("institutions_not_added",))


def _pair(conflict: str, members: pd.DataFrame) -> tuple[object, ...]:
    low, high = (row for _, row in members.sort_values(["value", "as_of_latest"], kind="stable").iterrows())
    region = low["regency_code"] or low["unit_code"]
    ratio = high["value"] / low["value"] if low["value"] else float("nan")
    sources = sorted({source for cell in members["source_ids"] for source in str(cell).split(";")})
    return (
        conflict, low["election_cycle"], low["geo_level"], region, low["stage"], low["measure"], low["institution"],
        int(low["value"]), low["as_of"], high["institution"], int(high["value"]), high["as_of"], ratio,
        ";".join(sources),
    )  # fmt: skip
