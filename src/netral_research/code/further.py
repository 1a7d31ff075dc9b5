"""Further events of an article: a circular with a date of its own, another gathering on another day."""

from __future__ import annotations

from collections.abc import Sequence

from netral_research.code.activities import CIRCULAR, REMINDER, WEIGHTS, Activity, is_generic
from netral_research.code.date_roles import DOCUMENT, EVENT, GATHERINGS, LETTER, PERIOD, DatedMention
from netral_research.code.event_dates import EventDate, as_own_date, year_of_its_number
from netral_research.code.findings import Findings
from netral_research.code.kinds import NO_PLEDGE, Focus, Pledge

_OTHER_ISSUERS = frozenset({"kasn", "kemendagri", "kemenpanrb", "bkn", "presiden", "bawaslu_ri"})
_ISSUER_REACH, _ISSUER_BEHIND, _NUMBER_BEHIND, _ISSUED_WITHIN = 14, 4, 6, 3
_MOST = 3


def further_events(
    findings: Findings, first: Focus, date: EventDate, mentions: Sequence[DatedMention]
) -> list[tuple[Focus, EventDate]]:
    """Events of an article besides its main one, each with a date of its own.

    Parameters
    ----------
    findings : Findings
    first : Focus
        The main event.
    date : EventDate
        Its date.
    mentions : sequence of DatedMention

    Returns
    -------
    list of (Focus, EventDate)
    """
    found: list[tuple[Focus, EventDate]] = []
    taken = {(date.start, first.kind)}
    evidence = set(date.evidence)
    for mention in mentions:
        if (mention.date.start, mention.date.end) in evidence or len(found) == _MOST:
            continue
        activity = _circular(findings, first, mention) or _gathering(findings, first, mention)
        own = as_own_date(findings, mention) if activity is not None else None
        if activity is None or own is None or (own.start, activity.kind) in taken:
            continue
        if _is_told_already(activity, own, taken) or _bears_the_date(findings, mention, own, date):
            continue
        taken.add((own.start, activity.kind))
        found.append((_further(findings, activity), own))
    if not any(kind == CIRCULAR for _, kind in taken):
        found += [(_further(findings, one), own) for one, own in _numbered_circulars(findings, date)[:1]]
    return found


def circulars_told(findings: Findings, mentions: Sequence[DatedMention]) -> list[tuple[Focus, EventDate]]:
    """Circulars with a date of their own that an article on other things tells of.

    Parameters
    ----------
    findings : Findings
    mentions : sequence of DatedMention

    Returns
    -------
    list of (Focus, EventDate)
    """
    none = Focus(REMINDER, (), Pledge(NO_PLEDGE, (), 0.0), 0.0)
    undated = EventDate("", "", "", (), "low")
    return [event for event in further_events(findings, none, undated, mentions) if event[0].kind == CIRCULAR]


def _further(findings: Findings, activity: Activity) -> Focus:
    return Focus(activity.kind, (activity,), _pledge(findings, activity), 0.0, further=True)


def _numbered_circulars(findings: Findings, date: EventDate) -> list[tuple[Activity, EventDate]]:
    """``Pemkab mengeluarkan Surat Edaran Nomor 800/1840/2023``: told to have been issued, and known to its year."""
    found = []
    for one in findings.activities:
        if one.kind != CIRCULAR or not _is_issued(findings, one):
            continue
        own = year_of_its_number(findings, one) or _year_of(date, findings, one)
        if own is None:
            continue
        near = range(one.hit.first - _ISSUER_REACH, one.hit.after + _ISSUER_BEHIND)
        issuers = {by.type for by in findings.institutions if by.first in near and by.sentence == one.sentence}
        if not issuers & _OTHER_ISSUERS:
            found.append((one, own))
    return found


def _year_of(date: EventDate, findings: Findings, circular: Activity) -> EventDate | None:
    """A circular with a number but no date was issued in the year of the event that it is told beside."""
    if not date.start or not findings.text.marked_after("numbered", circular.hit.after, _NUMBER_BEHIND):
        return None
    return EventDate(date.start[:4], "", "year", (findings.text.span(circular.hit),), "low", "year_of_event")


def _is_issued(findings: Findings, circular: Activity) -> bool:
    return circular.organised or findings.text.marked_before("issued", circular.hit.first, _ISSUED_WITHIN)


def _is_told_already(activity: Activity, own: EventDate, taken: set[tuple[str, str]]) -> bool:
    """A gathering has a day that no other event has; a circular known to the month is not one known to its day."""
    if activity.kind != CIRCULAR:
        return own.precision != "day" or own.start in {start for start, _ in taken}
    circulars = (start for start, kind in taken if kind == CIRCULAR)
    return own.precision == "month" and any(start.startswith(own.start) for start in circulars)


def _bears_the_date(findings: Findings, mention: DatedMention, own: EventDate, date: EventDate) -> bool:
    """``Nomor 800/12/01/2023 tanggal 27 Desember 2022``: the month in a number is no date beside the day."""
    sentence_of = findings.text.plain.sentence_of
    return own.precision == "month" and mention.sentence in {sentence_of(start) for start, _ in date.evidence}


def _circular(findings: Findings, first: Focus, mention: DatedMention) -> Activity | None:
    """A circular with the date it bears, issued by whom the article is about."""
    text = findings.text
    word = text.plain.word_at(mention.date.end)
    sent = mention.role in {EVENT, PERIOD} and mention.sentence > 0 and first.kind != CIRCULAR
    letter = mention.role == LETTER and first.kind == CIRCULAR
    if mention.role != DOCUMENT and not letter and not sent:
        return None
    before = (
        _letters(findings, mention, word)
        if letter
        else [
            one
            for one in findings.activities
            if one.kind == CIRCULAR
            and one.sentence == mention.sentence
            and (one.organised if sent else one.hit.first <= word)
        ]
    )
    if not before:
        return None
    near = range(min(before[-1].hit.first, word) - _ISSUER_REACH, max(word, before[-1].hit.after))
    issuers = {one.type for one in findings.institutions if one.first in near and one.sentence == mention.sentence}
    own = {one.type for one in findings.institutions if one.sentence == 0 and first.kind == CIRCULAR}
    return None if issuers & _OTHER_ISSUERS - own else before[-1]


def _letters(findings: Findings, mention: DatedMention, word: int) -> list[Activity]:
    """A dated letter (``surat Gubernur tertanggal ...``) is a circular like one that calls itself so."""
    text = findings.text
    hits = [hit for hit in text.of("letter") if hit.first < word and text.sentence(hit) == mention.sentence]
    return [
        Activity(CIRCULAR, hit, mention.sentence, WEIGHTS[CIRCULAR], organised=False, topical=False) for hit in hits
    ]


def _gathering(findings: Findings, first: Focus, mention: DatedMention) -> Activity | None:
    """Another gathering in the sentence of another day; beside a circular any meeting at which it was explained."""
    text = findings.text
    if mention.role != EVENT or not mention.date.day or (mention.sentence == 0 and first.kind != CIRCULAR):
        return None
    word = text.plain.word_at(mention.date.start)
    if text.marked_before("deadline", word, 3):
        return None
    fitting = [
        one
        for one in findings.activities
        if one.kind in GATHERINGS
        and one.sentence == mention.sentence
        and (first.kind == CIRCULAR or not is_generic(text, one.hit))
        and not text.marked_before("earlier", one.hit.first, 3)
    ]
    return max(fitting, key=lambda one: WEIGHTS[one.kind], default=None)


def _pledge(findings: Findings, activity: Activity) -> Pledge:
    text = findings.text
    own = [
        hit
        for hit in text.of("pledge")
        if text.sentence(hit) == activity.sentence and hit.first not in findings.blocked
    ]
    if activity.kind == CIRCULAR or not own:
        return Pledge(NO_PLEDGE, (), 0.0)
    kind = min((hit.term for hit in own), key=("pakta_integritas", "ikrar", "deklarasi").index)
    return Pledge(kind, tuple(hit for hit in own if hit.term == kind), 0.65)
