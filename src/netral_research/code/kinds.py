"""Which event a text reports, if any, and what was pledged at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from netral_research.code.activities import (
    AWARENESS,
    CIRCULAR,
    COORDINATION,
    DECLARATION,
    MUSTER,
    OTHER,
    PLEDGING,
    REMINDER,
    SEMINAR,
    SESSIONS,
    SIGNING,
    WEBINAR,
    Activity,
    is_generic,
    is_to_come,
    names_its_topic,
    score_kinds,
)
from netral_research.code.findings import Findings
from netral_research.code.lexicon import Hit, Reading
from netral_research.code.occasions import is_a_routine_ceremony, is_the_occasion_of_a_reminder

NO_PLEDGE, PACT, OATH = "none", "pakta_integritas", "ikrar"
_TITLE = 0.35
_SESSION = 4.0
_PAST, _INTENDED, _MENTIONED, _PERFORMED = 0.2, 0.2, 0.5, 0.5
_LEAST_PLEDGE = 0.25
_PLEDGES_APART = 6
_JOINED_WITHIN, _INTENDED_WITHIN, _TOLD_WITHIN, _DONE_WITHIN = 4, 8, 4, 4


class Pledge(NamedTuple):
    """What was pledged.

    Parameters
    ----------
    kind : {"none", "ikrar", "deklarasi", "pakta_integritas"}
    hits : tuple of Hit
        The phrases that say so.
    weight : float
    """

    kind: str
    hits: tuple[Hit, ...]
    weight: float


@dataclass(frozen=True)
class Focus:
    """The event that the other fields are read for.

    Parameters
    ----------
    kind : str
        Its event type.
    activities : tuple of Activity
        The phrases of this type that carry it, the heaviest first.
    pledge : Pledge
    margin : float
        How far its type leads the next one, as a share of its weight.
    further : bool
        Told besides the main event, in a sentence of its own.
    """

    kind: str
    activities: tuple[Activity, ...]
    pledge: Pledge
    margin: float
    further: bool = False

    @cached_property
    def sentences(self) -> frozenset[int]:
        """Sentences of the phrases that carry it."""
        return frozenset(activity.sentence for activity in self.activities)


def find_pledge(reading: Reading, blocked: frozenset[int]) -> Pledge:
    """What was pledged, by the weight of the phrases that name it.

    Parameters
    ----------
    reading : Reading
    blocked : frozenset of int
        Words that speak of candidates' doings.

    Returns
    -------
    Pledge
    """
    found: dict[str, list[tuple[float, Hit]]] = {PACT: [], OATH: [], DECLARATION: []}
    past = reading.marks("pledge_blocker", "past")
    for hit in reading.of("pledge"):
        if hit.first in blocked:
            continue
        sentence = reading.sentence(hit)
        weight = reading.weight(sentence)
        performed = reading.marked_before("pledging", hit.first, 3) or reading.marked_after("pledging", hit.after, 4)
        if performed or hit.first in reading.marks("pledging"):
            weight = max(weight, _PERFORMED)
        elif sentence > 0:
            weight *= _MENTIONED
        if any(word in past for word in range(hit.first - _PLEDGES_APART, hit.after + _PLEDGES_APART)) or (
            sentence > 0 and _is_over(reading, hit)
        ):
            weight *= _PAST
        intended = reading.marked_before("planned", hit.first, _INTENDED_WITHIN)
        if intended or reading.marked_before("earlier", hit.first, 4):
            weight *= _INTENDED
        found[hit.term].append((weight, hit))
    pact, oath, declaration = (max((weight for weight, _ in found[kind]), default=0.0) for kind in found)
    if max(pact, oath, declaration) < _LEAST_PLEDGE:
        return Pledge(NO_PLEDGE, (), 0.0)
    kind = DECLARATION
    if pact >= _LEAST_PLEDGE:
        kind = PACT
    elif oath >= _LEAST_PLEDGE and (declaration < _LEAST_PLEDGE or _is_read_aloud(reading, found[OATH])):
        kind = OATH
    hits = tuple(hit for weight, hit in found[kind] if weight >= _LEAST_PLEDGE / 2)
    return Pledge(kind, hits, max(weight for weight, _ in found[kind]))


def _is_over(reading: Reading, hit: Hit) -> bool:
    """``ikrar sudah diucapkan``: an earlier event, told beside this one."""
    return reading.marked_before("finished", hit.first, 4) or reading.marked_after("finished", hit.after, 3)


def _is_read_aloud(reading: Reading, oaths: Sequence[tuple[float, Hit]]) -> bool:
    """Beside a declaration an oath counts where it is read out: ``deklarasi ikrar`` is a declaration."""
    return any(
        not reading.marked_before("pledge", hit.first, 1, DECLARATION)
        and (
            reading.marked_before("reading_aloud", hit.first, 3) or reading.marked_after("reading_aloud", hit.after, 3)
        )
        for _, hit in oaths
    )


def find_focus(findings: Findings) -> Focus | None:
    """The main event of a text, or None where no activity is named.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    Focus or None
    """
    scores = score_kinds(findings.activities)
    for kind, score in score_kinds(findings.title_activities).items():
        scores[kind] = scores.get(kind, 0.0) + _TITLE * score
    if not scores:
        return None
    pledge = find_pledge(findings.text, findings.blocked)
    kind = _kind(findings, scores, pledge)
    online = _is_held_at_a_distance(findings) if kind == SEMINAR else _is_called_a_webinar(findings)
    if kind in SESSIONS and online:
        kind = WEBINAR
    others = sorted((score for name, score in scores.items() if name != kind), reverse=True)
    margin = 1.0 - (others[0] if others else 0.0) / max(scores.get(kind, 0.0), 0.01)
    return focus_on(findings, kind, pledge if kind not in {CIRCULAR, REMINDER} else Pledge(NO_PLEDGE, (), 0.0), margin)


def _is_held_at_a_distance(findings: Findings) -> bool:
    """A seminar held ``secara daring`` is a webinar."""
    text = findings.text
    virtual = {text.sentence(hit) for hit in text.of("mode", "virtual")}
    return any(one.kind == SEMINAR and one.sentence in virtual for one in findings.activities)


def _is_called_a_webinar(findings: Findings) -> bool:
    """``Webinar sosialisasi netralitas ASN digelar``: whatever else it is, it was held online."""
    return any(one.kind == WEBINAR and one.sentence == 0 and one.topical for one in findings.activities)


def focus_on(findings: Findings, kind: str, pledge: Pledge, margin: float = 0.0) -> Focus:
    """An event of one type, carried by the heaviest phrases of this type."""
    kinds = {kind, SEMINAR} if kind == WEBINAR else {kind}
    own = sorted((one for one in findings.activities if one.kind in kinds), key=lambda one: -one.weight)
    carrying = tuple(one for one in own if one.weight >= 0.6 * own[0].weight) if own else ()
    return Focus(kind, carrying, pledge, margin)


def _kind(findings: Findings, scores: dict[str, float], pledge: Pledge) -> str:
    if pledge.kind == NO_PLEDGE:
        return _kind_without_a_pledge(findings, scores)
    session = max(SESSIONS, key=lambda kind: scores.get(kind, 0.0))
    pledging = max(scores.get(kind, 0.0) for kind in (SIGNING, DECLARATION, MUSTER))
    leads = scores.get(session, 0.0) >= _SESSION and scores[session] > pledging
    if _is_pledged_within_a_meeting(findings):
        return COORDINATION
    if leads and not _pledging_leads(findings, session) and not _goes_on_to_a_pledge(findings, session):
        return session
    if scores.get(CIRCULAR, 0.0) >= 5.0 and scores[CIRCULAR] > 1.2 * pledging:
        return CIRCULAR
    if _is_pledged_at_a_muster(findings, pledge):
        return MUSTER
    return _signing_or_declaration(findings, scores, pledge)


def _kind_without_a_pledge(findings: Findings, scores: dict[str, float]) -> str:
    rest = {kind: score for kind, score in scores.items() if kind not in {SIGNING, DECLARATION}}
    best = max(rest, key=lambda kind: rest[kind], default=REMINDER)
    if best == OTHER and _is_given_at_a_signing(findings):
        return REMINDER
    if best == OTHER and _is_an_agreement_signed(findings):
        return SIGNING
    session = max(SESSIONS, key=lambda kind: rest.get(kind, 0.0))
    if best == MUSTER and rest.get(session, 0.0) >= _SESSION:
        best = session
    if best == AWARENESS and _is_only_spoken_of(findings):
        best = REMINDER
    if best == REMINDER:
        return _session_held_for_neutrality(findings) or REMINDER
    if best == CIRCULAR:
        best = _session_named_for_neutrality(findings) or best
    return REMINDER if is_the_occasion_of_a_reminder(findings, best, rest[best]) else best


def _is_only_spoken_of(findings: Findings) -> bool:
    """``Pemkab telah menyosialisasikan aturan``, told by whoever reminds: no session is named as the event."""
    text = findings.text
    verbs = text.marks("activity_verb")
    own = [one for one in findings.activities if one.kind == AWARENESS]
    return (
        bool(own)
        and all(one.kind != AWARENESS for one in findings.title_activities)
        and all(
            one.sentence > 0 and (one.hit.first in verbs or text.marked_after("finished", one.hit.after, _DONE_WITHIN))
            for one in own
        )
    )


def _session_named_for_neutrality(findings: Findings) -> str:
    """``Katanya pada rakornas netralitas ASN``: whatever circular was spoken of, the lead tells where."""
    verbs = findings.text.marks("activity_verb")  # ``memerintahkan pimpinan SKPD menyosialisasikannya``
    named = (
        one.kind
        for one in findings.activities
        if one.kind in SESSIONS
        and one.sentence <= 1
        and one.hit.first not in verbs
        and names_its_topic(findings.text, one.hit, "neutrality")
    )
    return next(named, "")


def _session_held_for_neutrality(findings: Findings) -> str:
    """``Itu disampaikannya pada sosialisasi netralitas ASN yang diadakan Bawaslu``: the reminder was given there."""
    text = findings.text
    held = (
        one.kind
        for one in findings.activities
        if one.kind in SESSIONS
        and one.organised
        and one.sentence <= _TOLD_WITHIN
        and names_its_topic(text, one.hit, "neutrality")
        and not text.marked_before("earlier", one.hit.first, 5)
        and not is_to_come(text, one.hit)
    )
    return next(held, "")


def _is_given_at_a_signing(findings: Findings) -> bool:
    """``mengingatkan ASN agar netral saat penandatanganan MoU``: the agreement was the occasion."""
    reminded = any(one.kind == REMINDER and one.sentence == 0 for one in findings.activities)
    return reminded and any(
        one.kind == SIGNING and findings.text.marked_before("frame", one.hit.first, 1) for one in findings.activities
    )


def _is_an_agreement_signed(findings: Findings) -> bool:
    """``Nota kesepahaman ditandatangani``: a ceremony of signing, though no pledge."""
    signed = {one.sentence for one in findings.activities if one.kind == SIGNING}
    return any(
        one.kind == OTHER and (one.topical or one.sentence <= 1) and one.sentence in signed
        for one in findings.activities
    )


def _is_pledged_at_a_muster(findings: Findings, pledge: Pledge) -> bool:
    """An apel or a ceremony stands in the lead, and what was signed was not signed after it."""
    text = findings.text
    pledged_first = any(one.kind in PLEDGING and one.sentence == 0 and one.organised for one in findings.activities)
    reach = 0 if pledged_first else 1
    led = {*range(reach + 1), text.dated_sentence}
    musters = [one.hit for one in findings.activities if one.kind == MUSTER and one.sentence in led]
    if not musters:
        return False
    after = text.marked_before("afterwards", musters[0].first, 2)
    if after and any(one.kind in PLEDGING and one.sentence == 0 for one in findings.activities):
        return False
    if _is_joined_to_a_declaration(findings, musters[0]):
        return False
    signed_first = any(hit.first < musters[0].first for hit in text.of("signing_noun"))
    return not (is_a_routine_ceremony(findings) or (pledge.kind == PACT and (after or signed_first)))


def _is_joined_to_a_declaration(findings: Findings, muster: Hit) -> bool:
    """``Upacara Hari Pancasila dirangkai dengan deklarasi netralitas``: the ceremony was held for the holiday."""
    text = findings.text
    if not is_generic(text, muster):
        return False
    return any(
        one.kind == DECLARATION and one.hit.first > muster.first and text.marked_before("joined", one.hit.first, 2)
        for one in findings.activities
    )


def _goes_on_to_a_pledge(findings: Findings, session: str) -> bool:
    """``sosialisasi dan deklarasi netralitas``: named together, the pledge is what the event is called after."""
    text = findings.text
    pledges = [one.hit for one in findings.activities if one.kind in PLEDGING and one.sentence == 0]
    return any(
        0 < hit.first - one.hit.after <= _JOINED_WITHIN and text.marked_before("joined", hit.first, 1)
        for one in findings.activities
        if one.kind == session and one.sentence == 0
        for hit in pledges
    )


def _is_pledged_within_a_meeting(findings: Findings) -> bool:
    """``Meneken pakta dalam rapat koordinasi``: the meeting is the event, unless the two only stand side by side."""
    text = findings.text
    return any(
        one.sentence == 0
        and one.kind == COORDINATION
        and not is_generic(text, one.hit)
        and text.marked_before("within", one.hit.first, 1)
        for one in findings.activities
    )


def _pledging_leads(findings: Findings, session: str) -> bool:
    """An apel or a declaration named before the session in the first sentence is the frame of both."""
    first = {one.kind: one.hit.first for one in reversed(findings.activities) if one.sentence == 0}
    named = [first[kind] for kind in (MUSTER, DECLARATION) if kind in first]
    return bool(named) and min(named) < first.get(session, -1)


def _is_signed_first(findings: Findings) -> bool:
    first = [one.kind for one in findings.activities if one.kind in {SIGNING, DECLARATION} and one.sentence <= 1]
    return first[:1] == [SIGNING]


def _is_a_document_signed(findings: Findings) -> bool:
    """``Naskah deklarasi netralitas ASN ditandatangani``, ``meneken deklarasi``: the signing is the event."""
    text = findings.text
    return any(
        one.kind == SIGNING
        and one.sentence == 0
        and (
            text.marked_after("pledge", one.hit.after, 2, DECLARATION)
            or (one.hit.first in text.marks("organising", "passive") and text.marked_before("pledge", one.hit.first, 3))
        )
        for one in findings.activities
    )


def _signing_or_declaration(findings: Findings, scores: dict[str, float], pledge: Pledge) -> str:
    signing, declaring = scores.get(SIGNING, 0.0), scores.get(DECLARATION, 0.0)
    if signing < 1.0 and declaring < 1.0:
        return max(scores, key=lambda kind: scores[kind])
    if pledge.kind == PACT and (declaring == 0.0 or 0.0 < signing < 1.0):
        return SIGNING
    if signing < 1.0 or (pledge.kind == DECLARATION and signing <= declaring):
        return DECLARATION
    if pledge.kind == OATH and not _is_signed_first(findings):
        return DECLARATION
    if _is_a_document_signed(findings):
        return SIGNING
    declared = min((hit.first for hit in findings.text.of("pledge", DECLARATION)), default=None)
    signed = min((one.hit.first for one in findings.activities if one.kind == SIGNING), default=0)
    said_first = declared is not None and declared < signed and findings.text.plain.sentences[declared] == 0
    return DECLARATION if said_first and declared not in findings.blocked else SIGNING
