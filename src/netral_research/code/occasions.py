"""Whether a gathering was held for neutrality or only lent itself to a reminder of it.

The codebook codes a reminder given at some other gathering as ``imbauan_langsung``.
"""

from __future__ import annotations

from collections.abc import Sequence

from netral_research.code.activities import (
    CIRCULAR,
    MUSTER,
    REMINDER,
    SESSIONS,
    Activity,
    is_generic,
    names_its_topic,
)
from netral_research.code.findings import ELECTIONS, Findings
from netral_research.code.institutions import NATIONAL

_CLEAR, _LITTLE, _NAMED_WITHIN, _NAMED_AT_MOST = 3.2, 0.9, 4, 8
# Bodies that supervise neutrality: a meeting of theirs is about it, whatever its name says.
_SUPERVISORS = ("bawaslu", "kasn", "panwascam")


def is_the_occasion_of_a_reminder(findings: Findings, kind: str, weight: float) -> bool:
    """Whether the gathering that a text names most was only the occasion of a reminder.

    Parameters
    ----------
    findings : Findings
    kind : str
        Type of the gathering.
    weight : float
        How heavily the text speaks of it.

    Returns
    -------
    bool
    """
    if kind == MUSTER and not _is_named_for_neutrality(findings):
        return True  # a muster is held for the matter where something is pledged
    if kind == CIRCULAR and _is_only_mentioned(findings):
        return True
    if kind in SESSIONS and _is_on_other_business(findings, kind):
        return True
    issued = kind == CIRCULAR and any(_has_been_issued(findings, one) for one in findings.activities)
    reminder_first = weight < _CLEAR and _is_led_by_a_reminder(findings) and not issued
    reminder_titled = kind in SESSIONS and _is_titled_a_reminder(findings, kind)
    return (reminder_first or reminder_titled) and not _is_its_own_session(findings, kind)


def is_a_routine_ceremony(findings: Findings) -> bool:
    """A flag ceremony at which neutrality was spoken of is not held for it."""
    return all(is_generic(findings.text, one.hit) for one in findings.activities if one.kind == MUSTER)


def _is_named_for_neutrality(findings: Findings) -> bool:
    """``Apel netralitas ASN``, ``apel siaga pengawasan netralitas``."""
    return any(
        one.kind == MUSTER
        and reading.marked_after("topic", one.hit.first, _NAMED_AT_MOST, "neutrality")
        and names_its_topic(reading, one.hit, "neutrality")
        for reading, named in ((findings.text, findings.activities), (findings.title, findings.title_activities))
        for one in named
    )


def _is_only_mentioned(findings: Findings) -> bool:
    """The text begins with a reminder, and a circular comes up later among what was done before."""
    early = {one.kind for one in findings.activities if one.sentence <= 1}
    titled = {one.kind for one in findings.title_activities}
    sent = any(
        one.kind == CIRCULAR and one.organised and one.sentence == findings.text.dated_sentence
        for one in findings.activities
    )
    return REMINDER in early and CIRCULAR not in early | titled and not sent


def _has_been_issued(findings: Findings, one: Activity) -> bool:
    """``Pegawai diminta netral. Gubernur telah menerbitkan edaran``: the reminder is what the circular says."""
    text = findings.text
    central = any(
        by.level == NATIONAL and by.sentence == one.sentence and by.first < one.hit.first
        for by in findings.institutions
    )
    issued = one.kind == CIRCULAR and one.sentence <= 1 and text.marked_before("finished", one.hit.first, 2)
    return issued and not central


def _is_on_other_business(findings: Findings, kind: str) -> bool:
    """A gathering on another topic, not held by a supervising body, where somebody reminds of neutrality."""
    own = [one for one in findings.activities if one.kind == kind]
    if not own:
        return False  # only the title names it
    held_in = max(own, key=lambda one: one.weight).sentence
    reminded = {one.sentence for one in findings.activities if one.kind == REMINDER}
    supervised = any(
        one.type.startswith(_SUPERVISORS)
        and one.sentence == held_in
        and not findings.text.marked_before("beside", one.first, 1)
        for one in findings.institutions
    )
    about = any(one.topical or names_its_topic(findings.text, one.hit) for one in own)
    elsewhere = bool(reminded & {held_in, held_in + 1}) or _is_held_for_the_election(findings, own, held_in)
    return not about and not supervised and elsewhere


def _is_held_for_the_election(findings: Findings, sessions: Sequence[Activity], held_in: int) -> bool:
    """``Sosialisasi Pilwalkot oleh KPU``: those who run an election explain how it goes, not how staff keep out."""
    text = findings.text
    watched = any(one.type.startswith(_SUPERVISORS) and one.sentence == held_in + 1 for one in findings.institutions)
    if watched or held_in in {text.sentence(hit) for hit in text.of("topic", "civil_servants")}:
        return False  # staff were its audience
    named = any(text.marked_after("election", one.hit.after, _NAMED_WITHIN, *ELECTIONS) for one in sessions)
    runs = any(one.type == "kpu" and held_in - 1 <= one.sentence <= held_in for one in findings.institutions)
    return named or runs


def _is_its_own_session(findings: Findings, kind: str) -> bool:
    """``Bawaslu mengingatkan dalam bimtek``: whoever supervises neutrality and reminds of it in a session holds it."""
    first = [one for one in findings.activities if one.sentence <= 1 and one.kind == kind]
    supervised = any(one.type.startswith("bawaslu") and one.sentence == 0 for one in findings.institutions)
    return kind in SESSIONS and any(supervised or names_its_topic(findings.text, one.hit) for one in first)


def _is_led_by_a_reminder(findings: Findings) -> bool:
    """The first sentence reminds and names no gathering or circular."""
    first = [one for one in findings.activities if one.sentence == 0]
    others = [one for one in first if one.kind != REMINDER and one.weight > _LITTLE]
    return not others and any(one.kind == REMINDER for one in first)


def _is_titled_a_reminder(findings: Findings, session: str) -> bool:
    """The title reminds, and the session is named for something else than neutrality."""
    titled = {one.kind for one in findings.title_activities}
    return (
        REMINDER in titled
        and session not in titled
        and not any(names_its_topic(findings.text, one.hit) for one in findings.activities if one.kind == session)
    )
