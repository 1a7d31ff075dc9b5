"""Who holds an event, and who with them: every institution weighs by how it stands to the activity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from netral_research.code.activities import CAMPAIGN, CIRCULAR, PLEDGING, REMINDER, SESSIONS, Activity
from netral_research.code.date_roles import DECREE
from netral_research.code.event_places import gathered_from
from netral_research.code.findings import Findings
from netral_research.code.gazetteer import PROVINCE
from netral_research.code.institutions import LOCAL, NATIONAL, Institution
from netral_research.code.kinds import Focus

# Types that are named in a text for other reasons than holding the event.
_RARELY_HOLDING: Mapping[str, float] = {
    "university": 1.0, "csi_ngo": 1.5, "media": 1.0, "tni_polri": 1.0, "dpr_dprd": 1.0, "other": 1.0,
    "kejaksaan": 1.0, "kemenag": 1.0, "kpu": 2.0, "korpri": 3.0, "inspektorat": 1.0, "kecamatan": 3.0,
}  # fmt: skip
_STAFFED = frozenset({"pemprov", "pemkab_pemkot", "government", "bkpsdm_bkd", "kesbangpol", "inspektorat", "other",
                      "dpr_dprd", "kemenag", "kecamatan", "korpri", "tni_polri"})  # fmt: skip
_LISTED_AMONG = frozenset({"kecamatan"})  # ``bersama sekda, camat, dan lurah ia meneken``: among those who act
_ALSO_A_PLACE, _WHERE = frozenset({"kecamatan"}), frozenset({"di", "ke", "se"})
_AUDIENCE = frozenset({"kecamatan", "media"})
_USUALLY_PRESENT = frozenset({
    "bkpsdm_bkd", "kpu", "bawaslu_provinsi", "bawaslu_kabkota", "kesbangpol", "bkn", "kemendagri", "inspektorat",
    "kasn", "korpri", "kemenpanrb",
})  # fmt: skip
_NAMED_AFTER_SOMEBODY, _NAME_WORDS = frozenset({"university", "csi_ngo"}), 4
_NOT_ACTING = frozenset({"presiden", "candidacy"})
_PLEDGED_BY_STAFF = frozenset({"deklarasi", "penandatanganan", "apel"})
_OWN_SENTENCE = 0.9
_EXPLAINS_REACH = 10
_ELSEWHERE, _BESIDE_A_STATEMENT = 0.7, 0.1
_HOLDS, _SURE, _BEHIND = 5.0, 8.0, 5
_SPEAKS_WITHIN, _CARRIES_OUT, _ATTENDS_WITHIN = 3, 12.0, 8
_TITLES = frozenset({"ketua", "anggota", "komisioner", "kepala", "pj", "pjs", "plt", "plh", "penjabat", "pimpinan"})
_WITH, _AND = "dengan", ("dan",)
_WRITES_TO = ("surati", "yurati")
_JOINT = frozenset({"bersama", "skb"})
_RESTED_WITHIN, _NAMED_IN_TOPIC = 2, 3
_JOINS_WITHIN, _SE_WITHIN, _SPEAKS_NEXT = 7, 4, 6
_REMINDED_WITHIN, _SIGNED_WITHIN = 8, 14
_PASSIVE_REACH, _ACTIVE_REACH, _LONG_REACH = 4, 6, 22


class Holder(NamedTuple):
    """An institution with its weight as the organiser.

    Parameters
    ----------
    weight : float
    institution : Institution
    """

    weight: float
    institution: Institution


def rank_holders(findings: Findings, focus: Focus) -> list[Holder]:
    """Institutions of the text, the likeliest organiser first.

    Parameters
    ----------
    findings : Findings
    focus : Focus

    Returns
    -------
    list of Holder
        Those with a weight above 0.
    """
    holders = []
    for institution in findings.institutions:
        if institution.type in _NOT_ACTING and not _reminds_the_nation(findings, focus, institution):
            continue
        if _is_one_of_all(findings, focus, institution):
            continue
        weight = 2.0 + _grammar(findings, focus, institution) - _RARELY_HOLDING.get(institution.type, 0.0)
        if institution.level not in {LOCAL, PROVINCE} and _signed_a_decree(findings, institution):
            weight *= _BESIDE_A_STATEMENT
        if weight > 0:
            near = _OWN_SENTENCE if institution.sentence in focus.sentences else 0.0
            weight *= 0.45 + 0.55 * max(findings.text.weight(institution.sentence), near)
            holders.append(Holder(weight, institution))
    return sorted(holders, key=lambda holder: (-holder.weight, holder.institution.first))


def _signed_a_decree(findings: Findings, institution: Institution) -> bool:
    """``keputusan bersama Menteri PANRB, Mendagri, dan BKN``: who signed it, not who holds the event."""
    text = findings.text
    return any(
        0 <= institution.first - hit.after <= _SIGNED_WITHIN and text.sentence(hit) == institution.sentence
        for hit in text.of("date_role", DECREE)
        if not _JOINT.isdisjoint(text.plain.words[hit.first : hit.after])
    )


def _reminds_the_nation(findings: Findings, focus: Focus, institution: Institution) -> bool:
    """``Presiden mengingatkan PNS``: the head of state acts where the text begins with his reminder."""
    text = findings.text
    early = institution.type == "presiden" and institution.sentence <= 1 and text.plain.is_capital(institution.first)
    return early and focus.kind == REMINDER and text.marked_after("reminding", institution.after, _REMINDED_WITHIN)


def _grammar(findings: Findings, focus: Focus, institution: Institution) -> float:
    weight = _held_by(findings, focus, institution) + _holds(findings, institution)
    if focus.kind != REMINDER and findings.text.marked_before("event_noun", institution.first, 1):
        weight += _HOLDS  # ``acara Bawaslu itu``
    if institution.sentence not in focus.sentences:
        weight *= _BESIDE_A_STATEMENT if focus.kind in {REMINDER, CIRCULAR} else _ELSEWHERE
    if _is_named_with(findings, focus, institution):
        weight += 8.0 if focus.kind == CIRCULAR else 3.5
    elif _is_named_behind(findings, focus, institution):
        weight += 1.5
    if weight < _HOLDS and institution.level == LOCAL and gathered_from(findings, focus) is not None:
        weight -= 4.0
    weight += _acts(findings, focus, institution)
    if focus.kind not in {CIRCULAR, *PLEDGING} and _reminded_by(findings, focus, institution):
        return weight + 4.0
    if institution.type in _ALSO_A_PLACE and _is_where_it_was(findings, institution):
        return 0.0
    if institution.type == "tni_polri" and findings.text.marked_before("topic", institution.first, _NAMED_IN_TOPIC):
        return 0.0  # ``netralitas ASN, TNI, dan Polri``: who is to be neutral
    return weight + _is_told_beside(findings, focus, institution, sure=weight >= _SURE)


def _is_where_it_was(findings: Findings, institution: Institution) -> bool:
    """``di Kecamatan Loa Janan dilakukan sosialisasi``: where it was, not who held it."""
    words = findings.text.plain.words
    return institution.first > 0 and words[institution.first - 1] in _WHERE


def _is_one_of_all(findings: Findings, focus: Focus, institution: Institution) -> bool:
    """``Camat dan Lurah se-Kota Bima meneken``, one of all the heads of regencies that pledge before a governor."""
    if institution.level == LOCAL and focus.kind in PLEDGING and gathered_from(findings, focus) is not None:
        return True
    if institution.type not in _AUDIENCE:
        return False
    words = findings.text.plain.words[institution.after : institution.after + _SE_WITHIN]
    return "se" in words and any(
        institution.after < place.first <= institution.after + _SE_WITHIN + 1 for place in findings.places
    )


def _acts(findings: Findings, focus: Focus, institution: Institution) -> float:
    """``ASN Pemkab meneken``, ``Sekda mengingatkan``, ``KASN menuturkan acara ini``, ``dipimpin Gubernur``."""
    text, first = findings.text, institution.first
    weight = 0.0
    staffed = focus.kind in _PLEDGED_BY_STAFF and institution.type in _STAFFED
    if staffed and text.marked_before("staff", first, 1) and not _comma_after(findings, first - 1):
        weight += 5.0
    if institution.type.startswith("bawaslu") and focus.kind not in {CIRCULAR, REMINDER}:
        supervised = {text.sentence(hit) for hit in text.of("supervision")}
        weight += 4.0 if supervised & focus.sentences else 2.0 if supervised else 0.0
    if focus.kind == REMINDER:
        weight += 4.0 if text.marked_after("reminding", institution.after, 8) else 0.0
        weight += 1.5 if _begins_a_sentence(findings, first) else 0.0
        weight += 1.0 if institution.sentence == 0 else 0.0
        weight += 4.0 if _speaks_next(findings, institution) else 0.0
    attends = focus.kind in SESSIONS and text.marked_after("attending", institution.after, _ATTENDS_WITHIN, "present")
    if attends:
        weight -= 3.0
    elif text.marked_after("this_event", institution.after, _EXPLAINS_REACH):
        weight += 4.0
    if focus.kind in SESSIONS and institution.level == NATIONAL and _is_a_national_meeting(findings, focus):
        weight += 3.0
    if focus.kind == CAMPAIGN and institution.type == "kasn":
        weight += 6.0
    if text.marked_before("reporting", first, 3) and focus.kind in SESSIONS:
        weight += 4.0  # ``menurut laporan Kepala Kesbangpol``: whoever reports at the opening carries it out
    return weight + (1.5 if text.marked_before("led", first, 2) else 0.0)


def _speaks_next(findings: Findings, institution: Institution) -> bool:
    """``ASN diingatkan agar netral. Kepala BKPSDM menuturkan``: the reminder of the first sentence is told by it."""
    text = findings.text
    titled = institution.first - _has_a_title(findings, institution.first)
    return (
        institution.sentence == 1
        and not text.marked_after("joining_too", institution.after, _JOINS_WITHIN)
        and _begins_a_sentence(findings, titled)
        and text.marked_after("date_role", institution.after, _SPEAKS_NEXT, "statement")
    )


def _reminded_by(findings: Findings, focus: Focus, institution: Institution) -> bool:
    """``imbauan itu disampaikan (Dirjen) Kemendagri``, ``mendapat imbauan dari Panwaslu``: it gives the reminder."""
    text, first = findings.text, institution.first
    if focus.kind == REMINDER and text.marked_before("reminded_by", first - _has_a_title(findings, first), 1, "agent"):
        return True
    told = text.marks("reminded_by", "reminded_by", *(["said"] if focus.kind == REMINDER else []))
    if not told:
        return False
    for at in range(first - 1, max(-1, first - 1 - _REMINDED_WITHIN), -1):
        if text.plain.sentences[at] != institution.sentence or _comma_after(findings, at):
            return False
        if at in told:
            return True
        if any(other.after - 1 == at for other in findings.institutions if other.type != institution.type):
            return False
    return False


def _has_a_title(findings: Findings, first: int) -> bool:
    """``diingatkan Pj Gubernur``, ``diminta Ketua Bawaslu``: a word of office before the institution."""
    return first > 0 and findings.text.plain.words[first - 1] in _TITLES


def _is_a_national_meeting(findings: Findings, focus: Focus) -> bool:
    return any(findings.text.sentence(hit) in focus.sentences for hit in findings.text.of("nationwide", "nationwide"))


def _is_told_beside(findings: Findings, focus: Focus, institution: Institution, *, sure: bool) -> float:
    """``bersama Bawaslu``, ``dan KPU``, ``di kantor Bupati``: present or a place, not the holder."""
    text, first = findings.text, institution.first
    weight = 0.0
    quoted = () if focus.kind == REMINDER else ("quoted",)  # ``kata Kepala BKD``: who speaks gives the reminder
    if text.marked_before("beside", first, 3, "beside", *quoted):
        weight -= 2.0 if sure else 3.5
    if not sure and text.marked_after("speaker", institution.after, _SPEAKS_WITHIN):
        weight -= 3.0
    if text.marked_before("joining", first, 1):
        weight -= 2.0
    if text.marked_before("elects", first, 2):
        weight -= 4.0  # ``pemilihan Bupati dan Wakil Bupati``
    if text.marked_after("joining_too", institution.after, _JOINS_WITHIN):
        weight -= 4.0  # ``Kesbangpol yang turut berbicara``: somebody did before
    of_staff = text.marked_before("staff", first, 2)  # ``karyawan Kantor Kemenag`` are people, not a place
    if (text.marked_before("premises", first, 2) or first in text.marks("premises")) and not of_staff:
        weight -= 4.0
    return weight


def _begins_a_sentence(findings: Findings, word: int) -> bool:
    sentences = findings.text.plain.sentences
    return word == 0 or sentences[word - 1] != sentences[word]


def _held_by(findings: Findings, focus: Focus, institution: Institution) -> float:
    """``digelar (oleh) Bawaslu``, ``garapan Kesbangpol``, ``diadakan Pemkab melalui BKPSDM``."""
    text = findings.text
    acted_for = _acted_for(findings, institution)
    if acted_for is not None:
        return _told_to_hold(findings, focus, acted_for)
    if text.marked_after("through", institution.after, 1):
        return 0.0  # who carries it out is named behind
    return _told_to_hold(findings, focus, institution)


def _acted_for(findings: Findings, institution: Institution) -> Institution | None:
    """Whom an institution acts for: ``Pemkab melalui BKPSDM``."""
    through = institution.first - 1
    if not findings.text.marked_before("through", institution.first, 1):
        return None
    return next((other for other in findings.institutions if other.after == through), None)


def _told_to_hold(findings: Findings, focus: Focus, institution: Institution) -> float:
    text = findings.text
    sentences, passive = text.plain.sentences, text.marks("organising", "passive")
    held = institution.sentence in focus.sentences or institution.sentence == 0
    bonus = 4.0 if held and text.marked_before("by", institution.first, 1) else 0.0
    if text.marked_before("from", institution.first, 1) and text.marked_before(
        "activity", institution.first, 6, "sosialisasi"
    ):
        bonus = 8.0
    if not passive:
        return bonus
    for at in range(institution.first - 1, max(-1, institution.first - 1 - _PASSIVE_REACH), -1):
        if sentences[at] != institution.sentence or (at < institution.first - 1 and _comma_after(findings, at)):
            break
        if at in passive:
            return bonus + (8.0 if at >= institution.first - 2 else 5.0)
        if any(at == other.after - 1 for other in findings.institutions):
            break
    return bonus


def _comma_after(findings: Findings, word: int) -> bool:
    plain = findings.text.plain
    following = plain.starts[word + 1] if word + 1 < len(plain.starts) else len(plain.text)
    between = plain.text[plain.ends[word] : following]
    return between != " " and ("," in between or ";" in between)


def _holds(findings: Findings, institution: Institution) -> float:
    """``Bawaslu menggelar``, ``Pemkab bersama Bawaslu mengadakan``, ``Pemko melalui BKPSDM mengadakan``."""
    text = findings.text
    active = text.marks("organising", "active")
    if active.isdisjoint(range(institution.after, institution.after + 2 * _NAME_WORDS + _LONG_REACH)):
        return 0.0
    if institution.type in _LISTED_AMONG and any(
        other.sentence == institution.sentence and other.first < institution.first for other in findings.institutions
    ):
        return 0.0
    if _comes_along(findings, institution):
        return 0.0
    plain, through = text.plain, text.marks("through")
    sentences = plain.sentences
    end = _after_its_name(findings, institution)
    carries_out = _acts_for_another(findings, institution)
    together = carries_out or text.marked_after("together", end, 1)
    others = {other.first for other in findings.institutions if other.first != institution.first}
    reach = _LONG_REACH if together else _ACTIVE_REACH
    if plain.words[end : end + 1] == _AND and plain.words[max(0, institution.first - 1)] == _WITH:
        return 0.0  # ``Bawaslu meneken MoU dengan pemkab dan membentuk tim``
    for at in range(end, min(len(sentences), end + reach)):
        if sentences[at] != institution.sentence or at in through:
            break
        if at in active:
            return _CARRIES_OUT if carries_out else 8.0 if at <= end + 2 or together else 5.0
        if at in others and not together:
            break
    return 0.0


def _comes_along(findings: Findings, institution: Institution) -> bool:
    """``Bersama KASN dan IAPA, fakultas mengadakan``: a sentence that begins with those who join the holder."""
    together = findings.text.marks("together")
    if together.isdisjoint(range(max(0, institution.first - 1 - _LONG_REACH), institution.first)):
        return False
    for at in range(institution.first - 1, max(-1, institution.first - 1 - _LONG_REACH), -1):
        if _comma_after(findings, at):
            return False
        if _begins_a_sentence(findings, at) or _begins_a_line(findings, at):
            return at in together
    return False


def _begins_a_line(findings: Findings, word: int) -> bool:
    plain = findings.text.plain
    return word > 0 and "\n" in plain.text[plain.ends[word - 1] : plain.starts[word]]


def _acts_for_another(findings: Findings, institution: Institution) -> bool:
    """``Melalui BKPSDM, Pemkab mengadakan``: named first, it carries the event out."""
    text, plain = findings.text, findings.text.plain
    through = institution.first - 1
    return text.marked_before("through", institution.first, 1) and (
        through == 0 or plain.sentences[through - 1] != plain.sentences[through] or not _spaced(findings, through)
    )


def _after_its_name(findings: Findings, institution: Institution) -> int:
    """The word after ``Pemkot Kendari, Provinsi Sulawesi Tenggara,`` or ``Universitas Jenderal Soedirman``."""
    plain, end = findings.text.plain, institution.after
    if institution.type in _NAMED_AFTER_SOMEBODY:
        held = {other.first for other in findings.institutions}
        last = min(len(plain.words), end + _NAME_WORDS)
        while end < last and end not in held and plain.text[plain.starts[end]].isupper() and _spaced(findings, end):
            end += 1
        return end
    named = (
        place.after for place in findings.places if place.cue_first == institution.after and place.kind == PROVINCE
    )
    return next(named, institution.after)


def _spaced(findings: Findings, word: int) -> bool:
    """Whether nothing but a space stands between a word and the one before it."""
    plain = findings.text.plain
    return plain.text[plain.ends[word - 1] : plain.starts[word]] == " "


def _is_named_with(findings: Findings, focus: Focus, institution: Institution) -> bool:
    """``rakor Bawaslu Sulut``, ``Surat Edaran Bupati``, ``FGD Pemkab Konawe``."""
    if institution.type in {"korpri", "kecamatan"}:
        return False
    by = findings.text.marks("by")
    named = [
        one
        for one in findings.activities
        if one.kind == focus.kind
        and (one.hit.after == institution.first or (one.hit.after == institution.first - 1 and one.hit.after in by))
    ]
    if not named:
        return False
    told = findings.text.marks("reminding") | _addressing(findings)  # ``imbau bupati``, ``menyurati Pemko``: to whom
    return any(one.hit.after - 1 not in told and not _is_rested_on(findings, focus, one) for one in named)


def _addressing(findings: Findings) -> frozenset[int]:
    words = findings.text.plain.words
    return frozenset(one.hit.after - 1 for one in findings.activities if words[one.hit.after - 1].endswith(_WRITES_TO))


def _is_rested_on(findings: Findings, focus: Focus, one: Activity) -> bool:
    """``menindaklanjuti edaran Gubernur``: the circular that another one follows."""
    return focus.kind == CIRCULAR and findings.text.marked_before("earlier", one.hit.first, _RESTED_WITHIN)


def _is_named_behind(findings: Findings, focus: Focus, institution: Institution) -> bool:
    """``rakor bidang kepegawaian pemerintah provinsi``: a few words and no comma apart."""
    text = findings.text
    return focus.kind in SESSIONS and any(
        0 < institution.first - one.hit.after <= _BEHIND
        and one.sentence == institution.sentence
        and not any(_comma_after(findings, at) for at in range(one.hit.after - 1, institution.first))
        and not text.marked_before("locating", institution.first, 2)
        for one in focus.activities
    )


def companions(
    findings: Findings, focus: Focus, holder: Institution | None, organiser: str, level: str
) -> list[tuple[str, Institution]]:
    """Institutions that hold an event together with its organiser or take an official part in it.

    Parameters
    ----------
    findings : Findings
    focus : Focus
    holder : Institution or None
    organiser : str
        Type of the organiser.
    level : str
        Level of the event, for institutions named without one.

    Returns
    -------
    list of (str, Institution)
        Types, each once, in the order of the text.
    """
    text = findings.text
    near = {*focus.sentences, 0, 1, 2, 3}
    found: dict[str, Institution] = {}
    for institution in findings.institutions:
        kind = institution.as_type(institution.level or level)
        skipped = (
            not kind
            or kind in {organiser, *_NOT_ACTING, *_AUDIENCE}
            or kind in found
            or institution.sentence not in near
        )
        if skipped or institution == holder or text.marked_before("not_present", institution.first, 3):
            continue
        taking_part = text.marked_before("taking_part", institution.first, 12) or text.marked_after(
            "taking_part", institution.after, 5
        )
        if taking_part or kind in _USUALLY_PRESENT:
            found[kind] = institution
    return list(found.items())[:5]
