"""What a coding run read: its articles and its sources file, told by the record beside the proposals."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from netral_research.contracts import CONTRACTS
from netral_research.errors import DataError, Problem
from netral_research.files import Project

if TYPE_CHECKING:
    import pandas as pd

    from netral_research.article_tables import Row

RECORD = "coding.json"
SourceRow = dict[str, str]
Origin = tuple[Path, int]
_DAY_AND_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]")


@dataclass(frozen=True)
class CodedInputs:
    """Files that a coding run read.

    Parameters
    ----------
    articles, sources : pathlib.Path or None
        None where the record is missing or does not tell.
    """

    articles: Path | None
    sources: Path | None


def read_inputs(proposed: Path) -> CodedInputs:
    """Read which files the proposals were made from.

    Parameters
    ----------
    proposed : pathlib.Path
        The proposals; ``coding.json`` lies beside them and tells paths relative to their folder.

    Returns
    -------
    CodedInputs

    Raises
    ------
    DataError
        If the record is no JSON object.
    """
    record = proposed.parent / RECORD
    if not record.is_file():
        return CodedInputs(None, None)
    try:
        content = json.loads(record.read_text("utf-8-sig"))
        told = {name: content.get(name) for name in ("articles", "sources")}
    except (ValueError, AttributeError):
        raise DataError([Problem("review_record", file=RECORD)]) from None
    paths = {name: proposed.parent / path if isinstance(path, str) and path else None for name, path in told.items()}
    return CodedInputs(paths["articles"], paths["sources"])


def read_input(project: Project, path: Path, columns: Sequence[str], without_rows: str) -> pd.DataFrame:
    """Read a table that a user names, strictly.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
    columns : sequence of str
        The columns it must have.
    without_rows : str
        Key of the problem to tell where it has no rows.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    DataError
    """
    from netral_research.storage import read_table

    name = shown_path(project.root, path)
    if not path.is_file():
        raise DataError([Problem("accept_file_missing", file=name)])
    try:
        return read_table(project, name, columns)
    except DataError as fault:
        own = {"file_without_rows": without_rows, "file_empty": without_rows}
        raise DataError([replace(found, key=own.get(found.key, found.key)) for found in fault.problems]) from None


def read_proposals(project: Project, path: Path) -> pd.DataFrame:
    """Read a proposals file, strictly.

    Parameters
    ----------
    project : Project
    path : pathlib.Path

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    DataError
        If it is not understood, or two proposals share an id.
    """
    from netral_research.code.proposals import PROPOSED_COLUMNS

    proposals = read_input(project, path, PROPOSED_COLUMNS, "accept_no_proposals")
    ids = proposals["event_id"]
    first = {event_id: line for line, event_id in reversed(list(ids.items()))}
    name = shown_path(project.root, path)
    twice = [
        Problem("cell_twice", name, int(str(line)), "event_id", event_id, fields={"first": str(first[event_id])})
        for line, event_id in ids[ids.duplicated()].items()
    ]
    if twice:
        raise DataError(twice)
    return proposals


def standing_table(project: Project, relative: str) -> pd.DataFrame:
    """A raw table as it stands; a new study's may hold nothing but its header.

    Parameters
    ----------
    project : Project
    relative : str

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    DataError
    """
    import pandas as pd

    from netral_research.storage import read_table

    columns = list(CONTRACTS[relative])
    try:
        return read_table(project, relative, columns)
    except DataError as fault:
        if {found.key for found in fault.problems} != {"file_without_rows"}:
            raise
        return pd.DataFrame(columns=columns, dtype="str")


def source_details(inputs: CodedInputs, wanted: Collection[str]) -> dict[str, tuple[SourceRow, Origin]]:
    """What is known of pages: what the table of the articles tells goes before what the sources file tells.

    Parameters
    ----------
    inputs : CodedInputs
    wanted : collection of str
        Ids of the pages.

    Returns
    -------
    dict of str to (dict of str to str, (pathlib.Path, int))
        By source id: the columns of ``sources.csv`` as far as they are known, and the file and the line that tell
        them. The first row of a page counts; a page of which nothing is known is left out.

    Raises
    ------
    DataError
        If a file cannot be read as a table.
    """
    from netral_research.article_tables import csv_rows, table_rows

    columns = list(CONTRACTS["data/raw/sources.csv"])
    found: dict[str, tuple[SourceRow, Origin]] = {}
    for path, needed in ((inputs.sources, columns[:1]), (inputs.articles, [])):
        if path is None or not path.is_file() or path.suffix.lower() == ".txt":
            continue
        rows = csv_rows(path, columns, needed) if needed else table_rows(path, columns)
        for source_id, row in _first_rows(rows, wanted):
            cells = {name: _one_line(name, cell) for name, cell in row.cells.items() if cell.strip()}
            before = found[source_id][0] if source_id in found else {}
            found[source_id] = (before | cells, (path, row.number))
    return found


def _first_rows(rows: Iterator[Row], wanted: Collection[str]) -> Iterator[tuple[str, Row]]:
    left = set(wanted)
    try:
        while left and (row := next(rows, None)) is not None:
            source_id = row.cells.get("source_id", "").strip()
            if source_id in left and not row.fault:
                left.discard(source_id)
                yield source_id, row
    except DataError as fault:
        if {problem.key for problem in fault.problems} != {"articles_empty"}:  # nothing is known of any page yet
            raise


def _one_line(name: str, cell: str) -> str:
    line = " ".join(cell.split())
    return line[:10] if name == "published" and _DAY_AND_TIME.match(line) else line


def shown_path(root: Path, path: Path) -> str:
    """A file's name for messages: relative to the project where it lies in it."""
    absolute = path.resolve()
    return absolute.relative_to(root.resolve()).as_posix() if absolute.is_relative_to(root.resolve()) else str(absolute)


def safe_cell(cell: str) -> str:
    """A text that a spreadsheet does not take for a formula, on one line.

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell("Rapat - Bawaslu"), safe_cell("+6 %")
    ("'=HYPERLINK(1)", 'Rapat - Bawaslu', '+6 %')
    """
    from netral_research.raw_tables import FORMULA

    line = " ".join(cell.split())
    return f"'{line}" if FORMULA.match(line) else line
