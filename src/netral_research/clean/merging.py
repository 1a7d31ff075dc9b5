"""Several reports of one event become one event that keeps all its sources and the best of what each report says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

_PRECISION_ORDER = {"day": 0, "month": 1, "year": 2, "": 3}


def group_reports(ids: Sequence[str], links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Group rows that report the same thing, however long the chain of links.

    Parameters
    ----------
    ids : sequence of str
        Row ids in the order of the file.
    links : iterable of (str, str)
        Row id and the row id it reports the same thing as; links to rows that are not in ``ids`` are dropped.

    Returns
    -------
    dict of str to str
        Row id to the root of its group: the row that links to no other one (the first in the file where several do
        not).

    Examples
    --------
    >>> group_reports(["A", "B", "C"], [("C", "B"), ("B", "A")])
    {'A': 'A', 'B': 'A', 'C': 'A'}
    """
    known = set(ids)
    kept = [(row, target) for row, target in links if row in known and target in known and row != target]
    linking = {row for row, _ in kept}
    leader = {row: row for row in ids}

    def find(row: str) -> str:
        while leader[row] != row:
            row = leader[row]
        return row

    for row, target in kept:
        leader[find(row)] = find(target)
    members: dict[str, list[str]] = {}
    for row in ids:
        members.setdefault(find(row), []).append(row)
    roots = {head: next((row for row in rows if row not in linking), rows[0]) for head, rows in members.items()}
    return {row: roots[find(row)] for row in ids}


def best_date(reports: Sequence[Mapping[str, str]]) -> Mapping[str, str]:
    """Choose the report whose date is used: the most precise, then the most often told, the root's, the earliest.

    Parameters
    ----------
    reports : sequence of mapping
        Rows with ``date_start`` and ``date_precision``, the root first.

    Returns
    -------
    mapping
        One of ``reports``.

    Examples
    --------
    >>> coarse = {"date_start": "2020-09", "date_precision": "month"}
    >>> best_date([coarse, {"date_start": "2020-09-24", "date_precision": "day"}])["date_start"]
    '2020-09-24'
    """
    told = Counter(report["date_start"] for report in reports)

    def rank(place_and_report: tuple[int, Mapping[str, str]]) -> tuple[int, int, int, str]:
        place, report = place_and_report
        return (
            _PRECISION_ORDER[report["date_precision"]],
            -told[report["date_start"]],
            0 if place == 0 else 1,
            report["date_start"],
        )

    return min(enumerate(reports), key=rank)[1]


def join_terms(cells: Iterable[str]) -> str:
    """All terms of several ``;`` joined cells, each once, in the order told.

    Parameters
    ----------
    cells : iterable of str

    Returns
    -------
    str

    Examples
    --------
    >>> join_terms(["politik;sanksi", "", "sanksi;integritas"])
    'politik;sanksi;integritas'
    """
    return ";".join(dict.fromkeys(part.strip() for cell in cells for part in cell.split(";") if part.strip()))


def first_told(cells: Iterable[str], silent: str = "") -> str:
    """The first cell that says something.

    Parameters
    ----------
    cells : iterable of str
    silent : str
        Term that says nothing, such as ``unknown``.

    Returns
    -------
    str
        ``silent`` where no cell says anything.

    Examples
    --------
    >>> first_told(["unknown", "hybrid"], "unknown")
    'hybrid'
    """
    return next((cell for cell in cells if cell not in ("", silent)), silent)
