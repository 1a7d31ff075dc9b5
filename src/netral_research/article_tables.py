"""Rows of a table of articles, CSV or Parquet, one after another in constant memory."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netral_research.errors import DataError, Problem, nearest_match

if TYPE_CHECKING:
    import duckdb

COLUMNS = ("source_id", "text", "published", "title", "url")
NEEDED = COLUMNS[:2]
TEXT = NEEDED[1]
SOURCE_COLUMNS = ("source_id", "published", "title", "url")
_LONGEST_FIELD = 2**26
_AT_ONCE = 256
_HEAD = 65_536
# One thread keeps the order of the rows; nothing is fetched from a network.
_OFFLINE: Mapping[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
# Bytes, lists and numbers could be written out as letters too, but would be no article.
_KINDS_OF_TEXT = frozenset({"VARCHAR", "JSON"})
_MARKS = {b"\xff\xfe\x00\x00": "UTF-32", b"\x00\x00\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_NO_TEXT = bytes(set(range(32)) - set(b"\t\n\x0b\f\r\x1b")) + b"\x7f"


@dataclass(frozen=True, slots=True)
class Row:
    """One row as read.

    Parameters
    ----------
    number : int
        Line of the file where it begins (the header is line 1); of a Parquet file, the row from 1.
    cells : dict of str to str
        By column, as written.
    fault : str
        What is wrong with its layout: a key of ``locales/*/coding.toml``, section ``failed``; empty where all is well.
    """

    number: int
    cells: dict[str, str]
    fault: str = ""


def table_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Rows of a table of articles.

    Parameters
    ----------
    path : pathlib.Path
        A CSV or Parquet file with at least ``source_id`` and ``text``.
    columns : sequence of str
        Those wanted, as far as the file has them.

    Returns
    -------
    iterator of Row

    Raises
    ------
    DataError
        If the file as a whole cannot be read; where the fault stands far down, not before its row.
    """
    kind = path.suffix.lower()
    if kind == ".csv":
        return csv_rows(path, columns, NEEDED)
    if kind in (".parquet", ".pq"):
        return _parquet_rows(path, columns)
    raise DataError([Problem("articles_kind", file=str(path), value=kind)])


def csv_rows(path: Path, columns: Sequence[str], needed: Sequence[str]) -> Iterator[Row]:
    """Rows of a CSV file.

    Parameters
    ----------
    path : pathlib.Path
    columns, needed : sequence of str
        Those wanted as far as the file has them, and those it must have.

    Yields
    ------
    Row
        A row with too few or too many cells tells so; empty lines are none.

    Raises
    ------
    DataError
        If the file is missing, empty, no UTF-8 text, broken in its quotes, or lacks a column.
    """
    if not path.is_file():
        raise DataError([Problem("articles_missing", file=str(path))])
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    encoding = guess_encoding(head, whole=len(head) < _HEAD)
    if encoding != "UTF-8":
        raise DataError([_encoding_problem(path, encoding)])
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        line, rows = 1, 0
        try:
            header = [name.strip() for name in next(reader, [])]
            _check_header(path, header, needed)
            places = {name: header.index(name) for name in columns if name in header}
            line = reader.line_num + 1
            for cells in reader:
                if cells:
                    rows += 1
                    found = {name: cells[place] for name, place in places.items() if place < len(cells)}
                    yield Row(line, found, "" if len(cells) == len(header) else "row_cells")
                line = reader.line_num + 1
        except csv.Error as fault:
            raise DataError([Problem("csv_broken", str(path), line, fields={"fault": str(fault)})]) from None
        except UnicodeDecodeError:
            raise DataError([_encoding_problem(path, "Windows-1252")]) from None
    if not rows:
        raise DataError([Problem("articles_empty", file=str(path))])


def _encoding_problem(path: Path, guess: str) -> Problem:
    if not guess:
        return Problem("articles_binary", file=str(path))
    with path.open("rb") as lines:
        numbers = (number for number, line in enumerate(lines, 1) if guess_encoding(line) == "Windows-1252")
        row = next(numbers, None) if guess == "Windows-1252" else None
    return Problem("articles_encoding", file=str(path), row=row, fields={"guess": guess})


def _check_header(path: Path, header: Sequence[str], needed: Sequence[str]) -> None:
    if not any(header):
        raise DataError([Problem("articles_empty", file=str(path))])
    if len(header) == 1 and ";" in header[0]:
        raise DataError([Problem("file_separator", file=str(path), row=1)])
    missing = [name for name in needed if name not in header]
    free = [name for name in header if name not in needed]
    problems = [Problem("articles_column", str(path), 1, name, nearest=nearest_match(name, free)) for name in missing]
    problems += [Problem("column_twice", str(path), 1, name) for name in COLUMNS if header.count(name) > 1]
    if problems:
        raise DataError(problems)


def _parquet_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    import duckdb

    with duckdb.connect(config=dict(_OFFLINE)) as engine:
        try:
            yield from _queried(engine, path, columns)
        except duckdb.Error as fault:
            told = (str(fault).strip().splitlines() or [""])[0][:200].replace(str(path.resolve()), path.name)
            raise DataError([Problem("articles_parquet", str(path), fields={"fault": told})]) from None


def _queried(engine: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[str]) -> Iterator[Row]:
    # Signs that would make the name stand for several files stand for themselves between brackets.
    table = ("read_parquet(?, hive_partitioning = false)", [re.sub(r"([\[*?])", r"[\1]", str(path.resolve()))])
    described = engine.execute(f"SELECT * FROM {table[0]} LIMIT 0", table[1]).description or []  # noqa: S608
    header = [str(column[0]) for column in described]
    _check_header(path, header, NEEDED)
    kind = next(str(column[1]) for column in described if column[0] == TEXT)
    if kind not in _KINDS_OF_TEXT:
        raise DataError([Problem("articles_type", str(path), column=TEXT, value=kind)])
    names = [name for name in columns if name in header]
    cells = ", ".join(f"CAST({name} AS VARCHAR)" for name in names)
    found = engine.execute(f"SELECT {cells} FROM {table[0]}", table[1])  # noqa: S608 - names of this module
    number = 0
    while rows := found.fetchmany(_AT_ONCE):
        for row in rows:
            number += 1
            yield Row(number, {name: cell or "" for name, cell in zip(names, row, strict=True)})
    if not number:
        raise DataError([Problem("articles_empty", file=str(path))])


def guess_encoding(content: bytes, *, whole: bool = True) -> str:
    r"""Tell how a text seems to be encoded; only ``UTF-8`` is ever read, the others are named in messages.

    Parameters
    ----------
    content : bytes
    whole : bool, optional
        Whether this is all of it; a beginning may end within a letter.

    Returns
    -------
    str
        ``UTF-8``, ``UTF-16``, ``UTF-32``, ``Windows-1252``, or an empty text for what is no text at all.

    Examples
    --------
    >>> [guess_encoding(content) for content in (b"ASN", "ASN".encode("utf-16"), b"\xe9t\xe9", bytes(range(256)))]
    ['UTF-8', 'UTF-16', 'Windows-1252', '']
    """
    for mark, name in _MARKS.items():
        if content.startswith(mark):
            return name
    head = content[:_HEAD]
    zeros = head.count(0)
    if zeros > len(head) / 5:
        return "UTF-16" if max(head[0::2].count(0), head[1::2].count(0)) > 0.9 * zeros else ""
    if len(head) - len(head.translate(None, _NO_TEXT)) > len(head) / 20:
        return ""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content, final=whole)
    except UnicodeDecodeError:
        return "Windows-1252"
    return "UTF-8"
