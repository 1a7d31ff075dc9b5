"""Names of provinces, regencies and cities with what each can mean, from the register of regions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

PLACE, ORDINARY_PLACE = "place", "ordinary_place"
PROVINCE, KABUPATEN, KOTA = "province", "kabupaten", "kota"
_SHORTEST_SEAT = 3
_KIND_WORDS = re.compile(r"^(kabupaten administrasi|kota administrasi|kabupaten|kota)\s+")
_WEAK_KINDS = frozenset({"seat", "nickname", "old_name", "old_abbrev"})
_OTHER_MEANING = re.compile(r"\b(?:word|abbr)\b")
_Rows = Sequence[Mapping[str, str]]


class Name(NamedTuple):
    """What a name can mean.

    Parameters
    ----------
    code : str
        Region code.
    kind : {"province", "kabupaten", "kota"}
    needs_cue : bool
        Also an ordinary word or another thing: counts only behind a word that announces a region.
    weak : bool
        A seat, a nickname or an old name: tells where, not whose.
    """

    code: str
    kind: str
    needs_cue: bool = False
    weak: bool = False


@dataclass(frozen=True)
class Gazetteer:
    """Names of regions with what they can mean.

    Parameters
    ----------
    names : mapping of str to tuple of Name
        By the name in lower-case words.
    parents : mapping of str to str
        Regency to province.
    seats : mapping of str to str
        Province to the regency or city of its seat.
    official : mapping of str to str
        Code to the name written in ``events.csv``.
    """

    names: Mapping[str, tuple[Name, ...]]
    parents: Mapping[str, str]
    seats: Mapping[str, str]
    official: Mapping[str, str]

    def province_of(self, code: str) -> str:
        """Code of the province a region lies in."""
        return self.parents.get(code, code)

    def phrases(self) -> list[tuple[str, str, str]]:
        """Every name as a phrase of the list ``place``."""
        return [(PLACE, name, name) for name in self.names]


def build_gazetteer(regions: _Rows, aliases: _Rows, ordinary_seats: frozenset[str]) -> Gazetteer:
    """Build the gazetteer from the reference tables.

    Parameters
    ----------
    regions, aliases : sequence of mapping of str to str
        Rows of ``data/reference/regions.csv`` and ``aliases.csv``, as text.
    ordinary_seats : frozenset of str
        Seats of regencies, in lower-case words, that are also ordinary words.

    Returns
    -------
    Gazetteer
    """
    kinds = {row["code"]: row["kind"] for row in regions}
    found: dict[str, dict[str, Name]] = {}
    other_meanings = {_words(_bare(alias)) + code for alias, code in _ordinary_words(aliases)}

    def add(written: str, code: str, *, weak: bool = False) -> None:
        words = _words(_bare(written))
        known = found.setdefault(words, {}).get(code)
        if known is None or (known.weak and not weak):
            ordinary = words + code in other_meanings or (weak and words in ordinary_seats)
            found[words][code] = Name(code, kinds[code], ordinary, weak)

    for row in regions:
        add(row["name"], row["code"])
        add(row["name_decree"], row["code"])
    for row in aliases:
        add(row["alias"], row["code"], weak=row["kind"] in _WEAK_KINDS)
    for row in regions:
        seat, meanings = row["seat"], found.get(_words(row["seat"]), {}).values()
        if row["kind"] != PROVINCE and len(seat) > _SHORTEST_SEAT and all(name.weak for name in meanings):
            add(seat, row["code"], weak=True)
    for words, names in list(found.items()):
        # Newspapers write ``Deliserdang`` for Deli Serdang and ``Tulangbawang Barat`` for Tulang Bawang Barat.
        for joined in (words.replace(" ", ""), words.replace(" ", "", 1)):
            found.setdefault(joined, names)
    return Gazetteer(
        names={words: tuple(sorted(meanings.values())) for words, meanings in found.items()},
        parents={code: code[:2] for code in kinds if "." in code},
        seats=_seats(regions),
        official={row["code"]: row["name"] for row in regions},
    )


def _ordinary_words(aliases: _Rows) -> list[tuple[str, str]]:
    """Aliases that are also an ordinary word or an abbreviation of something else."""
    return [
        (row["alias"], row["code"])
        for row in aliases
        if _OTHER_MEANING.search(row["ambiguous_with"]) or row["kind"] == "bare_name_word"
    ]


def _seats(regions: _Rows) -> dict[str, str]:
    """Province to the city or regency of its seat."""
    towns = {_words(row["seat"]): row["code"] for row in regions if row["kind"] == KABUPATEN}
    towns |= {_words(_bare(row["name"])): row["code"] for row in regions if row["kind"] == KOTA}
    return {row["code"]: towns.get(_words(row["seat"]), "") for row in regions if row["kind"] == PROVINCE}


def _words(written: str) -> str:
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W\d_]+)*", written.replace("\u2019", "'").lower()))


def _bare(written: str) -> str:
    return _KIND_WORDS.sub("", " ".join(written.lower().split()))
