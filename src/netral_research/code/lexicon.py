"""Phrases of the lexicon and names of places, found in a text in one pass.

The phrases stand in ``data/reference/coding_lexicon.csv``: a list, the term of that list a phrase speaks for, and the
phrase in lower-case words without punctuation. A word that ends in ``*`` stands for all words that begin so; a word in
capitals counts only where the text has it in capitals (``SE``, the circular, is not the ``se`` of ``se-Kalsel``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from netral_research.code.text import PlainText
from netral_research.code.written_dates import WrittenDate

LEXICON = "data/reference/coding_lexicon.csv"
_BY_SENTENCE = (1.0, 0.65, 0.4, 0.25, 0.18)
_FURTHER, _DATED = 0.12, 0.8
_SHORTEST_STEM = 3
MOST_HITS = 400  # of one list; a page of news has no more
_REMEMBERED_WORDS = 200_000


# A named tuple made so takes a third of the time, and every article makes hundreds.
_new = tuple.__new__


class Hit(NamedTuple):
    """A phrase found in a text.

    Parameters
    ----------
    list : str
        Its list in the lexicon.
    term : str
        The term it speaks for.
    first, after : int
        Number of its first word, and of the word after its last.
    """

    list: str
    term: str
    first: int
    after: int


class Placed(Protocol):
    """Something that stands at known words of a text."""

    @property
    def cue_first(self) -> int:
        """Its first word."""

    @property
    def after(self) -> int:
        """The word after its last."""


class _Node:
    __slots__ = ("entries", "following")

    def __init__(self) -> None:
        self.following: dict[str, _Node] = {}
        self.entries: list[tuple[str, str]] = []


class _Met(NamedTuple):
    """A word met: the keys it is looked up by, and the nodes of the tree that begin with one of them."""

    keys: tuple[str, ...]
    nodes: tuple[_Node, ...]


@dataclass(frozen=True)
class PhraseFinder:
    """Finds every phrase of every list; of phrases of one list that overlap, the longest counts.

    Parameters
    ----------
    root : _Node
        The phrases as a tree of words.
    stems : frozenset of str
        Beginnings that stand for all words that begin so.
    known : dict
        Words met before.
    """

    root: _Node = field(repr=False)
    stems: frozenset[str] = field(repr=False)
    known: dict[str, _Met] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, phrases: Iterable[tuple[str, str, str]]) -> PhraseFinder:
        """Build the finder from (list, term, phrase)."""
        root, stems = _Node(), set()
        for name, term, phrase in phrases:
            node = root
            for word in phrase.split():
                node = node.following.setdefault(word, _Node())
                if word.endswith("*"):
                    stems.add(word[:-1])
            node.entries.append((name, term))
        return cls(root, frozenset(stems))

    def find(self, plain: PlainText) -> dict[str, list[Hit]]:
        """All hits by list, in the order of the text.

        Parameters
        ----------
        plain : PlainText

        Returns
        -------
        dict of str to list of Hit

        Examples
        --------
        >>> from netral_research.code.text import cut
        >>> finder = PhraseFinder.of([("activity", "apel", "apel"), ("activity", "apel", "apel pag*")])
        >>> finder.find(cut("Apel pagi"))["activity"]
        [Hit(list='activity', term='apel', first=0, after=2)]
        """
        known = self.known
        met = [known.get(word) or self._meet(word) for word in plain.words]
        for number in plain.shouted:
            met[number] = self._in_capitals(met[number], plain.words[number].upper())
        found: dict[str, list[Hit]] = defaultdict(list)
        last = len(met)
        for first, (_, nodes) in enumerate(met):
            for node in nodes:
                after = first + 1
                for name, term in node.entries:
                    found[name].append(_new(Hit, (name, term, first, after)))
                if node.following and after < last:
                    self._descend(node.following, met, first, after, found)
        return {name: _longest(hits)[:MOST_HITS] for name, hits in found.items()}

    def _descend(
        self, following: Mapping[str, _Node], met: list[_Met], first: int, at: int, found: Mapping[str, list[Hit]]
    ) -> None:
        """Phrases that go on with the word at a place."""
        for key in met[at].keys:
            node = following.get(key)
            if node is None:
                continue
            for name, term in node.entries:
                found[name].append(_new(Hit, (name, term, first, at + 1)))
            if node.following and at + 1 < len(met):
                self._descend(node.following, met, first, at + 1, found)

    def _meet(self, word: str) -> _Met:
        """A word met for the first time."""
        stems = (word[:length] for length in range(_SHORTEST_STEM, len(word) + 1))
        keys = (word, *(f"{stem}*" for stem in stems if stem in self.stems))
        met = _Met(keys, tuple(self.root.following[key] for key in keys if key in self.root.following))
        if len(self.known) < _REMEMBERED_WORDS:
            self.known[word] = met
        return met

    def _in_capitals(self, met: _Met, word: str) -> _Met:
        """A word that stands in capitals."""
        node = self.root.following.get(word)
        return _Met((*met.keys, word), (*met.nodes, node) if node else met.nodes)


def _longest(hits: list[Hit]) -> list[Hit]:
    """Without the hits that lie within a longer one; equal ones of several terms stay."""
    reach = 0
    for hit in hits:
        if hit.first < reach:
            break
        reach = hit.after
    else:
        return hits
    hits.sort(key=lambda hit: (hit.first, -hit.after))
    kept: list[Hit] = []
    first, reach = -1, -1
    for hit in hits:
        if hit.after > reach or (hit.first == first and hit.after == reach):
            kept.append(hit)
            first, reach = hit.first, hit.after
    return kept


@dataclass(frozen=True)
class Reading:
    """A text with every phrase that the lexicon knows.

    Parameters
    ----------
    plain : PlainText
    hits : mapping of str to list of Hit
        By list of the lexicon.
    dates : tuple of WrittenDate
        In the order of the text.
    """

    plain: PlainText
    hits: Mapping[str, list[Hit]]
    dates: tuple[WrittenDate, ...] = ()
    known: dict[str | tuple[str, tuple[str, ...]], frozenset[int]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def dated_sentence(self) -> int:
        """The first sentence that says when, as news tells an event (``Rabu (26/8)``, ``belum lama ini``); -1: none."""
        exact = [date for date in self.dates if date.day and date.weekday is not None and not date.stamped]
        vague = [date for date in self.dates if date.is_vague and date.weekday is None]
        said = [self.plain.sentence_of(date.start) for date in exact or vague]
        return next((sentence for sentence in said if exact or sentence < len(_BY_SENTENCE)), -1)

    def weight(self, sentence: int) -> float:
        """What a phrase counts by the sentence it stands in: news tells the event first, and with its date.

        Parameters
        ----------
        sentence : int

        Returns
        -------
        float
            From 1 for the first sentence down; the dated sentence counts little less than the first.
        """
        weight = _BY_SENTENCE[sentence] if sentence < len(_BY_SENTENCE) else _FURTHER
        return max(weight, _DATED) if sentence == self.dated_sentence else weight

    def marks(self, name: str, *terms: str) -> frozenset[int]:
        """Numbers of all words that lie in a hit of one list, of the given terms where any are named."""
        return self._marks(name, terms)

    def _marks(self, name: str, terms: tuple[str, ...]) -> frozenset[int]:
        key = (name, terms) if terms else name
        marks = self.known.get(key)
        if marks is None:
            words: set[int] = set()
            for hit in self.hits.get(name, ()):
                if not terms or hit.term in terms:
                    words.update(range(hit.first, hit.after))
            marks = frozenset(words)
            self.known[key] = marks
        return marks

    def ends(self, name: str) -> Mapping[int, str]:
        """For each word right behind a hit of one list, the term of the hit."""
        return {hit.after: hit.term for hit in self.of(name)}

    def marked_before(self, name: str, word: int, reach: int, *terms: str) -> bool:
        """Whether one of the words before a word, in its sentence, lies in a hit of a list."""
        if name not in self.hits:
            return False
        marks = self._marks(name, terms)
        first = word - reach if word > reach else 0
        if marks.isdisjoint(range(first, word)):
            return False
        sentences = self.plain.sentences
        if word >= len(sentences):
            return False
        return any(at in marks and sentences[at] == sentences[word] for at in range(first, word))

    def marked_after(self, name: str, word: int, reach: int, *terms: str) -> bool:
        """Whether one of the words from a word on, in the sentence of the word before it, lies in a hit of a list."""
        if name not in self.hits or word <= 0:
            return False
        marks = self._marks(name, terms)
        if marks.isdisjoint(range(word, word + reach)):
            return False
        sentences = self.plain.sentences
        near = range(word, min(len(sentences), word + reach))
        return any(at in marks and sentences[at] == sentences[word - 1] for at in near)

    def of(self, name: str, *terms: str) -> list[Hit]:
        """Hits of one list, of the given terms where any are named."""
        hits = self.hits.get(name, [])
        return [hit for hit in hits if hit.term in terms] if terms else hits

    def span(self, hit: Hit) -> tuple[int, int]:
        """Start and end of a hit in the text."""
        return self.plain.starts[hit.first], self.plain.ends[hit.after - 1]

    def plain_span(self, place: Placed) -> tuple[int, int]:
        """Start and end of anything that counts its words, with the words that announce it."""
        return self.plain.starts[place.cue_first], self.plain.ends[place.after - 1]

    def sentence(self, hit: Hit) -> int:
        """Number of the sentence a hit stands in."""
        return self.plain.sentences[hit.first]

    def words(self, first: int, after: int) -> str:
        """Words from one number up to another, in lower case."""
        return " ".join(self.plain.words[max(0, first) : max(0, after)])
