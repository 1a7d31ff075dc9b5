"""The coder: reads one article and proposes event rows, or says why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netral_research.articles import Article
from netral_research.code.findings import Registers, gather_findings, headline
from netral_research.code.gazetteer import ORDINARY_PLACE, build_gazetteer
from netral_research.code.lexicon import LEXICON, PhraseFinder, Reading
from netral_research.code.proposals import CodedArticle
from netral_research.code.rows import propose
from netral_research.code.story import PAGE_LINE, StoryFinder
from netral_research.code.text import cut
from netral_research.code.written_dates import find_dates
from netral_research.contracts import CONTRACTS
from netral_research.elections import build_calendar
from netral_research.files import Project
from netral_research.raw_tables import read_raw

Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Coder:
    """Reads articles by the rules of this package and the phrases of the lexicon.

    Parameters
    ----------
    finder : PhraseFinder
    stories : StoryFinder
    registers : Registers
    """

    finder: PhraseFinder
    stories: StoryFinder
    registers: Registers

    def read(self, text: str, title: str = "") -> Reading:
        """Cut a text into words and find every phrase of the lexicon in it.

        Parameters
        ----------
        text : str
        title : str
            The page's title where it is known: it helps to find the story within the page.

        Returns
        -------
        Reading
        """
        plain = cut(text, lambda page: self.stories.story(page, title))
        return Reading(plain, self.finder.find(plain), tuple(find_dates(plain)))

    def code(self, article: Article) -> CodedArticle:
        """Propose the events that one article reports.

        Parameters
        ----------
        article : Article

        Returns
        -------
        CodedArticle
        """
        title = headline(article)
        return propose(gather_findings(article, self.read(article.text, title), self.read(title), self.registers))


def build_coder(
    lexicon: Rows, regions: Rows, aliases: Rows, elections: Rows, participants: Rows, regulations: Rows
) -> Coder:
    """Build the coder from the reference tables, row by row as text.

    Parameters
    ----------
    lexicon, regions, aliases, elections, participants, regulations : sequence of mapping of str to str

    Returns
    -------
    Coder
    """
    ordinary = frozenset(row["phrase"] for row in lexicon if row["list"] == ORDINARY_PLACE)
    gazetteer = build_gazetteer(regions, aliases, ordinary)
    phrases = ((row["list"], row["term"], row["phrase"]) for row in lexicon)
    finder = PhraseFinder.of([*phrases, *gazetteer.phrases()])
    lines = ((row["term"], row["phrase"]) for row in lexicon if row["list"] == PAGE_LINE)
    registers = Registers(
        gazetteer,
        build_calendar(elections, participants),
        {row["id"]: row["date"] for row in regulations},
    )
    return Coder(finder, StoryFinder.of(lines), registers)


def load_coder(project: Project) -> Coder:
    """Read the lexicon and the registers of a project.

    Parameters
    ----------
    project : Project

    Returns
    -------
    Coder
    """
    files = (
        LEXICON,
        "data/reference/regions.csv",
        "data/reference/aliases.csv",
        "data/reference/pilkada.csv",
        "data/reference/pilkada_participants.csv",
        "data/reference/regulations.csv",
    )
    return build_coder(*(read_raw(project, file, list(CONTRACTS[file])).records() for file in files))
