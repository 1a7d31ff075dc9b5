"""The project's articles, what people coded of them, and the two put side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

import pandas as pd

from netral_research.articles import Article, FailedArticle, Page, read_articles, read_pages
from netral_research.code.coder import Coder, load_coder
from netral_research.code.duplicates import SeenEvents, event_key, text_digest
from netral_research.code.evaluation import ALL
from netral_research.code.links import LINK, with_decided_links
from netral_research.code.matching import EventRow
from netral_research.code.proposals import CodedArticle, proposed_row
from netral_research.code.tallies import ReadArticle
from netral_research.contracts import CONTRACTS
from netral_research.files import Project
from netral_research.schemas import load_raw

ARTICLES = "data/raw/articles"
EVENTS = "data/raw/events.csv"
SOURCES = "data/raw/sources.csv"
CONTROL_ARTICLES = "data/reference/control_articles.csv"
CONTROL_EVENTS = "data/reference/control_events.csv"
DECISIONS = "data/raw/decisions.csv"
SAMPLE = "data/reference/coding_sample.csv"
SECOND_READER = "data/reference/coding_agreement.csv"


@dataclass(frozen=True)
class CodingTables:
    """What the stage ``code`` reads.

    Parameters
    ----------
    coder : Coder
    articles : tuple of Article
        The study's own, in order of their ids, and the control articles.
    unread : tuple of str
        Ids of files that hold no readable text.
    events, sample, second_reader : pandas.DataFrame
        Rows that people coded, the sample of every article, and how well a second person agreed.
    """

    coder: Coder
    articles: tuple[Article, ...]
    unread: tuple[str, ...]
    events: pd.DataFrame
    sample: pd.DataFrame
    second_reader: pd.DataFrame

    def article(self, source_id: str) -> Article:
        """One article to follow: the one of this id, else the first; an empty one where the project keeps no texts.

        Parameters
        ----------
        source_id : str

        Returns
        -------
        Article
        """
        found = [article for article in self.articles if article.source_id == source_id]
        return (*found, *self.articles, Article(source_id, ""))[0]


def load_coding_tables(project: Project) -> CodingTables:
    """Read the project's articles, the rules, and what people made of the articles.

    Parameters
    ----------
    project : Project

    Returns
    -------
    CodingTables

    Raises
    ------
    DataError
        If a table is not understood.
    """
    articles, unread = load_articles(project)
    sample, second = (load_raw(project, relative) for relative in (SAMPLE, SECOND_READER))
    events = with_decided_links(load_raw(project, EVENTS), load_raw(project, DECISIONS))
    return CodingTables(load_coder(project), articles, unread, with_control_events(project, events), sample, second)


def with_control_events(project: Project, events: pd.DataFrame) -> pd.DataFrame:
    """Event rows with those of the control articles below them.

    Parameters
    ----------
    project : Project
    events : pandas.DataFrame

    Returns
    -------
    pandas.DataFrame
        ``same_event_as`` is missing in the rows below: nobody looked for reports of one event among control articles.
    """
    control = load_control_events(project).reindex(columns=events.columns).drop(columns=LINK)
    return pd.concat([events, control], ignore_index=True)


def load_control_events(project: Project) -> pd.DataFrame:
    """Event rows that people coded of the control articles; none where the project keeps no such articles.

    Parameters
    ----------
    project : Project

    Returns
    -------
    pandas.DataFrame
    """
    if not project.path(CONTROL_EVENTS).is_file():
        return pd.DataFrame(columns=list(CONTRACTS[CONTROL_EVENTS]), dtype="str")
    return load_raw(project, CONTROL_EVENTS)


def load_articles(project: Project) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """Read every text in ``data/raw/articles``, with what ``sources.csv`` knows of its page, and the control articles.

    Parameters
    ----------
    project : Project

    Returns
    -------
    articles : tuple of Article
        None where the project keeps no texts of its own.
    unread : tuple of str
        Ids of files that hold no readable text.
    """
    folder = project.path(ARTICLES)
    if not any(folder.glob("*.txt")):
        return (), ()
    pages = read_pages(project.path(SOURCES))
    articles, unread = [], []
    for entry in read_articles(folder):
        if isinstance(entry, FailedArticle):
            unread.append(entry.source_id or entry.detail)
        else:
            page = pages.get(entry.source_id, Page("", "", ""))
            articles.append(Article(entry.source_id, entry.text, page.published, page.title, page.url))
    return (*articles, *_control_articles(project)), tuple(unread)


def _control_articles(project: Project) -> Iterator[Article]:
    """Articles of a later search that are no part of the study: rules are tried on them."""
    if project.path(CONTROL_ARTICLES).is_file():
        for row in load_raw(project, CONTROL_ARTICLES).to_dict("records"):
            yield Article(row["source_id"], row["text"], row["published"], row["title"], row["url"])


def propose_rows(coded: Iterable[CodedArticle]) -> dict[str, tuple[EventRow, ...]]:
    """Rows that the coder proposes, by source id; none for an article without an event.

    Parameters
    ----------
    coded : iterable of CodedArticle

    Returns
    -------
    dict of str to tuple of dict

    Examples
    --------
    >>> propose_rows([CodedArticle("EE001", skipped="opinion")])
    {'EE001': ()}
    """
    return {
        article.source_id: tuple(
            proposed_row(article.source_id, number, event) for number, event in enumerate(article.events, start=1)
        )
        for article in coded
    }


def link_proposals(
    proposed: Mapping[str, tuple[EventRow, ...]], articles: Iterable[Article]
) -> dict[str, tuple[EventRow, ...]]:
    """Proposed rows with their links, as ``netral code`` links rows of articles given in this order.

    Parameters
    ----------
    proposed : mapping of str to tuple of dict
        By source id.
    articles : iterable of Article

    Returns
    -------
    dict of str to tuple of dict
    """
    with closing(SeenEvents()) as seen:
        linked = dict(proposed)
        for article in articles:
            digest = text_digest(article.text)
            linked[article.source_id] = tuple(
                {**row, LINK: seen.root_of(row["event_id"], article.source_id, event_key(row), digest, part)}
                for part, row in enumerate(proposed[article.source_id])
            )
    return linked


def pair_readings(
    proposed: Mapping[str, tuple[EventRow, ...]], events: pd.DataFrame, sample: pd.DataFrame
) -> list[ReadArticle]:
    """Put what was proposed for each article beside what people coded.

    Parameters
    ----------
    proposed : mapping of str to tuple of dict
        By source id, for every article that was read; coded rows of others are left aside.
    events, sample : pandas.DataFrame
        ``events.csv`` and ``coding_sample.csv`` as text.

    Returns
    -------
    list of ReadArticle

    Examples
    --------
    >>> events = pd.DataFrame({"source_id": ["EE001", "EE009"], "province": ["Bali", "Aceh"]})
    >>> sample = pd.DataFrame({"source_id": ["EE001"], "sample": ["held_out"]})
    >>> read = pair_readings({"EE001": (), "EE002": ()}, events, sample)
    >>> [(one.source_id, len(one.coded), one.sample) for one in read]
    [('EE001', 1, 'held_out'), ('EE002', 0, 'all')]
    """
    coded: dict[str, list[EventRow]] = {}
    for row in events.to_dict("records"):
        told = {str(name): str(cell) for name, cell in row.items() if not pd.isna(cell)}
        coded.setdefault(told["source_id"], []).append(told)
    samples = dict(zip(sample["source_id"], sample["sample"], strict=True))
    return [
        ReadArticle(name, samples.get(name, ALL), tuple(coded.get(name, ())), rows)
        for name, rows in sorted(proposed.items())
    ]


def read_project(tables: CodingTables) -> list[ReadArticle]:
    """Code the project's articles and put the proposals beside what people coded.

    Parameters
    ----------
    tables : CodingTables

    Returns
    -------
    list of ReadArticle
    """
    proposed = link_proposals(propose_rows(map(tables.coder.code, tables.articles)), tables.articles)
    return pair_readings(proposed | dict.fromkeys(tables.unread, ()), tables.events, tables.sample)
