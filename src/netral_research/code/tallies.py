"""What is counted when the rows proposed for one article are held against the rows that people coded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netral_research.code.matching import EventRow, match_rows, terms_of

EVENT = "event"
SETS = ("province", "regency", "co_organisers", "participants", "legal_basis", "themes")
CATEGORIES = ("date_precision", "scope", "event_type", "pledge", "mode", "organiser", "election_cycle")
_REGIONS = frozenset({"province", "regency"})
_APART = re.compile(r"[\s.\-'\u2019]+")
DAY, COARSER = "day", ("month", "year", "")
FIELDS = (
    EVENT, "date_start", "date_end", "date_precision", "province", "regency", "scope", "event_type", "pledge", "mode",
    "organiser", "co_organisers", "participants", "participants_n", "election_cycle", "legal_basis", "themes",
)  # fmt: skip

# Field, what is counted, and for categories the coded and the proposed term.
Tally = Counter[tuple[str, ...]]


@dataclass(frozen=True)
class ReadArticle:
    """One article as people coded it and as the coder proposes it.

    Parameters
    ----------
    source_id : str
    sample : str
        Group of articles it is counted in.
    coded, proposed : tuple of mapping of str to str
        Event rows; none where the article reports no event.
    """

    source_id: str
    sample: str
    coded: tuple[EventRow, ...]
    proposed: tuple[EventRow, ...]

    @property
    def pairs(self) -> tuple[tuple[EventRow, EventRow], ...]:
        """Coded rows with the proposals that answer them."""
        return tuple((self.coded[i], self.proposed[j]) for i, j in match_rows(self.coded, self.proposed))


def written(row: EventRow, field: str) -> str:
    """A cell as it is compared: the last day of an event of one day is empty, phrases are in lower case.

    Examples
    --------
    >>> written({"date_start": "2020-10-15", "date_end": "2020-10-15"}, "date_end")
    ''
    """
    cell = row.get(field, "")
    if field == "date_end" and cell == row.get("date_start", ""):
        return ""
    return cell.casefold() if field == "participants" else cell


def compared(row: EventRow, field: str) -> frozenset[str]:
    """Terms of a cell as they are compared: a region is one however its name is spaced.

    Examples
    --------
    >>> compared({"regency": "Kota Palangka Raya"}, "regency") == compared({"regency": "Kota Palangkaraya"}, "regency")
    True
    """
    cell = written(row, field)
    if field in _REGIONS:
        cell = _APART.sub("", cell.casefold()).replace("kotaadministrasi", "kota")
    return terms_of(cell)


def is_same(coded: EventRow, proposed: EventRow, field: str) -> bool:
    """Whether two rows agree in a field; the order of several terms says nothing.

    Examples
    --------
    >>> is_same({"themes": "politik;sanksi"}, {"themes": "sanksi;politik"}, "themes")
    True
    """
    if field in SETS:
        return compared(coded, field) == compared(proposed, field)
    return written(coded, field) == written(proposed, field)


def tally_article(article: ReadArticle) -> Tally:
    """Count what an article contributes to every figure.

    Parameters
    ----------
    article : ReadArticle

    Returns
    -------
    collections.Counter

    Examples
    --------
    >>> row = {"date_start": "2020-10", "date_precision": "month", "province": "Bali"}
    >>> tally = tally_article(ReadArticle("EE001", "all", (row,), (row | {"province": ""},)))
    >>> tally["event", "right"], tally["province", "missed"], tally["date_start", "month_right"]
    (1, 1, 1)
    """
    tally: Tally = Counter()
    pairs = article.pairs
    tally[EVENT, "right"] = len(pairs)
    tally[EVENT, "missed"] = len(article.coded) - len(pairs)
    tally[EVENT, "false"] = len(article.proposed) - len(pairs)
    tally[EVENT, f"article_{_has_events(article.coded)}_{_has_events(article.proposed)}"] = 1
    for coded, proposed in pairs:
        tally.update(_keys(coded, proposed))
    return tally


def _has_events(rows: Sequence[EventRow]) -> str:
    return "some" if rows else "none"


def _keys(coded: EventRow, proposed: EventRow) -> Iterator[tuple[str, ...]]:
    for field in SETS:
        yield from _set_keys(field, coded, proposed)
    for field in CATEGORIES:
        yield field, "pair", coded.get(field, ""), proposed.get(field, "")
    yield from _date_keys(coded, proposed)
    yield from _end_keys(coded, proposed)
    yield from _number_keys(coded.get("participants_n", ""), proposed.get("participants_n", ""))


def _set_keys(field: str, coded: EventRow, proposed: EventRow) -> Iterator[tuple[str, ...]]:
    left, right = compared(coded, field), compared(proposed, field)
    yield field, "rows"
    if left == right:
        yield field, "same"
    for name, terms in (("right", left & right), ("missed", left - right), ("false", right - left)):
        yield from ((field, name) for _ in terms)


def _date_keys(coded: EventRow, proposed: EventRow) -> Iterator[tuple[str, ...]]:
    field = "date_start"
    precision = coded.get("date_precision", "")
    same_precision = precision == proposed.get("date_precision", "")
    right = same_precision and coded.get(field, "") == proposed.get(field, "")
    name = precision or "unknown"
    yield field, "rows"
    yield field, f"{name}_rows"
    if right:
        yield field, "right"
        yield field, f"{name}_right"
    if precision != DAY and proposed.get("date_precision", "") == DAY:
        yield field, "invented_day"


def _end_keys(coded: EventRow, proposed: EventRow) -> Iterator[tuple[str, ...]]:
    field = "date_end"
    yield field, "rows"
    several, right = bool(written(coded, field)), is_same(coded, proposed, field)
    if right:
        yield field, "right"
    if several:
        yield field, "several_rows"
    if several and right:
        yield field, "several_right"


def _number_keys(coded: str, proposed: str) -> Iterator[tuple[str, ...]]:
    field = "participants_n"
    if coded:
        yield field, "stated"
        if coded == proposed:
            yield field, "right"
    else:
        yield field, "unstated"
        if proposed:
            yield field, "invented"
