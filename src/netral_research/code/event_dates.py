"""Which of the dates in a text is the event's: a date of polling, of a decree or of another event never is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from netral_research.code.activities import CIRCULAR, REMINDER, SESSIONS, Activity, is_to_come
from netral_research.code.date_roles import (
    DECREE,
    DOCUMENT,
    EVENT,
    GATHERINGS,
    LETTER,
    PERIOD,
    POLLING,
    PUBLICATION,
    STATEMENT,
    DatedMention,
    role_of,
)
from netral_research.code.findings import Findings
from netral_research.code.kinds import Focus
from netral_research.code.proposals import Span
from netral_research.code.written_dates import WrittenDate, resolve_year
from netral_research.dates import DateSpan, is_date
from netral_research.elections import Cycle

_RANKS: Mapping[str, Mapping[str, float]] = {
    "gathering": {EVENT: 10, STATEMENT: 5.5, DOCUMENT: 1, PUBLICATION: 4, PERIOD: -6},
    CIRCULAR: {EVENT: 7, STATEMENT: 3, DOCUMENT: 12, PUBLICATION: 3, PERIOD: 1},
    REMINDER: {EVENT: 10, STATEMENT: 9.5, DOCUMENT: 0, PUBLICATION: 4, PERIOD: -6},
}
_NEVER = -30.0
_OLD_YEAR_WRITTEN_UNTIL = 2  # ``31 Januari 2023``, meant is 2024: the slip of the first weeks of a year
_SLIP_DAYS, _WEEK, _MONTHS_APART = 8, 7, 4
_YEAR_OF_AN_ELECTION, _NEWS = dt.timedelta(days=365), dt.timedelta(days=60)
_TOLD_ON_NONE_OF = frozenset({POLLING, DECREE, DOCUMENT, LETTER})
_NUMBER_YEAR = re.compile(
    r"(?:(?!\b(?:UU|PP|serta|dan)\b)[^.,;\n]){0,60}?\b(?:[Nn]omor|NOMOR|[Nn]o\b\.?|bernomor|SE\b)[\s:.-]{0,4}[\w./-]{1,40}(?:,[\w./-]{1,40})?(?:\s+[Tt]ahun\s+|(?<=/))(?P<year>20[0-3]\d)\b"
)
_ENDS_IN_YEAR, _NUMBER_REACH = re.compile(r"[\w.-]/(?P<year>20[0-3]\d),?\s+(?:ter|ber)?(?:tanggal\s+)?$"), 30
_DATELINE = re.compile(r"^\W*[A-Z][\w .']{2,30}, ?(?P<day>\d{1,2})[/-](?P<month>\d{1,2}) ?[-(\u2013]", re.MULTILINE)
_DATELINE_REACH, _LEAP_YEAR = 600, 2024
_THIS_YEAR = re.compile(r"\b(?:[Tt]ahun\s+(?P<year>20[0-3]\d)\s+ini)\b")


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
    if focus.kind in SESSIONS and focus.activities and is_to_come(findings.text, focus.activities[0].hit):
        mentions = [_announced(mention, focus) for mention in mentions]
    ranked = sorted(mentions, key=lambda mention: (-_rank(mention, family, focus), mention.date.start))
    for mention in ranked:
        rank = _rank(mention, family, focus)
        if rank < 0:
            break
        found = _as_event_date(findings, focus, family, mention, rank)
        if found is not None:
            return found
    return _by_page(findings, family, None)


def _announced(mention: DatedMention, focus: Focus) -> DatedMention:
    """``Pada 28 September mendatang Bawaslu berencana mengadakan sosialisasi``: the day it is to be held."""
    told = mention.role == PERIOD and mention.sentence in focus.sentences
    return mention._replace(role=EVENT) if told else mention


def _rank(mention: DatedMention, family: str, focus: Focus) -> float:
    date = mention.date
    rank = _RANKS[family].get(mention.role, _NEVER) - min(mention.sentence, 6)
    own = mention.sentence in focus.sentences
    rank += 3.0 * own + 1.5 * (date.weekday is not None) + 0.3 * bool(date.year)
    rank += 1.5 if date.day else -1.5 if date.month else 0.0
    if date.counted:
        rank += 3.0 if own else 0.0
    rank += 1.0 if date.offset is not None else 0.0
    if date.is_vague:
        rank -= 1.0 if date.weekday is not None else 0.0
        rank -= 0.0 if own else 6.0
    return rank


def _as_event_date(
    findings: Findings, focus: Focus, family: str, mention: DatedMention, rank: float
) -> EventDate | None:
    date, evidence = _with_its_month(findings, mention.date), ((mention.date.start, mention.date.end),)
    if date.is_vague or date.offset is not None:
        return _by_the_page_day(findings, family, date, evidence)
    year = _year(findings, date)
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


def _with_its_month(findings: Findings, date: WrittenDate) -> WrittenDate:
    """``Kamis (10/9/2024)`` on a page of 10 October, a Thursday: the month is a slip."""
    page = findings.published
    if page is None or page.precision == "year" or not _contradicts_its_weekday(date, date.year or page.latest.year):
        return date
    if page.precision == "month":
        meant = replace(date, month=page.latest.month, year=page.latest.year)
        far = abs(meant.year * 12 + meant.month - (date.year or meant.year) * 12 - date.month) >= _MONTHS_APART
        return meant if far and not _contradicts_its_weekday(meant, meant.year) else date
    for back in range(_SLIP_DAYS):
        day = page.latest - dt.timedelta(back)
        if (day.day, day.weekday()) == (date.day, date.weekday):
            return replace(date, month=day.month, year=day.year)
    return date


def _year(findings: Findings, date: WrittenDate) -> int:
    """The year written, unless the weekday shows it to be a slip; else the one year that the day fits."""
    if date.year and _contradicts_its_weekday(date, date.year):
        undated = replace(date, year=0)
        if findings.published is not None:
            return _year_of_the_page(undated, findings.published) or date.year
        return _year_beside(findings, undated, date.year) or date.year
    if date.year:
        return date.year
    meant = (
        _year_of_the_number_before(findings, date)
        or resolve_year(date, findings.published, findings.years)
        or _year_in_its_sentence(findings, date)
        or _only_year_of_its_weekday(findings, date)
        or _year_written_with_the_same_day(findings, date)
        or _year_of_the_other_dates(findings, date)
        or _year_of_the_polling_day(findings, date)
    )
    return meant if meant >= findings.told_since else 0


def _year_of_the_number_before(findings: Findings, date: WrittenDate) -> int:
    """``surat edaran nomor 180/200/B.9/2023 tanggal 24 November``."""
    if date.weekday is not None:
        return 0
    found = _ENDS_IN_YEAR.search(findings.text.plain.text, max(0, date.start - _NUMBER_REACH), date.start)
    return int(found["year"]) if found else 0


def _year_written_with_the_same_day(findings: Findings, date: WrittenDate) -> int:
    """``Rabu (25/9/2024) ... dimulai hari itu, 25 September``."""
    years = {one.year for one in findings.dates if date.day and (one.day, one.month) == (date.day, date.month)} - {0}
    return years.pop() if len(years) == 1 else 0


def _year_in_its_sentence(findings: Findings, date: WrittenDate) -> int:
    """``Penguatan Netralitas Tahun 2019 digelar, Senin (28/10)``: the year named, in which the day has its weekday."""
    if findings.published is not None or date.weekday is None or not date.day:
        return 0
    named = findings.years_by_sentence.get(findings.text.plain.sentence_of(date.start), set())
    fitting = {year for year in named if not _contradicts_its_weekday(date, year)}
    return fitting.pop() if len(fitting) == 1 else 0


def _year_of_the_other_dates(findings: Findings, date: WrittenDate) -> int:
    """``pendaftaran 8-10 Januari 2018 ... Minggu (7/1)``: the one year written in which the day has its weekday."""
    if findings.published is not None or date.weekday is None or not date.day:
        return 0
    fitting = {year for year in findings.dated_years if not _contradicts_its_weekday(date, year)}
    return fitting.pop() if len(fitting) == 1 else 0


def _year_of_the_polling_day(findings: Findings, date: WrittenDate) -> int:
    """``(20/8) ... pada Pilkada 9 Desember 2020``: a day without its weekday, before the only polling day written."""
    if findings.published is not None or date.weekday is not None or not date.day:
        return 0
    written = findings.polling_days_written
    if len(written) != 1:
        return 0
    (last,) = written
    return last.year if (date.month, date.day) < (last.month, last.day) else 0


def _contradicts_its_weekday(date: WrittenDate, year: int) -> bool:
    if date.weekday is None or not date.day:
        return False
    return not is_date(f"{year}-{date.month:02d}-{date.day:02d}") or (
        dt.date(year, date.month, date.day).weekday() != date.weekday
    )


def _year_of_the_page(date: WrittenDate, page: DateSpan) -> int:
    """The page's year, where the day with its weekday lies right before the page's."""
    year = page.latest.year
    if _contradicts_its_weekday(date, year):
        return 0
    return year if abs(page.latest - dt.date(year, date.month, date.day)) <= _NEWS else 0


def _year_beside(findings: Findings, date: WrittenDate, year: int) -> int:
    """The year before, where the election spoken of was over by the day as written; early in a year, the next one."""
    days = [cycle.polling_day for cycle in _spoken_of(findings) if cycle.polling_day.year in findings.years]
    if not days:
        return 0
    written = dt.date(year, date.month, date.day)
    for other in (year - 1, year + 1):
        if _contradicts_its_weekday(date, other):
            continue
        day = written.replace(year=other)
        missed = [day <= polling < written for polling in days]
        new_year = date.month <= _OLD_YEAR_WRITTEN_UNTIL and other > year
        if all(missed) or (new_year and all(day <= polling for polling in days)):
            return other
    return 0


def _only_year_of_its_weekday(findings: Findings, date: WrittenDate) -> int:
    """Of the years up to an election of the kind the text speaks of, the only one in which the day has its weekday."""
    if findings.published is not None or findings.years or date.weekday is None or not date.day:
        return 0
    polling = {cycle.polling_day for cycle in findings.registers.calendar.cycles.values()}
    fitting = {
        year
        for last in (cycle.polling_day for cycle in _spoken_of(findings))
        for year in (last.year, last.year - 1)
        if not _contradicts_its_weekday(date, year)
        and dt.timedelta() < last - dt.date(year, date.month, date.day) <= _YEAR_OF_AN_ELECTION
        and dt.date(year, date.month, date.day) not in polling
    }
    return fitting.pop() if len(fitting) == 1 else 0


def _spoken_of(findings: Findings) -> list[Cycle]:
    kinds = {hit.term for reading in (findings.text, findings.title) for hit in reading.of("election")}
    return [
        cycle
        for cycle in findings.registers.calendar.cycles.values()
        if ("local" if cycle.local else "general") in kinds
    ]


def _is_over(findings: Findings, focus: Focus) -> bool:
    """``telah menggelar``: what was said on a day tells no day of what was over by then."""
    main = focus.activities[0] if focus.activities else None
    return (
        focus.kind in GATHERINGS
        and main is not None
        and (
            findings.text.marked_before("finished", main.hit.first, 5)
            or findings.text.marked_after("finished", main.hit.after, 4)
        )
    )


def _end(date: WrittenDate, year: int) -> str:
    if not date.last_day:
        return ""
    month = date.last_month or date.month
    written = f"{year + (month < date.month)}-{month:02d}-{date.last_day:02d}"
    return written if is_date(written) else ""


def _by_the_page_day(findings: Findings, family: str, date: WrittenDate, evidence: tuple[Span, ...]) -> EventDate:
    """``kemarin`` and a bare weekday count from the page's day, where that is known to the day."""
    told = _day_told(findings) or _day_of_the_dateline(findings, date)
    if told is None or (date.offset is None and date.weekday is None):
        return _by_page(findings, family, date)
    back = -(date.offset or 0)
    if date.weekday is not None:
        back = (told.weekday() - date.weekday) % _WEEK
        if back == _WEEK - 1 and findings.published is None:
            back = -1  # ``dilantik Kamis (15/4); diucapkan Jumat``: told the day after
    day = told - dt.timedelta(days=back)
    if family == CIRCULAR:
        return EventDate(day.isoformat()[:7], "", "month", evidence, "low", "circular_undated")
    return EventDate(day.isoformat(), "", "day", evidence, "medium", "counted_from_page")


def _day_told(findings: Findings) -> dt.date | None:
    """The day on which the text was told: the page's, else that of a dated statement in it."""
    page = findings.published
    if page is not None and page.precision == "day":
        return page.earliest
    for date in findings.dates:
        if not date.day or date.weekday is None or role_of(findings, date) in _TOLD_ON_NONE_OF:
            continue
        year = _year(findings, date)
        if year:
            return dt.date(year, date.month, date.day)
    return None


def _day_of_the_dateline(findings: Findings, date: WrittenDate) -> dt.date | None:
    """``Ambon, 15/11 (Antara) - ... katanya, Selasa``: the day a report was filed on, by the weekday told in it."""
    filed = _DATELINE.search(findings.text.plain.text, 0, _DATELINE_REACH)
    if filed is None or date.weekday is None:
        return None
    day, month = int(filed["day"]), int(filed["month"])
    if not is_date(f"{_LEAP_YEAR}-{month:02d}-{day:02d}"):
        return None
    year = _year(findings, replace(date, day=day, month=month, year=0))
    return dt.date(year, month, day) if year else None


def _by_page(findings: Findings, family: str, date: WrittenDate | None) -> EventDate:
    """The page's date stands in where the text gives none, and says so.

    Its day is the event's at the latest, with low confidence (the codebook's coders took it so); a circular has the
    month of the page, and what is dated ``belum lama ini`` the year.
    """
    evidence = ((date.start, date.end),) if date else ()
    page = findings.published
    if page is None:
        return _by_its_number(findings, family) or _by_the_year_named(findings, evidence)
    vague = date is not None and date.offset is None and date.weekday is None and family != CIRCULAR
    written = page.earliest.isoformat()
    if page.precision == "year" or vague:
        return EventDate(written[:4], "", "year", evidence, "low", "page_year")
    if page.precision == "month" or family == CIRCULAR:
        return EventDate(written[:7], "", "month", evidence, "low", "page_month")
    return EventDate(written, "", "day", evidence, "low", "page_day")


def _by_its_number(findings: Findings, family: str) -> EventDate | None:
    """``Surat Edaran Nomor 26 Tahun 2024``: the number of a circular bears its year."""
    numbered = (year_of_its_number(findings, one) for one in findings.activities if family == CIRCULAR)
    return next((date for date in numbered if date is not None), None)


def year_of_its_number(findings: Findings, circular: Activity) -> EventDate | None:
    """The date of a circular as far as its number tells it; None where it bears no number with a year.

    Parameters
    ----------
    findings : Findings
    circular : Activity

    Returns
    -------
    EventDate or None
    """
    plain = findings.text.plain
    found = _NUMBER_YEAR.match(plain.text, plain.starts[circular.hit.first])
    if found is None:
        return None
    return EventDate(found["year"], "", "year", (found.span("year"),), "medium", "year_named")


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
    year = _year(findings, date) if date.month else 0
    if not date.month or not year:
        return None
    evidence = ((date.start, date.end),)
    if not date.day:
        return EventDate(f"{year}-{date.month:02d}", "", "month", evidence, "medium")
    return EventDate(f"{year}-{date.month:02d}-{date.day:02d}", _end(date, year), "day", evidence, "medium")
