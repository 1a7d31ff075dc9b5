"""Articles coded by the handful, here or in other processes; what comes back is ready to be written."""

from __future__ import annotations

import csv
import io
import os
import pickle
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from netral_research.articles import Article, FailedArticle
from netral_research.code.duplicates import EventKey, event_key, text_digest
from netral_research.code.proposals import CODED_FIELDS, PROPOSED_COLUMNS, CodedArticle, proposed_row

if TYPE_CHECKING:
    from netral_research.code.coder import Coder

Chunk = Sequence[Article | FailedArticle]

_CHUNK_ARTICLES = 128
_CHUNK_LETTERS = 500_000
# So many chunks are handed out before all of their results must have been taken: what waits cannot grow without end.
_WAVE = 64
_LONGEST_FAULT = 200
_FORMULA = "=+-@"
# What stands between the event's id, its source and the link to another event, and the end of the row.
_CELLS = PROPOSED_COLUMNS[3:]


class ProposedLine(NamedTuple):
    """One proposed row but for its link to another event.

    Parameters
    ----------
    event_id : str
    cells : str
        The columns after ``same_event_as``, as CSV text with its line end.
    key : EventKey
        What tells the event from others.
    """

    event_id: str
    cells: str
    key: EventKey


class Outcome(NamedTuple):
    """What became of one article: rows, a line of ``skipped.csv``, or a failure.

    Parameters
    ----------
    source_id : str
    events : tuple of ProposedLine
    digest : bytes
        Sign of the article's text.
    skipped : str
        CSV text with its line end.
    failed : FailedArticle or None
    """

    source_id: str
    events: tuple[ProposedLine, ...] = ()
    digest: bytes = b""
    skipped: str = ""
    failed: FailedArticle | None = None


def chunked(articles: Iterable[Article | FailedArticle]) -> Iterator[Chunk]:
    """Articles by the handful: not too many, and not too much text.

    Parameters
    ----------
    articles : iterable of Article or FailedArticle

    Yields
    ------
    sequence of Article or FailedArticle

    Examples
    --------
    >>> [len(chunk) for chunk in chunked(Article(f"S{number}", "Apel") for number in range(300))]
    [128, 128, 44]
    """
    chunk: list[Article | FailedArticle] = []
    letters = 0
    for article in articles:
        chunk.append(article)
        letters += len(article.text) if isinstance(article, Article) else 0
        if len(chunk) == _CHUNK_ARTICLES or letters > _CHUNK_LETTERS:
            yield chunk
            chunk, letters = [], 0
    if chunk:
        yield chunk


def coded_chunks(coder: Coder, chunks: Iterable[Chunk], processes: int | None) -> Iterator[list[Outcome]]:
    """Code chunks one after another or in several processes; the order stays.

    Parameters
    ----------
    coder : Coder
    chunks : iterable of sequence of Article or FailedArticle
    processes : int or None
        One stays in this process. None leaves the choice to :func:`joblib.parallel_config`, for instance ``"dask"``.

    Yields
    ------
    list of Outcome
        For every chunk, one for each article.
    """
    if processes == 1:
        yield from ([code_article(coder, article) for article in chunk] for chunk in chunks)
        return
    from joblib import Parallel, delayed

    packed = PackedCoder(pickle.dumps(coder), os.getpid())
    given = _Given(chunks)
    pool = Parallel(n_jobs=processes, return_as="generator", batch_size=1, pre_dispatch="3*n_jobs")
    with _quiet_end(), pool as parallel:
        for first in given:
            wave = chain([first], islice(given, _WAVE - 1))
            yield from parallel(delayed(code_chunk)(packed, chunk) for chunk in wave)
    if given.fault:
        raise given.fault


@contextmanager
def _quiet_end() -> Iterator[None]:
    """A pool that is broken off may stumble over work taken away from it, which is no news to anyone."""
    tell = threading.excepthook

    def tell_others(fault: threading.ExceptHookArgs) -> None:
        if not (fault.exc_type is KeyError and fault.thread and "ExecutorManager" in fault.thread.name):
            tell(fault)

    threading.excepthook = tell_others
    yield
    threading.excepthook = tell  # not reached where the pool is broken off: its thread ends later


class PackedCoder(NamedTuple):
    """A coder on its way to another process.

    Parameters
    ----------
    content : bytes
        The coder, pickled.
    sender : int
        The process that sends it.
    """

    content: bytes
    sender: int

    def unpack(self) -> Coder:
        """The coder; a process that the sender has started now ends with it, even if it is killed."""
        if os.getppid() == self.sender:
            threading.Thread(target=_end_with, args=(self.sender,), daemon=True).start()
        coder: Coder = pickle.loads(self.content)  # noqa: S301 - packed by the process that started this run
        return coder


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


_unpacked = lru_cache(maxsize=1)(PackedCoder.unpack)


class _Given:
    """Chunks as they are read; a fault waits until all chunks before it are done, for it must not stop the pool."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self._chunks = iter(chunks)
        self.fault: Exception | None = None

    def __iter__(self) -> _Given:
        return self

    def __next__(self) -> Chunk:
        try:
            return next(self._chunks)
        except StopIteration:
            raise
        except Exception as fault:  # noqa: BLE001 - raised again by the one who asked for the chunks
            self.fault = fault
            raise StopIteration from None


def code_chunk(packed: PackedCoder, chunk: Chunk) -> list[Outcome]:
    """Code a chunk in a process of a pool, which unpacks the coder once.

    Parameters
    ----------
    packed : PackedCoder
    chunk : sequence of Article or FailedArticle

    Returns
    -------
    list of Outcome
    """
    coder = _unpacked(packed)
    return [code_article(coder, article) for article in chunk]


def code_article(coder: Coder, article: Article | FailedArticle) -> Outcome:
    """Code one article; a fault of the coder is a failure of this article only.

    Parameters
    ----------
    coder : Coder
    article : Article or FailedArticle

    Returns
    -------
    Outcome
    """
    if isinstance(article, FailedArticle):
        return Outcome(article.source_id, failed=article)
    try:
        return _outcome(article, coder.code(article))
    except Exception as fault:  # noqa: BLE001 - told in failed.csv; the other articles go on
        line = " ".join(f"{type(fault).__name__}: {fault}".split())[:_LONGEST_FAULT]
        return Outcome(article.source_id, failed=FailedArticle(article.source_id, "coder", line))


def _outcome(article: Article, coded: CodedArticle) -> Outcome:
    if not coded.events:
        evidence = ";".join(f"{start}-{end}" for start, end in coded.evidence)
        return Outcome(article.source_id, skipped=csv_line([article.source_id, coded.skipped, evidence]))
    lines = []
    for number, event in enumerate(coded.events, 1):
        row = proposed_row(article.source_id, number, event)
        for name in CODED_FIELDS:
            row[name] = safe_cell(row[name])
        lines.append(ProposedLine(row["event_id"], csv_line([row[name] for name in _CELLS]), event_key(row)))
    return Outcome(article.source_id, tuple(lines), text_digest(article.text))


def safe_cell(value: str) -> str:
    r"""A cell on one line that no spreadsheet takes for a formula.

    Examples
    --------
    >>> safe_cell("ASN;kepala desa"), safe_cell("=HYPERLINK(1)"), safe_cell("ASN\x00\nguru")
    ('ASN;kepala desa', 'HYPERLINK(1)', 'ASN guru')
    """
    if value and (value[0] in _FORMULA or not value.isprintable()):
        value = " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())
        return value.lstrip(_FORMULA + " ")
    return value


def csv_line(cells: Sequence[str]) -> str:
    r"""One line of a CSV file.

    Examples
    --------
    >>> csv_line(["S1", 'Apel "netral", Bali'])
    'S1,"Apel ""netral"", Bali"\n'
    """
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
