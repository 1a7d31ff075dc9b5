"""What the contracts leave unsaid about tables: keys, references, labels of terms, columns of the saved tables.

Titles and descriptions stand in ``locales/*/tables.toml``. The Frictionless descriptors and the data dictionary are
generated from all of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from netral_research.contracts import CONTRACTS, ColumnContract
from netral_research.language import label, locale_texts
from netral_research.schemas import table_schema

# Rows of these tables are told apart by several columns together. In the standard, a key with empty cells is no
# primary key but a unique key.
COMPOSITE_KEYS: dict[str, tuple[str, ...]] = {
    "breakdowns": ("source_id", "dimension", "category"),
    "aliases": ("code", "alias"),
    "pilkada_participants": ("election", "code"),
    "neighbours": ("code_a", "code_b"),
    "coding_lexicon": ("list", "term", "phrase"),
}
UNIQUE_KEYS: dict[str, tuple[str, ...]] = {
    "vulnerability_index": ("source_id", "index_name", "edition", "geo_level", "province", "regency", "aggregate"),
    "asn_headcount": ("code", "year", "as_of", "kind", "source"),
}
# Beside those that the contracts name: columns that hold a key of another table without exception.
FURTHER_REFERENCES: dict[str, str] = {
    "aliases.code": "regions.code",
    "history.code_new": "regions.code",
    "pilkada_participants.code": "regions.code",
    "pilkada_participants.election": "pilkada.election",
    "tile_grid.code": "regions.code",
    "neighbours.code_a": "regions.code",
    "neighbours.code_b": "regions.code",
    "source_frame.query": "queries.query",
}
# Section of ``vocabulary.toml`` with the labels of a column's terms, by column or by table and column.
VOCABULARIES: dict[str, str] = {
    "election_cycle": "cycle",
    "election": "cycle",
    "co_organisers": "organiser",
    "themes": "theme",
    "pilkada.type": "election_type",
    "regions.kind": "region_kind",
    "history.event_type": "boundary_change",
    "pilkada_participants.basis": "contest_basis",
    "neighbours.kind": "neighbour_kind",
    "aliases.kind": "alias_kind",
    "asn_headcount.kind": "headcount_kind",
    "coding_sample.sample": "coding_sample",
}

# Columns of the tables that the stages *clean* and *panel* save, in their order, by ``stage.table``.
_REJECTS = ("file", "row", "row_id", "column", "value", "reason_id", "reason_en", "suggestion")
_EVENT_CONFLICTS = ("conflict_id", "kind", "row_ids", "told", "region_code", "election_cycle")
_DECISIONS = (
    "decision_id", "row_id", "action", "field", "value", "reason_id", "reason_en", "basis", "problem", "file",
    "value_before",
)  # fmt: skip
_ACCOUNTING = ("file", "rows_in", "clean", "merged", "rejected")
_COUNT_KEY = ("institution_group", "stage", "measure")
_AS_OF = ("as_of", "as_of_earliest", "as_of_latest")
_LIMITS = ("lower", "upper", "status", "contradictory", "obs_ids")
_EXPOSURE = (
    "events_before_campaign", "events_before_campaign_certain", "events_ambiguous", "events_from_campaign",
    "events_undated", "events_in_cycle", "pledges_before_campaign", "multi_province_before_campaign",
    "awareness_before_campaign", "pledge_ceremony_before_campaign", "coordination_before_campaign",
    "circular_before_campaign", "other_before_campaign", "exposure",
)  # fmt: skip
_HEADCOUNT = ("headcount", "headcount_parts", "headcount_as_of", "headcount_filled")

SAVED_COLUMNS: dict[str, tuple[str, ...]] = {
    "clean_events.events": (
        "event_id", "n_reports", "report_ids", "source_ids", "date_start", "date_end", "date_precision",
        "date_earliest", "date_latest", "election_cycle", "cycle_check", "scope", "event_type", "event_group", "pledge",
        "has_pledge", "mode", "organiser", "co_organisers", "participants", "participants_n", "province_codes",
        "regency_codes", "legal_basis", "themes", "confidence",
    ),
    "clean_events.event_places": ("event_id", "province_code", "unit_code", "regency_code", "regency_code_then"),
    "clean_events.event_rows": ("row", "row_id", "source_id", "frame", "fate", "event_id"),
    "clean_events.rejects": _REJECTS,
    "clean_events.conflicts": _EVENT_CONFLICTS,
    "clean_events.decisions_applied": _DECISIONS,
    "clean_events.search_effort": (
        "purpose", "unit_code", "election_cycle", "n_queries", "n_results", "n_relevant", "sources_added",
    ),
    "clean_events.accounting": _ACCOUNTING,
    "clean_violations.violations": (
        "obs_id", "origin", "source_ids", "n_reports", "institution", *_COUNT_KEY, "election_cycle", "geo_level",
        "province_code", "unit_code", "regency_code", *_AS_OF, "period_start", "count_kind", "value", "bound", "lower",
        "upper", "list_kind", "ranking_id",
    ),
    "clean_violations.rankings": (
        "ranking_id", "author", "institution", *_COUNT_KEY, "election_cycle", *_AS_OF, "count_kind", "list_kind",
        "geo_level", "scope", "list_k", "n_listed", "total", "cut_off", "limit", "usable", "source_ids",
    ),
    "clean_violations.rejects": _REJECTS,
    "clean_violations.conflicts": (*_EVENT_CONFLICTS, "institutions", "stages", "measures"),
    "clean_violations.decisions_applied": _DECISIONS,
    "clean_violations.breakdowns": (
        "source_id", "institution", "as_of", "election_cycle", "dimension", "category", "category_id", "share_percent",
        "count",
    ),
    "clean_violations.vulnerability_index": (
        "source_id", "index_name", "edition", "published", "geo_level", "province", "regency", "score", "rank",
        "aggregate", "province_code", "unit_code", "regency_code",
    ),
    "clean_violations.accounting": _ACCOUNTING,
    "panel.headcount": ("unit_code", *_HEADCOUNT),
    "panel.province_cycle": (
        "unit_code", "election_cycle", "existed", "voted", "contests", "regencies_voting", *_EXPOSURE, *_HEADCOUNT,
        "national_events_before_campaign", "n_queries_named_cycle", "n_results_named_cycle", "n_relevant_named_cycle",
        "n_queries_no_cycle", "n_results_no_cycle", "n_relevant_no_cycle", "coverage_share", "exposure_absence",
    ),
    "panel.province_cycle_outcome": ("unit_code", "election_cycle", *_COUNT_KEY, *_LIMITS),
    "panel.province_cycle_snapshot": (
        "unit_code", "election_cycle", "snapshot_date", "events_to_date", "events_after_date", "pledges_to_date",
        "days_to_polling", "voted",
    ),
    "panel.province_cycle_snapshot_outcome": (
        "unit_code", "election_cycle", *_COUNT_KEY, "snapshot_date", *_LIMITS,
    ),
    "panel.regency_cycle": ("regency_code", "unit_code", "election_cycle", "voted", *_EXPOSURE),
    "panel.regency_cycle_outcome": ("regency_code", "election_cycle", *_COUNT_KEY, *_LIMITS),
}  # fmt: skip


def table_contract(relative: str) -> dict[str, ColumnContract]:
    """Contracts of a table's columns, as its pandera schema carries them.

    Parameters
    ----------
    relative : str
        File, relative to the project.

    Returns
    -------
    dict of str to ColumnContract

    Examples
    --------
    >>> table_contract("data/raw/queries.csv")["query"].unique
    True
    """
    columns = table_schema(relative).columns
    return {str(name): (column.metadata or {})["contract"] for name, column in columns.items()}


def primary_key(table: str, contracts: Mapping[str, ColumnContract]) -> tuple[str, ...]:
    """Columns that together tell the rows of a table apart and are never empty.

    Parameters
    ----------
    table : str
        File name without its ending.
    contracts : mapping of str to ColumnContract

    Returns
    -------
    tuple of str
        Empty where the table has none; it then has a unique key with cells that may be empty.

    Examples
    --------
    >>> primary_key("events", table_contract("data/raw/events.csv"))
    ('event_id',)
    """
    if table in UNIQUE_KEYS:
        return ()
    single = [name for name, contract in contracts.items() if contract.unique and contract.required]
    return COMPOSITE_KEYS.get(table) or (single[0],)


def foreign_keys(table: str, contracts: Mapping[str, ColumnContract]) -> dict[str, str]:
    """Columns whose filled cells are keys of another table.

    Parameters
    ----------
    table : str
    contracts : mapping of str to ColumnContract

    Returns
    -------
    dict of str to str
        Column to ``table.column``.

    Examples
    --------
    >>> foreign_keys("events", table_contract("data/raw/events.csv"))
    {'source_id': 'sources.source_id', 'same_event_as': 'events.event_id'}
    """
    targets = {
        name: contract.refers_to or FURTHER_REFERENCES.get(f"{table}.{name}", "")
        for name, contract in contracts.items()
    }
    return {name: target for name, target in targets.items() if target}


def vocabulary_of(table: str, name: str) -> str:
    """Section of the vocabulary that labels a column's terms, or an empty text.

    Parameters
    ----------
    table, name : str
        File name without its ending, and column.

    Returns
    -------
    str

    Examples
    --------
    >>> vocabulary_of("events", "themes"), vocabulary_of("events", "regency")
    ('theme', '')
    """
    if f"{table}.{name}" in VOCABULARIES:
        return VOCABULARIES[f"{table}.{name}"]
    tables = {PurePosixPath(relative).stem: columns for relative, columns in CONTRACTS.items()}
    contract = tables[table][name]
    if not contract.terms:
        return ""
    section = VOCABULARIES.get(name, name)
    return section if f"vocabulary.{section}.{contract.terms[0]}" in locale_texts("id") else ""


def column_terms(table: str, name: str, contract: ColumnContract) -> list[dict[str, str]]:
    """Terms of a column with their labels in both languages.

    Parameters
    ----------
    table, name : str
        File name without its ending, and column.
    contract : ColumnContract

    Returns
    -------
    list of dict
        ``value``, ``label`` and ``label_en``; empty where the column holds any text.

    Examples
    --------
    >>> column_terms("violations", "measure", table_contract("data/raw/violations.csv")["measure"])[0]
    {'value': 'cases', 'label': 'kasus', 'label_en': 'cases'}
    """
    section = vocabulary_of(table, name)
    if not section:
        return []
    prefix = f"vocabulary.{section}."
    terms = contract.terms or [key.removeprefix(prefix) for key in locale_texts("id") if key.startswith(prefix)]
    return [
        {"value": term, "label": label("id", section, term), "label_en": label("en", section, term)} for term in terms
    ]
