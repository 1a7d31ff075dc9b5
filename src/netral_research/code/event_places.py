"""Where an event belongs: its province, its regencies and the level it addresses. The venue does not decide."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from netral_research.code.activities import CAMPAIGN, PLEDGING, SESSIONS, WEBINAR
from netral_research.code.findings import Findings
from netral_research.code.gazetteer import PROVINCE
from netral_research.code.institutions import CAPITAL, LOCAL, NATIONAL, Institution, region_kind
from netral_research.code.kinds import Focus
from netral_research.code.lexicon import Reading
from netral_research.code.places import PlaceMention, is_dateline
from netral_research.code.proposals import Span

REGENCY, DISTRICT, MULTI = "regency", "district", "multi_province"
_CENTRAL = frozenset({"kasn", "bawaslu_ri", "kemendagri", "kemenpanrb", "bkn", "iapa"})
_OF_ANY_LEVEL = frozenset({"tni_polri", "kemenag", "kejaksaan", "other", "dpr_dprd", "korpri", "kpu", "media"})
# Holders that may hold an event for the whole country where they are named without a region.
_OF_NO_REGION = frozenset({"bawaslu_provinsi", "bawaslu_ri", "university", "csi_ngo", "media"})
_OF_DISTRICT = frozenset({"panwascam", "kecamatan"})
_ROLE_WEIGHT = {"region": 1.0, "venue": 0.3, "district": 0.2}
_TITLE = 0.8
_LISTED = 4
_COUNTED_REGENCIES = re.compile(
    r"\d{1,2}\s+(?:kabupaten\s*(?:/|dan)\s*kota|pemda|pemerintah daerah|kabupaten(?!\s+(?-i:[A-Z])))\b", re.I
)
_HEADS = re.compile(r"para\s+(?:pj\s+|pjs\s+|penjabat\s+)?(?:bupati|wali ?kota|kepala daerah)\b", re.I)
# ``bersama seluruh bupati dan wali kota se-``
_ALL_HEADS = re.compile(
    r"\b(?:para|semua|seluruh|segenap)\s+(?:pj\s+|penjabat\s+)?(?:bupati|wali ?kota|kepala daerah)"
    r"(?:\s*(?:/|,|dan|serta)\s*(?:wakil\s+)?(?:bupati|wali ?kota))*\s+se\W?\s*$",
    re.I,
)
_BETWEEN_LISTED = re.compile(r"\)?(?:\s*(?:,|/|dan\b|serta\b))+\s*(?:(?:Pjs?|Plt|Penjabat)\b\.?\s*)?")
_AMONG_FIRST, _HEADS_NAMED = 2, 100
_GATHERED_WITHIN = 16
_ELECTS, _VOTES, _ATTENDS = 6, 2, 10


class EventPlace(NamedTuple):
    """Where an event belongs.

    Parameters
    ----------
    provinces, regencies : tuple of str
        Region codes.
    scope : {"national", "multi_province", "province", "regency", "district"}
    level : {"province", "kabkota"}
        For institutions named without a level of their own.
    evidence, scope_evidence : tuple of (int, int)
    certain : bool
        The organiser itself is named with the region.
    """

    provinces: tuple[str, ...]
    regencies: tuple[str, ...]
    scope: str
    level: str
    evidence: tuple[Span, ...]
    scope_evidence: tuple[Span, ...]
    certain: bool


class Votes(NamedTuple):
    """What a text speaks of most.

    Parameters
    ----------
    regions : dict of str to float
        Weight of each region named.
    levels : dict of str to float
        Weight of institutions of each level.
    """

    regions: dict[str, float]
    levels: dict[str, float]

    def regency(self) -> str:
        """The regency or city named most, or an empty text."""
        local = {code: weight for code, weight in self.regions.items() if "." in code}
        return max(sorted(local), key=lambda code: local[code], default="")

    def province(self) -> str:
        """The province named most, alone or with its regencies, or an empty text."""
        weights: dict[str, float] = defaultdict(float)
        for code, weight in self.regions.items():
            weights[code[:2]] += weight
        return max(sorted(weights), key=lambda code: (weights[code], self.regions.get(code, 0.0)), default="")

    def level(self) -> str:
        """Whether a text speaks of a province or of a regency."""
        local = self.levels.get(LOCAL, 0.0) + 0.6 * sum(w for code, w in self.regions.items() if "." in code)
        whole = self.levels.get(PROVINCE, 0.0) + 0.6 * sum(w for code, w in self.regions.items() if "." not in code)
        return LOCAL if local > whole else PROVINCE


def count_votes(findings: Findings) -> Votes:
    """Weigh every region and level that a text and its title name.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    Votes
    """
    regions: dict[str, float] = defaultdict(float)
    levels: dict[str, float] = defaultdict(float)
    sentences = findings.text.plain.sentences
    named = [(place, findings.text.weight(sentences[place.first])) for place in findings.places]
    named += [(place, _TITLE) for place in findings.title_places]
    for place, weight in named:
        if place.role not in _ROLE_WEIGHT:
            continue
        bare = 0.8 if place.cue in {"", "dateline"} else 1.0
        regions[place.code] += weight * _ROLE_WEIGHT[place.role] * bare * (0.7 if place.weak else 1.0)
    acting = [(one, findings.text.weight(one.sentence)) for one in findings.institutions]
    acting += [(one, _TITLE) for one in findings.title_institutions]
    for institution, weight in acting:
        if institution.place is not None:
            regions[institution.place.code] += 1.5 * weight
        if institution.level in {PROVINCE, LOCAL}:
            levels[institution.level] += 1.5 * weight
    return Votes(regions, levels)


def find_event_place(findings: Findings, focus: Focus, holder: Institution | None) -> EventPlace:
    """Place and scope of an event.

    Parameters
    ----------
    findings : Findings
    focus : Focus
    holder : Institution or None
        The organiser as the text names it.

    Returns
    -------
    EventPlace
    """
    votes = count_votes(findings)
    own = gathered_from(findings, focus) or (holder.place if holder is not None else None)
    level = holder.level if holder is not None and holder.level in {PROVINCE, LOCAL} else ""
    if own is not None:
        level = region_kind(own.kind) if own.cue == "se" else level or region_kind(own.kind)
    level = level or votes.level()
    kind = holder.as_type(level) if holder is not None else ""
    nationwide = kind in _OF_NO_REGION and own is None and _is_nationwide(findings, focus)
    listed = () if nationwide else _listed_provinces(findings)
    if listed:
        evidence = tuple(findings.text.plain_span(place) for place in listed)
        return EventPlace(tuple(place.code for place in listed), (), MULTI, PROVINCE, evidence, evidence, True)
    central = holder is not None and holder.level == NATIONAL and own is None
    if nationwide or central or kind in _CENTRAL or _sits_in_the_capital(kind, own, votes):
        return _central(findings, focus, votes, holder)
    regencies = _own_regencies(own, level, votes)
    province = _province(own, regencies, votes)
    scope = REGENCY if level == LOCAL else PROVINCE
    if level == PROVINCE and (own is None or own.cue != "se"):
        regencies = _visited(findings, focus, province)
        scope = REGENCY if regencies else PROVINCE
    if scope == REGENCY and (own is None or "." not in own.code) and _gathers_several(findings):
        scope, regencies = PROVINCE, ()
    if kind in _OF_DISTRICT or (scope == REGENCY and _turns_to_a_district(findings, focus)):
        scope = DISTRICT
    evidence = _evidence(findings, [*regencies, province])
    span = ((findings.text.plain.starts[holder.first], findings.text.plain.ends[holder.after - 1]),) if holder else ()
    return EventPlace((province,) if province else (), regencies, scope, level, evidence, span, own is not None)


def _gathers_several(findings: Findings) -> bool:
    """``para Sekda dari 17 kabupaten/kota``, ``pegawai dari 21 pemda``: people of many regencies are addressed."""
    plain = findings.text.plain
    among_first = plain.sentence_span(min(_AMONG_FIRST, len(plain.sentence_starts) - 1))[1]
    counted, heads = plain.matches_at(_COUNTED_REGENCIES, plain.numbers), plain.matches(_HEADS, ["para"])
    return any(match.start() < among_first for match in (*counted, *heads))


def _turns_to_a_district(findings: Findings, focus: Focus) -> bool:
    """A session in a subdistrict and no hotel, or a pledge in its own office: it addresses this subdistrict."""
    text = findings.text
    lead = [hit for hit in text.of("district_venue") if text.sentence(hit) == 0]
    hotel = any(text.sentence(hit) == 0 for hit in text.of("district_venue", "hotel"))
    lead = [hit for hit in lead if hit.term != "hotel"]
    if focus.kind in PLEDGING:
        return any(hit.term == "office" for hit in lead)
    return focus.kind in SESSIONS and any(hit.term == "office" or not hotel for hit in lead)


def gathered_from(findings: Findings, focus: Focus) -> PlaceMention | None:
    """The province whose people a session gathers, or whose heads of regencies pledge together.

    ``rapat koordinasi ... se-Kalimantan Tengah``, ``bersama seluruh kepala daerah se-Sumatera Utara``.
    """
    if focus.kind in PLEDGING:
        return next((place for place in findings.places if _is_where_heads_come_from(findings, place)), None)
    if focus.kind not in SESSIONS:
        return None
    sentences = findings.text.plain.sentences
    for one in focus.activities:
        for place in findings.places:
            near = one.hit.after <= place.first < one.hit.after + _GATHERED_WITHIN
            if near and place.cue == "se" and place.kind == PROVINCE and sentences[place.first] == one.sentence:
                return place
    return None


def _is_where_heads_come_from(findings: Findings, place: PlaceMention) -> bool:
    plain = findings.text.plain
    if place.cue != "se" or place.kind != PROVINCE or plain.sentences[place.first] > _AMONG_FIRST:
        return False
    begins = max(plain.sentence_span(plain.sentences[place.first])[0], plain.starts[place.first] - _HEADS_NAMED)
    return _ALL_HEADS.search(plain.text, begins, plain.starts[place.first]) is not None


def _sits_in_the_capital(kind: str, own: PlaceMention | None, votes: Votes) -> bool:
    """A ministry or the police without a region of its own, in a text that names none but the capital."""
    return kind in _OF_ANY_LEVEL and own is None and not votes.levels and votes.province() in {"", CAPITAL}


def _own_regencies(own: PlaceMention | None, level: str, votes: Votes) -> tuple[str, ...]:
    if own is not None and "." in own.code:
        return (own.code,)
    if level == LOCAL:
        named = votes.regency()
        if own is None or not named or named[:2] == own.code:
            return (named,) if named else ()
    return ()


def _province(own: PlaceMention | None, regencies: tuple[str, ...], votes: Votes) -> str:
    if regencies:
        return regencies[0][:2]
    if own is not None:
        return own.code[:2]
    return votes.province()


def _is_nationwide(findings: Findings, focus: Focus) -> bool:
    """``rakornas``, ``kepala daerah se-Indonesia``: said in the sentence of the activity."""
    hits = findings.text.of("nationwide", "nationwide")
    return any(findings.text.sentence(hit) in focus.sentences for hit in hits)


def _central(findings: Findings, focus: Focus, votes: Votes, holder: Institution | None) -> EventPlace:
    """A central body: for the nation unless it speaks to one province or one regency."""
    text = findings.text
    lead = [hit for hit in text.of("nationwide", "nationwide") if text.sentence(hit) <= 2]
    # Who ``mengikuti`` a central body's webinar, its national meeting, or the campaign that the lead tells it holds,
    # does so with all others.
    shared = (
        focus.kind == WEBINAR
        or (focus.kind == CAMPAIGN and holder is not None and holder.sentence <= 1)
        or (focus.kind in SESSIONS and bool(lead))
    )
    joining = [hit for hit in text.of("joining_in") if shared and text.sentence(hit) == 0]
    lead += joining
    province, regency = votes.province(), votes.regency()
    if (province == CAPITAL and regency[:2] in {"", CAPITAL}) or _only_attending(findings, province):
        province = regency = ""
    evidence = _evidence(findings, [province])
    span = tuple(text.span(hit) for hit in lead[:1])
    if lead or not province:
        joined = (regency,) if joining and regency and votes.level() == LOCAL else ()
        return EventPlace((province,) if province else (), joined, NATIONAL, NATIONAL, evidence, span, False)
    if votes.level() == LOCAL and regency:
        found = _evidence(findings, [regency])
        return EventPlace((regency[:2],), (regency,), REGENCY, LOCAL, found, found, False)
    return EventPlace((province,), (), PROVINCE, PROVINCE, evidence, evidence, False)


def _only_attending(findings: Findings, province: str) -> bool:
    """Where a report was filed from, or who came among others, is not whom a central body speaks to."""
    text = findings.text
    named = [place for place in findings.places if place.code[:2] == province]
    return (
        bool(named)
        and not findings.title_places
        and all(
            place.cue == "dateline" or text.marked_after("attending", place.after, _ATTENDS, "present")
            for place in named
        )
    )


def _visited(findings: Findings, focus: Focus, province: str) -> tuple[str, ...]:
    """Regencies that a provincial body turns to: named in the lead with a word for their kind, and not its seat."""
    text = findings.text
    seat = findings.registers.gazetteer.seats.get(province, "")
    found: list[str] = []
    last = None
    for place in findings.places:
        told = text.plain.sentences[place.first]
        beyond = (told > 1 and told not in focus.sentences) or place.kind == PROVINCE or place.weak
        if beyond or place.role != "region" or place.code[:2] != province:
            continue
        joined = last is not None and _is_joined_to(text, last, place)
        of_its_staff = text.marked_before("staff", place.cue_first, 3)
        named = joined or (place.cue in {"kabupaten", "kota", "institution"} and (place.code != seat or of_its_staff))
        if named and not _elects(text, place) and not _only_attends(text, place):
            last = place
            if place.code not in found:
                found.append(place.code)
    whole = any(
        place.cue == "se" and place.kind == PROVINCE and text.plain.sentences[place.first] <= 1
        for place in findings.places
    )
    return () if whole or _is_followed_online(text) else tuple(found[:_LISTED])


def _is_joined_to(text: Reading, last: PlaceMention, place: PlaceMention) -> bool:
    """``Bupati Lobar dan Lotim``, ``Bupati Bangli, Bupati Jembrana, dan Wali Kota Denpasar``: one list."""
    plain = text.plain
    return _BETWEEN_LISTED.fullmatch(plain.text, plain.ends[last.after - 1], plain.starts[place.cue_first]) is not None


def _is_followed_online(text: Reading) -> bool:
    """``Pj Bupati Langkat mengikuti rapat melalui Zoom``: one of many that follow from their own office."""
    joining = {text.sentence(hit) for hit in text.of("joining_in") if text.sentence(hit) <= 1}
    return any(text.sentence(hit) in joining for hit in text.of("mode", "virtual"))


def _elects(text: Reading, place: PlaceMention) -> bool:
    """``memilih bupati Klungkung``, ``pilkada Kabupaten Demak``: where people vote, not who is addressed."""
    return text.marked_before("elects", place.first, _ELECTS) or text.marked_before("election", place.first, _VOTES)


def _only_attends(text: Reading, place: PlaceMention) -> bool:
    """``Wali Kota Jakarta Pusat mengikuti``, ``KOTA SORONG -``: present, or where the report was filed from."""
    return is_dateline(text, place.first, place.after) or text.marked_after("joining_in", place.after, _ATTENDS)


def _listed_provinces(findings: Findings) -> tuple[PlaceMention, ...]:
    """Three provinces or more in one list: ``Jawa Tengah, Jawa Timur, D.I. Yogyakarta, Maluku, dan Maluku Utara``."""
    text = findings.text.plain
    run: list[PlaceMention] = []
    for place in findings.places:
        if place.kind != PROVINCE:
            continue
        between = text.text[text.ends[run[-1].after - 1] : text.starts[place.cue_first]] if run else ""
        if run and between.strip(" ,") in {"", "dan", "serta"}:
            run.append(place)
        elif len(run) >= 3:
            break
        else:
            run = [place]
    once = {place.code: place for place in reversed(run)}
    return tuple(reversed(once.values())) if len(once) >= 3 else ()


def _evidence(findings: Findings, codes: list[str]) -> tuple[Span, ...]:
    """The first naming of each region, or of a region within it."""
    spans = []
    for code in codes:
        fitting = [place for place in findings.places if place.code == code] or [
            place for place in findings.places if place.code[:2] == code
        ]
        if fitting:
            best = min(fitting, key=lambda place: (place.role != "region", place.first))
            spans.append(findings.text.plain_span(best))
    return tuple(dict.fromkeys(spans))
