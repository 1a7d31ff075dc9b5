"""Raw tables row by row: cells as written, without a library for tables; nothing is interpreted here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from netral_research.errors import DataError, Problem, nearest_match
from netral_research.files import Project, read_text

FORMULA = re.compile(r"^(?:[=@]|[+\-](?![\d.,\s%]*$)|[\t\r])")


class RawTable(NamedTuple):
    """The rows of a CSV file.

    Parameters
    ----------
    columns : tuple of str
        In the order of the file.
    rows : list of list of str
        Cells as written but for blanks around them; an empty cell is an empty text.
    lines : list of int
        Each row's line in the file (the header is line 1).
    """

    columns: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]

    def records(self) -> list[Mapping[str, str]]:
        """Each row by the names of the columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def read_raw(project: Project, relative: str, columns: Sequence[str]) -> RawTable:
    """Read a raw or reference CSV file as text, cell by cell as written.

    Parameters
    ----------
    project : Project
    relative : str
        File, relative to the project.
    columns : sequence of str
        The columns the file must have, no more and no fewer, in any order.

    Returns
    -------
    RawTable

    Raises
    ------
    DataError
        If the file is missing, empty, wrongly encoded, separated by semicolons, lacks a column or has an unknown one,
        has a row with too few or too many cells, or holds a spreadsheet formula.
    """
    reader = csv.reader(io.StringIO(read_text(project, relative), newline=""), strict=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    problems: list[Problem] = []
    try:
        line = 1
        header = [name.strip() for name in next(reader)]
        _check_header(relative, header, columns)
        line = reader.line_num + 1
        for cells in reader:
            if not cells:
                line = reader.line_num + 1
                continue
            if len(cells) != len(header):
                fields = {"found": str(len(cells)), "wanted": str(len(header))}
                problems.append(Problem("row_cells", file=relative, row=line, fields=fields))
            else:
                problems += _formula_problems(relative, line, header, cells)
                lines.append(line)
                rows.append([cell.strip() for cell in cells])
            line = reader.line_num + 1
    except csv.Error as fault:
        problems.append(Problem("csv_broken", file=relative, row=line, fields={"fault": str(fault)}))
    if problems:
        raise DataError(problems)
    if not rows:
        raise DataError([Problem("file_without_rows", file=relative)])
    return RawTable(tuple(header), rows, lines)


def _check_header(relative: str, header: Sequence[str], columns: Sequence[str]) -> None:
    if len(header) == 1 and ";" in header[0]:
        raise DataError([Problem("file_separator", file=relative, row=1)])
    problems = [
        Problem("column_twice", file=relative, row=1, column=name)
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    missing = [name for name in columns if name not in header]
    unknown = [name for name in header if name not in columns]
    for name in missing:
        problems.append(
            Problem("column_missing", file=relative, row=1, column=name, nearest=nearest_match(name, unknown))
        )
    for name in unknown:
        problems.append(
            Problem("column_unknown", file=relative, row=1, column=name, nearest=nearest_match(name, missing))
        )
    if problems:
        raise DataError(problems)


def _formula_problems(relative: str, line: int, header: Sequence[str], cells: Sequence[str]) -> list[Problem]:
    return [
        Problem("cell_formula", file=relative, row=line, column=name, value=cell[:60])
        for name, cell in zip(header, cells, strict=True)
        if FORMULA.match(cell.lstrip(" "))
    ]
