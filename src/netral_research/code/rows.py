"""From what a text names to the cells of its event rows."""

from __future__ import annotations

from netral_research.code.date_roles import date_mentions
from netral_research.code.electoral_cycles import read_cycle
from netral_research.code.event_dates import EventDate, choose_date
from netral_research.code.event_places import EventPlace, find_event_place
from netral_research.code.fields import read_mode, read_participants, read_themes
from netral_research.code.findings import Findings
from netral_research.code.further import circulars_told, further_events
from netral_research.code.gazetteer import PROVINCE
from netral_research.code.institutions import NATIONAL
from netral_research.code.kinds import Focus, find_focus
from netral_research.code.laws import read_laws
from netral_research.code.organisers import Holder, companions, rank_holders
from netral_research.code.proposals import Cell, CodedArticle, EventProposal, Span
from netral_research.code.screening import reason_for_none

_TELLS_OF_OTHER_THINGS = frozenset({"violations_only", "general_reminder", "opinion"})
_CLEAR_LEAD, _SOME_LEAD = 0.45, 0.15


def propose(findings: Findings) -> CodedArticle:
    """Propose the events of one article.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    CodedArticle
    """
    source = findings.article.source_id
    reason, evidence = reason_for_none(findings)
    focus = find_focus(findings) if not reason else None
    mentions = date_mentions(findings)
    if reason in _TELLS_OF_OTHER_THINGS:
        told = circulars_told(findings, mentions)
        if told:
            return CodedArticle(source, tuple(_event(findings, *event) for event in told))
    if focus is None:
        return CodedArticle(source, skipped=reason or "no_activity", evidence=evidence)
    date = choose_date(findings, focus, mentions)
    events = [(focus, date), *further_events(findings, focus, date, mentions)]
    return CodedArticle(source, tuple(_event(findings, *event) for event in events))


def _event(findings: Findings, focus: Focus, date: EventDate) -> EventProposal:
    holders = rank_holders(findings, focus)
    holder = holders[0].institution if holders else None
    place = find_event_place(findings, focus, holder)
    organiser = holder.as_type(place.level) if holder is not None else _government(findings, place)
    level = PROVINCE if place.level == NATIONAL else place.level
    taking_part = companions(findings, focus, holder, organiser, level)
    phrases, number = read_participants(findings, focus)
    laws = read_laws(findings, focus, date)
    cells = {
        **_date_cells(date),
        **_place_cells(findings, place),
        "event_type": Cell(focus.kind, _activity_spans(findings, focus), _lead(focus.margin)),
        "pledge": _pledge_cell(findings, focus),
        "mode": read_mode(findings, focus),
        "organiser": _organiser_cell(findings, holders, organiser),
        "co_organisers": Cell(
            ";".join(kind for kind, _ in taking_part),
            tuple(_words(findings, one.first, one.after) for _, one in taking_part),
            "low",
            "" if taking_part else "not_stated",
        ),
        "participants": phrases,
        "participants_n": number,
        "election_cycle": read_cycle(findings, date, laws.value),
        "legal_basis": laws,
        "themes": read_themes(findings, focus),
    }
    return EventProposal(cells, _overall(cells))


def _government(findings: Findings, place: EventPlace) -> str:
    """Where staff act and no institution is named, it is the government of the place."""
    if not findings.text.of("staff") or not place.provinces:
        return ""
    return "pemprov" if place.level == PROVINCE else "pemkab_pemkot"


def _date_cells(date: EventDate) -> dict[str, Cell]:
    start = Cell(date.start, date.evidence, date.confidence, date.reason)
    several = date.end and date.end != date.start
    end = (
        Cell(date.end, date.evidence, date.confidence)
        if several
        else Cell("", (), "high", "one_day" if date.start else "no_date")
    )
    return {
        "date_start": start,
        "date_end": end,
        "date_precision": Cell(date.precision, date.evidence, date.confidence, date.reason),
    }


def _place_cells(findings: Findings, place: EventPlace) -> dict[str, Cell]:
    official = findings.registers.gazetteer.official
    confidence = "high" if place.certain else "medium" if place.evidence else "low"
    provinces, regencies = (";".join(official[code] for code in codes) for codes in (place.provinces, place.regencies))
    none = "matter_of_the_province" if place.provinces else "not_stated"
    return {
        "province": Cell(provinces, place.evidence, confidence, "" if provinces else "not_stated"),
        "regency": Cell(regencies, place.evidence if regencies else (), confidence, "" if regencies else none),
        "scope": Cell(place.scope, place.scope_evidence, confidence),
    }


def _words(findings: Findings, first: int, after: int) -> Span:
    return findings.text.plain.starts[first], findings.text.plain.ends[after - 1]


def _activity_spans(findings: Findings, focus: Focus) -> tuple[Span, ...]:
    return tuple(sorted(findings.text.span(one.hit) for one in focus.activities[:3]))


def _pledge_cell(findings: Findings, focus: Focus) -> Cell:
    pledge = focus.pledge
    if not pledge.hits:
        return Cell(pledge.kind, (), "high", "no_pledge")
    spans = tuple(findings.text.span(hit) for hit in pledge.hits[:3])
    return Cell(pledge.kind, spans, "high" if pledge.weight >= 0.65 else "medium")


def _organiser_cell(findings: Findings, holders: list[Holder], organiser: str) -> Cell:
    if not organiser:
        return Cell("", (), "low", "not_stated")
    if not holders:
        return Cell(organiser, (), "low", "by_place")
    best = holders[0]
    second = next((holder.weight for holder in holders[1:] if holder.institution.type != best.institution.type), 0.0)
    span = _words(findings, best.institution.first, best.institution.after)
    return Cell(organiser, (span,), _lead(1.0 - second / best.weight))


def _lead(margin: float) -> str:
    return "high" if margin >= _CLEAR_LEAD else "medium" if margin >= _SOME_LEAD else "low"


def _overall(cells: dict[str, Cell]) -> str:
    """The row is as sure as the least sure of what decides about it."""
    order = ("low", "medium", "high")
    return min((cells[name].confidence for name in ("date_start", "event_type", "organiser")), key=order.index)
