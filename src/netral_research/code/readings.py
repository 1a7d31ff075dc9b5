"""The project's articles, what people coded of them, and the two put side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

import pandas as pd

from netral_research.articles import Article, FailedArticle, Page, read_articles, read_pages
from netral_research.code.coder import Coder, load_coder
from netral_research.code.duplicates import SeenEvents, event_key, text_digest
from netral_research.code.evaluation import ALL, HELD_OUT
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
SECOND_READER = "data/reference/second_reader_events.csv"


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
        Rows that people coded, the sample of every article, and the rows of whoever coded the held-out ones again.
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
    sample, second = load_raw(project, SAMPLE), load_if_kept(project, SECOND_READER)
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
    control = load_if_kept(project, CONTROL_EVENTS).reindex(columns=events.columns).drop(columns=LINK)
    return pd.concat([events, control], ignore_index=True)


def load_if_kept(project: Project, relative: str) -> pd.DataFrame:
    """A table that another study's project may do without; then it has no row.

    Parameters
    ----------
    project : Project
    relative : str
        Its path within the project.

    Returns
    -------
    pandas.DataFrame
    """
    if not project.path(relative).is_file():
        return pd.DataFrame(columns=list(CONTRACTS[relative]), dtype="str")
    return load_raw(project, relative)


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


def pair_second_reader(second: pd.DataFrame, events: pd.DataFrame, sample: pd.DataFrame) -> list[ReadArticle]:
    """Put what a second person coded of the held-out articles beside what the first one did.

    Parameters
    ----------
    second : pandas.DataFrame
        ``second_reader_events.csv`` as text. Who coded any held-out article again coded all of them: one without a
        row reports no event.
    events, sample : pandas.DataFrame
        ``events.csv`` and ``coding_sample.csv`` as text.

    Returns
    -------
    list of ReadArticle
        The second person's rows stand where proposals do. Nobody looked for reports of one event again.

    Examples
    --------
    >>> events = pd.DataFrame({"source_id": ["KC001"], "province": ["Bali"], "same_event_as": [""]})
    >>> sample = pd.DataFrame({"source_id": ["KC001", "KC002"], "sample": ["held_out", "held_out"]})
    >>> [len(one.proposed) for one in pair_second_reader(events, events, sample)]
    [1, 0]
    """
    if second.empty:
        return []
    rows: dict[str, list[EventRow]] = {name: [] for name in sample.loc[sample["sample"] == HELD_OUT, "source_id"]}
    for row in second.drop(columns=LINK).to_dict("records"):
        rows.setdefault(str(row["source_id"]), []).append({str(name): str(cell) for name, cell in row.items()})
    return pair_readings({name: tuple(told) for name, told in rows.items()}, events.drop(columns=LINK), sample)


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
