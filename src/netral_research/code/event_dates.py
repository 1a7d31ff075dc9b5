"""Which of the dates in a text is the event's: a date of polling, of a decree or of another event never is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import NamedTuple

from netral_research.code.activities import CIRCULAR, REMINDER, SESSIONS
from netral_research.code.findings import Findings
from netral_research.code.kinds import Focus
from netral_research.code.lexicon import Hit
from netral_research.code.proposals import Span
from netral_research.code.written_dates import ROMAN_MONTHS, WrittenDate, resolve_year

EVENT, STATEMENT, DOCUMENT, PUBLICATION = "event", "statement", "document", "publication"
PERIOD, POLLING, DECREE, LETTER, PAGE = "period", "polling", "decree", "letter", "page"
_RANKS: Mapping[str, Mapping[str, float]] = {
    "gathering": {EVENT: 10, STATEMENT: 5.5, DOCUMENT: 1, PUBLICATION: 4, PERIOD: -6},
    CIRCULAR: {EVENT: 7, STATEMENT: 3, DOCUMENT: 12, PUBLICATION: 3, PERIOD: 1},
    REMINDER: {EVENT: 10, STATEMENT: 9.5, DOCUMENT: 0, PUBLICATION: 4, PERIOD: -6},
}
_NEVER = -30.0
_NUMBER_TO_DAY = 30
_NUMBERED_LETTER = 18
_GATHERINGS = frozenset({*SESSIONS, "apel", "penandatanganan", "deklarasi", "kampanye"})
_BEFORE_A_PERIOD = re.compile(
    r"(?:masa kampanye|pendaftaran (?:calon|pasangan|bakal)[^.]{0,30}|tahapan[^.]{0,15}|sebelum|\bjadwal[^.]{0,15}"
    r"|HUT[^.]{0,20}|lahir[^.]{0,20})\s*(?:pada|pada tanggal|tanggal|,)?\s*$"
)
_THIS_YEAR = re.compile(r"\b(?:[Tt]ahun\s+(?P<year>20[0-3]\d)\s+ini)\b")
_NUMBER_MONTH = re.compile(
    r"\b(?:[Nn]omor|No\b\.?|bernomor|SE\b)\s*[:.]?\s*[\w.\-/ ]{0,40}?/"
    r"(?:(X(?:I{1,2})?|IX|IV|VI{0,3}|I{1,3})|(0[1-9]|1[0-2]))/(?:[\w.\-]{1,15}/)?(20\d{2})\b"
)


class EventDate(NamedTuple):
    """The date proposed for an event.

    Parameters
    ----------
    start, end : str
        As in ``events.csv``.
    precision : str
    evidence : tuple of (int, int)
    confidence : {"high", "medium", "low"}
    reason : str
        Key of ``locales/*/code.toml``, section ``reason``.
    """

    start: str
    end: str
    precision: str
    evidence: tuple[Span, ...]
    confidence: str
    reason: str = ""


class DatedMention(NamedTuple):
    """A date of a text and what it is the date of.

    Parameters
    ----------
    date : WrittenDate
    role : str
    sentence : int
    """

    date: WrittenDate
    role: str
    sentence: int


def role_of(findings: Findings, date: WrittenDate) -> str:
    """What a date in a text is the date of.

    Parameters
    ----------
    findings : Findings
    date : WrittenDate

    Returns
    -------
    {"event", "statement", "document", "publication", "period", "polling", "decree", "letter", "page"}
    """
    if date.stamped:
        return PAGE
    if _is_polling_day(findings, date):
        return POLLING
    text = findings.text
    word = text.plain.word_at(date.start)
    if text.marked_before("date_role", word, 3, PUBLICATION):
        return PUBLICATION
    written = _role_of_a_document(findings, date, word)
    if written:
        return written
    sentence_start = text.plain.sentence_span(text.plain.sentence_of(date.start))[0]
    leading = text.plain.text[sentence_start : date.start]
    if text.marked_before("period", word, 1) or (date.weekday is None and _BEFORE_A_PERIOD.search(leading)):
        return PERIOD
    return STATEMENT if _is_spoken(findings, date, word) else EVENT


def _is_polling_day(findings: Findings, date: WrittenDate) -> bool:
    for cycle in findings.registers.calendar.cycles.values():
        day = cycle.polling_day
        if (date.day, date.month) == (day.day, day.month) and date.year in {0, day.year}:
            return date.weekday is None or date.year == day.year
    return False


def _role_of_a_document(findings: Findings, date: WrittenDate, word: int) -> str:
    if date.weekday is not None:
        return ""
    if date.day and f"{date.year}-{date.month:02d}-{date.day:02d}" in findings.registers.laws.values():
        return DECREE
    text = findings.text
    decree = _distance(findings, word, text.of("date_role", DECREE))
    circular = _distance(findings, word, text.of("activity", CIRCULAR))
    dated = text.marked_before("document_date", word, 3)
    letter = _distance(findings, word, [hit for hit in text.of("letter") if hit.first not in text.marks("activity", CIRCULAR)])
    issued = text.marked_before("issued", word, 4)
    if dated and letter < min(circular, decree) and letter <= (_NUMBERED_LETTER if text.marked_before("numbered", word, _NUMBERED_LETTER) else 9):
        return LETTER
    if decree <= circular and (decree <= 3 or (decree <= 12 and dated) or (decree <= 15 and issued)):
        return DECREE
    numbered = circular <= 12 and text.marked_before("numbered", word, 12)
    if circular < 99 and (dated or numbered or (circular < 20 and issued)):
        return DOCUMENT
    return ""


def _distance(findings: Findings, word: int, hits: list[Hit]) -> int:
    """Words between the nearest hit before a word, in its sentence, and the word; 99 where there is none."""
    sentences = findings.text.plain.sentences
    if word >= len(sentences):
        return 99
    return min((word - hit.after for hit in hits if hit.after <= word and sentences[hit.first] == sentences[word]), default=99)


def _is_spoken(findings: Findings, date: WrittenDate, word: int) -> bool:
    """Whether the date is that of a statement: a verb of saying stands near and no gathering before it."""
    text = findings.text
    after = text.plain.word_at(date.end)
    if text.marked_before("that", word, 2):
        return False
    spoken = text.marked_before("date_role", word, 8, STATEMENT) or text.marked_after("date_role", after, 4, STATEMENT)
    if not spoken:
        return False
    sentence = text.plain.sentence_of(date.start)
    return not any(
        one.kind in _GATHERINGS and one.sentence == sentence and one.hit.first < word + 4 and one.weight > 0.3
        for one in findings.activities
    )


def date_mentions(findings: Findings) -> list[DatedMention]:
    """Every date of a text with its role, and the months that documents bear in their numbers."""
    plain = findings.text.plain
    found = [DatedMention(date, role_of(findings, date), plain.sentence_of(date.start)) for date in findings.dates]
    found += [DatedMention(date, DOCUMENT, plain.sentence_of(date.start)) for date in _numbered(findings, found)]
    return sorted(found, key=lambda mention: mention.date.start)


def _numbered(findings: Findings, dated: list[DatedMention]) -> list[WrittenDate]:
    """``Nomor 800/2185/BKPSDM/IX/2024``: a circular bears its month in its number, where no day stands behind it."""
    text, found = findings.text, []
    for match in _NUMBER_MONTH.finditer(text.plain.text):
        month = ROMAN_MONTHS.get(match.group(1) or "", 0) or int(match.group(2) or 0)
        word = text.plain.word_at(match.start())
        written = text.marked_before("letter", word, 9) or text.marked_before("activity", word, 9, CIRCULAR, REMINDER)
        begun = word in text.marks("activity", CIRCULAR)
        closer = any(
            mention.date.day and mention.role != POLLING and 0 <= mention.date.start - match.end() < _NUMBER_TO_DAY
            for mention in dated
        )
        if (written or begun) and not closer:
            found.append(WrittenDate(*match.span(), month=month, year=int(match.group(3))))
    return found


def choose_date(findings: Findings, focus: Focus, mentions: list[DatedMention]) -> EventDate:
    """The date of an event; where none is its own, the page's as far as it can be the event's.

    Parameters
    ----------
    findings : Findings
    focus : Focus
    mentions : list of DatedMention

    Returns
    -------
    EventDate
    """
    family = focus.kind if focus.kind in {CIRCULAR, REMINDER} else "gathering"
    ranked = sorted(mentions, key=lambda mention: (-_rank(mention, family, focus), mention.date.start))
    for mention in ranked:
        rank = _rank(mention, family, focus)
        if rank < 0:
            break
        found = _as_event_date(findings, focus, family, mention, rank)
        if found is not None:
            return found
    return _by_page(findings, family, ())


def _rank(mention: DatedMention, family: str, focus: Focus) -> float:
    date = mention.date
    rank = _RANKS[family].get(mention.role, _NEVER) - min(mention.sentence, 6)
    own = mention.sentence in focus.sentences
    rank += 3.0 * own + 1.5 * (date.weekday is not None) + 0.3 * bool(date.year)
    rank += 1.5 if date.day else -1.5 if date.month else 0.0
    if date.counted:
        rank += 3.0 if own else 0.0
    if date.is_vague:
        rank -= 1.0 if date.weekday is not None else 0.0
        rank -= 0.0 if own else 6.0
    return rank


def _as_event_date(
    findings: Findings, focus: Focus, family: str, mention: DatedMention, rank: float
) -> EventDate | None:
    date, evidence = mention.date, ((mention.date.start, mention.date.end),)
    if date.is_vague or date.offset is not None:
        return _by_the_page_day(findings, family, date, evidence)
    year = date.year or resolve_year(date, findings.published, findings.years)
    if family == CIRCULAR and mention.role in {STATEMENT, PUBLICATION, PERIOD}:
        month = EventDate(f"{year}-{date.month:02d}", "", "month", evidence, "low", "circular_undated")
        return month if year else None
    if not year:
        return EventDate("", "", "", evidence, "low", "year_open") if date.day and rank > 5 else None
    if not date.day or (mention.role == PUBLICATION and family != REMINDER):
        reason = "" if not date.day else "publication_day"
        return EventDate(f"{year}-{date.month:02d}", "", "month", evidence, "medium", reason)
    if mention.role == STATEMENT and _is_over(findings, focus):
        return EventDate(str(year), "", "year", evidence, "low", "spoken_of_later")
    confidence = "high" if mention.role in {EVENT, DOCUMENT} and rank >= 10 else "medium"
    return EventDate(f"{year}-{date.month:02d}-{date.day:02d}", _end(date, year), "day", evidence, confidence)


def _is_over(findings: Findings, focus: Focus) -> bool:
    """``telah menggelar``: what was said on a day tells no day of what was over by then."""
    main = focus.activities[0] if focus.activities else None
    return (
        focus.kind in _GATHERINGS
        and main is not None
        and (
            findings.text.marked_before("finished", main.hit.first, 5)
            or findings.text.marked_after("finished", main.hit.after, 4)
        )
    )


def _end(date: WrittenDate, year: int) -> str:
    if not date.last_day:
        return ""
    return f"{year}-{date.last_month or date.month:02d}-{date.last_day:02d}"


def _by_the_page_day(
    findings: Findings, family: str, date: WrittenDate, evidence: tuple[Span, ...]
) -> EventDate:
    """``kemarin`` and a bare weekday count from the page's day, where that is known to the day."""
    page = findings.published
    if page is None or page.precision != "day" or (date.offset is None and date.weekday is None):
        return _by_page(findings, family, evidence)
    back = -(date.offset or 0)
    if date.weekday is not None:
        back = (page.earliest.weekday() - date.weekday) % 7
    day = page.earliest - dt.timedelta(days=back)
    if family == CIRCULAR:
        return EventDate(day.isoformat()[:7], "", "month", evidence, "low", "circular_undated")
    return EventDate(day.isoformat(), "", "day", evidence, "medium", "counted_from_page")


def _by_page(findings: Findings, family: str, evidence: tuple[Span, ...]) -> EventDate:
    """The page's day says when the event was reported: the month or the year of the event at most.

    A text with a vague expression (``belum lama ini``) is never dated to the page's month.
    """
    page = findings.published
    if page is None:
        return _by_the_year_named(findings, evidence)
    vague = bool(evidence)
    written = page.earliest.isoformat()
    if page.precision == "year" or (vague and family != CIRCULAR and page.precision == "day"):
        return EventDate(written[:4], "", "year", evidence, "low", "page_year")
    if page.precision == "month" or family == CIRCULAR or vague:
        return EventDate(written[:7], "", "month", evidence, "low", "page_month")
    return EventDate(written, "", "day", evidence, "low", "page_day")


def _by_the_year_named(findings: Findings, evidence: tuple[Span, ...]) -> EventDate:
    """``pilkada serentak tahun 2024 ini``, ``pada 2025``: the text itself says in which year it was."""
    found = _THIS_YEAR.search(findings.text.plain.text)
    if found is None:
        return EventDate("", "", "", evidence, "low", "no_date")
    return EventDate(found.group("year"), "", "year", (found.span(),), "medium", "year_named")


def as_own_date(findings: Findings, mention: DatedMention) -> EventDate | None:
    """A mention as the date of an event of its own; None where neither its day nor its month is known.

    Parameters
    ----------
    findings : Findings
    mention : DatedMention

    Returns
    -------
    EventDate or None
    """
    date = mention.date
    year = date.year or (resolve_year(date, findings.published, findings.years) if date.month else 0)
    if not date.month or not year:
        return None
    evidence = ((date.start, date.end),)
    if not date.day:
        return EventDate(f"{year}-{date.month:02d}", "", "month", evidence, "medium")
    return EventDate(f"{year}-{date.month:02d}-{date.day:02d}", _end(date, year), "day", evidence, "medium")
