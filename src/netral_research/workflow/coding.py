"""Coding articles in bulk: every article ends in exactly one of proposed, skipped and failed, or nothing is written."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

from netral_research.article_tables import csv_rows
from netral_research.articles import Article, FailedArticle, Page, article_ids, read_articles, read_pages
from netral_research.code.duplicates import SeenEvents, event_key
from netral_research.code.proposals import EVENT_COLUMNS, FAILED_COLUMNS, PROPOSED_COLUMNS, SKIPPED_COLUMNS
from netral_research.errors import DataError
from netral_research.files import Project, file_hash, written_together
from netral_research.language import format_number, text
from netral_research.workflow.article_chunks import Outcome, chunked, coded_chunks, csv_line
from netral_research.workflow.coding_output import check_outputs, held_output

SKIPPED, FAILED, RECORD = "skipped.csv", "failed.csv", "coding.json"
EVENTS = "data/raw/events.csv"
SOURCES = "data/raw/sources.csv"
_FEW = 1_500  # articles: read here before other processes have begun
_HEADERS = (PROPOSED_COLUMNS, SKIPPED_COLUMNS, FAILED_COLUMNS)

Heard = Callable[[int, int], None]


@dataclass(frozen=True)
class CodingCounts:
    """What became of the articles.

    Parameters
    ----------
    articles : int
        All of them: ``proposed + skipped + failed``.
    proposed, skipped : int
        Articles with at least one proposed row, and without an event.
    rows : int
        Proposed rows.
    linked : int
        Rows that probably repeat another one.
    failures : mapping of str to int
        Articles that could not be read, by reason.
    """

    articles: int = 0
    proposed: int = 0
    rows: int = 0
    linked: int = 0
    skipped: int = 0
    failures: Mapping[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        """How many articles could not be read."""
        return sum(self.failures.values())

    def describe(self, language: str) -> str:
        """Tell the counts so that they can be added up.

        Parameters
        ----------
        language : {"id", "en"}

        Returns
        -------
        str

        Examples
        --------
        >>> counts = CodingCounts(articles=1200, proposed=1000, rows=1100, linked=3, skipped=199, failures={"empty": 1})
        >>> print(counts.describe("en"))
        1,200 articles = 1,000 with proposals (1,100 rows) + 199 skipped + 1 failed
        Rows that probably repeat an event already reported: 3
        Failed articles, listed in failed.csv:
          1 · there is no text
        """
        names = ("articles", "proposed", "rows", "linked", "skipped", "failed")
        counts = {name: format_number(getattr(self, name), "integer", language) for name in names}
        lines = [text(language, f"coding.told.{key}", **counts) for key in ("account", "linked")]
        lines += [text(language, "coding.told.failures", file=FAILED)] if self.failures else []
        for key, number in self.failures.items():
            reason = text(language, f"coding.failed.{key}")
            count = format_number(number, "integer", language)
            lines.append("  " + text(language, "coding.told.failure", count=count, reason=reason))
        return "\n".join(lines)


def code_articles(
    root: Path,
    articles_path: Path,
    output_path: Path,
    sources_path: Path | None = None,
    processes: int | None = 1,
    progress: Heard | None = None,
) -> CodingCounts:
    """Code articles and write the proposals, with the lists of skipped and failed articles beside them.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    articles_path : pathlib.Path
        As :func:`netral_research.articles.read_articles` takes it; it is not written to.
    output_path : pathlib.Path
        ``proposed.csv``; ``skipped.csv``, ``failed.csv`` and ``coding.json`` are written beside it.
    sources_path : pathlib.Path, optional
        What is known of the articles' pages; the project's ``data/raw/sources.csv`` by default.
    processes : int or None, optional
        None leaves the choice to :func:`joblib.parallel_config`. The bytes written are the same for any number.
    progress : callable, optional
        Told now and then how many articles are done, and of how many.

    Returns
    -------
    CodingCounts

    Raises
    ------
    NetralError
        If the articles as a whole cannot be read, or the output may not be written; nothing is written then.
    """
    project = Project(root)
    default = project.path(SOURCES)
    sources = sources_path or (default if default.is_file() else None)
    outputs = (output_path, *(output_path.with_name(name) for name in (SKIPPED, FAILED, RECORD)))
    check_outputs(project, outputs, [path for path in (articles_path, sources) if path])
    with held_output(root, output_path.parent), _told_database(), closing(SeenEvents()) as seen:
        total = _prepare(project, articles_path, seen)
        pages = read_pages(sources) if sources else {}
        with written_together(outputs) as streams:
            run = _Run(seen, streams, total, progress)
            counts = run.code(project, _with_pages(read_articles(articles_path), pages), processes)
            streams[-1].write(_record(project, output_path, articles_path, sources, counts))
    return counts


class _Run:
    """Takes what became of each article, in order, and writes it."""

    def __init__(self, seen: SeenEvents, streams: tuple[TextIO, ...], total: int, progress: Heard | None) -> None:
        self.seen, self.total, self.progress = seen, total, progress
        self.proposed, self.skipped, self.failed = streams[:3]
        self.counts = dict.fromkeys(("articles", "proposed", "rows", "linked", "skipped"), 0)
        self.failures: dict[str, int] = {}
        for stream, columns in zip(streams, _HEADERS, strict=False):
            stream.write(csv_line(columns))

    def code(
        self, project: Project, articles: Iterator[Article | FailedArticle], processes: int | None
    ) -> CodingCounts:
        from netral_research.code.coder import load_coder

        if processes and self.total <= _FEW:
            processes = 1
        for outcomes in coded_chunks(load_coder(project), chunked(articles), processes):
            for outcome in outcomes:
                self._take(outcome)
            if self.progress:
                self.progress(self.counts["articles"], self.total)
        return CodingCounts(**self.counts, failures=dict(sorted(self.failures.items())))

    def _take(self, outcome: Outcome) -> None:
        self.counts["articles"] += 1
        failed = outcome.failed
        if outcome.source_id and not self.seen.is_new_article(outcome.source_id):
            failed = FailedArticle(outcome.source_id, "id_twice", failed.detail if failed else "")
        if failed:
            self.failures[failed.reason] = self.failures.get(failed.reason, 0) + 1
            self.failed.write(csv_line([failed.source_id, failed.reason, failed.detail]))
        elif outcome.skipped:
            self.counts["skipped"] += 1
            self.skipped.write(outcome.skipped)
        else:
            self.counts["proposed"] += 1
            self._propose(outcome)

    def _propose(self, outcome: Outcome) -> None:
        for part, line in enumerate(outcome.events):
            root = self.seen.root_of(line.event_id, outcome.source_id, line.key, outcome.digest, part)
            self.counts["rows"] += 1
            self.counts["linked"] += bool(root)
            self.proposed.write(f"{line.event_id},{outcome.source_id},{root},{line.cells}")


def _prepare(project: Project, articles_path: Path, seen: SeenEvents) -> int:
    """Read all ids once, which finds broken files before any work, and keep the accepted events of other sources."""
    accepted = _accepted_events(project)
    sources = {row["source_id"] for row in accepted}
    total, present = 0, set()
    for source_id in article_ids(articles_path):
        total += 1
        if source_id in sources:
            present.add(source_id)
    links = {row["event_id"]: row["same_event_as"] for row in accepted}
    own = {row["event_id"] for row in accepted if row["source_id"] in present}
    roots: dict[str, str] = {}
    for row in accepted:
        if row["event_id"] not in own:
            root = _root(row["event_id"], links)
            kept = roots.setdefault(root, row["event_id"] if root in own else root)
            seen.keep(row["event_id"], row["source_id"], event_key(row), "" if kept == row["event_id"] else kept)
    return total


def _accepted_events(project: Project) -> list[dict[str, str]]:
    path = project.path(EVENTS)
    if not path.is_file():
        return []
    try:
        rows = csv_rows(path, EVENT_COLUMNS, EVENT_COLUMNS)
        return [{name: row.cells.get(name, "").strip() for name in EVENT_COLUMNS} for row in rows]
    except DataError as fault:
        if {problem.key for problem in fault.problems} == {"articles_empty"}:
            return []
        raise


def _root(event_id: str, links: dict[str, str]) -> str:
    met = {event_id}
    while (following := links.get(event_id)) and following not in met:
        met.add(following)
        event_id = following
    return event_id


def _with_pages(
    articles: Iterator[Article | FailedArticle], pages: dict[str, Page]
) -> Iterator[Article | FailedArticle]:
    """What the articles file tells of a page goes before what the sources file tells."""
    for article in articles:
        page = pages.get(article.source_id)
        if page is None or isinstance(article, FailedArticle):
            yield article
        else:
            known = (article.published or page.published, article.title or page.title, article.url or page.url)
            yield replace(article, published=known[0], title=known[1], url=known[2])


@contextmanager
def _told_database() -> Iterator[None]:
    """A temporary database that finds no room is a full disk like any other."""
    try:
        yield
    except sqlite3.OperationalError as fault:
        if "full" not in str(fault):
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None


def _record(project: Project, output: Path, articles: Path, sources: Path | None, counts: CodingCounts) -> str:
    """What was read, and by which rules: with the same, the same is proposed."""
    from netral_research.code import coder
    from netral_research.code.lexicon import LEXICON

    modules = sorted(Path(coder.__file__).parent.glob("*.py"))
    rules = hashlib.sha256("".join(file_hash(module) for module in modules).encode()).hexdigest()
    content: dict[str, Any] = {
        "articles": _relative(articles, output.parent),
        "sources": _relative(sources, output.parent) if sources else None,
        "proposed": output.name,
        "lexicon": file_hash(project.path(LEXICON)),
        "coder": rules,
        "counts": asdict(counts) | {"failed": counts.failed},
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()
