"""What every cell of the raw and reference tables may hold.

:mod:`netral_research.schemas` turns these contracts into pandera schemas; titles and descriptions of columns stand in
``locales/*/tables.toml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from netral_research import vocabulary as v

LAW = re.compile(r"^(?:(?:UU|PP|PKPU|Perbawaslu|Perpres|Permendagri|PermenPANRB) \d+/\d{4}|SKB(?: \d{4})?|SE)$")
PHRASE = re.compile(r"^(?:[^\W_]+[*]?|[^\W_]+'[^\W_]+)(?: [^\W_]+[*]?)*$")
REGION_CODE = re.compile(r"^\d{2}(?:\.\d{2})?$")


@dataclass(frozen=True)
class ColumnContract:
    """What the cells of a column may hold.

    Parameters
    ----------
    type : {"string", "integer", "number", "date", "uri", "list"}
        ``date`` is a day, a month or a year; ``list`` is terms joined by ``;``.
    required : bool
        Whether a cell may not be empty.
    terms : tuple of str
        Allowed terms; any text where empty.
    pattern : re.Pattern or None
        Form of the cell (or of every term of a list).
    minimum, maximum : float or None
    unique : bool
        Whether no two rows may share a cell.
    unit : str
        Key of ``locales/*/vocabulary.toml`` section ``unit``; empty where there is none.
    refers_to : str
        ``file.column`` that must hold the cell.
    """

    type: str = "string"
    required: bool = False
    terms: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    minimum: float | None = None
    maximum: float | None = None
    unique: bool = False
    unit: str = ""
    refers_to: str = ""


C = ColumnContract
KEY = C(required=True, unique=True)
TEXT = C()
NEEDED = C(required=True)
DATE = C("date")
SOURCE = C(required=True, refers_to="sources.source_id")
CYCLE = C(required=True, terms=(*v.CYCLES, v.NO_CYCLE))
POLL = C(required=True, terms=v.CYCLES)
LEVEL = C(required=True, terms=v.GEO_LEVELS)
REGION = C(required=True, pattern=REGION_CODE)


def _terms(*terms: str, required: bool = True) -> ColumnContract:
    return C(required=required, terms=terms)


def _count(required: bool = False, unit: str = "", maximum: float | None = None) -> ColumnContract:
    return C("integer", required=required, minimum=0, maximum=maximum, unit=unit)


def _events(sources: str, events: str) -> dict[str, ColumnContract]:
    """Coded events, of the study or of the control articles."""
    return {
        "event_id": KEY, "source_id": C(required=True, refers_to=f"{sources}.source_id"),
        "same_event_as": C(refers_to=f"{events}.event_id"),
        "date_start": DATE, "date_end": DATE, "date_precision": _terms(*v.DATE_PRECISIONS, required=False),
        "province": C("list"), "regency": C("list"), "scope": _terms(*v.SCOPES),
        "event_type": _terms(*v.EVENT_TYPES), "pledge": _terms(*v.PLEDGES), "mode": _terms(*v.MODES),
        "organiser": _terms(*v.ORGANISERS, required=False), "co_organisers": C("list", terms=v.ORGANISERS),
        "participants": C("list"), "participants_n": _count(unit="persons"), "election_cycle": CYCLE,
        "legal_basis": C("list", pattern=LAW), "themes": C("list", terms=v.THEMES),
        "confidence": _terms(*v.CONFIDENCES),
    }  # fmt: skip


CONTRACTS: dict[str, dict[str, ColumnContract]] = {
    "data/raw/sources.csv": {
        "source_id": KEY, "url": C("uri"), "publisher": TEXT, "title": TEXT, "published": DATE,
    },
    "data/raw/events.csv": _events("sources", "events"),
    "data/raw/violations.csv": {
        "obs_id": KEY, "source_id": SOURCE, "institution": _terms(*v.INSTITUTIONS), "as_of": DATE,
        "period_start": DATE, "election_cycle": POLL, "geo_level": LEVEL, "province": TEXT, "regency": TEXT,
        "measure": _terms(*v.MEASURES), "stage": _terms(*v.STAGES), "value": _count(True, "cases_or_persons"),
        "bound": _terms(*v.BOUNDS), "list_kind": _terms(*v.LIST_KINDS), "list_k": C("integer", minimum=1),
        "note": TEXT,
    },
    "data/raw/breakdowns.csv": {
        "source_id": SOURCE, "institution": _terms(*v.INSTITUTIONS), "as_of": DATE, "election_cycle": POLL,
        "dimension": _terms(*v.DIMENSIONS), "category": NEEDED, "category_id": NEEDED,
        "share_percent": C("number", minimum=0, maximum=100, unit="percent"), "count": _count(unit="cases_or_persons"),
    },
    "data/raw/vulnerability_index.csv": {
        "source_id": SOURCE, "index_name": NEEDED, "edition": C("integer", required=True), "published": DATE,
        "geo_level": LEVEL, "province": NEEDED, "regency": TEXT,
        "score": C("number", minimum=0, maximum=100, unit="index_points"), "rank": C("integer", minimum=1),
        "aggregate": _terms(*v.AGGREGATES, required=False),
    },
    "data/raw/queries.csv": {
        "query": KEY, "n_results": _count(True, "pages"), "n_relevant": _count(True, "pages"),
        "sources_added": _count(True, "pages"), "batch": NEEDED,
    },
    "data/raw/source_frame.csv": {
        "source_id": C(required=True, unique=True, refers_to="sources.source_id"), "province_searched": TEXT,
        "query": TEXT, "frame": _terms(*v.FRAMES),
    },
    "data/raw/decisions.csv": {
        "decision_id": KEY, "file": _terms("events.csv", "violations.csv"), "row_id": NEEDED,
        "action": _terms(*v.DECISION_ACTIONS), "field": TEXT, "value": TEXT, "reason_id": NEEDED,
        "reason_en": NEEDED, "basis": _terms(*v.DECISION_BASES), "problem": TEXT,
    },
    "data/reference/regions.csv": {
        "code": C(required=True, unique=True, pattern=REGION_CODE), "bps_code": TEXT, "iso_3166_2": TEXT, "name": KEY,
        "name_decree": NEEDED, "kind": _terms("province", "kabupaten", "kota"), "parent_code": NEEDED, "seat": NEEDED,
        "lat": C("number", required=True, minimum=-90, maximum=90, unit="degrees"),
        "lon": C("number", required=True, minimum=-180, maximum=180, unit="degrees"),
        "latlon_kind": _terms("seat", "capital", "centroid"), "source": NEEDED,
    },
    "data/reference/aliases.csv": {
        "code": REGION, "alias": NEEDED, "kind": NEEDED, "ambiguous_with": C("list"), "source": NEEDED,
    },
    "data/reference/history.csv": {
        "event_id": KEY, "event_type": _terms("province_split", "regency_split", "rename"), "date_law": DATE,
        "date_effective": DATE, "law": NEEDED, "code_new": REGION, "name_new": NEEDED, "code_old": TEXT,
        "name_old": TEXT, "parent_old": TEXT, "parent_new": TEXT, "units_moved": C("list"),
        "units_moved_old_codes": C("list"), "note": TEXT, "source": NEEDED,
    },
    "data/reference/asn_headcount.csv": {
        "code": NEEDED, "year": C("integer", required=True), "as_of": DATE, "kind": NEEDED,
        "value": _count(True, "persons"), "note": TEXT, "source": NEEDED,
    },
    "data/reference/pilkada.csv": {
        "election": C(required=True, unique=True, terms=v.CYCLES), "type": _terms("local", "general"),
        "polling_date": C("date", required=True), "campaign_start": C("date", required=True),
        "campaign_end": C("date", required=True), "registration_start": C("date", required=True),
        "registration_end": C("date", required=True), "n_governor": _count(), "n_kabupaten": _count(),
        "n_kota": _count(), "n_total": _count(), "note": TEXT, "source": NEEDED,
    },
    "data/reference/pilkada_participants.csv": {
        "election": POLL, "code": REGION, "name": NEEDED, "office": _terms("governor", "regent", "mayor"),
        "basis": _terms("listed", "derived", "rule"), "source": NEEDED,
    },
    "data/reference/regulations.csv": {
        "id": KEY, "title_en": NEEDED, "title_id": NEEDED, "date": DATE, "status": NEEDED, "reference": TEXT,
        "summary_en": NEEDED, "summary_id": NEEDED, "source": NEEDED,
    },
    "data/reference/coding_lexicon.csv": {
        "list": NEEDED, "term": NEEDED, "phrase": C(required=True, pattern=PHRASE), "note": TEXT,
    },
    "data/reference/tile_grid.csv": {
        "code": C(required=True, unique=True, pattern=REGION_CODE), "name": NEEDED, "abbr": KEY, "iso_suffix": KEY,
        "row": _count(True), "col": _count(True), "source": NEEDED,
    },
    "data/reference/neighbours.csv": {
        "code_a": REGION, "name_a": NEEDED, "code_b": REGION, "name_b": NEEDED, "kind": _terms("land", "sea"),
        "note": TEXT, "source": NEEDED,
    },
    "data/reference/control_articles.csv": {
        "source_id": KEY, "url": C("uri", required=True), "publisher": TEXT, "title": TEXT, "published": DATE,
        "text": NEEDED,
    },
    "data/reference/control_events.csv": _events("control_articles", "control_events"),
    "data/reference/coding_sample.csv": {
        "source_id": KEY, "sample": _terms(*v.CODING_SAMPLES), "note": TEXT,
    },
    "data/reference/second_reader_events.csv": _events("coding_sample", "second_reader_events"),
}  # fmt: skip
