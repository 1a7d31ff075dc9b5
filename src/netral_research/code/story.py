"""The story within a saved page: menus, bylines, tags and lists of other stories become blanks of the same length.

A page copied from a browser holds the story between lines that are no part of it. Lines are told apart by their
shape (prose ends as sentences do, a menu or a headline does not) and by how they begin, which the lexicon's list
``page_line`` says. Whatever is prose from its first to its last line, as a summary is, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

PAGE_LINE = "page_line"
LINE, LINKS, ENDING, FOOTER = "line", "links", "ending", "footer"
_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*(?:\n(?=[ \t]*[^\W\d_A-Z])[^\n]*\S[^\n]*)*")
_WORD = re.compile(r"[^\W_]+")
_CLOSED = re.compile(r"[.!?][\"')\]]*\s*(?:[(\[*/#~|-][^\n]{0,40})?$")
_OPEN = re.compile(r"[a-z,]\s*$")
_WITHIN = re.compile(r"[.!?][\"')\]]*\s+[\"'(]?[A-Z]")
_CUT_OFF = re.compile(r"(?:\.\.\.|\u2026)[\"')\]]*\s*(?:\[?[\w\s]{0,24}[\]\u00bb>]?)?\s*$")
_ITEM = re.compile(r"\s*(?:\d{1,2}[.)]|[a-z][.)]|[-\u2022*])\s*\w")
_DAY = re.compile(
    r"\b(?:\d{1,2}[\s/.-]{1,2}(?:\d{1,2}|[A-Za-z]{3,9})[\s/.,-]{1,2}(?:20)?\d{2}|[A-Z][a-z]{2,8} \d{1,2}, 20\d{2}"
    r"|20\d{2}-\d{2}-\d{2})\b"
)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
_AFTER_PHRASE = re.compile(r"\s*(?:$|[:;|\])])")
_SHORTEST_PROSE, _WITHOUT_A_STOP, _HEADLINE, _EXCLAIMED, _MENU, _LONG_WORD, _BESIDE_A_DATE = 5, 40, 5, 16, 3, 4, 4
_BROKEN_OFF, _LONG_LAST = 12, 15
_TOLD = 0.75


class Paragraph(NamedTuple):
    """A line of a page, with the lines that go on in small letters.

    Parameters
    ----------
    start, end : int
    mark : {"line", "links", "ending", "footer", ""}
        What the lexicon says of lines that begin so.
    prose : bool
    """

    start: int
    end: int
    mark: str
    prose: bool


@dataclass(frozen=True)
class StoryFinder:
    """Finds the story within a saved page by the phrases that other lines of it begin with.

    Parameters
    ----------
    beginnings : re.Pattern or None
    terms : dict of str to str
        Phrase to ``line``, ``links``, ``ending`` or ``footer``.
    """

    beginnings: re.Pattern[str] | None
    terms: dict[str, str]

    @classmethod
    def of(cls, phrases: Iterable[tuple[str, str]]) -> StoryFinder:
        r"""Build the finder from (term, phrase).

        Examples
        --------
        >>> page = "Beranda\nDaerah\nOlahraga\nApel digelar Senin di alun-alun.\nTerpopuler\nHarga Cabai"
        >>> " ".join(StoryFinder.of([("ending", "terpopuler")]).story(page).split())
        'Apel digelar Senin di alun-alun.'
        """
        terms = {phrase: term for term, phrase in phrases}
        longest_first = sorted(terms, key=len, reverse=True)
        written = "|".join(r"\W+".join(map(re.escape, phrase.split())) for phrase in longest_first)
        return cls(re.compile(rf"\W*({written})(?!\w)", re.IGNORECASE) if terms else None, terms)

    def story(self, text: str, headline: str = "") -> str:
        """Blank every line that is none of the story's; the length stays.

        Parameters
        ----------
        text : str
            Already plain.
        headline : str
            The page's title where it is known: the line that repeats it is kept.

        Returns
        -------
        str
        """
        if "\n" not in text.strip():
            return text
        paragraphs = [self._paragraph(match) for match in _PARAGRAPH.finditer(text)]
        last = paragraphs[-1]
        if not last.prose and not last.mark and len(_WORD.findall(text[last.start : last.end])) >= _LONG_LAST:
            paragraphs[-1] = last._replace(prose=True)
        others = _others(text, paragraphs, headline)
        if not others or len(others) == len(paragraphs):
            return text
        pieces, position = [], 0
        for number in others:
            start, end = paragraphs[number][:2]
            pieces += [text[position:start], re.sub(r"[^\n]", " ", text[start:end])]
            position = end
        return "".join([*pieces, text[position:]])

    def _paragraph(self, match: re.Match[str]) -> Paragraph:
        written = match.group()
        prose = _is_prose(written)
        return Paragraph(*match.span(), self._mark(written, prose=prose), prose)

    def _mark(self, written: str, *, prose: bool) -> str:
        found = self.beginnings.match(written) if self.beginnings else None
        if found is None:
            return LINE if written.lstrip().startswith("#") else ""
        term = self.terms[" ".join(_WORD.findall(found.group(1).lower()))]
        told = term == FOOTER or not prose or _AFTER_PHRASE.match(written, found.end())
        return term if told else ""


def _is_prose(written: str) -> bool:
    """Sentences, not a menu, a headline or the beginning of another story that was cut off."""
    words = len(_WORD.findall(written))
    if words < _SHORTEST_PROSE or (words < _WITHOUT_A_STOP and _CUT_OFF.search(written)):
        return False
    if words >= _WITHOUT_A_STOP or _WITHIN.search(written):
        return True
    if _OPEN.search(written) and _is_broken_off(written):
        return True
    closed = _CLOSED.search(written)
    return closed is not None and (closed.group()[0] == "." or closed.group()[1:2] in {'"', "'"} or words >= _EXCLAIMED)


def _is_broken_off(written: str) -> bool:
    """A sentence without its end: most of its words begin with a small letter, those of a headline with a capital."""
    words = written.split()
    return len(words) >= _BROKEN_OFF and 2 * sum(word[0].islower() for word in words) >= len(words)


def _others(text: str, paragraphs: Sequence[Paragraph], headline: str) -> list[int]:
    """Numbers of the paragraphs that are none of the story's; without any prose nothing is told apart."""
    kept = [number for number, one in enumerate(paragraphs) if one.prose and not one.mark]
    if not kept:
        return []
    end = _ending(paragraphs, kept)
    kept = [number for number in kept if number < end]
    last = kept[-1]
    told = frozenset(_WORD.findall(f"{headline} {text[paragraphs[kept[0]].start : paragraphs[last].end]}".lower()))
    first = _beginning(text, paragraphs, kept[0], told)
    end = min(end, _tail(text, paragraphs, last, end))
    linked = _linked(text, paragraphs, kept[0], last)
    return [n for n, one in enumerate(paragraphs) if n < first or n >= end or one.mark or n in linked]


def _ending(paragraphs: Sequence[Paragraph], prose: Sequence[int]) -> int:
    """The first line that begins another part of the page, unless most of the prose follows it."""
    length = {number: paragraphs[number].end - paragraphs[number].start for number in prose}
    for number, one in enumerate(paragraphs):
        if one.mark in {ENDING, FOOTER} and prose[0] < number:
            before = sum(length[other] for other in prose if other < number)
            if 2 * before >= sum(length.values()):
                return number
    return len(paragraphs)


def _beginning(text: str, paragraphs: Sequence[Paragraph], first: int, told: frozenset[str]) -> int:
    """The story's headline, else its first line of prose, with a date right before it."""
    titles = [number for number in range(first) if _is_headline(text, paragraphs[number], told)]
    begins = titles[-1] if titles else first if first >= _MENU else 0
    before = next((number for number in range(begins - 1, -1, -1) if paragraphs[number].mark != LINE), -1)
    return before if before >= 0 and _is_date(text, paragraphs[before]) else begins


def _is_headline(text: str, one: Paragraph, told: frozenset[str]) -> bool:
    """Most of a headline's words come back in its story; those of another story's do not."""
    words = _WORD.findall(text[one.start : one.end].lower())
    if one.mark or len(words) < _HEADLINE or _DAY.search(text, one.start, one.end):
        return False
    names = [word for word in words if len(word) >= _LONG_WORD]
    return sum(word in told for word in names) >= _TOLD * len(names)


def _is_date(text: str, one: Paragraph) -> bool:
    """A page's own date: with a time, or with little beside it."""
    day = None if one.mark or one.prose else _DAY.search(text, one.start, one.end)
    if day is None:
        return False
    beside = len(_WORD.findall(text[one.start : day.start()] + " " + text[day.end() : one.end]))
    return beside <= _BESIDE_A_DATE or _CLOCK.search(text, day.end(), one.end) is not None


def _tail(text: str, paragraphs: Sequence[Paragraph], last: int, end: int) -> int:
    """Behind the last prose only its date and the items of a list still belong to the story."""
    for number in range(last + 1, end):
        one = paragraphs[number]
        dated = number == last + 1 and _is_date(text, one)
        listed = _ITEM.match(text, one.start) or text[one.start : one.end].rstrip().endswith(":")
        if one.mark or not (dated or listed):
            return number
    return end


def _linked(text: str, paragraphs: Sequence[Paragraph], first: int, last: int) -> set[int]:
    """Headlines below a heading that stands alone, such as ``Baca juga``, up to the next prose."""
    found: set[int] = set()
    open_heading = False
    for number in range(first, last):
        one = paragraphs[number]
        if one.mark in {LINKS, ENDING}:
            open_heading = len(_WORD.findall(text[one.start : one.end])) < _HEADLINE
        elif one.prose:
            open_heading = False
        elif open_heading and not one.mark:
            found.add(number)
    return found
