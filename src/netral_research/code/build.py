"""The stage ``code``: reads the articles that people have read too, and measures how well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from netral_research.code.coder import Coder, load_coder
from netral_research.code.matching import EventRow
from netral_research.code.proposals import Article, CodedArticle, proposed_row
from netral_research.code.tallies import ReadArticle
from netral_research.errors import DataError
from netral_research.files import Project, read_text
from netral_research.schemas import load_raw

ARTICLES = "data/raw/articles"
EVENTS = "data/raw/events.csv"
SOURCES = "data/raw/sources.csv"
SAMPLE = "data/reference/coding_sample.csv"
SECOND_READER = "data/reference/coding_agreement.csv"
WITHOUT_SAMPLE = "all"


@dataclass(frozen=True)
class CodingTables:
    """What the stage reads.

    Parameters
    ----------
    articles : tuple of Article
        In order of their ids.
    unread : tuple of str
        Ids of files that hold no readable text.
    events, sample, second_reader : pandas.DataFrame
        Rows that people coded, which article belongs to which sample, and how well a second person agreed.
    """

    articles: tuple[Article, ...]
    unread: tuple[str, ...]
    events: pd.DataFrame
    sample: pd.DataFrame
    second_reader: pd.DataFrame


def load_coding_tables(project: Project) -> CodingTables:
    """Read the project's articles and what people made of them.

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
    articles, unread = read_articles(project)
    events, sample, second = (load_raw(project, relative) for relative in (EVENTS, SAMPLE, SECOND_READER))
    return CodingTables(articles, unread, events, sample, second)


def read_articles(project: Project) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """Read every text in ``data/raw/articles``, with what ``sources.csv`` knows of its page.

    Parameters
    ----------
    project : Project

    Returns
    -------
    articles : tuple of Article
    unread : tuple of str
        Ids of files that are empty or no UTF-8 text.
    """
    sources = load_raw(project, SOURCES).set_index("source_id")
    articles, unread = [], []
    for path in sorted(project.path(ARTICLES).glob("*.txt")):
        try:
            text = read_text(project, f"{ARTICLES}/{path.name}")
        except DataError:
            unread.append(path.stem)
            continue
        articles.append(Article(path.stem, text, *_page(sources, path.stem)))
    return tuple(articles), tuple(unread)


def _page(sources: pd.DataFrame, source_id: str) -> tuple[str, str, str]:
    if source_id not in sources.index:
        return "", "", ""
    published, title, url = sources.loc[source_id, ["published", "title", "url"]]
    return str(published), str(title), str(url)


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


def pair_readings(
    proposed: Mapping[str, tuple[EventRow, ...]], events: pd.DataFrame, sample: Mapping[str, str]
) -> list[ReadArticle]:
    """Put what was proposed for each article beside what people coded.

    Parameters
    ----------
    proposed : mapping of str to tuple of dict
        By source id, for every article that was read; others are left aside.
    events : pandas.DataFrame
        ``events.csv`` as text.
    sample : mapping of str to str
        Sample of the articles; where none of those read has one, all are one sample.

    Returns
    -------
    list of ReadArticle

    Examples
    --------
    >>> events = pd.DataFrame({"source_id": ["EE001", "EE009"], "province": ["Bali", "Aceh"]})
    >>> [(one.source_id, len(one.coded), one.sample) for one in pair_readings({"EE001": (), "EE002": ()}, events, {})]
    [('EE001', 1, 'all'), ('EE002', 0, 'all')]
    """
    coded: dict[str, list[EventRow]] = {}
    for row in events.to_dict("records"):
        coded.setdefault(str(row["source_id"]), []).append({str(name): str(cell) for name, cell in row.items()})
    return [
        ReadArticle(name, sample.get(name, WITHOUT_SAMPLE), tuple(coded.get(name, ())), rows)
        for name, rows in sorted(proposed.items())
    ]


def code_project(project: Project, tables: CodingTables, coder: Coder | None = None) -> list[ReadArticle]:
    """Code the project's articles and put the proposals beside what people coded."""
    coder = coder or load_coder(project)
    proposed = propose_rows(coder.code(article) for article in tables.articles)
    proposed |= dict.fromkeys(tables.unread, ())
    return pair_readings(
        proposed, tables.events, dict(zip(tables.sample["source_id"], tables.sample["sample"], strict=True))
    )
