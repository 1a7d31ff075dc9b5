"""The contracts of :mod:`netral_research.contracts` as pandera schemas, and raw tables checked against them.

The Frictionless descriptor (:mod:`netral_research.descriptor`) is generated from the same schemas.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pandera.pandas as pa

from netral_research.contracts import CONTRACTS, ColumnContract
from netral_research.dates import is_date, parse_date
from netral_research.errors import DataError, Problem, nearest_match
from netral_research.files import Project
from netral_research.storage import read_table

# Larger whole numbers lose digits in a table of floating-point numbers.
_LARGEST_INTEGER = 2**53


def table_schema(relative: str) -> pa.DataFrameSchema:
    """Build the pandera schema of a raw or reference table.

    Parameters
    ----------
    relative : str
        File, relative to the project.

    Returns
    -------
    pandera.DataFrameSchema
        Its columns carry their :class:`netral_research.contracts.ColumnContract` in ``metadata["contract"]``.

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
        File, relative to the project, one of :data:`netral_research.contracts.CONTRACTS`.

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

    Examples
    --------
    >>> frame = pd.DataFrame({"source_id": "S0001", "province_searched": "", "query": "", "frame": ["standart"]}, [2])
    >>> try:
    ...     check_table(frame, "data/raw/source_frame.csv")
    ... except DataError as wrong:
    ...     [(problem.row, problem.column, problem.nearest) for problem in wrong.problems]
    [(2, 'frame', 'standard')]
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

    Examples
    --------
    >>> events = pd.DataFrame({"source_id": ["S0001", "S0020", ""]}, index=[2, 3, 4])
    >>> known = pd.Series(["S0001", "S0002"])
    >>> found = require_known(events, "data/raw/events.csv", "source_id", known, "data/raw/sources.csv")
    >>> [(problem.row, problem.value, problem.nearest) for problem in found]
    [(3, 'S0020', 'S0002')]
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

    Examples
    --------
    >>> date_span_texts(pd.Series(["2020-10", "2020-10-04", ""])).to_numpy().tolist()
    [['2020-10-01', '2020-10-31'], ['2020-10-04', '2020-10-04'], ['', '']]
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
