"""The fields that are read alike for every kind of event: mode, participants, themes."""

from __future__ import annotations

import re
from collections import Counter

from netral_research import vocabulary
from netral_research.code.activities import CAMPAIGN, CIRCULAR, PLEDGING, REMINDER, SESSIONS, is_a_habit, is_to_come
from netral_research.code.findings import Findings
from netral_research.code.kinds import Focus
from netral_research.code.lexicon import Hit, Reading
from netral_research.code.proposals import Cell, Span

_PLACED = frozenset({*SESSIONS, "apel", "penandatanganan", "deklarasi", "kampanye"}) - {"webinar"}
_PRINTED = frozenset({"media", "situs", "portal", "berita"})
_VILLAGE = frozenset({"desa", "gampong"})
_LEAD, _EARLIER, _FRAMED_WITHIN, _SAID_WITHIN = 3, 5, 3, 10
_STAFF, _ATTENDING = "ASN", 14
_MOST_THEMES, _MOST_PHRASES = 5, 6
_SURE_AT_ONCE = frozenset({
    "pelayanan_publik", "media_sosial", "sanksi", "pencegahan", "politik_uang", "fasilitas_negara", "politik",
    "integritas",
})  # fmt: skip
_PREVENTION = "pencegahan"
_PREVENTIVE = frozenset({"sosialisasi", "rapat_koordinasi", "surat_edaran", "bimtek", "diskusi"})
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
        if campaign
        or not (
            text.marked_before("campaigning", hit.first, 4)
            or _is_of_another_time(text, hit)
            or _is_read_there(text, hit, focus)
        )
    ]
    venues = [hit for hit in _lead(text, text.of("venue")) if _is_a_place(text, hit)]
    if _is_held_nowhere_yet(findings, focus):
        return Cell("unknown", (), "medium", "not_stated")
    present = [
        hit for hit in _lead(text, text.of("mode", "in_person")) if not text.marked_after("campaigning", hit.after, 3)
    ]
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
        return Cell(
            "in_person", _spans(text, [one.hit for one in focus.activities[:1]]), "medium", "gathering_without_place"
        )
    if focus.kind == REMINDER and _is_given_at_a_gathering(findings):
        return Cell("in_person", (), "medium", "gathering_without_place")
    return (
        Cell("in_person", _spans(text, present[:1]), "low") if present else Cell("unknown", (), "medium", "not_stated")
    )


def _is_held_nowhere_yet(findings: Findings, focus: Focus) -> bool:
    """A reminder given to the press, or what is only announced: nobody has met for it."""
    if focus.kind == REMINDER:
        return _is_told_to_the_press(findings)
    return focus.kind in SESSIONS and bool(focus.activities) and is_to_come(findings.text, focus.activities[0].hit)


def _is_told_to_the_press(findings: Findings) -> bool:
    """``Kepada wartawan di ruang kerjanya``: a room, but no gathering."""
    text = findings.text
    return bool(_lead(text, text.of("to_the_press"))) and not _is_given_at_a_gathering(findings)


def _is_given_at_a_gathering(findings: Findings) -> bool:
    """``Ujarnya pada apel pagi``, ``katanya dalam rakor``: wherever the text says so."""
    text = findings.text
    lead = _lead_sentences(text)
    for one in findings.activities:
        if one.kind not in _PLACED or is_a_habit(text, one.hit):
            continue
        if one.sentence <= 1 and one.kind not in PLEDGING:
            return True
        framed = text.marked_before("frame", one.hit.first, _FRAMED_WITHIN)
        said = text.marked_before("date_role", one.hit.first, _SAID_WITHIN, "statement")
        if framed and (said or one.sentence in lead):
            return True
    return False


def _is_read_there(text: Reading, hit: Hit, focus: Focus) -> bool:
    """``dilarang mengunggah di media daring``: what people read, unless the event's own sentence says so."""
    return text.plain.words[hit.first - 1] in _PRINTED and text.sentence(hit) not in focus.sentences


def _is_of_another_time(text: Reading, hit: Hit) -> bool:
    """``Pemkab sebelumnya telah mengikuti rapat daring``: what was held before this event."""
    return text.marked_before("earlier", hit.first, _EARLIER)


def _lead(text: Reading, hits: list[Hit]) -> list[Hit]:
    lead = _lead_sentences(text)
    return [hit for hit in hits if text.sentence(hit) in lead]


def _lead_sentences(text: Reading) -> frozenset[int]:
    """The first sentences, and the one that tells the day: quotes come before it in many reports."""
    return frozenset({*range(_LEAD + 1), text.dated_sentence})


def _is_a_place(text: Reading, hit: Hit) -> bool:
    plain = text.plain
    if plain.words[hit.first] in _VILLAGE and plain.words[hit.first - 1] != "di":
        return False
    if text.marked_before("locating", hit.first, 3):
        return True
    return (
        plain.is_capital(hit.first) and plain.sentences[hit.first] == 0 and plain.sentences[max(0, hit.first - 1)] == 0
    )


def _spans(text: Reading, hits: list[Hit]) -> tuple[Span, ...]:
    return tuple(text.span(hit) for hit in hits)


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
    named = [hit for hit in text.of("participant") if text.sentence(hit) in near]
    present = [hit for hit in text.of("attendant") if text.sentence(hit) in near and _attends(text, hit)]
    found: dict[str, Span] = {}
    for hit in sorted(named + present, key=lambda hit: hit.first):
        found.setdefault(hit.term, text.span(hit))
    if any(term.startswith(f"{_STAFF} ") for term in found):
        found.pop(_STAFF, None)  # whose staff they are has been told
    found = dict(list(found.items())[:_MOST_PHRASES])
    phrases = Cell(";".join(found), tuple(found.values()), "low") if found else Cell("", (), "low", "not_stated")
    return phrases, _number_of_people(findings, near)


def _attends(text: Reading, hit: Hit) -> bool:
    return text.marked_before("attending", hit.first, _ATTENDING) or text.marked_after("attending", hit.after, 3)


def _number_of_people(findings: Findings, near: set[int]) -> Cell:
    plain = findings.text.plain
    units = {hit.first: hit for hit in findings.text.of("participant_count")}
    for match in plain.matches_at(_COUNT, plain.numbers):
        word = plain.word_at(match.start())
        after = plain.word_at(match.end())
        if after not in units or plain.sentence_of(match.start()) not in near:
            continue
        if plain.text[match.end() : plain.starts[after]].strip():
            continue
        value = int(match.group().replace(".", ""))
        ends = units[after].after
        text = findings.text
        if value > 1 and not text.marked_before("not_counted", word, 4) and not text.marked_after("speaker", ends, 1):
            return Cell(str(value), ((match.start(), plain.ends[ends - 1]),), "medium")
    return Cell("", (), "medium", "not_stated")


def read_themes(findings: Findings, focus: Focus) -> Cell:
    """What was spoken about: the themes that a text names most; teaching and letters are held to prevent.

    Parameters
    ----------
    findings : Findings
    focus : Focus

    Returns
    -------
    Cell
    """
    text = findings.text
    counted = Counter(hit.term for hit in text.of("theme"))
    sure = [term for term in vocabulary.THEMES if counted[term] >= (1 if term in _SURE_AT_ONCE else 2)]
    kept = sorted(sure, key=lambda term: -counted[term])[:_MOST_THEMES]
    first = {term: text.span(next(hit for hit in text.of("theme") if hit.term == term)) for term in kept}
    if focus.kind in _PREVENTIVE and focus.activities:
        first.setdefault(_PREVENTION, text.span(focus.activities[0].hit))
    if not first:
        return Cell("", (), "low", "not_stated")
    themes = [term for term in vocabulary.THEMES if term in first]
    return Cell(";".join(themes), tuple(first[term] for term in themes), "low")
