"""Dates as Indonesian news writes them; nothing is guessed that is not written.

``Rabu (26/8/2020)``, ``15 Oktober 2020``, ``Kamis, 15/10``, ``3-5 Nop 2020``, ``Pebruari 2018``, ``Jum'at``,
``kemarin``. A year that is not written stays open here; :func:`resolve_year` closes it only where the page's day or
the day of the week leaves one year.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from netral_research.code.text import PlainText
from netral_research.dates import DateSpan

WEEKDAYS = {
    "senin": 0, "selasa": 1, "rabu": 2, "kamis": 3, "jumat": 4, "jum'at": 4, "jum at": 4, "sabtu": 5, "minggu": 6,
    "ahad": 6,
}  # fmt: skip
MONTHS = {
    "januari": 1, "jan": 1, "pebruari": 2, "februari": 2, "feb": 2, "peb": 2, "maret": 3, "mar": 3, "april": 4,
    "apr": 4, "mei": 5, "juni": 6, "jun": 6, "juli": 7, "jul": 7, "agustus": 8, "agust": 8, "agt": 8, "agu": 8,
    "ags": 8, "agst": 8, "agts": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "oktober": 10, "okt": 10, "oct": 10,
    "nopember": 11, "november": 11, "nov": 11, "nop": 11, "desember": 12, "des": 12, "dec": 12,
    "january": 1, "february": 2, "march": 3, "may": 5, "june": 6, "july": 7, "august": 8, "october": 10, "december": 12,
}  # fmt: skip
ROMAN_MONTHS = dict(
    zip(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"], range(1, 13), strict=True)
)
RELATIVE = {
    "hari ini": 0, "tadi pagi": 0, "pagi tadi": 0, "siang tadi": 0, "pagi ini": 0, "siang ini": 0, "sore tadi": 0,
    "kemarin": -1, "besok": 1, "kemarin lusa": -2,
}  # fmt: skip
VAGUE = (
    "belum lama ini", "baru baru ini", "baru-baru ini", "beberapa waktu lalu", "pekan lalu", "minggu lalu",
    "pekan ini", "beberapa hari lalu", "tempo hari", "beberapa waktu yang lalu",
)  # fmt: skip

FOLLOWING = {
    "sehari kemudian": 1, "keesokan harinya": 1, "sehari setelahnya": 1, "sehari berselang": 1, "sehari sebelumnya": -1,
    "dua hari kemudian": 2, "tiga hari kemudian": 3,
}  # fmt: skip

_NUMBERS = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")

_DAY = r"(?P<weekday>senin|selasa|rabu|kamis|jum'?\s?at|sabtu|minggu|ahad)"
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
_PART = r"(?:\s+(?:pagi|siang|sore|malam|petang))?(?:\s+(?:kemarin|lalu|tadi|ini))?"
# Looked for backwards from a number: numbers are rare, and a text is searched for them far faster than for weekdays.
_LEAD = re.compile(rf"\b{_DAY}\b{_PART}\s*[,/]?\s*(?:tanggal\s+|\btgl\.?\s*)?\(?\s*$", re.IGNORECASE)
_LEAD_REACH = 40
# Before a number without a weekday these make it a part of something else (``100.3.4/4700``).
_JOINS_WRITTEN, _JOINS_NUMERIC = frozenset("/.,-"), frozenset("/.-")
_TO = r"\s*(?:-|/|s\s?/\s?d|s\.d\.?|sampai(?:\s+dengan)?|hingga|dan|&)\s*"
_WRITTEN = re.compile(
    rf"(?<!\w)(?P<day>\d{{1,2}})(?:(?:\s*,\s*\d{{1,2}}){{0,4}}{_TO}(?P<last>\d{{1,2}}))?"
    rf"\s*[-/ ]?\s*(?P<month>{_MONTH})\b\.?"
    r"(?:\s*[-/,]?\s*(?:tahun\s+)?'?(?P<year>(?:19|20)\d{2})(?!\d))?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<!\w)(?P<day>\d{1,2})(?:-(?P<last>\d{1,2}))?\s?(?P<sep>[/.-])/?\s?(?P<month>\d{1,2})"
    r"(?:\s?[/.-]/?\s?(?P<year>20\d{2}|\d{2}))?(?![\w/-]|\.\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<![\w/.-])(?P<year>20\d{2})(?P<mark>[-/])(?P<month>\d{2})(?P=mark)(?P<day>\d{2})(?![\w/-])")
_MONTH_YEAR = re.compile(
    rf"\b(?P<month>{_MONTH})\.?\s+(?:(?P<day>\d{{1,2}}),?\s+|tahun\s+)?(?P<year>20\d{{2}})(?!\d)", re.IGNORECASE
)
_MONTH_ALONE = re.compile(
    rf"\b(?:pada|bulan|awal|akhir|pertengahan|sejak|hingga|sampai|pengujung|penghujung)\s+(?:bulan\s+|pertengahan\s+)?"
    rf"(?P<month>{_MONTH})\b(?!\.?\s+(?:tahun\s+)?20\d\d)",
    re.IGNORECASE,
)
_WEEKDAY_ALONE = re.compile(rf"\b{_DAY}\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:" + "|".join(sorted(RELATIVE, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_FOLLOWING = re.compile(r"\b(?:" + "|".join(FOLLOWING) + r")\b", re.IGNORECASE)
# Words that can begin each of these: a text is looked at only where one stands.
_BEGINS_MONTH_ALONE = frozenset(
    ["pada", "bulan", "awal", "akhir", "pertengahan", "sejak", "hingga", "sampai", "pengujung", "penghujung"]
)
_BEGINS_WEEKDAY = frozenset({*WEEKDAYS, "jum"})
_BEGINS_RELATIVE, _BEGINS_VAGUE, _BEGINS_FOLLOWING = (
    frozenset(re.split("[ -]", phrase)[0] for phrase in phrases) for phrases in (RELATIVE, VAGUE, FOLLOWING)
)
_COUNTED = re.compile(
    rf"\b(?:(?P<one>se)|(?P<count>{'|'.join(_NUMBERS)}|\d{{1,2}})\s+)hari\s+"
    r"(?:(?P<back>sebelum|menjelang|jelang|menuju)|setelah|sesudah|usai|pasca)\b",
    re.IGNORECASE,
)
_LATEST = re.compile(r"\b(?:paling|lambat|lambatnya|minimal|maksimal|sampai|hingga)\s+$", re.IGNORECASE)
_APART = re.compile(r"[.,;(\n]")  # behind a comma or a bracket stands the day itself
_COUNTED_REACH, _LATEST_REACH = 90, 14
_VAGUE = re.compile(r"\b(?:" + "|".join(VAGUE) + r")\b", re.IGNORECASE)
_STAMP_LINE = 120
_IN_PROSE = re.compile(r"\b(?:pada|hari|tanggal)\s*(?:hari\s*)?[(,:]?\s*$", re.IGNORECASE)
_CLOCK = re.compile(r"\s*(?:[-|,/]|pukul|jam)?\s*(?:pukul\s*)?\d{1,2}[:.]\d{2}(?::\d{2})?(?!\d)", re.IGNORECASE)
_LINE_WORD = re.compile(r"[^\W_]+")
_CLOSED_LINE = re.compile(r"[.:;,)\-]\s*$")
_BESIDE_A_STAMP = 3
_LAST_YEAR = 2035
_LEAP_YEAR = 2024  # stands in where no year is written: it has every day
_NEWS_DAYS = 5
MOST_DATES = 200  # a page of news writes no more
_FIRST_YEAR = 2004


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as it stands in a text.

    Parameters
    ----------
    start, end : int
        Where it stands.
    day, month, year : int
        0 where not written.
    weekday : int or None
        Monday is 0.
    last_day : int
        Last day of several within the month; 0 for one day.
    offset : int or None
        Days from the page's day, for ``kemarin``.
    stamped : bool
        Followed by a time of day, as a page's own date is.
    last_month : int
        Month of the last day where it is another one; else 0.
    counted : bool
        Counted from the date before it (``sehari sebelumnya``) or behind it (``sehari sebelum 27 Juni``).
    """

    start: int
    end: int
    day: int = 0
    month: int = 0
    year: int = 0
    weekday: int | None = None
    last_day: int = 0
    offset: int | None = None
    stamped: bool = False
    last_month: int = 0
    counted: bool = False

    @property
    def is_vague(self) -> bool:
        """Whether nothing but a weekday or an expression such as ``belum lama ini`` is written."""
        return not self.month and self.offset is None


def find_dates(plain: PlainText) -> list[WrittenDate]:
    """All dates written in a text, in its order.

    Parameters
    ----------
    plain : PlainText

    Returns
    -------
    list of WrittenDate

    Examples
    --------
    >>> from netral_research.code.text import cut
    >>> dates = find_dates(cut("Rabu (26/8/2020), 3-5 Nop dan Pebruari 2018"))
    >>> [(date.day, date.month, date.year) for date in dates]
    [(26, 8, 2020), (3, 11, 0), (0, 2, 2018)]
    >>> find_dates(cut("UU Nomor 20/2023 dan surat 100.3.4/4700/SE/2024"))
    []
    """
    text = plain.text
    taken: list[WrittenDate] = []
    covered = bytearray(len(text))
    for start, end, date in _candidates(plain):
        if not any(covered[start:end]):
            taken.append(date)
            covered[date.start : date.end] = b"\1" * (date.end - date.start)
    dates = _across_months(sorted(taken, key=lambda date: date.start), text)[:MOST_DATES]
    if " hari " in text or "sehari" in text.lower():
        dates = _with_counted(dates, text)
    return _with_following(dates, plain)


def _with_counted(dates: list[WrittenDate], text: str) -> list[WrittenDate]:
    """``tiga hari sebelum pencoblosan 27 Juni 2018`` counts back from the first date behind it in its sentence."""
    found = list(dates)
    for match in _COUNTED.finditer(text):
        anchor = next((date for date in dates if date.day and 0 <= date.start - match.end() < _COUNTED_REACH), None)
        at_latest = _LATEST.search(text, max(0, match.start() - _LATEST_REACH), match.start())
        if anchor is None or at_latest or _APART.search(text, match.end(), anchor.start):
            continue
        written = (match["count"] or "satu").lower()
        days = int(written) if written.isdigit() else _NUMBERS.index(written) + 1
        found.append(_days_from(anchor, -days if match["back"] else days, match.span()))
    return sorted(found, key=lambda date: date.start)


def _with_following(dates: list[WrittenDate], plain: PlainText) -> list[WrittenDate]:
    """``sehari kemudian`` counts from the date written before it."""
    found = list(dates)
    for match in plain.matches(_FOLLOWING, _BEGINS_FOLLOWING):
        before = [date for date in dates if date.day and date.end <= match.start()]
        if before:
            found.append(_days_from(before[-1], FOLLOWING[match.group().lower()], match.span()))
    return sorted(found, key=lambda date: date.start)


def _days_from(anchor: WrittenDate, days: int, span: tuple[int, int]) -> WrittenDate:
    day = dt.date(anchor.year or _LEAP_YEAR, anchor.month, anchor.day) + dt.timedelta(days)
    return WrittenDate(*span, day.day, day.month, day.year if anchor.year else 0, counted=True)


def _candidates(plain: PlainText) -> Iterator[tuple[int, int, WrittenDate]]:
    """Everything that may be a date with the place it was found at, the fullest forms first."""
    text = plain.text
    months = plain.matches(_MONTH_YEAR, MONTHS)
    yield from _days(plain, months)
    for match in (*months, *plain.matches(_MONTH_ALONE, _BEGINS_MONTH_ALONE)):
        yield *match.span(), _month(match, text)
    for match in plain.matches(_RELATIVE, _BEGINS_RELATIVE):
        yield *match.span(), WrittenDate(*match.span(), offset=RELATIVE[match.group().lower()])
    for match in plain.matches(_WEEKDAY_ALONE, _BEGINS_WEEKDAY):
        if match.group()[0].isupper() and not _is_number_of_weeks(match, text):
            yield *match.span(), WrittenDate(*match.span(), weekday=_weekday(match.group()))
    for match in plain.matches(_VAGUE, _BEGINS_VAGUE):
        yield *match.span(), WrittenDate(*match.span())


def _weekday(written: str | None) -> int | None:
    return None if written is None else WEEKDAYS["".join(written.lower().split())]


def _is_number_of_weeks(match: re.Match[str], text: str) -> bool:
    return match.group().lower() == "minggu" and bool(
        re.search(r"\d\s*$", text[max(0, match.start() - 4) : match.start()])
    )


def _days(plain: PlainText, months: Iterable[re.Match[str]]) -> Iterator[tuple[int, int, WrittenDate]]:
    text = plain.text
    for match in plain.matches_at(_ISO, plain.numbers):
        yield from _day(match, None, text)
    for pattern, joining in ((_WRITTEN, _JOINS_WRITTEN), (_NUMERIC, _JOINS_NUMERIC)):
        for match in plain.matches_at(pattern, plain.numbers):
            lead = _LEAD.search(text, max(0, match.start() - _LEAD_REACH), match.start())
            if lead or text[max(0, match.start() - 1) : match.start()] not in joining:
                yield from _day(match, lead, text)
    for match in months:
        if match["day"]:
            yield from _day(match, None, text)


def _day(match: re.Match[str], lead: re.Match[str] | None, text: str) -> Iterator[tuple[int, int, WrittenDate]]:
    date = _exact(match, lead, text)
    if date is not None:
        yield (lead or match).start(), match.end(), date


def _exact(match: re.Match[str], lead: re.Match[str] | None, text: str) -> WrittenDate | None:
    found = match.groupdict() | {"weekday": lead["weekday"] if lead else None}
    written = found["month"]
    month = int(written) if written.isdigit() else MONTHS[written.lower()]
    day, last = int(found["day"]), int(found.get("last") or 0)
    year = int(found["year"] or 0)
    year += 2000 if 0 < year < 100 else 0
    numeric = written.isdigit() and "sep" in found
    if numeric and month > 12 >= day:
        day, month = month, day  # the month first, as some page systems stamp it
    if numeric and not _is_date(match, found, year, text):
        return None
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year or _LEAP_YEAR, month)[1]):
        return None
    if year and not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    last = last if day < last <= calendar.monthrange(year or _LEAP_YEAR, month)[1] else 0
    start = (lead or match).start()
    stamped = _is_stamp(text, start, match.end(), iso="mark" in found)
    weekday = _weekday(found["weekday"])
    return WrittenDate(start, match.end(), day, month, year, weekday, last, stamped=stamped)


def _is_stamp(text: str, start: int, end: int, *, iso: bool) -> bool:
    """Whether a date is the page's own: in a short line, with a time, as machines write it, or with little beside it.

    One within prose is an event's.
    """
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end, first + _STAMP_LINE + 1)
    last = last if last >= 0 else len(text)
    if last - first > _STAMP_LINE or _IN_PROSE.search(text, first, start):
        return False
    if iso or _CLOCK.match(text, end, min(last, end + 24)):
        return True
    line = text[first:last]
    alone = len(_LINE_WORD.findall(line)) - len(_LINE_WORD.findall(text[start:end])) <= _BESIDE_A_STAMP
    return alone and last - first < len(text.strip()) and not _CLOSED_LINE.search(line)


def _is_date(match: re.Match[str], found: dict[str, str], year: int, text: str) -> bool:
    """Two numbers are a date only behind a weekday, in brackets of their own, or with their year."""
    if found["sep"] != "/" and not (year and len(found["year"]) == 4):
        return False
    before = text[max(0, match.start("day") - 2) : match.start("day")].rstrip()
    alone = before.endswith("(") and text[match.end() : match.end() + 1] in {")", ","}
    return bool(found["weekday"]) or alone or (bool(year) and len(found["year"]) == 4)


def _month(match: re.Match[str], text: str) -> WrittenDate:
    found = match.groupdict()
    year = int(found.get("year") or 0)
    stamped = bool(year) and _is_stamp(text, *match.span(), iso=False)
    return WrittenDate(*match.span(), month=MONTHS[found["month"].lower()], year=year, stamped=stamped)


def _across_months(dates: list[WrittenDate], text: str) -> list[WrittenDate]:
    """``30 September - 2 Oktober 2024`` is one date of several days; a year written once holds for both."""
    joined: list[WrittenDate] = []
    for date in dates:
        previous = joined[-1] if joined else None
        if previous and previous.day and date.day and re.fullmatch(_TO, text[previous.end : date.start]):
            year = previous.year or date.year
            forward = (previous.month, previous.day) < (date.month, date.day) or previous.year < date.year
            spans = forward and " dan " not in text[previous.end : date.start]
            if spans and not previous.last_day:
                other = date.month if date.month != previous.month else 0
                joined[-1] = replace(previous, end=date.end, year=year, last_day=date.day, last_month=other)
                continue
            joined[-1] = replace(previous, year=year)
        joined.append(date)
    return joined


def resolve_year(date: WrittenDate, published: DateSpan | None, years: Iterable[int]) -> int:
    """Year of a date written without one, or 0 where nothing leaves a single year.

    Parameters
    ----------
    date : WrittenDate
        With day and month.
    published : DateSpan or None
        The page's day, month or year.
    years : iterable of int
        Years of elections the text speaks of: with a weekday, they and the two years before each are tried.

    Returns
    -------
    int

    Examples
    --------
    >>> from netral_research.code.text import cut
    >>> from netral_research.dates import parse_date
    >>> wednesday = find_dates(cut("Rabu (4/11)"))[0]
    >>> resolve_year(wednesday, parse_date("2020"), []), resolve_year(wednesday, None, [2019, 2020])
    (2020, 2020)
    """
    if published is not None and published.precision == "day" and _is_just_before(date, published.latest):
        return published.latest.year  # whatever weekday is written: a slip
    if published is not None:
        fitting = [year for year in (published.latest.year, published.latest.year - 1) if _fits(date, year, published)]
        if fitting:
            return fitting[0]
    if date.weekday is None:
        return 0
    named = sorted(set(years), reverse=True)
    for reach in (0, 1, 2):
        fitting = [year - reach for year in named if _fits(date, year - reach, None)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else 0
    return 0


def _is_just_before(date: WrittenDate, page: dt.date) -> bool:
    try:
        return 0 <= (page - dt.date(page.year, date.month, date.day)).days <= _NEWS_DAYS
    except ValueError:
        return False


def _fits(date: WrittenDate, year: int, published: DateSpan | None) -> bool:
    try:
        day = dt.date(year, date.month, date.day or 1)
    except ValueError:
        return False
    if date.weekday is not None and date.day and day.weekday() != date.weekday:
        return False
    return published is None or day <= published.latest + dt.timedelta(days=45)
