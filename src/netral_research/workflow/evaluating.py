"""``netral evaluate``: how well proposals agree with what people coded."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netral_research.errors import DataError, Problem
from netral_research.files import Project, read_text, write_text
from netral_research.workflow.evaluation_text import describe_evaluation

if TYPE_CHECKING:
    import pandas as pd

    from netral_research.code.matching import EventRow
    from netral_research.code.tallies import ReadArticle

EVENTS = "data/raw/events.csv"
DECISIONS = "data/raw/decisions.csv"
SAMPLE = "data/reference/coding_sample.csv"
SECOND_READER = "data/reference/second_reader_events.csv"
SKIPPED, FAILED = "skipped.csv", "failed.csv"


@dataclass(frozen=True)
class Evaluation:
    """What holding proposals against coded rows found.

    Parameters
    ----------
    figures : pandas.DataFrame
        As :func:`netral_research.code.evaluation.measure` gives them.
    confusions, comparison : pandas.DataFrame
        Differences by field and row by row, without the articles that are held out.
    second_reader : pandas.DataFrame
        The figures of a second person who coded the held-out articles again; none where nobody did.
    articles : mapping of str to int
        Number of articles by sample.
    unread : int
        Articles that could not be read; their coded rows count as missed.
    """

    figures: pd.DataFrame
    confusions: pd.DataFrame
    comparison: pd.DataFrame
    second_reader: pd.DataFrame
    articles: dict[str, int]
    unread: int

    def describe(self, language: str, against: pd.DataFrame | None = None) -> str:
        """Tell the figures in an aligned table, with the most frequent confusions below it.

        Parameters
        ----------
        language : {"id", "en"}
        against : pandas.DataFrame, optional
            Figures of an earlier evaluation: every line then tells the change.

        Returns
        -------
        str
        """
        return describe_evaluation(self, language, against)

    def save_figures(self, path: Path) -> None:
        """Keep the figures as CSV, to compare a later evaluation with them."""
        _save(path, self.figures)

    def save_comparison(self, path: Path) -> None:
        """Keep every compared cell as CSV, without the articles that are held out."""
        _save(path, self.comparison)


def _save(path: Path, table: pd.DataFrame) -> None:
    from netral_research.storage import table_text

    write_text(path, table_text(table))


def evaluate_coding(root: Path, proposed: Path | None = None, coded: Path | None = None) -> Evaluation:
    """Hold proposals against the rows that people coded.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    proposed : pathlib.Path, optional
        Proposals made by ``netral code``; by default the project's articles are coded now, in memory.
    coded : pathlib.Path, optional
        Event rows that people coded; ``data/raw/events.csv`` by default.

    Returns
    -------
    Evaluation

    Raises
    ------
    DataError
        If a file is not understood, or no article was both read and coded.
    """
    from netral_research.code.links import with_decided_links
    from netral_research.code.readings import load_if_kept, pair_readings, with_control_events

    project = Project(root)
    events = _read_rows(coded or project.path(EVENTS))
    if coded is None:
        events = with_decided_links(events, load_if_kept(project, DECISIONS))
    if proposed is None and coded is None:
        events = with_control_events(project, events)
    rows, unread = _code_now(project) if proposed is None else _read_proposals(proposed, events)
    if not set(rows) & set(events["source_id"]):
        raise DataError([Problem("evaluate_nothing", file=str(proposed.name if proposed else EVENTS))])
    return _evaluate(project, pair_readings(rows, events, load_if_kept(project, SAMPLE)), len(unread))


def _evaluate(project: Project, readings: list[ReadArticle], unread: int) -> Evaluation:
    from collections import Counter

    from netral_research.code.confusions import compare_rows, count_confusions
    from netral_research.code.evaluation import measure

    return Evaluation(
        figures=measure(readings),
        confusions=count_confusions(readings),
        comparison=compare_rows(readings),
        second_reader=_second_reader(project),
        articles=dict(Counter(article.sample for article in readings)),
        unread=unread,
    )


def _second_reader(project: Project) -> pd.DataFrame:
    from netral_research.code.evaluation import measure
    from netral_research.code.readings import load_if_kept, pair_second_reader, with_control_events

    events, second, sample = (load_if_kept(project, relative) for relative in (EVENTS, SECOND_READER, SAMPLE))
    return measure(pair_second_reader(second, with_control_events(project, events), sample))


def _code_now(project: Project) -> tuple[dict[str, tuple[EventRow, ...]], Collection[str]]:
    from netral_research.code.coder import load_coder
    from netral_research.code.readings import link_proposals, load_articles, propose_rows

    articles, unread = load_articles(project)
    proposed = link_proposals(propose_rows(map(load_coder(project).code, articles)), articles)
    return proposed | dict.fromkeys(unread, ()), unread


def _read_proposals(path: Path, events: pd.DataFrame) -> tuple[dict[str, tuple[EventRow, ...]], Collection[str]]:
    """Rows by article, and none for articles that gave no row; without their list, that is every coded article."""
    rows: dict[str, list[EventRow]] = {}
    for row in _read_rows(path).to_dict("records"):
        rows.setdefault(str(row["source_id"]), []).append({str(name): str(cell) for name, cell in row.items()})
    without = _read_ids(path.parent / SKIPPED)
    unread = _read_ids(path.parent / FAILED) or ()
    others = (*(events["source_id"] if without is None else without), *unread)
    return {name: tuple(rows.get(name, ())) for name in dict.fromkeys((*rows, *others))}, unread


def _read_rows(path: Path) -> pd.DataFrame:
    """Event rows of a file that may have further columns, or none but its header."""
    import pandas as pd

    from netral_research.code.proposals import EVENT_COLUMNS
    from netral_research.storage import read_table

    folder = Project(path.parent)
    header = [name.strip() for name in next(csv.reader(read_text(folder, path.name).splitlines()), [])]
    wanted = header if set(EVENT_COLUMNS) <= set(header) else list(EVENT_COLUMNS)
    try:
        return read_table(folder, path.name, wanted)[list(EVENT_COLUMNS)]
    except DataError as fault:
        if {problem.key for problem in fault.problems} != {"file_without_rows"}:
            raise
        return pd.DataFrame(columns=list(EVENT_COLUMNS), dtype="str")


def _read_ids(path: Path) -> tuple[str, ...] | None:
    if not path.is_file():
        return None
    rows = csv.DictReader(read_text(Project(path.parent), path.name).splitlines())
    return tuple(row["source_id"].strip() for row in rows if row.get("source_id"))


def read_figures(path: Path) -> pd.DataFrame:
    """Read the figures that an earlier evaluation saved.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    DataError
        If the file was not saved by ``netral evaluate``.
    """
    from netral_research.code.evaluation import FIGURE_COLUMNS
    from netral_research.storage import read_table

    table = read_table(Project(path.parent), path.name, FIGURE_COLUMNS)
    try:
        return table.astype({"n": "int64", "value": "float64"})
    except ValueError:
        raise DataError([Problem("evaluate_figures", file=path.name)]) from None
