"""What the coder proposes: event rows whose every cell says where in the text it was read, or why it is empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from netral_research.contracts import CONTRACTS

EVENT_COLUMNS = tuple(CONTRACTS["data/raw/events.csv"])
CODED_FIELDS = EVENT_COLUMNS[EVENT_COLUMNS.index("date_start") : EVENT_COLUMNS.index("confidence")]
EVIDENCE, CONFIDENCE, REASON = "evidence", "confidence", "reason"
PROPOSED_COLUMNS = (
    *EVENT_COLUMNS,
    *(f"{name}_{part}" for name in CODED_FIELDS for part in (EVIDENCE, CONFIDENCE, REASON)),
)
SKIPPED_COLUMNS = ("source_id", "reason", "evidence")
FAILED_COLUMNS = ("source_id", "reason", "detail")

Span = tuple[int, int]


class Cell(NamedTuple):
    """The proposal for one column of an event row.

    Parameters
    ----------
    value : str
        As it would stand in ``events.csv``.
    evidence : tuple of (int, int)
        Start and end of every passage it was read from, counted in characters of the text. Empty where the value
        follows from other cells or from the page (its day, its title).
    confidence : {"high", "medium", "low"}
    reason : str
        Why the value is empty, or what it rests on where not on the text: a key of ``locales/*/code.toml``, section
        ``reason``; empty where the evidence says all.

    Examples
    --------
    >>> Cell("2020-08-26", ((230, 247),), "high").written_evidence
    '230-247'
    """

    value: str
    evidence: tuple[Span, ...] = ()
    confidence: str = "high"
    reason: str = ""

    @property
    def written_evidence(self) -> str:
        """The passages as ``start-end``, joined by ``;``."""
        return ";".join(f"{start}-{end}" for start, end in self.evidence)


@dataclass(frozen=True, slots=True)
class EventProposal:
    """One event that an article reports.

    Parameters
    ----------
    cells : mapping of str to Cell
        By column of :data:`CODED_FIELDS`.
    confidence : {"high", "medium", "low"}
        That the article reports this event at all.
    """

    cells: Mapping[str, Cell]
    confidence: str


@dataclass(frozen=True, slots=True)
class CodedArticle:
    """What the coder makes of one article: events, or the reason why it reports none.

    Parameters
    ----------
    source_id : str
    events : tuple of EventProposal
    skipped : str
        Key of ``locales/*/code.toml``, section ``skipped``; empty where there are events.
    evidence : tuple of (int, int)
        Passages that speak against an event.
    """

    source_id: str
    events: tuple[EventProposal, ...] = ()
    skipped: str = ""
    evidence: tuple[Span, ...] = field(default=())


def proposed_row(source_id: str, number: int, event: EventProposal, same_event_as: str = "") -> dict[str, str]:
    """One row of the proposals file.

    Parameters
    ----------
    source_id : str
    number : int
        Of the event in its article, from 1: the event's id is ``source_id-number``.
    event : EventProposal
    same_event_as : str
        Id of the event that this one probably repeats.

    Returns
    -------
    dict of str to str
        By column of :data:`PROPOSED_COLUMNS`.

    Examples
    --------
    >>> event = EventProposal({name: Cell("", reason="not_stated") for name in CODED_FIELDS}, "low")
    >>> proposed_row("EE001", 2, event)["event_id"]
    'EE001-2'
    """
    row = {"event_id": f"{source_id}-{number}", "source_id": source_id, "same_event_as": same_event_as}
    row |= {name: event.cells[name].value for name in CODED_FIELDS}
    row["confidence"] = event.confidence
    for name in CODED_FIELDS:
        cell = event.cells[name]
        row[f"{name}_{EVIDENCE}"] = cell.written_evidence
        row[f"{name}_{CONFIDENCE}"] = cell.confidence
        row[f"{name}_{REASON}"] = cell.reason
    return row


def parse_evidence(written: str) -> tuple[Span, ...]:
    """Read passages written as ``start-end`` joined by ``;``.

    Examples
    --------
    >>> parse_evidence("3-9;14-20")
    ((3, 9), (14, 20))
    """
    pairs = (part.split("-") for part in written.split(";") if part)
    return tuple((int(start), int(end)) for start, end in pairs)
