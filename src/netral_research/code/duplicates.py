"""Reports of one event by several sources, proposed as ``same_event_as``.

Two rows speak of one event where the same day, the same place and the same kind of activity meet; a person decides.
The rule was set on the links that people coded in ``data/raw/events.csv``. What was seen is kept in a temporary
database on disk, so that a million articles take no more memory than a thousand.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from netral_research.dates import is_date

PLEDGING = frozenset({"deklarasi", "penandatanganan", "apel"})
CIRCULAR = "surat_edaran"
NATIONAL = "national"
LONGEST_EVENT = 31  # days; a campaign of months meets other events by its first days only
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE seen (
    slot TEXT, place TEXT, event_type TEXT, organiser TEXT, source_id TEXT, root TEXT, number INTEGER,
    PRIMARY KEY (slot, place, event_type, organiser)
) WITHOUT ROWID;
CREATE TABLE texts (digest BLOB, part INTEGER, source_id TEXT, root TEXT, PRIMARY KEY (digest, part)) WITHOUT ROWID;
CREATE TABLE articles (source_id TEXT PRIMARY KEY) WITHOUT ROWID;
BEGIN;
"""
_MONTH, _DAY = len("2020-01"), len("2020-01-01")


class EventKey(NamedTuple):
    """What tells one event from another.

    Parameters
    ----------
    slots : tuple of str
        Its days; the month or the year where no day is known; nothing where no date is.
    place : str
    event_type, organiser : str
    """

    slots: tuple[str, ...]
    place: str
    event_type: str
    organiser: str


def event_key(row: Mapping[str, str]) -> EventKey:
    """What tells an event row from another.

    Parameters
    ----------
    row : mapping of str to str
        A row of ``events.csv``, or one proposed for it.

    Returns
    -------
    EventKey

    Examples
    --------
    >>> event_key({
    ...     "date_start": "2020-11-03", "date_end": "2020-11-04", "province": "Bali", "regency": "",
    ...     "scope": "province", "event_type": "apel", "organiser": "pemprov",
    ... })
    EventKey(slots=('2020-11-03', '2020-11-04'), place='Bali|', event_type='apel', organiser='pemprov')
    """
    provinces, regencies = (_joined(row[name]) for name in ("province", "regency"))
    place = NATIONAL if row["scope"] == NATIONAL else f"{provinces}|{regencies}"
    return EventKey(tuple(_slots(row["date_start"], row["date_end"])), place, row["event_type"], row["organiser"])


def _joined(cell: str) -> str:
    return ";".join(sorted({part.strip() for part in cell.split(";")})) if ";" in cell else cell


def _slots(start: str, end: str) -> Iterator[str]:
    if not is_date(start):
        return
    if len(start) < _DAY:
        if start:
            yield start
        return
    first = dt.date.fromisoformat(start)
    last = dt.date.fromisoformat(end) if len(end) == len(start) and is_date(end) else first
    for number in range(min((last - first).days, LONGEST_EVENT) + 1 if last > first else 1):
        yield (first + dt.timedelta(number)).isoformat()


def text_digest(text: str) -> bytes:
    """A short sign of a text that stays the same whatever its blanks and capitals.

    Examples
    --------
    >>> text_digest("Apel  Netralitas ASN") == text_digest("apel netralitas asn")
    True
    """
    return hashlib.blake2b(" ".join(text.split()).casefold().encode("utf-8", "replace"), digest_size=8).digest()


class SeenEvents:
    """Events seen so far, and the first report of each.

    Examples
    --------
    >>> apel = EventKey(("2020-11-03",), "Bali|", "apel", "pemprov")
    >>> seen = SeenEvents()
    >>> seen.root_of("S1-1", "S1", apel), seen.root_of("S2-1", "S2", apel._replace(event_type="deklarasi"))
    ('', 'S1-1')
    >>> seen.root_of("S3-1", "S3", apel), seen.root_of("S4-1", "S4", apel._replace(place="Aceh|"))
    ('S1-1', '')
    """

    def __init__(self) -> None:
        self._table = sqlite3.connect("", isolation_level=None)
        self._table.executescript(_TABLES)
        self._number = 0

    def close(self) -> None:
        """Forget everything."""
        self._table.close()

    def is_new_article(self, source_id: str) -> bool:
        """Tell whether an article's id comes for the first time."""
        return self._table.execute("INSERT OR IGNORE INTO articles VALUES (?)", (source_id,)).rowcount == 1

    def root_of(self, event_id: str, source_id: str, key: EventKey, text: bytes = b"", part: int = 0) -> str:
        """Find the first report of the event that a row reports, and keep the row for those to come.

        Parameters
        ----------
        event_id, source_id : str
        key : EventKey
        text : bytes, optional
            Sign of the article's text (:func:`text_digest`): the same text twice reports the same events, dated or not.
        part : int, optional
            Which event of its article it is.

        Returns
        -------
        str
            Id of the first report, which is itself no repetition; empty where this is the first. Rows of the same
            source never repeat each other.
        """
        root = (self._same_text(source_id, text, part) if text else "") or self._same_event(source_id, key)
        self.keep(root or event_id, source_id, key)
        if text:
            kept = (text, part, source_id, root or event_id)
            self._table.execute("INSERT OR IGNORE INTO texts VALUES (?, ?, ?, ?)", kept)
        return root

    def keep(self, root: str, source_id: str, key: EventKey) -> None:
        """Keep a row for those to come, as a report of the event that ``root`` reported first."""
        self._number += 1
        rest = (key.place, key.event_type, key.organiser, source_id, root, self._number)
        rows = [(slot, *rest) for slot in (*key.slots, *_wider_slots(key))]
        self._table.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def _same_text(self, source_id: str, text: bytes, part: int) -> str:
        query = "SELECT root FROM texts WHERE digest = ? AND part = ? AND source_id != ?"
        found = self._table.execute(query, (text, part, source_id)).fetchone()
        return str(found[0]) if found else ""

    def _same_event(self, source_id: str, key: EventKey) -> str:
        slots = (*key.slots, *_near_slots(key))
        marks = ", ".join("?" * len(slots))
        query = "SELECT slot, event_type, organiser, number, root FROM seen WHERE place = ? AND source_id != ?"
        rows = self._table.execute(f"{query} AND slot IN ({marks})", (key.place, source_id, *slots))
        ranked = ((_distance(key, *row[:3]), row[3], row[4]) for row in rows)
        nearest = min((found for found in ranked if found[0] is not None), default=None)
        return str(nearest[2]) if nearest else ""


def _near_slots(key: EventKey) -> list[str]:
    """Where rows stand whose date is known less exactly, or more exactly, and could be the same."""
    if not key.slots or not key.organiser:
        return []
    start = key.slots[0]
    if len(start) == _DAY:
        return [start[:_MONTH], start[:4]]
    return [f"<{start}"] if len(start) < _MONTH else [f"<{start}", start[:4]]


def _wider_slots(key: EventKey) -> list[str]:
    """The month and the year of a row, where rows of a less exact date look for it."""
    if not key.slots or not key.organiser:
        return []
    start = key.slots[0]
    year = [f"<{start[:4]}"] if len(start) > 4 and _once_a_year(key) else []
    return [f"<{start[:_MONTH]}", *year] if len(start) == _DAY else year


def _once_a_year(key: EventKey) -> bool:
    return key.event_type == CIRCULAR or (key.event_type in PLEDGING and not key.place.endswith(("|", NATIONAL)))


def _distance(key: EventKey, slot: str, event_type: str, organiser: str) -> int | None:
    """How far two rows of one place are from each other, or None where they cannot be the same event."""
    same_organiser = bool(organiser) and organiser == key.organiser
    same_type = event_type == key.event_type
    alike = same_type or {event_type, key.event_type} <= PLEDGING
    if CIRCULAR in (event_type, key.event_type) and not (same_type and same_organiser):
        return None
    if len(slot) != _DAY:
        by_month = len(slot.lstrip("<")) == _MONTH and len(key.slots[0]) >= _MONTH and same_type
        return 4 if same_organiser and (by_month or (alike and _once_a_year(key))) else None
    if same_type:
        return 0 if same_organiser else 1
    return 2 if alike else 3 if same_organiser else None
