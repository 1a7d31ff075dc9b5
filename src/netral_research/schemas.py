"""Contracts of the raw and reference tables, as pandera schemas over cells as written.

The Frictionless descriptor (:mod:`netral_research.descriptor`) is generated from the same schemas. Titles and
descriptions of columns stand in ``locales/*/tables.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa

from netral_research import vocabulary as v
from netral_research.dates import is_date, parse_date
from netral_research.errors import DataError, Problem, nearest_match
from netral_research.files import Project
from netral_research.storage import read_table

LAW = re.compile(r"^(?:(?:UU|PP|PKPU|Perbawaslu|Perpres|Permendagri|PermenPANRB) \d+/\d{4}|SKB(?: \d{4})?|SE)$")
# Larger whole numbers lose digits in a table of floating-point numbers.
_LARGEST_INTEGER = 2**53
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


CONTRACTS: dict[str, dict[str, ColumnContract]] = {
    "data/raw/sources.csv": {
        "source_id": KEY, "url": C("uri"), "publisher": TEXT, "title": TEXT, "published": DATE,
    },
    "data/raw/events.csv": {
        "event_id": KEY, "source_id": SOURCE, "same_event_as": C(refers_to="events.event_id"),
        "date_start": DATE, "date_end": DATE, "date_precision": _terms(*v.DATE_PRECISIONS, required=False),
        "province": C("list"), "regency": C("list"), "scope": _terms(*v.SCOPES),
        "event_type": _terms(*v.EVENT_TYPES), "pledge": _terms(*v.PLEDGES), "mode": _terms(*v.MODES),
        "organiser": _terms(*v.ORGANISERS, required=False), "co_organisers": C("list", terms=v.ORGANISERS),
        "participants": C("list"), "participants_n": _count(unit="persons"), "election_cycle": CYCLE,
        "legal_basis": C("list", pattern=LAW), "themes": C("list", terms=v.THEMES),
        "confidence": _terms(*v.CONFIDENCES),
    },
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
    "data/reference/tile_grid.csv": {
        "code": C(required=True, unique=True, pattern=REGION_CODE), "name": NEEDED, "abbr": KEY, "iso_suffix": KEY,
        "row": _count(True), "col": _count(True), "source": NEEDED,
    },
    "data/reference/neighbours.csv": {
        "code_a": REGION, "name_a": NEEDED, "code_b": REGION, "name_b": NEEDED, "kind": _terms("land", "sea"),
        "note": TEXT, "source": NEEDED,
    },
}  # fmt: skip


def table_schema(relative: str) -> pa.DataFrameSchema:
    """Build the pandera schema of a raw or reference table.

    Parameters
    ----------
    relative : str
        File, relative to the project.

    Returns
    -------
    pandera.DataFrameSchema
        Its columns carry their :class:`ColumnContract` in ``metadata["contract"]``.

    Examples
    --------
    >>> table_schema("data/raw/events.csv").columns["event_type"].metadata["contract"].required
    True
    """
    columns = {name: _column(contract) for name, contract in CONTRACTS[relative].items()}
    return pa.DataFrameSchema(columns, name=relative, strict=True)


def _column(contract: ColumnContract) -> pa.Column:
    checks = [pa.Check(test, element_wise=True, name=name) for name, test in _tests(contract).items()]
    return pa.Column(str, checks, unique=False, metadata={"contract": contract})


def _tests(contract: ColumnContract) -> dict[str, Callable[[str], bool]]:
    tests: dict[str, Callable[[str], bool]] = {}
    if contract.required:
        tests["cell_missing"] = bool
    if contract.terms:
        tests["cell_term"] = lambda cell: all(part in contract.terms for part in _parts(contract, cell))
    if contract.pattern is not None:
        pattern = contract.pattern
        tests["cell_form"] = lambda cell: all(pattern.match(part) for part in _parts(contract, cell))
    if contract.type == "date":
        tests["cell_date"] = is_date
    if contract.type == "uri":
        tests["cell_uri"] = lambda cell: not cell or bool(re.match(r"^https?://[^\s<>\"]+$", cell))
    if contract.type in ("integer", "number"):
        tests["cell_number"] = lambda cell: not cell or _is_number(cell, contract)
    return tests


def _parts(contract: ColumnContract, cell: str) -> list[str]:
    if not cell:
        return []
    return [part.strip() for part in cell.split(";")] if contract.type == "list" else [cell]


def _is_number(cell: str, contract: ColumnContract) -> bool:
    form = r"^[+-]?\d+$" if contract.type == "integer" else r"^[+-]?\d+(?:\.\d+)?$"
    if not re.match(form, cell):
        return False
    number = float(cell)
    if contract.type == "integer" and abs(number) > _LARGEST_INTEGER:
        return False
    low = contract.minimum is None or number >= contract.minimum
    return low and (contract.maximum is None or number <= contract.maximum)


def load_raw(project: Project, relative: str) -> pd.DataFrame:
    """Read a raw or reference table and check it against its contract.

    Parameters
    ----------
    project : Project
    relative : str
        File, relative to the project, one of :data:`CONTRACTS`.

    Returns
    -------
    pandas.DataFrame
        Text columns; the index holds each row's line in the file.

    Raises
    ------
    DataError
        Listing every cell that breaks the contract, with the nearest allowed term.
    """
    frame = read_table(project, relative, list(CONTRACTS[relative]))
    check_table(frame, relative)
    return frame


def check_table(frame: pd.DataFrame, relative: str) -> None:
    """Check a table of texts against its contract.

    Parameters
    ----------
    frame : pandas.DataFrame
        As :func:`netral_research.storage.read_table` gives it.
    relative : str

    Raises
    ------
    DataError
    """
    problems = _uniqueness_problems(frame, relative)
    try:
        table_schema(relative).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as fault:
        failures = fault.failure_cases
        for row in failures[failures["schema_context"] == "Column"].itertuples():
            problems.append(_cell_problem(relative, str(row.column), str(row.check), str(row.failure_case), row.index))
    if problems:
        raise DataError(sorted(problems, key=lambda problem: (problem.row or 0, problem.column)))


def _uniqueness_problems(frame: pd.DataFrame, relative: str) -> list[Problem]:
    problems = []
    for name, contract in CONTRACTS[relative].items():
        if not contract.unique:
            continue
        first = {cell: line for line, cell in reversed(list(frame[name].items()))}
        repeated = frame[name][frame[name].duplicated() & (frame[name] != "")]
        for line, cell in repeated.items():
            fields = {"first": str(first[cell])}
            problems.append(Problem("cell_twice", relative, int(str(line)), name, cell, fields=fields))
    return problems


def _cell_problem(relative: str, column: str, check: str, cell: str, line: object) -> Problem:
    contract = CONTRACTS[relative][column]
    wrong = next((part for part in _parts(contract, cell) if part not in contract.terms), cell)
    fields = {
        "allowed": ", ".join(contract.terms),
        "type": contract.type,
        "minimum": "-" if contract.minimum is None else f"{contract.minimum:g}",
        "maximum": "-" if contract.maximum is None else f"{contract.maximum:g}",
        "file": relative,
    }
    nearest = nearest_match(wrong, contract.terms) if check == "cell_term" else ""
    shown = wrong if check == "cell_term" else cell
    return Problem(check, relative, int(str(line)), column, shown[:80], nearest, fields)


def require_known(frame: pd.DataFrame, relative: str, column: str, known: pd.Series, where: str) -> list[Problem]:
    """Problems of cells that refer to a row which does not exist.

    Parameters
    ----------
    frame : pandas.DataFrame
    relative, column : str
        The referring file and column; empty cells refer to nothing.
    known : pandas.Series
        Identifiers that exist.
    where : str
        File that should hold them.

    Returns
    -------
    list of Problem
    """
    existing = set(known)
    cells = frame[column]
    missing = cells[(cells != "") & ~cells.isin(existing)]
    return [
        Problem(
            "reference_unknown", relative, int(str(line)), column, cell, nearest_match(cell, existing), {"where": where}
        )
        for line, cell in missing.items()
    ]


def date_span_texts(cells: pd.Series) -> pd.DataFrame:
    """First and last possible day of dates as written.

    Parameters
    ----------
    cells : pandas.Series of str

    Returns
    -------
    pandas.DataFrame
        Text columns ``earliest`` and ``latest`` (ISO days, empty where unknown), same index.
    """
    spans = [parse_date(cell) for cell in cells]
    return pd.DataFrame(
        {
            "earliest": ["" if span is None else span.earliest.isoformat() for span in spans],
            "latest": ["" if span is None else span.latest.isoformat() for span in spans],
        },
        index=cells.index,
        dtype="str",
    )
