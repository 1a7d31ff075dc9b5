"""Whether an article reports an event at all: an opinion, a report of violations or a general reminder is none."""

from __future__ import annotations

from collections.abc import Sequence

from netral_research.code.activities import REMINDER, Activity, is_a_habit, is_to_come
from netral_research.code.date_roles import PAGE, POLLING, date_mentions
from netral_research.code.findings import Findings
from netral_research.code.proposals import Span

_MUCH_HANDLING, _SOME_HANDLING = 3.0, 1.6
_LITTLE_ACTIVITY = 1.0
_LEAD, _LED_BY_HANDLING, _NAMED = 4, 2, 1.5
_SHOWN = 3
_VIOLATION = "violation"  # not the ``divisi penanganan pelanggaran`` of whoever speaks
_PASSING, _REMINDED = 0.75, 5
_CITIZENS, _ASKED_WITHIN, _OFFICIAL_WITHIN, _SAID_WITHIN = frozenset({"csi_ngo", "candidacy", "media"}), 12, 2, 8


def reason_for_none(findings: Findings) -> tuple[str, tuple[Span, ...]]:
    """Why an article reports no event, with the passages that say so; an empty reason where it may report one.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    tuple of (str, tuple of (int, int))
        Key of ``locales/*/code.toml``, section ``skipped``.
    """
    text, title = findings.text, findings.title
    if not text.plain.words:
        return "no_words", ()
    named = text.of("topic", "neutrality") or title.of("topic", "neutrality")
    spoken_of = text.of("topic", "civil_servants") and text.of("election")
    if not named and not spoken_of:
        return "no_neutrality", ()
    if _names_no_activity(findings):
        return "no_activity", ()
    gatherings = [one for one in findings.activities if one.kind != REMINDER]
    organised = any(one.organised and one.sentence < _LEAD for one in gatherings)
    strongest = max((one.weight for one in gatherings), default=0.0)
    if not named and not organised and strongest < _LITTLE_ACTIVITY:
        return "no_neutrality", ()
    handling = text.of("handling", _VIOLATION)
    weight = sum(text.weight(text.sentence(hit)) for hit in handling)
    evidence = tuple(text.span(hit) for hit in handling[:_SHOWN])
    other = text.of("no_event") or title.of("no_event")
    if other and text.dated_sentence < 0 and (other[0].term == "opinion" or not organised):
        return other[0].term, tuple(text.span(hit) for hit in text.of("no_event")[:_SHOWN])
    reminded = any(one.kind == REMINDER and one.topical and one.sentence == 0 for one in findings.activities)
    if not organised and not reminded and weight > _MUCH_HANDLING and strongest < _LITTLE_ACTIVITY:
        return "violations_only", evidence
    early = [one for one in gatherings if one.sentence <= 1 or _is_held(findings, one)]
    led = sum(text.sentence(hit) == 0 for hit in handling) >= _LED_BY_HANDLING
    if led and not organised and not any(one.weight >= _NAMED for one in early):
        return "violations_only", evidence
    lead = {one.sentence for one in findings.activities if one.sentence <= 1 or _is_held(findings, one)}
    if not lead and weight > _SOME_HANDLING:
        return "violations_only", evidence
    asked = _is_a_demand_of_citizens(findings, gatherings)
    if asked or _is_in_general(findings, gatherings) or _is_in_passing(findings, strongest):
        return "opinion" if asked else "general_reminder", _passages(findings, of_citizens=asked)
    return "", ()


def _passages(findings: Findings, *, of_citizens: bool) -> tuple[Span, ...]:
    hits = findings.text.of("citizen") if of_citizens else [one.hit for one in findings.activities]
    return tuple(findings.text.span(hit) for hit in hits[:_SHOWN])


def _names_no_activity(findings: Findings) -> bool:
    """No word of one, or words in passing (``ruang diskusi``) where nothing is dated and no institution acts."""
    named = (*findings.activities, *findings.title_activities)
    told = findings.dates or findings.institutions or any(one.organised or one.topical for one in named)
    return not named or not told


def _is_held(findings: Findings, one: Activity) -> bool:
    """``Kata ketua dalam webinar netralitas ASN, Senin (10/8)``: named with its day, whatever the text began with."""
    text = findings.text
    before = text.marked_before("earlier", one.hit.first, one.hit.first)
    return one.kind != REMINDER and one.topical and one.sentence == text.dated_sentence and not before


def _is_in_general(findings: Findings, gatherings: Sequence[Activity]) -> bool:
    """Somebody reminds on no day that the text tells, to nobody present; a habit and a plan are no event."""
    text = findings.text
    first = {one.kind: one for one in reversed(gatherings)}
    planned = {kind for kind, one in first.items() if is_to_come(text, one.hit)}
    if any(one.topical and one.organised and _is_announced_for_a_day(findings, one) for one in first.values()):
        return False
    told = [one for one in gatherings if one.topical or one.weight >= _LITTLE_ACTIVITY or not planned]
    if any(one.kind not in planned and not is_a_habit(text, one.hit) for one in told):
        return False
    if not planned and findings.activities and all(is_a_habit(text, one.hit) for one in findings.activities):
        return True
    present = text.of("attending") or any(text.sentence(hit) <= 1 for hit in text.of("mode", "in_person"))
    if (present or _is_told_on_a_day(findings)) and not planned:
        return False
    to_come = {one.sentence for one in gatherings if one.kind in planned}
    return all(one.role in {PAGE, POLLING} or one.sentence in to_come for one in date_mentions(findings))


def _is_announced_for_a_day(findings: Findings, one: Activity) -> bool:
    """``Pada Jumat (11/10) Bawaslu akan mengadakan sosialisasi netralitas``."""
    text = findings.text
    days = (date for date in findings.dates if date.day and date.weekday is not None)
    return is_to_come(text, one.hit) and any(text.plain.sentence_of(date.start) == one.sentence for date in days)


def _is_told_on_a_day(findings: Findings) -> bool:
    """A page of a known day that begins with the reminder tells news, and no case."""
    text, page = findings.text, findings.published
    led = any(
        one.kind == REMINDER and one.topical and one.sentence <= 1 and not is_a_habit(text, one.hit)
        for one in findings.activities
    )
    handled = any(text.sentence(hit) <= 1 for hit in text.of("handling", _VIOLATION))
    return page is not None and page.precision == "day" and led and not handled


def _is_a_demand_of_citizens(findings: Findings, gatherings: Sequence[Activity]) -> bool:
    """``Aktivis mahasiswa meminta ASN netral``: what they ask for is their opinion, unless they hold something."""
    text = findings.text
    asking = any(
        text.sentence(hit) <= 1 and text.marked_after("reminding", hit.after, _ASKED_WITHIN)
        for hit in text.of("citizen")
    )
    if not asking or any(one.weight >= _LITTLE_ACTIVITY for one in gatherings):
        return False
    return not any(
        one.type not in _CITIZENS
        and one.sentence <= _OFFICIAL_WITHIN
        and text.marked_after("reminding", one.after, _SAID_WITHIN)
        for one in findings.institutions
    )


def _is_in_passing(findings: Findings, strongest: float) -> bool:
    """A gathering comes up late, for nobody in particular, where nobody reminds early and no venue has a day."""
    text = findings.text
    handled = any(text.sentence(hit) <= 1 for hit in text.of("handling", _VIOLATION))
    reach = _REMINDED if handled else len(text.plain.sentence_starts)
    reminded = any(one.kind == REMINDER and one.sentence <= reach for one in findings.activities)
    named = findings.title_activities or reminded
    held = any(text.sentence(hit) == text.dated_sentence for hit in text.of("venue"))
    return strongest < _PASSING and not named and not held
