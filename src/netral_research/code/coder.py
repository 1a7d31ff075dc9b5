"""The coder: reads one article and proposes event rows, or says why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    import pandas as pd


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
    lexicon: pd.DataFrame,
    regions: pd.DataFrame,
    aliases: pd.DataFrame,
    elections: pd.DataFrame,
    participants: pd.DataFrame,
    regulations: pd.DataFrame,
) -> Coder:
    """Build the coder from the reference tables, as text.

    Parameters
    ----------
    lexicon, regions, aliases, elections, participants, regulations : pandas.DataFrame

    Returns
    -------
    Coder
    """
    gazetteer = build_gazetteer(regions, aliases, frozenset(lexicon["phrase"][lexicon["list"] == ORDINARY_PLACE]))
    phrases = zip(lexicon["list"], lexicon["term"], lexicon["phrase"], strict=True)
    finder = PhraseFinder.of([*phrases, *gazetteer.phrases()])
    lines = lexicon[lexicon["list"] == PAGE_LINE]
    registers = Registers(
        gazetteer,
        build_calendar(elections, participants),
        dict(zip(regulations["id"], regulations["date"], strict=True)),
    )
    return Coder(finder, StoryFinder.of(zip(lines["term"], lines["phrase"], strict=True)), registers)


def load_coder(project: Project) -> Coder:
    """Read the lexicon and the registers of a project.

    Parameters
    ----------
    project : Project

    Returns
    -------
    Coder
    """
    from netral_research.storage import read_table

    files = (
        LEXICON,
        "data/reference/regions.csv",
        "data/reference/aliases.csv",
        "data/reference/pilkada.csv",
        "data/reference/pilkada_participants.csv",
        "data/reference/regulations.csv",
    )
    return build_coder(*(read_table(project, file, list(CONTRACTS[file])) for file in files))
