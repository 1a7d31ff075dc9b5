"""The electoral cycle an event belongs to: the election named that was to come, else the one its date falls in."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

from netral_research import vocabulary
from netral_research.code.date_roles import VILLAGE
from netral_research.code.event_dates import EventDate
from netral_research.code.findings import ELECTIONS, Findings, years_spoken_of
from netral_research.code.lexicon import Hit, Reading
from netral_research.code.proposals import Cell, Span
from netral_research.code.written_dates import MONTHS
from netral_research.dates import parse_date
from netral_research.elections import Cycle

_YEAR = re.compile(r"(?<![\d/.])20[123]\d(?![\d/])")
_YEAR_WITHIN = 14
_OF_A_LIST = frozenset({"dan", "serta", "atau", "maupun", "serentak", "tahun"})  # ``Pemilu, Pilpres, dan Pilkada 2024``
_GOES_ON = dt.timedelta(days=60)
_RERUN_TOLD_WITHIN = 3


def read_cycle(findings: Findings, date: EventDate, laws: str = "") -> Cell:
    """The electoral cycle: the one named that was still to come, else the one the date belongs to.

    Parameters
    ----------
    findings : Findings
    date : EventDate
    laws : str
        Ids of the laws that the text rests on, joined by ``;``.

    Returns
    -------
    Cell
    """
    named = _named_cycles(findings)
    span = parse_date(date.start) if date.start else None
    published = findings.published
    reference = span.earliest if span else published.earliest if published else None
    if span and published and span.precision == "year" and published.earliest.year == span.earliest.year:
        reference = published.earliest  # ``belum lama ini``: right before the page
    if reference is None:
        if not named:
            return _cycle_without_a_date(findings, laws)
        first = _named_most([cycle for cycle, _ in named])
        return Cell(first.name, _of_cycle(named, first), "medium")
    coming = [cycle for cycle, _ in named if cycle.polling_day >= reference]
    if coming and _begins_with_an_earlier_one(findings, reference, coming):
        return _cycle_by_date(findings, reference.isoformat(), over=True)
    if coming:
        to_the_year = date.precision == "year"  # which of them were over by the day is not known
        first = _named_most(coming) if to_the_year else min(coming, key=lambda cycle: cycle.polling_day)
        return Cell(first.name, _of_cycle(named, first), "high" if span else "medium")
    if any(findings.text.sentence(hit) <= _RERUN_TOLD_WITHIN for hit in findings.text.of("rerun")):
        over = [cycle for cycle, _ in named] or [
            cycle for cycle in findings.registers.calendar.cycles.values() if cycle.polling_day < reference
        ]
        last = max(over, key=lambda cycle: cycle.polling_day)
        return Cell(last.name, _of_cycle(named, last), "medium")
    return _looked_back_on(findings, named, reference) or _cycle_by_date(
        findings, reference.isoformat(), over=bool(named)
    )


def _named_most(cycles: list[Cycle]) -> Cycle:
    """The election named most; of those named equally often the first of the year that is named first."""
    counted = Counter(cycle.name for cycle in cycles)
    often = [cycle for cycle in cycles if counted[cycle.name] == max(counted.values())]
    same_year = (one for one in often if one.polling_day.year == often[0].polling_day.year)
    return min(same_year, key=lambda one: one.polling_day)


def _looked_back_on(findings: Findings, named: list[tuple[Cycle, Span]], reference: dt.date) -> Cell | None:
    """``evaluasi pasca-Pemilu 2024``: an election just over, in a text that speaks of none of another kind."""
    if not named:
        return None
    last = max((cycle for cycle, _ in named), key=lambda cycle: cycle.polling_day)
    kinds = {hit.term for hit in findings.text.of("election", *ELECTIONS)} - {"either"}
    if reference - last.polling_day > _GOES_ON or kinds != {_term(last)}:
        return None
    return Cell(last.name, _of_cycle(named, last), "medium")


def _begins_with_an_earlier_one(findings: Findings, reference: dt.date, coming: list[Cycle]) -> bool:
    """The first sentence speaks of an election without its year, of another kind than every one named with a year."""
    text = findings.text
    hits = [hit for hit in text.of("election", *ELECTIONS) if text.sentence(hit) <= 1]
    lead = {hit.term for hit in hits if text.sentence(hit) == 0} or {hit.term for hit in hits}
    if len(lead) > 1 and "either" not in lead:
        lead = {hits[0].term}  # ``pilkada serentak, disusul pileg dan pilpres 2019``: the one that is told first
    if not lead or lead & {_term(cycle) for cycle in coming} or len(lead) > 1:
        return False
    days = (cycle.polling_day for cycle in findings.registers.calendar.cycles.values())
    first = min((day for day in days if day >= reference), default=None)
    return first is not None and first < min(cycle.polling_day for cycle in coming)


def _named_cycles(findings: Findings) -> list[tuple[Cycle, Span]]:
    """Every election a text names with its year, or by its polling day."""
    cycles = findings.registers.calendar.cycles.values()
    found: list[tuple[Cycle, Span]] = []
    for reading, shown in ((findings.text, True), (findings.title, False)):
        plain = reading.plain
        for match in years_spoken_of(plain.text):
            word, year = plain.word_at(match.start()), int(match.group())
            near = [hit for hit in reading.of("election", *ELECTIONS) if _names_this_year(reading, hit, word)]
            for hit in near:
                span = (plain.starts[hit.first], match.end()) if shown else (0, 0)
                local = hit.term != "general"
                found += [(cycle, span) for cycle in cycles if cycle.polling_day.year == year and cycle.local == local]
    for date in findings.dates:
        for cycle in cycles:
            day = cycle.polling_day
            if (date.day, date.month) == (day.day, day.month) and date.year == day.year:
                found.append((cycle, (date.start, date.end)))
    return found


def _names_this_year(reading: Reading, hit: Hit, word: int) -> bool:
    """The year stands behind the election's name with nothing but words of the name between."""
    if not 0 <= word - hit.after <= _YEAR_WITHIN:
        return False
    plain = reading.plain
    between = plain.text[plain.ends[hit.after - 1] : plain.starts[word]]
    if re.search(r"[.;()]|\d", between):
        return False
    listed = reading.marks("election")
    return "," not in between or all(
        number in listed or plain.words[number] in _OF_A_LIST for number in range(hit.after, word)
    )


def _of_cycle(named: list[tuple[Cycle, Span]], cycle: Cycle) -> tuple[Span, ...]:
    return tuple(dict.fromkeys(span for one, span in named if one == cycle and span != (0, 0)))[:2]


def _cycle_by_date(findings: Findings, reference: str, *, over: bool) -> Cell:
    """The first election after the date, of the kind the text speaks of unless it names only ``over`` ones."""
    following = [
        cycle for cycle in findings.registers.calendar.cycles.values() if cycle.polling_day.isoformat() >= reference
    ]
    if not following:
        return _just_over(findings, dt.date.fromisoformat(reference))
    kinds = {hit.term for reading in (findings.text, findings.title) for hit in reading.of("election", *ELECTIONS)}
    if not kinds and findings.text.of("election", VILLAGE):
        return Cell(vocabulary.NO_CYCLE, (), "medium", "village_election")
    for term, local in (("local", True), ("general", False)):
        other = "general" if local else "local"
        fitting = [cycle for cycle in following if cycle.local == local]
        if term in kinds and other not in kinds and fitting and not over:
            return Cell(min(fitting, key=lambda cycle: cycle.polling_day).name, (), "medium", "by_date")
    return Cell(min(following, key=lambda cycle: cycle.polling_day).name, (), "medium", "by_date")


def _term(cycle: Cycle) -> str:
    """How the lexicon's list ``election`` calls the kind of an election."""
    return "local" if cycle.local else "general"


def _just_over(findings: Findings, day: dt.date) -> Cell:
    """After the last known polling day: its cycle goes on for some weeks where the text still speaks of it."""
    kinds = {"local" if hit.term == "local" else "general" for hit in findings.text.of("election", *ELECTIONS)}
    for cycle in findings.registers.calendar.cycles.values():
        goes_on = dt.timedelta(0) < day - cycle.polling_day <= _GOES_ON
        if goes_on and kinds == {_term(cycle)}:
            return Cell(cycle.name, (), "low", "by_date")
    return Cell(vocabulary.NO_CYCLE, (), "medium", "after_last_election")


def _cycle_without_a_date(findings: Findings, laws: str) -> Cell:
    """Neither a year nor a date: a polling day without its year can tell, or its month, or a law from before it."""
    text = findings.text
    cycles = findings.registers.calendar.cycles.values()
    local = any(hit.term == "local" for hit in text.of("election", *ELECTIONS))
    for year in sorted(findings.years):
        fitting = [cycle for cycle in cycles if cycle.polling_day.year == year and cycle.local == local]
        if fitting:
            return Cell(fitting[0].name, (), "low", "by_date")
    kinds = {hit.term for hit in text.of("election", *ELECTIONS)}
    spoken_of = [cycle for cycle in cycles if _term(cycle) in kinds]
    months = {MONTHS.get(text.words(hit.after, hit.after + 1), 0) for hit in text.of("election", *ELECTIONS)}
    oldest = max((_day_of(findings, law) for law in laws.split(";") if law), default="")
    for fitting in (
        [cycle for cycle in spoken_of if cycle.polling_day.month in months],
        [cycle for cycle in spoken_of if oldest and cycle.polling_day.isoformat() >= oldest],
    ):
        if len(fitting) == 1:
            return Cell(fitting[0].name, (), "low", "by_date")
    return Cell(vocabulary.NO_CYCLE, (), "low", "no_date")


def _day_of(findings: Findings, law: str) -> str:
    """The day of a law, else the year in its name."""
    return findings.registers.laws.get(law) or "".join(_YEAR.findall(law.replace("/", " "))[:1])
