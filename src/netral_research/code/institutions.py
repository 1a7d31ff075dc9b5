"""Institutions that a text names, each with its level and the region it belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from netral_research.code.gazetteer import KABUPATEN, KOTA, PROVINCE
from netral_research.code.lexicon import Hit, Reading
from netral_research.code.places import PlaceMention

_OF_ANY_SUPERVISORS = frozenset({"panwas", "panwaslu", "panwaslih"})
_LEAD, _SEVERAL = 2, 2
_NAMED_ON_WITHIN = 3
CAPITAL = "31"  # where central bodies sit
LOCAL, NATIONAL = "kabkota", "national"
LEVEL_WORDS = {
    "provinsi": PROVINCE, "prov": PROVINCE, "propinsi": PROVINCE, "kabupaten": LOCAL, "kab": LOCAL, "kota": LOCAL,
}  # fmt: skip
OWN_LEVEL = {
    "kasn": NATIONAL, "bawaslu_ri": NATIONAL, "bawaslu_provinsi": PROVINCE, "bawaslu_kabkota": LOCAL,
    "panwascam": LOCAL, "bkn": NATIONAL, "pemprov": PROVINCE, "pemkab_pemkot": LOCAL, "kecamatan": LOCAL,
    "kemendagri": NATIONAL, "kemenpanrb": NATIONAL, "presiden": NATIONAL,
}  # fmt: skip
# A type that is completed by the level of its bearer.
BY_LEVEL = {
    "bawaslu": {PROVINCE: "bawaslu_provinsi", LOCAL: "bawaslu_kabkota", NATIONAL: "bawaslu_ri"},
    "government": {PROVINCE: "pemprov", LOCAL: "pemkab_pemkot", NATIONAL: ""},
    "presiden": {NATIONAL: "other"},
}
_LEVEL_BY_TITLE = {"kejaksaan tinggi": PROVINCE, "kejati": PROVINCE, "kajati": PROVINCE, "polda": PROVINCE,
                   "kapolda": PROVINCE, "wakapolda": PROVINCE, "kejari": LOCAL, "kajari": LOCAL, "polres": LOCAL,
                   "kapolres": LOCAL, "kodim": LOCAL, "dandim": LOCAL, "kanwil": PROVINCE, "dprk": LOCAL,
                   "dpra": PROVINCE, "rektor": "", "lapas": LOCAL, "rutan": LOCAL, "kalapas": LOCAL, "karutan": LOCAL,
                   "lembaga pemasyarakatan": LOCAL, "rumah tahanan": LOCAL,
                   "dpr": NATIONAL, "dpr ri": NATIONAL, "dpd ri": NATIONAL, "jaksa agung": NATIONAL,
                   "kejaksaan agung": NATIONAL, "kejagung": NATIONAL}  # fmt: skip
_FILLERS = frozenset(
    {
        "daerah",
        "setempat",
        "administrasi",
        "lingkungan",
        "di",
        "dan",
        "se",
        "jajaran",
        "wilayah",
        "narkotika",
        "kelas",
        "i",
        "ii",
        "iia",
        "iib",
    }
)


_OF_AN_ADDRESS = re.compile(r"\.(?:go|co|or|ac|com|id|net|org)\b", re.IGNORECASE)


class Institution(NamedTuple):
    """An institution as a text names it.

    Parameters
    ----------
    type : str
        Term of the lexicon's list ``institution``: a type of the codebook, or ``bawaslu``, ``government``,
        ``presiden``.
    level : {"province", "kabkota", "national", ""}
        Its own level where the naming tells it.
    place : PlaceMention or None
        The region named with it.
    first, after : int
        Its words, with the region.
    head : int
        The word after the institution's own name, without the region.
    sentence : int
    """

    type: str
    level: str
    place: PlaceMention | None
    first: int
    after: int
    head: int
    sentence: int

    def as_type(self, level: str) -> str:
        """Type of the codebook, where the naming leaves the level open with the given one."""
        by_level: Mapping[str, str] | None = BY_LEVEL.get(self.type)
        return self.type if by_level is None else by_level.get(self.level or level, "")


def find_institutions(reading: Reading, places: Sequence[PlaceMention]) -> list[Institution]:
    """Every institution of a text in its order.

    Parameters
    ----------
    reading : Reading
    places : sequence of PlaceMention

    Returns
    -------
    list of Institution
    """
    by_first = {place.first: place for place in places if place.role == "region"}
    named = [hit for hit in reading.of("institution") if not _is_of_a_number(reading, hit)]
    found = [_institution(reading, hit, by_first) for hit in named]
    if _begins_with_a_district_body(found):
        found = [_as_district(reading, one) for one in found]
    found = _with_levels_told_later(_with_offices_named_on(found))
    national = _speaks_of_the_national_body(found) or _is_among_central_bodies(found, places)
    return [_as_national(one) for one in found] if national else found


def _is_of_a_number(reading: Reading, hit: Hit) -> bool:
    """``Nomor 800.1.6.1/4063-BKD/2023``, ``lapor.kasn.go.id``: within the number of a letter or an address."""
    plain = reading.plain
    start, end = reading.span(hit)
    before, behind = plain.text[max(0, start - 1) : start], plain.text[end : end + 1]
    numbered = (before in "/-." and behind == "/") or (before == "/" and behind in "/-.")
    return numbered or _OF_AN_ADDRESS.match(plain.text, end) is not None


def _begins_with_a_district_body(found: Sequence[Institution]) -> bool:
    lead = [one for one in found if one.sentence <= 1]
    return any(one.type == "panwascam" for one in lead) and not any(
        one.type.startswith("bawaslu") and one.place is not None for one in lead
    )


def _as_district(reading: Reading, one: Institution) -> Institution:
    """``Panwaslu`` without more is the one of the subdistrict that the text begins with."""
    bare = one.place is None and reading.words(one.first, one.head) in _OF_ANY_SUPERVISORS
    return one._replace(type="panwascam") if bare else one


def _speaks_of_the_national_body(found: Sequence[Institution]) -> bool:
    """``Ketua Bawaslu RI ... kata Bawaslu``: the one Bawaslu that a text tells the level of, and begins with."""
    told = [one for one in found if one.type.startswith("bawaslu") and one.level]
    return bool(told) and all(one.type == "bawaslu_ri" for one in told) and told[0].sentence <= 1


def _with_offices_named_on(found: Sequence[Institution]) -> list[Institution]:
    """``Asisten Bidang Umum Sekda Papua``: one office, named on by whose it is."""
    whole = list(found)
    for number, (one, following) in enumerate(pairwise(found)):
        joined = one.type == following.type == "government" and one.sentence == following.sentence
        if joined and not one.level and one.place is None and 0 <= following.first - one.after <= _NAMED_ON_WITHIN:
            whole[number] = one._replace(level=following.level, place=following.place)
    return whole


def _with_levels_told_later(found: Sequence[Institution]) -> list[Institution]:
    """A headline says ``Bawaslu``, the lead behind it ``Bawaslu Provinsi Sulawesi Tengah``: they are one."""
    told = next((one for one in found if one.type.startswith("bawaslu") and one.level and one.sentence <= _LEAD), None)
    if told is None:
        return list(found)
    first = found[0]
    bare = first.type == "bawaslu" and not first.level and first.place is None and first.sentence == 0
    same = told._replace(first=first.first, after=first.after, head=first.head, sentence=first.sentence)
    return [same, *found[1:]] if bare and told.sentence > 0 else list(found)


def _is_among_central_bodies(found: Sequence[Institution], places: Sequence[PlaceMention]) -> bool:
    """``Menteri PANRB bersama Bawaslu, Mendagri, dan BKN di Jakarta``: no region but the capital, no level told."""
    central = {one.type for one in found if one.level == NATIONAL and one.sentence <= _LEAD}
    local = any(one.level in {LOCAL, PROVINCE} for one in found)
    return len(central) >= _SEVERAL and not local and all(place.code[:2] == CAPITAL for place in places)


def _as_national(one: Institution) -> Institution:
    return one._replace(type="bawaslu_ri", level=NATIONAL) if one.type == "bawaslu" else one


def _institution(reading: Reading, hit: Hit, by_first: Mapping[int, PlaceMention]) -> Institution:
    words = reading.plain.words
    own = OWN_LEVEL.get(hit.term, _LEVEL_BY_TITLE.get(reading.words(hit.first, hit.after), ""))
    level, position, place = own, hit.after, None
    for _ in range(4):
        place = by_first.get(position)
        if place is not None or position >= len(words):
            break
        word = words[position]
        if word in LEVEL_WORDS:
            level = level or LEVEL_WORDS[word]
        elif word not in _FILLERS:
            break
        position += 1
    if place is not None and _crosses(reading, hit.after, place.first):
        place = None
    if place is not None and place.code[:2] == CAPITAL and words[place.cue_first - 1] == "di":
        place = None  # ``diadakan Bawaslu di Jakarta``: where it was, not whose
    if place is not None and not level:
        level = PROVINCE if place.kind == PROVINCE else LOCAL
    if place is not None and level == PROVINCE and place.kind != PROVINCE:
        place = None if own else place
    after = place.after if place is not None else hit.after
    return Institution(hit.term, level, place, hit.first, after, hit.after, reading.plain.sentences[hit.first])


def _crosses(reading: Reading, head: int, first: int) -> bool:
    """A comma or a full stop between an institution and a name keeps them apart."""
    plain = reading.plain
    return any(mark in plain.text[plain.ends[head - 1] : plain.starts[first]] for mark in ",;:.()\n")


def region_kind(kind: str) -> str:
    """Level of a kind of region."""
    return LOCAL if kind in {KABUPATEN, KOTA} else PROVINCE
