"""The text of a page, made plain without moving a character, and cut into words and sentences.

Everything that is no text of the article (markup, addresses, links to other stories) becomes blanks of the same
length, so that a position in the plain text is a position in the text as read.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

_SAME_LENGTH = {
    **dict.fromkeys([*range(0x0A), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0x80, 0xA0)], " "),
    **dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF], " "),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A)], " "),
    **dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212], "-"),
    **dict.fromkeys([0x2018, 0x2019, 0x02BC, 0x0060, 0x00B4], "'"),
    **dict.fromkeys([0x201C, 0x201D, 0x00AB, 0x00BB], '"'),
    0x0D: "\n",
}  # fmt: skip
_MARKUP = re.compile(
    r"<(?:script|style)\b[^<]{0,20000}</(?:script|style)\s*>|<!--[^<>]{0,2000}-->|</?[a-zA-Z][^<>]{0,500}>"
    r"|&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});|https?://[^\s<>\"]{1,500}|www\.[^\s<>\"]{1,300}",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"^[^\n]{0,300}(?:\((?:ist|istimewa|foto|dok|doc|photo|net)\b[^)\n]{0,60}\)"
    r"|[-/( ](?:[Ff]oto|FOTO|[Dd]ok|[Ii]st)\s?[:./]|\bFoto\s?:|\((?:[A-Z][\w. ]{1,30}/){1,2}[A-Z][\w. ]{1,30}\)\s*$)"
    r"[^\n]{0,80}$",
    re.MULTILINE,
)
_SPOKEN = re.compile(r"^\s*\"|[,.!]\"\s+\w+")
_INLINE_LINK = re.compile(r"\bBaca [Jj]uga\s*:\s*[^\n.!?]{5,200}")
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?][\"')\]]{0,3}\s+(?=[\"'(\[]{0,2}[A-Z0-9])|\n+")
_ENDED = re.compile(r"[.!?:;][\"')\]\s]*$")
_LAST_WORD = re.compile(r"[^\W_]+$")
_ABBREVIATIONS = frozenset(
    """
    a b c d e f g h i j k l m n o p q r s t u v w x y z no nomor kab kec kel prov jl jln dr drs dra ir hj
    prof st mt si sh mh se mm msi spd kh tgk tn ny sdr bpk pt cv tbk dll dkk dsb pukul pkl jend letjen
    mayjen brigjen kol letkol kombes akbp kompol akp iptu ipda tb moh muh abd ag th rp ps pasal ayat pj pjs
    plt plh kep
    """.split()  # noqa: SIM905 - a list of 80 quoted words would fill the page
)
LONGEST_WORD = 60
_DEGREES = frozenset({"se"})
_BEHIND_A_DEGREE = re.compile(r"\.?\s?,|\.?\s?M\.?\s?[A-Z]|\s?\)")


@dataclass(frozen=True)
class PlainText:
    """A text cut into words and sentences.

    Parameters
    ----------
    text : str
        Plain text, as long as the text as read.
    words : tuple of str
        Its words in lower case.
    starts, ends : tuple of int
        Where each word begins and ends.
    sentence_starts : tuple of int
        Where each sentence begins.
    """

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentence_starts: tuple[int, ...]

    def sentence_of(self, position: int) -> int:
        """Number of the sentence that holds a position, from 0."""
        return bisect_right(self.sentence_starts, position) - 1

    def sentence_span(self, number: int) -> tuple[int, int]:
        """Start and end of a sentence."""
        following = number + 1
        end = self.sentence_starts[following] if following < len(self.sentence_starts) else len(self.text)
        return self.sentence_starts[number], end

    def word_at(self, position: int) -> int:
        """Number of the first word that begins at or after a position."""
        return bisect_right(self.starts, position - 1)

    def matches(self, pattern: re.Pattern[str], beginnings: Iterable[str]) -> list[re.Match[str]]:
        """Matches of a pattern that begin with one of some words: far faster than to search the whole text for it."""
        found = self.positions.keys() & beginnings
        return self.matches_at(pattern, sorted(start for word in found for start in self.positions[word]))

    def matches_at(self, pattern: re.Pattern[str], starts: Iterable[int]) -> list[re.Match[str]]:
        """Matches of a pattern at some positions in their order; none begins within another."""
        found: list[re.Match[str]] = []
        reach = 0
        for start in starts:
            match = pattern.match(self.text, start) if start >= reach else None
            if match is not None:
                found.append(match)
                reach = match.end()
        return found

    @cached_property
    def positions(self) -> Mapping[str, list[int]]:
        """Where each word begins, every time it is written."""
        found: dict[str, list[int]] = defaultdict(list)
        for word, start in zip(self.words, self.starts, strict=True):
            found[word].append(start)
        return found

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """Where each word that begins with a digit begins."""
        return tuple(start for word, start in zip(self.words, self.starts, strict=True) if word[0].isdigit())

    @cached_property
    def sentences(self) -> tuple[int, ...]:
        """Number of the sentence of each word."""
        found: list[int] = []
        for number, bound in enumerate((*self.sentence_starts[1:], len(self.text))):
            found += [number] * (bisect_left(self.starts, bound, len(found)) - len(found))
        return tuple(found)

    @cached_property
    def shouted(self) -> tuple[int, ...]:
        """Numbers of the words in capitals, but for the ``SE`` of ``SE-INDONESIA`` and of ``Budi, SE, M.Si``."""
        text = self.text
        return tuple(
            number
            for number, (start, end) in enumerate(zip(self.starts, self.ends, strict=True))
            if text[start:end].isupper() and text[end : end + 1] != "-" and not self._is_a_degree(number)
        )

    def _is_a_degree(self, number: int) -> bool:
        """A degree behind a name; a circular is ``SE Bupati`` or ``melalui SE``."""
        if self.words[number] not in _DEGREES or number == 0 or not self._is_a_name(number - 1):
            return False
        joined = self.text[self.ends[number - 1] : self.starts[number]] in {" ", ", ", ","}
        return joined and _BEHIND_A_DEGREE.match(self.text, self.ends[number]) is not None

    def _is_a_name(self, word: int) -> bool:
        return self.text[self.starts[word]].isupper()

    def is_capital(self, word: int) -> bool:
        """Tell whether a word begins with a capital letter or a digit, as names do."""
        first = self.text[self.starts[word]]
        return first.isupper() or first.isdigit()


def plain(text: str) -> str:
    r"""Blank out what is no text of the article; the length stays.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> plain("<b>Rabu</b>\u00a0(26/8)")
    '   Rabu     (26/8)'
    """
    text = text.translate(_SAME_LENGTH)
    if "<" in text or "&" in text or "://" in text or "www." in text:
        text = _MARKUP.sub(_blanks, text)
    if "\n" in text:
        uncaptioned = _CAPTION.sub(_blanks_of_one_sentence, text)
        text = uncaptioned if uncaptioned.strip() else text
    return _INLINE_LINK.sub(_blanks, text) if "Baca" in text else text


def _blanks(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def _blanks_of_one_sentence(match: re.Match[str]) -> str:
    """A caption is one sentence and nobody's words; another paragraph that ends in a credit is the article's own."""
    if _SPOKEN.search(match.group()):
        return match.group()
    sentences = _SENTENCE_END.split(match.group().rpartition("(")[0].strip() or match.group())
    return match.group() if len(sentences) > 1 else _blanks(match)


def cut(text: str, story: Callable[[str], str] = str) -> PlainText:
    """Cut a text as read into words and sentences.

    Parameters
    ----------
    text : str
    story : callable
        Blanks what of a plain text is none of the story, the length kept.

    Returns
    -------
    PlainText

    Examples
    --------
    >>> cut("Rapat di Kab. Banjar. Besok lagi.").sentence_starts
    (0, 22)
    """
    smooth = story(plain(text))
    spans = [match.span() for match in _WORD.finditer(smooth)]
    spans = [(start, end) for start, end in spans if end - start <= LONGEST_WORD]
    words = [smooth[start:end].lower() for start, end in spans]
    starts, ends = zip(*spans, strict=True) if spans else ((), ())
    return PlainText(smooth, tuple(words), starts, ends, tuple(_sentence_starts(smooth)))


def _sentence_starts(text: str) -> list[int]:
    """A line that ends without a full stop (a headline, a wrapped line) goes on in the next one."""
    starts = [0]
    for match in _SENTENCE_END.finditer(text):
        mark = text[match.start()]
        if mark == "\n" and not _ENDED.search(text[max(0, match.start() - 4) : match.start()]):
            continue
        if mark == ".":
            before = _LAST_WORD.search(text[max(0, match.start() - 12) : match.start()])
            if before and before.group().lower() in _ABBREVIATIONS:
                continue
        starts.append(match.end())
    return starts
