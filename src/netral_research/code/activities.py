"""Which activities a text names: every phrase weighs by where and how it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from netral_research.code.lexicon import Hit, Reading

REMINDER, CIRCULAR, MUSTER, CAMPAIGN = "imbauan_langsung", "surat_edaran", "apel", "kampanye"
SEMINAR, WEBINAR, COORDINATION, AWARENESS = "seminar", "webinar", "rapat_koordinasi", "sosialisasi"
SIGNING, DECLARATION, OTHER = "penandatanganan", "deklarasi", "lainnya"
PLEDGING = frozenset({SIGNING, DECLARATION})
SESSIONS = ("webinar", "seminar", "bimtek", "rapat_koordinasi", "sosialisasi", "diskusi")
# What a phrase of each kind weighs in the first sentence, before its surroundings count.
WEIGHTS: Mapping[str, float] = {
    "webinar": 7.0, "seminar": 4.5, "bimtek": 4.5, "rapat_koordinasi": 4.0, "sosialisasi": 4.0, "diskusi": 4.0,
    "apel": 3.6, "penandatanganan": 3.0, "deklarasi": 3.0, "kampanye": 3.5, "surat_edaran": 3.5,
    "imbauan_langsung": 1.3, "lainnya": 2.5,
}  # fmt: skip
_ORGANISED, _AFTERWARDS, _PLANNED, _EARLIER, _GENERIC, _FRAME, _HABITUAL = 1.7, 0.35, 0.6, 0.6, 0.5, 0.4, 0.4
_TOLD_LATER, _IN_PASSING, _LATE = 0.5, 0.5, 4
_CONTAINED, _NOT_YET, _ASKED_WITHIN = 2.0, 0.15, 8
_OF_A_CENTRAL_BODY, _ISSUED_WITHIN = 0.3, 12
_RESTED_ON, _NOT = 0.3, frozenset({"tidak", "belum", "tanpa"})
_CENTRAL = ("kemenpanrb", "kemendagri", "kasn", "bkn")
_TOPIC_REACH, _NAME_REACH = 9, 14
_LIST_OF_LAWS = 300
_JOINED_TO = re.compile(r"(?:,|\b(?:dan|serta|beserta|maupun))\s+$")
_NUMBERED_LAW = re.compile(r"\b(?:UU|PP|[Uu]ndang-[Uu]ndang|[Pp]eraturan)\b[^.;]{0,60}\b(?:19|20)\d\d\b")
_NEAR = 4


class Activity(NamedTuple):
    """One phrase that names an activity.

    Parameters
    ----------
    kind : str
        Event type it speaks for.
    hit : Hit
    sentence : int
    weight : float
    organised : bool
        A word such as ``menggelar`` or ``diadakan`` stands near.
    topical : bool
        The phrase itself goes on to name neutrality or civil servants.
    """

    kind: str
    hit: Hit
    sentence: int
    weight: float
    organised: bool
    topical: bool


def find_activities(reading: Reading, blocked: frozenset[int]) -> list[Activity]:
    """Every phrase that names an activity, with its weight.

    Parameters
    ----------
    reading : Reading
    blocked : frozenset of int
        Words that speak of somebody else's doing (``menghadiri deklarasi calon``).

    Returns
    -------
    list of Activity
    """
    verbs = {hit.first: hit.term for hit in reading.of("organising")}
    hits = [hit for hit in reading.of("activity") if hit.first not in blocked and _names_an_activity(reading, hit)]
    circulars = [hit for hit in hits if hit.term == CIRCULAR]
    asked = bool(circulars) and _is_asked_for(reading, circulars[0])
    about = {hit.term for hit in hits if reading.marked_after("topic", hit.after, _TOPIC_REACH)}
    found = []
    for hit in hits:
        sentence = reading.sentence(hit)
        organised = _is_organised(reading, hit, verbs)
        topical = reading.marked_after("topic", hit.after, _TOPIC_REACH)
        weight = (
            WEIGHTS[hit.term] * reading.weight(sentence) * _surroundings(reading, hit, hit.term in about, organised)
        )
        if hit.term in SESSIONS[1:] and hit.term not in about and not organised and about & {*SESSIONS}:
            weight *= 0.6
        if hit.term == CIRCULAR and (asked or is_to_come(reading, hit)):
            weight *= _NOT_YET
        found.append(Activity(hit.term, hit, sentence, weight, organised, topical))
    return found


def _names_an_activity(reading: Reading, hit: Hit) -> bool:
    """Not ``di ruang rapat bupati``, where it was, nor ``masa kampanye. Netralitas pegawai``, two sentences."""
    sentences = reading.plain.sentences
    if sentences[hit.first] != sentences[hit.after - 1] or reading.marked_before("premises", hit.first, 1):
        return False
    return hit.term != CIRCULAR or not _is_listed_among_laws(reading, hit)


def _is_listed_among_laws(reading: Reading, hit: Hit) -> bool:
    """``dasarnya UU 5/2014, PP 53/2010, serta SE KASN``: what something rests on, not what was issued."""
    plain = reading.plain
    start = plain.starts[hit.first]
    before = plain.text[max(plain.sentence_span(reading.sentence(hit))[0], start - _LIST_OF_LAWS) : start]
    return _JOINED_TO.search(before) is not None and _NUMBERED_LAW.search(before) is not None


def _is_organised(reading: Reading, hit: Hit, verbs: Mapping[int, str]) -> bool:
    sentences = reading.plain.sentences
    sentence = sentences[hit.first]
    if is_a_habit(reading, hit):
        return False
    within = reading.marked_before("frame", hit.first, 1)  # ``menyampaikan paparan dalam rapat``
    for at in range(hit.first if within else max(0, hit.first - _NEAR), min(len(sentences), hit.after + 2 * _NEAR)):
        term = verbs.get(at)
        if term is None or sentences[at] != sentence:
            continue
        if hit.first <= at < hit.after or (term == "active") == (at < hit.first):
            return hit.term != REMINDER
    return False


def is_a_habit(reading: Reading, hit: Hit) -> bool:
    """``terus melakukan sosialisasi``, ``sosialisasi rutin dilakukan``."""
    return reading.marked_before("habitual", hit.first, 3) or reading.marked_after("habitual", hit.after, 1)


def is_to_come(reading: Reading, hit: Hit) -> bool:
    """``Akan menggelar webinar``, ``berencana menemui``, ``sosialisasi akan diadakan``: it has not been held yet."""
    verbs = reading.marks("organising", "active")
    made = [at for at in range(max(0, hit.first - _NEAR), hit.first) if at in verbs]
    return any(reading.marked_before("planned", at, 2, "future") for at in (*made, hit.first)) or reading.marked_after(
        "planned", hit.after, 2, "future"
    )


def _surroundings(reading: Reading, hit: Hit, topical: bool, organised: bool) -> float:
    factor = _ORGANISED if organised else 1.0
    if reading.marked_before("afterwards", hit.first, 2) and not (
        hit.term != CIRCULAR and names_its_topic(reading, hit)
    ):
        factor *= _AFTERWARDS
    if reading.marked_before("planned", hit.first, 4 if hit.term in PLEDGING or hit.term == CIRCULAR else 2):
        factor *= _PLANNED
    if reading.marked_before("earlier", hit.first, 3):
        factor *= _EARLIER
    if hit.term == CIRCULAR:
        factor *= _as_a_circular(reading, hit, organised)
    if is_a_habit(reading, hit):
        factor *= _HABITUAL
    if reading.sentence(hit) > 0 and (
        hit.first in reading.marks("activity_verb") or reading.marked_before("finished", hit.first, 3)
    ):
        factor *= _TOLD_LATER
    if is_generic(reading, hit):
        factor *= _GENERIC
    if hit.term in SESSIONS and not topical and not organised and reading.sentence(hit) >= _LATE:
        factor *= _IN_PASSING
    if hit.term in SESSIONS[1:] and not topical and not organised and _frames_a_reminder(reading, hit):
        factor *= _FRAME
    return factor


def _as_a_circular(reading: Reading, hit: Hit, organised: bool) -> float:
    if reading.marked_before("contained", hit.first, 1):
        return _CONTAINED  # ``Larangan itu tertuang dalam surat edaran``
    if not organised and reading.marked_before("resting", hit.first, 2) and reading.sentence(hit) > 0:
        return _RESTED_ON  # ``Langkah itu sesuai surat edaran``
    if not _NOT.isdisjoint(reading.plain.words[max(0, hit.first - 2) : hit.first]):
        return _NOT_YET  # ``belum menerima edaran``, ``tidak menerbitkan surat edaran``
    told = not organised and reading.sentence(hit) > 0
    return _OF_A_CENTRAL_BODY if told and _is_of_a_central_body(reading, hit) else 1.0


def _is_of_a_central_body(reading: Reading, hit: Hit) -> bool:
    """``ditambah Surat Edaran MenPAN-RB Nomor 18 Tahun 2023``: a rule like any law, where nobody issues it."""
    issued = reading.marked_before("issued", hit.first, 3) or reading.marked_after("issued", hit.after, _ISSUED_WITHIN)
    return not issued and reading.marked_after("institution", hit.after, 1, *_CENTRAL)


def _is_asked_for(reading: Reading, hit: Hit) -> bool:
    """``mengimbau gubernur agar menerbitkan surat edaran``: somebody wants one."""
    made = next((at for at in (hit.first - 1, hit.first - 2) if at in reading.marks("issued")), -1)
    wanted = made >= 0 and reading.marked_before("purpose", made, 1)
    return wanted and reading.marked_before("reminding", made, _ASKED_WITHIN)


def is_generic(reading: Reading, hit: Hit) -> bool:
    """Whether a phrase names a gathering that is often about something else."""
    return any((one.first, one.after) == (hit.first, hit.after) for one in reading.of("generic_activity"))


def names_its_topic(reading: Reading, hit: Hit, *topics: str) -> bool:
    """Whether the phrase goes on to name its topic, neutrality or civil servants, before a comma or another verb."""
    plain = reading.plain
    ends = reading.marks("reminding") | reading.marks("organising", "passive")
    named = reading.marks("topic", *topics)
    if any(at in named for at in range(hit.first, hit.after)):
        return True  # ``apel netralitas``
    for at in range(hit.after, min(len(plain.words), hit.after + _NAME_REACH)):
        apart = plain.text[plain.ends[at - 1] : plain.starts[at]]
        if at in ends or any(mark in apart for mark in ",;(."):
            return False
        if at in named:
            return True
    return False


def _frames_a_reminder(reading: Reading, hit: Hit) -> bool:
    """``Dalam rakor Forkopimda Sekda mengingatkan``: the meeting is about something else."""
    return reading.marked_before("frame", hit.first, 2) or (
        hit.term != "sosialisasi" and reading.marked_after("reminding", hit.after, 20)
    )


def score_kinds(activities: Iterable[Activity]) -> dict[str, float]:
    """Weight of each kind: its heaviest phrase, and a little of each further one.

    Parameters
    ----------
    activities : iterable of Activity

    Returns
    -------
    dict of str to float
    """
    by_kind: dict[str, list[float]] = {}
    for activity in activities:
        by_kind.setdefault(activity.kind, []).append(activity.weight)
    scores = {}
    for kind, weights in by_kind.items():
        weights.sort(reverse=True)
        scores[kind] = weights[0] + 0.25 * sum(weights[1:4])
    return scores
