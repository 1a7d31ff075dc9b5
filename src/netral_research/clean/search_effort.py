"""How hard the news was searched, by province and cycle: exposure is only as good as the search that found it."""

from __future__ import annotations

import re

import pandas as pd

from netral_research.clean.loading import Reference
from netral_research.dates import parse_date
from netral_research.study import StudyParameters

_NAMED = re.compile(r"\b(pilkada|pemilu)\s+(20\d\d)\b|\b(20\d\d)\s+(pilkada|pemilu)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(20\d\d)\b")


def search_effort(queries: pd.DataFrame, study: StudyParameters, reference: Reference) -> pd.DataFrame:
    """Sum the search log by purpose, province and cycle.

    Parameters
    ----------
    queries : pandas.DataFrame
        ``data/raw/queries.csv``.
    study : StudyParameters
    reference : Reference

    Returns
    -------
    pandas.DataFrame
        ``purpose`` (``events`` or ``violations``), ``unit_code`` (empty: no province named), ``election_cycle``
        (empty: none named),
        ``n_queries``, ``n_results`` (pages seen), ``n_relevant`` (pages on the topic) and ``sources_added``.
    """
    table = pd.DataFrame(
        {
            "purpose": queries["batch"].str.partition("_")[0],
            "unit_code": [_unit_named(query, study, reference) for query in queries["query"]],
            "election_cycle": [_cycle_named(query, reference) for query in queries["query"]],
            "n_queries": 1,
            **{name: queries[name].astype("int64") for name in ("n_results", "n_relevant", "sources_added")},
        }
    )
    return table.groupby(["purpose", "unit_code", "election_cycle"], as_index=False, sort=True).sum()


def _unit_named(query: str, study: StudyParameters, reference: Reference) -> str:
    register = reference.register
    folded = f" {query.casefold()} "
    # Longest name first: "Papua Barat Daya" holds "Papua Barat" and "Papua".
    for code in sorted(register.provinces, key=lambda code: -len(register.names[code])):
        if f" {register.names[code].casefold()} " in folded:
            return register.province_on(code, study.study.province_boundaries)
    return ""


def _cycle_named(query: str, reference: Reference) -> str:
    cycles = reference.calendar.cycles
    named = _NAMED.search(query)
    if named is not None:
        kind, year = (named.group(1), named.group(2)) if named.group(1) else (named.group(4), named.group(3))
        name = f"{kind.lower()}_{year}"
        return name if name in cycles else ""
    years = set(_YEAR.findall(query))
    if len(years) != 1:
        return ""
    span = parse_date(years.pop())
    possible = () if span is None else reference.calendar.cycles_possible(span)
    voting = [name for name in possible if span is not None and cycles[name].polling_day <= span.latest]
    chosen = voting or list(possible)
    return chosen[0] if len(chosen) == 1 else ""
