"""Places that a text names: which region each name means, and what kind of naming it is.

A name shared by a city, a regency and a province is settled by the word before it, else by what the text speaks of
most; a name that is also an ordinary word, a river or a hotel counts only where its surroundings say so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from netral_research.code.gazetteer import KABUPATEN, KOTA, PLACE, PROVINCE, Gazetteer, Name
from netral_research.code.lexicon import Hit, Reading

_DATELINE_WITHIN = 16
_APART = re.compile(r"\n\s*\n|[;:!?]")


class PlaceMention(NamedTuple):
    """A region as a text names it.

    Parameters
    ----------
    code : str
    kind : {"province", "kabupaten", "kota"}
    first, after : int
        Words of the name itself.
    cue : str
        Kind of the word before it: a kind of region, ``institution``, ``dateline``, ``se``, or empty.
    cue_first : int
        First word of the cue, or of the name.
    weak : bool
    role : {"region", "venue", "district", "other"}
        ``venue``: the name of a hotel or a street; ``district``: of a subdistrict; ``other``: of something else.
    """

    code: str
    kind: str
    first: int
    after: int
    cue: str
    cue_first: int
    weak: bool
    role: str


def find_places(reading: Reading, gazetteer: Gazetteer) -> list[PlaceMention]:
    """Every region a text names, each name settled.

    Parameters
    ----------
    reading : Reading
    gazetteer : Gazetteer

    Returns
    -------
    list of PlaceMention
        In the order of the text.
    """
    hits = reading.of(PLACE)
    if not hits:
        return []
    cues = _cues(reading)
    candidates = [(hit, gazetteer.names[hit.term], cues.get(hit.first)) for hit in hits]
    kept = [(hit, names, cue) for hit, names, cue in candidates if _is_name(reading, hit, names, cue)]
    votes = _votes(reading, kept)
    mentions = []
    for hit, names, cue in kept:
        name = _settle(names, cue, votes, gazetteer)
        first = cue[0] if cue else hit.first
        kind = cue[1] if cue else ("dateline" if is_dateline(reading, hit.first, hit.after) else "")
        mentions.append(
            PlaceMention(
                name.code, name.kind, hit.first, hit.after, kind, first, name.weak, _role(reading, hit.first, kind)
            )
        )
    return mentions


def _cues(reading: Reading) -> dict[int, tuple[int, str]]:
    """For the word a cue ends before: the cue's first word and its kind. Nearer to the name wins over farther."""
    found: dict[int, tuple[int, str]] = {}
    for hit in reading.of("place_cue"):
        term = "se" if reading.plain.words[hit.first] == "se" and hit.after == hit.first + 1 else hit.term
        found[hit.after] = (hit.first, term)
    found = {after: cue for after, cue in found.items() if not _is_apart(reading, after)}
    for after, (first, term) in list(found.items()):
        before = found.get(first)
        if before is not None and term in {KABUPATEN, KOTA, PROVINCE, "se"}:
            found[after] = (before[0], term if term != "se" else "se")
    return found


def _is_apart(reading: Reading, word: int) -> bool:
    """An empty line or a full stop stands before a word: what is before it announces nothing."""
    plain = reading.plain
    if not 0 < word < len(plain.words):
        return False
    return _APART.search(plain.text, plain.ends[word - 1], plain.starts[word]) is not None


def _is_name(reading: Reading, hit: Hit, names: Sequence[Name], cue: tuple[int, str] | None) -> bool:
    plain = reading.plain
    if not plain.is_capital(hit.first):
        return bool(cue and cue[1] in {KABUPATEN, KOTA, "se"}) and not all(name.needs_cue for name in names)
    if all(name.needs_cue and name.weak for name in names):
        return is_dateline(reading, hit.first, hit.after) or (cue is not None and cue[1] in {KABUPATEN, KOTA, PROVINCE})
    if all(name.needs_cue for name in names):
        if cue is not None and cue[0] != hit.first:
            return True
        written = plain.text[plain.starts[hit.first] : plain.ends[hit.after - 1]]
        begins = plain.starts[hit.first] in plain.sentence_starts
        return (
            is_dateline(reading, hit.first, hit.after)
            or (not begins and written.isupper() and hit.after - hit.first == 1 and len(written) > 4)
            or (not begins and not written.isupper() and _near_capital(reading, hit))
        )
    return True


def _near_capital(reading: Reading, hit: Hit) -> bool:
    """Between two words in small letters a capital marks a name: ``di Batang,``."""
    before = hit.first - 1
    return before >= 0 and reading.plain.words[before] in {"di", "ke", "dari", "dan", "warga", "wilayah"}


def is_dateline(reading: Reading, first: int, after: int) -> bool:
    """Whether a name stands where a report tells the place that it was filed from.

    Parameters
    ----------
    reading : Reading
    first, after : int
        Words of the name.

    Returns
    -------
    bool
    """
    plain = reading.plain
    end = plain.ends[after - 1]
    if not re.match(
        r"\s*(?:,\s*(?:\d{1,2} \w{3,9} \d{4}|[\w.]+(?:\.(?:com|id|co|net))?))?"
        r"\s*(?:\([^)]{0,30}\)|\w{2,20}\.\w{2,6})?\s*[-:|]+\s",
        plain.text[end : end + 60],
    ):
        return False
    start = plain.starts[first]
    begin = max(plain.sentence_span(plain.sentence_of(start))[0], plain.text.rfind("\n", 0, start) + 1)
    return start - begin < _DATELINE_WITHIN


def _role(reading: Reading, first: int, cue: str) -> str:
    blocker = reading.ends("place_blocker").get(first)
    if blocker is not None:
        return "district" if blocker == "district" else "other"
    words, plain = reading.plain.words, reading.plain
    for back in range(first - 1, max(-1, first - 4), -1):
        if words[back] in {"hotel", "jalan", "universitas", "mal", "mall"}:
            return "venue" if not cue else "region"
        if not plain.is_capital(back):
            break
    return "region"


def _votes(reading: Reading, kept: Iterable[tuple[Hit, Sequence[Name], tuple[int, str] | None]]) -> Counter[str]:
    """How often the text speaks of each kind of region and of each region that only one name can mean."""
    votes: Counter[str] = Counter()
    for hit in reading.of("level"):
        votes[hit.term] += 1
    for _, names, cue in kept:
        if len(names) == 1:
            votes[names[0].code] += 1
            votes[names[0].code[:2]] += 1
        elif cue:
            for name in names:
                if name.kind == cue[1]:
                    votes[name.code] += 2
                    votes[name.code[:2]] += 1
    return votes


def _settle(names: Sequence[Name], cue: tuple[int, str] | None, votes: Counter[str], gazetteer: Gazetteer) -> Name:
    if len(names) == 1:
        return names[0]
    wanted = cue[1] if cue else ""
    if wanted == "se":
        wanted = PROVINCE if any(name.kind == PROVINCE for name in names) else KABUPATEN
    fitting = [name for name in names if name.kind == wanted] or list(names)

    def weight(name: Name) -> tuple[int, int, int, int]:
        province = gazetteer.province_of(name.code)
        order = {PROVINCE: 2, KOTA: 1, KABUPATEN: 0}[name.kind]
        return (
            not name.weak,
            votes[province] if len({n.code[:2] for n in fitting}) > 1 else 0,
            votes[name.code] + votes[name.kind],
            order,
        )

    return max(fitting, key=weight)
