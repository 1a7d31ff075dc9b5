"""Reports of one event by several sources, proposed as ``same_event_as``.

Two rows speak of one event where day, place and kind of activity meet, or nearly meet and the organiser does too; a
person decides. The rules were set on the links that people coded in ``data/raw/events.csv``. What was seen is kept in a
temporary database on disk and looked up by place and time, so that a million articles take no more memory than a
thousand, and no row is compared with more than a few others.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from netral_research.code.activities import CIRCULAR, MUSTER, PLEDGING, REMINDER
from netral_research.code.institutions import NATIONAL
from netral_research.code.kinds import NO_PLEDGE
from netral_research.dates import is_date
from netral_research.vocabulary import NO_CYCLE

PLEDGED = PLEDGING | {MUSTER}
# Offices of one government: which of them a report names as organiser is chance.
GOVERNMENT = frozenset({"pemprov", "pemkab_pemkot", "bkpsdm_bkd", "kesbangpol", "inspektorat"})
CENTRAL = frozenset({"kasn", "bawaslu_ri", "bkn", "kemendagri", "kemenpanrb"})
# Cities and regencies without a government of their own: what they hold, their province holds.
ADMINISTRATIVE = ("Kota Administrasi ", "Kabupaten Administrasi ")
LONGEST_EVENT = 31  # days; a campaign of months meets other events by its first days only
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE seen (
    place TEXT, slot TEXT, event_type TEXT, organiser TEXT, pledge TEXT,
    source_id TEXT, root TEXT, number INTEGER, settled INTEGER,
    PRIMARY KEY (place, slot, event_type, organiser, pledge)
) WITHOUT ROWID;
CREATE TABLE texts (digest BLOB, part INTEGER, source_id TEXT, root TEXT, PRIMARY KEY (digest, part)) WITHOUT ROWID;
CREATE TABLE articles (source_id TEXT PRIMARY KEY) WITHOUT ROWID;
BEGIN;
"""
# Of rows alike in place, time, type, organiser and pledge the first stays; where the others report another event, a
# less exact date no longer tells which of them is meant.
_KEEP = """
INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET settled = 1 WHERE root != excluded.root AND settled = 0
"""
_FIND = """
SELECT place, slot, event_type, organiser, pledge, settled, number, root
FROM seen WHERE place = ? AND source_id != ? AND slot IN
"""
_SETTLE = """
UPDATE seen SET settled = 1 WHERE place = ? AND slot = ? AND event_type = ? AND organiser = ? AND pledge = ?
"""
_MONTH, _DAY = len("2020-01"), len("2020-01-01")
# Marks of a slot or place under which rows stand only to be found by rows that know less, or that look wider.
_COARSER, _UNDATED, _WITHIN = "<", "?", "<"


class EventKey(NamedTuple):
    """What tells one event from another.

    Parameters
    ----------
    slots : tuple of str
        Its days; the month or the year where no day is known; nothing where no date is.
    place : str
    event_type, organiser : str
    pledge : str, optional
    cycle : str, optional
        Its election; it stands for the date where there is none.
    """

    slots: tuple[str, ...]
    place: str
    event_type: str
    organiser: str
    pledge: str = NO_PLEDGE
    cycle: str = NO_CYCLE


class _Found(NamedTuple):
    """A row seen before, at a place and time where a new one looks."""

    place: str
    slot: str
    event_type: str
    organiser: str
    pledge: str
    settled: int


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
    ...     "date_start": "2020-11-03", "date_end": "2020-11-04", "province": "Bali", "regency": "", "pledge": "ikrar",
    ...     "scope": "province", "event_type": "apel", "organiser": "pemprov", "election_cycle": "pilkada_2020",
    ... })[1:]
    ('Bali|', 'apel', 'pemprov', 'ikrar', 'pilkada_2020')
    """
    provinces, regencies = (_joined(row[name]) for name in ("province", "regency"))
    place = NATIONAL if row["scope"] == NATIONAL else f"{provinces}|{regencies}"
    slots = tuple(_slots(row["date_start"], row["date_end"]))
    return EventKey(slots, place, row["event_type"], row["organiser"], row["pledge"], row["election_cycle"])


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
        self.keep(event_id, source_id, key, root)
        if text:
            kept = (text, part, source_id, root or event_id)
            self._table.execute("INSERT OR IGNORE INTO texts VALUES (?, ?, ?, ?)", kept)
        return root

    def keep(self, event_id: str, source_id: str, key: EventKey, root: str = "") -> None:
        """Keep a row for those to come, as a report of the event that ``root`` reported first, else of its own."""
        self._number += 1
        rest = (key.event_type, key.organiser, key.pledge, source_id, root or event_id, self._number)
        tied = int(bool(root))
        self._table.executemany(_KEEP, [(place, slot, *rest, tied * known) for place, slot, known in _kept_at(key)])

    def _same_text(self, source_id: str, text: bytes, part: int) -> str:
        query = "SELECT root FROM texts WHERE digest = ? AND part = ? AND source_id != ?"
        found = self._table.execute(query, (text, part, source_id)).fetchone()
        return str(found[0]) if found else ""

    def _same_event(self, source_id: str, key: EventKey) -> str:
        nearest: tuple[int, int, str, _Found] | None = None
        for place, slots in _looked_at(key):
            marks = ", ".join("?" * len(slots))
            for row in self._table.execute(f"{_FIND} ({marks})", (place, source_id, *slots)):
                found = _Found(*row[:6])
                distance = _distance(key, found)
                if distance is not None and (nearest is None or (distance, row[6]) < nearest[:2]):
                    nearest = (distance, row[6], str(row[7]), found)
        if nearest is None:
            return ""
        if key.slots:
            self._settle(key, nearest[3])
        return nearest[2]

    def _settle(self, key: EventKey, found: _Found) -> None:
        """A row of a less exact date is one event: it waits for no other day than the first that fits."""
        if found.slot not in key.slots and len(found.slot) != _DAY and not found.slot.startswith(_COARSER):
            self._table.execute(_SETTLE, found[:5])


def _kept_at(key: EventKey) -> Iterator[tuple[str, str, bool]]:
    """Places and slots of a row, and whether its date is less exact than a day there."""
    exact = bool(key.slots) and len(key.slots[0]) == _DAY
    yield from ((key.place, slot, not exact) for slot in key.slots)
    if not key.organiser:
        return
    if key.slots:
        yield from ((key.place, f"{_COARSER}{slot}", False) for slot in _coarser(key))
    elif key.cycle != NO_CYCLE:
        yield key.place, f"{_UNDATED}{key.cycle}", True
    wider = _wider_place(key)
    if exact and wider:
        yield from ((f"{_WITHIN}{wider}", slot, False) for slot in key.slots)


def _looked_at(key: EventKey) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Places and slots where rows stand that could report the same event."""
    exact = bool(key.slots) and len(key.slots[0]) == _DAY
    slots = list(key.slots)
    if key.organiser and key.slots:
        slots += [_UNDATED + slot if slot == key.cycle else slot for slot in _coarser(key)]
        slots += _days_beside(key) if exact else [f"{_COARSER}{key.slots[0]}"]
    elif key.organiser and key.cycle != NO_CYCLE:
        slots.append(f"{_COARSER}{key.cycle}")
    yield key.place, tuple(slots)
    if exact and key.organiser:
        wider = _wider_place(key)
        yield wider or f"{_WITHIN}{key.place}", key.slots


def _coarser(key: EventKey) -> list[str]:
    """Month, year and election of a row whose date is more exact than these."""
    start = key.slots[0]
    cycle = [] if key.cycle == NO_CYCLE else [key.cycle]
    return [*{_DAY: [start[:_MONTH], start[:4]], _MONTH: [start[:4]]}.get(len(start), []), *cycle]


def _days_beside(key: EventKey) -> list[str]:
    """A pledge is often dated by the day its page was written."""
    if key.pledge == NO_PLEDGE:
        return []
    ends = ((key.slots[0], -1), (key.slots[-1], 1))
    return [(dt.date.fromisoformat(day) + dt.timedelta(step)).isoformat() for day, step in ends]


def _wider_place(key: EventKey) -> str:
    """The province around a city that it governs; the nation around what a central body holds in a province."""
    provinces, _, regencies = key.place.partition("|")
    if key.organiser in CENTRAL and key.place != NATIONAL:
        return NATIONAL
    return f"{provinces}|" if regencies.startswith(ADMINISTRATIVE) and ";" not in provinces else ""


def _distance(key: EventKey, found: _Found) -> int | None:
    """How far two rows are from each other, or None where they cannot be the same event."""
    same_organiser = bool(found.organiser) and found.organiser == key.organiser
    same_type = found.event_type == key.event_type
    if CIRCULAR in (found.event_type, key.event_type) and not (same_type and same_organiser):
        return None
    if found.place != key.place:
        return 5 if _is_part(key, found) else None
    if len(found.slot) != _DAY:
        return _coarse_distance(key, found) if same_organiser else None
    alike = same_type or {found.event_type, key.event_type} <= PLEDGED
    if found.slot not in key.slots:
        return 4 if same_organiser and alike and found.pledge == key.pledge else None
    if same_type:
        return 0 if same_organiser else 1
    return 2 if alike else 3 if same_organiser or {found.organiser, key.organiser} <= GOVERNMENT else None


def _is_part(key: EventKey, found: _Found) -> bool:
    """A pledge of one day in a province and in a city it governs; a central body's meeting, for one and for all."""
    if NATIONAL in (key.place, found.place):
        return found.organiser == key.organiser and key.organiser in CENTRAL and found.event_type == key.event_type
    pledged = NO_PLEDGE not in (key.pledge, found.pledge) and {found.event_type, key.event_type} <= PLEDGED
    return pledged and {found.organiser, key.organiser} <= GOVERNMENT


def _coarse_distance(key: EventKey, found: _Found) -> int | None:
    """Rows of one organiser and place, of which one knows no day."""
    other_precision = found.slot not in key.slots
    if other_precision and found.settled:
        return None
    same_type = found.event_type == key.event_type
    by_month = len(found.slot.lstrip(_COARSER)) == _MONTH
    if by_month and same_type:
        return 6
    alike = same_type or {found.event_type, key.event_type} <= PLEDGED
    once = key.event_type == CIRCULAR or (key.event_type in PLEDGED and not key.place.endswith(("|", NATIONAL)))
    if once and alike:
        return 7
    unlike = key.place == NATIONAL or key.event_type == REMINDER or not alike
    both_pledged = (found.pledge == NO_PLEDGE) == (key.pledge == NO_PLEDGE)
    return 8 if other_precision and both_pledged and not unlike else None
