"""What a text names, gathered before anything is decided."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from netral_research.articles import Article
from netral_research.code.activities import Activity, find_activities
from netral_research.code.gazetteer import Gazetteer
from netral_research.code.institutions import Institution, find_institutions
from netral_research.code.lexicon import Reading
from netral_research.code.places import PlaceMention, find_places
from netral_research.code.written_dates import WrittenDate
from netral_research.dates import DateSpan, is_date, parse_date
from netral_research.elections import ElectionCalendar

_ADDRESS_DAY = re.compile(
    r"[/\-_](20\d{2})(?:[/\-](0[1-9]|1[0-2])(?:[/\-]?(0[1-9]|[12]\d|3[01]))?|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))"
    r"(?=[/\-_.]|$)"
)
_WORDS_OF_ADDRESS = re.compile(
    r"(?<![a-z0-9])(?!html?\b|php\b)[a-z]+(?![a-z0-9])|(?<![a-z0-9])20[123]\d(?![a-z0-9])", re.I
)
_LEAST_WORDS = 4
_YEAR = re.compile(r"20(?<![\d/.]20)[0-3]\d(?![\d/])")  # first two letters, then what stands before: far faster
_TERM_OF_OFFICE = re.compile(r"(20(?<!\w20)\d\d)(\s?[-\u2013]\s?)(20\d\d)\b")
_TERM_YEARS = 5
_YEAR_WITHIN = 14
_NUMBERED = re.compile(r"\b[Nn](?:omor|o\.?)\s*\d{1,4}\s*[Tt]ahun\s*(?P<year>20[0-3]\d)\b")
_NAMED_YEAR = re.compile(r"(?<!\d )(?<!\d/)\b[Tt]ahun (?:[Aa]nggaran )?(?P<year>20[0-3]\d)\b")
_TO_COME = (("mendatang",), ("nanti",))
ELECTIONS = ("either", "general", "local")  # what is held, unlike a ``body`` that bears the name
_PRECISIONS = ("year", "month", "day")


@dataclass(frozen=True)
class Registers:
    """What the coder knows before it reads: regions, elections and laws.

    Parameters
    ----------
    gazetteer : Gazetteer
    calendar : ElectionCalendar
    laws : mapping of str to str
        Ids of the regulations, such as ``PP 94/2021``, to the day each bears.
    """

    gazetteer: Gazetteer
    calendar: ElectionCalendar
    laws: Mapping[str, str]


@dataclass(frozen=True)
class Findings:
    """Everything an article names.

    Parameters
    ----------
    article : Article
    registers : Registers
    text, title : Reading
    places, title_places : sequence of PlaceMention
    institutions, title_institutions : sequence of Institution
    activities, title_activities : sequence of Activity
    dates : sequence of WrittenDate
    published : DateSpan or None
        The page's day, month or year.
    years : frozenset of int
        Years of elections that the text speaks of.
    blocked : frozenset of int
        Words that speak of candidates' doings.
    """

    article: Article
    registers: Registers
    text: Reading
    title: Reading
    places: Sequence[PlaceMention]
    title_places: Sequence[PlaceMention]
    institutions: Sequence[Institution]
    title_institutions: Sequence[Institution]
    activities: Sequence[Activity]
    title_activities: Sequence[Activity]
    dates: Sequence[WrittenDate]
    published: DateSpan | None
    years: frozenset[int]
    blocked: frozenset[int]

    @cached_property
    def dated_years(self) -> frozenset[int]:
        """Years of the days that the text writes in full."""
        return frozenset(date.year for date in self.dates if date.day and date.year)

    @cached_property
    def polling_days_written(self) -> frozenset[dt.date]:
        """Polling days that the text writes in full."""
        written = {(date.year, date.month, date.day) for date in self.dates}
        days = (cycle.polling_day for cycle in self.registers.calendar.cycles.values())
        return frozenset(day for day in days if (day.year, day.month, day.day) in written)

    @cached_property
    def years_by_sentence(self) -> Mapping[int, set[int]]:
        """Years named as such (``tahun 2019``), but for those of laws, by the sentence."""
        plain, found = self.text.plain, dict[int, set[int]]()
        for match in _NAMED_YEAR.finditer(plain.text):
            found.setdefault(plain.sentence_of(match.start()), set()).add(int(match["year"]))
        return found

    @cached_property
    def told_since(self) -> int:
        """The latest year in the number of something named (``SKB Nomor 2 Tahun 2022``): the text is no older."""
        return max((int(found["year"]) for found in _NUMBERED.finditer(self.text.plain.text)), default=0)


def gather_findings(article: Article, text: Reading, title: Reading, registers: Registers) -> Findings:
    """Find everything that an article names.

    Parameters
    ----------
    article : Article
    text, title : Reading
    registers : Registers

    Returns
    -------
    Findings
    """
    places, title_places = (find_places(reading, registers.gazetteer) for reading in (text, title))
    dates = text.dates
    blocked = text.marks("pledge_blocker", "candidate", "office", "demand")
    return Findings(
        article=article,
        registers=registers,
        text=text,
        title=title,
        places=places,
        title_places=title_places,
        institutions=find_institutions(text, places),
        title_institutions=find_institutions(title, title_places),
        activities=find_activities(text, blocked),
        title_activities=find_activities(title, title.marks("pledge_blocker", "candidate", "office", "demand")),
        dates=dates,
        published=page_day(article, dates),
        years=_election_years(text, title, dates, registers.calendar),
        blocked=blocked,
    )


def headline(article: Article) -> str:
    """The page's title; where the record has none, the words of its address.

    Parameters
    ----------
    article : Article

    Returns
    -------
    str

    Examples
    --------
    >>> headline(Article("S1", "", url="https://kabar.id/berita/24784/sekda-kampar-ingatkan-netralitas-asn.html"))
    'Sekda Kampar Ingatkan Netralitas Asn'
    """
    if article.title:
        return article.title
    parts = urlsplit(article.url).path.split("/") if article.url.startswith("http") else []
    words = max((_WORDS_OF_ADDRESS.findall(part) for part in parts), key=len, default=[])
    return " ".join(words).title() if len(words) >= _LEAST_WORDS else ""


def page_day(article: Article, dates: Sequence[WrittenDate]) -> DateSpan | None:
    """The page's day as exactly as its record, its address or its own time stamp tell it.

    Parameters
    ----------
    article : Article
    dates : sequence of WrittenDate

    Returns
    -------
    DateSpan or None
    """
    known = parse_date(article.published) if is_date(article.published) else None
    found = _ADDRESS_DAY.search(article.url)
    spans = [found and "-".join(part for part in found.groups() if part)]
    spans += [
        f"{date.year}-{date.month:02d}" + f"-{date.day:02d}" * bool(date.day)
        for date in dates
        if date.stamped and date.year
    ]
    for written in spans:
        if not written or not is_date(written):
            continue
        span = parse_date(written)
        if span and (known is None or _refines(span, known)):
            known = span
    return known


def _refines(span: DateSpan, known: DateSpan) -> bool:
    finer = _PRECISIONS.index(span.precision) > _PRECISIONS.index(known.precision)
    return finer and known.earliest <= span.earliest <= known.latest


def years_spoken_of(text: str) -> list[re.Match[str]]:
    """Years written in a text, without those that bound a term of office.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of re.Match

    Examples
    --------
    >>> [found.group() for found in years_spoken_of("bupati periode 2015-2020 pada tahapan 2023-2024")]
    ['2023', '2024']
    """
    terms = [found.span() for found in _TERM_OF_OFFICE.finditer(text) if int(found[3]) - int(found[1]) == _TERM_YEARS]
    return [
        found for found in _YEAR.finditer(text) if not any(first <= found.start() < after for first, after in terms)
    ]


def _is_to_come(reading: Reading, word: int) -> bool:
    """``Pada 2018 mendatang Papua mengadakan pemilihan gubernur``: a year to come, before the election it has."""
    plain, held = reading.plain, reading.marks("election", *ELECTIONS)
    near = range(word + 1, min(len(plain.words), word + _YEAR_WITHIN))
    return (
        plain.words[word + 1 : word + 2] in _TO_COME
        and not held.isdisjoint(near)
        and plain.sentences[word] == plain.sentences[next(at for at in near if at in held)]
    )


def _election_years(
    text: Reading, title: Reading, dates: Sequence[WrittenDate], calendar: ElectionCalendar
) -> frozenset[int]:
    years = set()
    for reading in (text, title):
        elections = reading.of("election", *ELECTIONS)
        for found in years_spoken_of(reading.plain.text):
            word = reading.plain.word_at(found.start())
            if any(0 <= word - hit.after <= _YEAR_WITHIN for hit in elections) or _is_to_come(reading, word):
                years.add(int(found.group()))
    polling = {cycle.polling_day for cycle in calendar.cycles.values()}
    for date in dates:
        days = [day for day in polling if (day.day, day.month) == (date.day, date.month)]
        if date.year:
            years |= {day.year for day in days if day.year == date.year}
        elif date.weekday is None and days:
            # ``9 Desember`` was polling day twice: the year that is written somewhere, else the last one
            written = [day for day in days if re.search(rf"(?<![-\d]){day.year}", text.plain.text)]
            years.add(max(written or days).year)
    return frozenset(years)
