"""The fields that are read alike for every kind of event: mode, election, laws, participants, themes."""

from __future__ import annotations

import re
from collections import Counter

from netral_research import vocabulary
from netral_research.code.activities import CAMPAIGN, CIRCULAR, REMINDER, SESSIONS
from netral_research.code.event_dates import EventDate
from netral_research.code.findings import Findings
from netral_research.code.kinds import Focus
from netral_research.code.lexicon import Hit, Reading
from netral_research.code.proposals import Cell, Span
from netral_research.dates import parse_date
from netral_research.elections import Cycle

_PLACED = frozenset({*SESSIONS, "apel", "penandatanganan", "deklarasi", "kampanye"}) - {"webinar"}
_LEAD = 3
_MOST_THEMES, _MOST_PHRASES = 5, 6
_SURE_AT_ONCE = frozenset({"pelayanan_publik", "media_sosial", "sanksi", "pencegahan", "politik_uang",
                           "fasilitas_negara"})  # fmt: skip
_YEAR_WITHIN = 6
_LAW = re.compile(
    r"\b(?P<kind>UU|[Uu]ndang\s?-?\s?[Uu]ndang|PP|[Pp]eraturan [Pp]emerintah|Perppu)\b"
    r"(?:\s+(?:ASN|Pemilu|Pilkada|RI|R\.I\.?|Republik Indonesia|Aparatur Sipil Negara|Pemilihan|\(UU\)|\(PP\)|Disiplin))*"
    r"\s*(?:[Nn]omor|[Nn]o\.?|[Nn]omer|NO\.?)?\s*[:.]?\s*(?P<number>\d{1,3})\s*(?:/|,?\s*[Tt]ahun|[Tt]hn\.?|[Tt]h\.?)\s*"
    r"(?P<year>(?:19|20)\d{2})\b"
)
_LAW_WITHOUT_YEAR = re.compile(
    r"\b(?P<kind>UU|PP)(?:\s+(?:ASN|Pemilu|Pilkada|Disiplin))?\s*(?:[Nn]omor|[Nn]o\.?)?\s*(?P<number>\d{1,3})\b(?!\s*(?:/|[Tt]ahun|[Tt]h))"
)
_LAW_KINDS = {"uu": "UU", "un": "UU", "pp": "PP", "pe": "PP"}
_JOINT_DECREE = re.compile(
    r"\bSKB\b|\b[Kk]eputusan [Bb]ersama\b|\b[Pp]edoman [Bb]ersama\b|\b[Pp]eraturan (?:bersama )?lima (?:lembaga|kementerian)\b"
)
_DECREE_YEAR = re.compile(r"\b(2020|2022)\b")
_CIRCULAR = re.compile(r"\b[Ss]urat [Ee]daran\b|\bSURAT EDARAN\b|\bSE\b(?!-)|\b[Ee]daran\b")
_CENTRAL_LETTER = re.compile(
    r"\b[Ss]urat (?:KASN|[Kk]omisi ASN|Men(?:pan|teri|dagri)\w*|Kemen\w+|BKN|Badan Kepegawaian Negara|[Gg]ubernur|[Bb]upati"
    r"|[Ww]ali ?[Kk]ota|[Ss]ekda)\b[^.;]{0,40}?\b(?:[Nn]omor|[Nn]o\.|tanggal|tertanggal|bertanggal|bulan)|\b[Ii]mbauan tertulis\b"
)
_INSTRUCTION = re.compile(r"\b[Ii]nstruksi (?:[Gg]ubernur|[Bb]upati|[Ww]ali ?[Kk]ota|[Nn]omor)\b|\b[Ss]urat [Ii]nstruksi\b")
_SECOND_DECREE = "2022-09-22"
_COUNT = re.compile(r"(?<![\d.,/])(\d{1,3}(?:\.\d{3})+|\d{1,6})(?![\d/]|[.,]\d)")


def read_mode(findings: Findings, focus: Focus) -> Cell:
    """Whether people met in a place, at a distance, or both; ``unknown`` for circulars and bare statements.

    Parameters
    ----------
    findings : Findings
    focus : Focus

    Returns
    -------
    Cell
    """
    text = findings.text
    if focus.kind == CIRCULAR:
        return Cell("unknown", (), "high", "circular_has_no_mode")
    hybrid = text.of("mode", "hybrid")
    campaign = focus.kind == CAMPAIGN
    virtual = [
        hit
        for hit in _lead(text, text.of("mode", "virtual"))
        if campaign or not text.marked_before("campaigning", hit.first, 4)
    ]
    venues = [hit for hit in _lead(text, text.of("venue")) if _is_a_place(text, hit)]
    present = _lead(text, text.of("mode", "in_person"))
    if hybrid:
        return Cell("hybrid", _spans(text, hybrid[:1]))
    if virtual and (venues or present) and focus.kind in _PLACED and not campaign:
        return Cell("hybrid", _spans(text, [virtual[0], (present or venues)[0]]), "medium")
    if virtual:
        return Cell("virtual", _spans(text, virtual[:1]), "high" if focus.kind == "webinar" else "medium")
    if focus.kind == "webinar":
        return Cell("virtual", _spans(text, [one.hit for one in focus.activities[:1]]), "medium")
    if venues:
        return Cell("in_person", _spans(text, venues[:1]))
    dated = any(date.day and text.plain.sentence_of(date.start) in focus.sentences for date in text.dates)
    if focus.kind in _PLACED and (focus.kind != "rapat_koordinasi" or present or dated):
        return Cell("in_person", _spans(text, [one.hit for one in focus.activities[:1]]), "medium", "gathering_without_place")
    if focus.kind == REMINDER and any(one.kind in _PLACED and one.sentence <= 1 for one in findings.activities):
        return Cell("in_person", (), "medium", "gathering_without_place")
    return Cell("in_person", _spans(text, present[:1]), "low") if present else Cell("unknown", (), "medium", "not_stated")


def _lead(text: Reading, hits: list[Hit]) -> list[Hit]:
    return [hit for hit in hits if text.sentence(hit) <= _LEAD]


def _is_a_place(text: Reading, hit: Hit) -> bool:
    plain = text.plain
    if text.marked_before("locating", hit.first, 3):
        return True
    return plain.is_capital(hit.first) and plain.sentences[hit.first] == 0 and plain.sentences[max(0, hit.first - 1)] == 0


def _spans(text: Reading, hits: list[Hit]) -> tuple[Span, ...]:
    return tuple(text.span(hit) for hit in hits)


def read_cycle(findings: Findings, date: EventDate) -> Cell:
    """The electoral cycle: the one named that was still to come, else the one the date belongs to.

    Parameters
    ----------
    findings : Findings
    date : EventDate

    Returns
    -------
    Cell
    """
    named = _named_cycles(findings)
    span = parse_date(date.start) if date.start else None
    published = findings.published
    reference = span.earliest if span else published.earliest if published else None
    if reference is None:
        if not named:
            return _cycle_without_a_date(findings)
        counted = Counter(cycle.name for cycle, _ in named)
        most = max(counted.values())
        first = min((cycle for cycle, _ in named if counted[cycle.name] == most), key=lambda cycle: cycle.polling_day)
        return Cell(first.name, _of_cycle(named, first), "medium")
    coming = [cycle for cycle, _ in named if cycle.polling_day >= reference]
    if coming:
        first = min(coming, key=lambda cycle: cycle.polling_day)
        return Cell(first.name, _of_cycle(named, first), "high" if span else "medium")
    if named and findings.text.of("rerun"):
        last = max((cycle for cycle, _ in named), key=lambda cycle: cycle.polling_day)
        return Cell(last.name, _of_cycle(named, last), "medium")
    return _cycle_by_date(findings, reference.isoformat())


def _named_cycles(findings: Findings) -> list[tuple[Cycle, Span]]:
    """Every election a text names with its year, or by its polling day."""
    cycles = findings.registers.calendar.cycles.values()
    found: list[tuple[Cycle, Span]] = []
    for reading, shown in ((findings.text, True), (findings.title, False)):
        plain = reading.plain
        for match in re.finditer(r"(?<![\d/.])20[123]\d(?![\d/])", plain.text):
            word, year = plain.word_at(match.start()), int(match.group())
            near = [hit for hit in reading.of("election") if _names_this_year(reading, hit, word)]
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
    return not re.search(r"[.;()]|\d", between) and "," not in between


def _of_cycle(named: list[tuple[Cycle, Span]], cycle: Cycle) -> tuple[Span, ...]:
    return tuple(dict.fromkeys(span for one, span in named if one == cycle and span != (0, 0)))[:2]


def _cycle_by_date(findings: Findings, reference: str) -> Cell:
    following = [cycle for cycle in findings.registers.calendar.cycles.values() if cycle.polling_day.isoformat() >= reference]
    if not following:
        return Cell(vocabulary.NO_CYCLE, (), "medium", "after_last_election")
    kinds = {hit.term for reading in (findings.text, findings.title) for hit in reading.of("election")}
    for term, local in (("local", True), ("general", False)):
        other = "general" if local else "local"
        fitting = [cycle for cycle in following if cycle.local == local]
        if term in kinds and other not in kinds and fitting:
            return Cell(min(fitting, key=lambda cycle: cycle.polling_day).name, (), "medium", "by_date")
    return Cell(min(following, key=lambda cycle: cycle.polling_day).name, (), "medium", "by_date")


def _cycle_without_a_date(findings: Findings) -> Cell:
    """Neither a year nor a date: only a polling day written without its year can tell."""
    text = findings.text
    local = any(hit.term == "local" for hit in text.of("election"))
    for year in sorted(findings.years):
        fitting = [c for c in findings.registers.calendar.cycles.values() if c.polling_day.year == year and c.local == local]
        if fitting:
            return Cell(fitting[0].name, (), "low", "by_date")
    return Cell(vocabulary.NO_CYCLE, (), "low", "no_date")


def read_laws(findings: Findings, focus: Focus, date: EventDate) -> Cell:
    """Laws, government regulations, the joint decrees and circulars that a text names.

    Parameters
    ----------
    findings : Findings
    focus : Focus
    date : EventDate

    Returns
    -------
    Cell
    """
    text = findings.text.plain.text
    found: dict[str, Span] = {}
    for match in _LAW.finditer(text):
        kind = _LAW_KINDS[match.group("kind")[:2].lower()]
        found.setdefault(f"{kind} {int(match.group('number'))}/{match.group('year')}", match.span())
    known = findings.registers.laws
    for match in _LAW_WITHOUT_YEAR.finditer(text):
        named = [law for law in known if law.startswith(f"{match.group('kind')} {int(match.group('number'))}/")]
        if len(named) == 1:
            found.setdefault(named[0], match.span())
    decree = _JOINT_DECREE.search(text)
    if decree is not None:
        found.setdefault(_decree(findings, decree, date), decree.span())
    circular = _circular_named(findings, focus)
    if circular is not None:
        found.setdefault("SE", circular)
    if focus.further and focus.kind == CIRCULAR:
        sentences = findings.text.plain
        found = {law: span for law, span in found.items() if sentences.sentence_of(span[0]) in focus.sentences}
    if not found:
        return Cell("", (), "medium", "not_stated")
    return Cell(";".join(found), tuple(found.values()))


def _circular_named(findings: Findings, focus: Focus) -> Span | None:
    """A circular that the text rests on or reports; one that is only spoken of (``edaran akan menyusul``) is none."""
    text = findings.text
    for match in _CIRCULAR.finditer(text.plain.text):
        if focus.further and focus.kind == CIRCULAR and text.plain.sentence_of(match.start()) not in focus.sentences:
            continue
        word, after = text.plain.word_at(match.start()), text.plain.word_at(match.end())
        if text.marked_after("planned", after, 2) or text.marked_before("spoken_of", word, 2):
            continue
        bare = match.group().lower() == "edaran"
        rests = text.marked_before("resting", word, 4) or text.marked_after("numbered", after, 4)
        dated = text.marked_after("document_date", after, 5)
        if not bare or focus.kind == CIRCULAR or rests or dated:
            return match.span()
    letter = _CENTRAL_LETTER.search(text.plain.text)
    if letter is None and focus.kind == CIRCULAR:
        letter = _INSTRUCTION.search(text.plain.text)
    return letter.span() if letter is not None else None


def _decree(findings: Findings, match: re.Match[str], date: EventDate) -> str:
    """The joint decree of 2020 or of 2022: by the year behind its name, else by the event's date."""
    text = findings.text.plain.text
    year = _DECREE_YEAR.search(text[match.end() : match.end() + 160].split(". ")[0])
    if year:
        return f"SKB {year.group()}"
    day = date.start or (findings.published.latest.isoformat() if findings.published else "")
    if not day and findings.years:
        day = f"{max(findings.years)}-01-01"
    if not day or day < "2020-09-10"[: len(day)]:
        return "SKB"
    return "SKB 2022" if day >= _SECOND_DECREE[: len(day)] else "SKB 2020"


def read_participants(findings: Findings, focus: Focus) -> tuple[Cell, Cell]:
    """Who took part or is addressed, and how many.

    Parameters
    ----------
    findings : Findings
    focus : Focus

    Returns
    -------
    tuple of (Cell, Cell)
        Phrases, and the number.
    """
    text = findings.text
    near = {*focus.sentences, 0, 1}
    found: dict[str, Span] = {}
    for hit in text.of("participant"):
        if text.sentence(hit) in near and len(found) < _MOST_PHRASES:
            found.setdefault(hit.term, text.span(hit))
    phrases = Cell(";".join(found), tuple(found.values()), "low") if found else Cell("", (), "low", "not_stated")
    return phrases, _number_of_people(findings, near)


def _number_of_people(findings: Findings, near: set[int]) -> Cell:
    plain = findings.text.plain
    units = {hit.first: hit for hit in findings.text.of("participant_count")}
    for match in _COUNT.finditer(plain.text):
        word = plain.word_at(match.start())
        after = plain.word_at(match.end())
        if after not in units or plain.sentence_of(match.start()) not in near or plain.sentences[after] != plain.sentences[word]:
            continue
        value = int(match.group().replace(".", ""))
        if value > 1 and not findings.text.marked_before("not_counted", word, 4):
            return Cell(str(value), ((match.start(), plain.ends[units[after].after - 1]),), "medium")
    return Cell("", (), "medium", "not_stated")


def read_themes(findings: Findings) -> Cell:
    """What was spoken about: the themes that a text names most.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    Cell
    """
    text = findings.text
    counted = Counter(hit.term for hit in text.of("theme"))
    sure = [term for term in vocabulary.THEMES if counted[term] >= (1 if term in _SURE_AT_ONCE else 2)]
    kept = sorted(sure, key=lambda term: -counted[term])[:_MOST_THEMES]
    if not kept:
        return Cell("", (), "low", "not_stated")
    first = [next(hit for hit in text.of("theme") if hit.term == term) for term in vocabulary.THEMES if term in kept]
    return Cell(";".join(hit.term for hit in first), _spans(text, first), "low")
