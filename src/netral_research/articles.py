"""Articles as a person keeps them: a folder of texts, or one CSV or Parquet file; read one after another.

Nothing is guessed: a text that is not UTF-8, an id that is none, a page that is no article is told as such, and the
others go on. Files of any length are read in constant memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from netral_research.article_tables import COLUMNS, SOURCE_COLUMNS, Row, csv_rows, guess_encoding, table_rows
from netral_research.errors import DataError, Problem

LONGEST_TEXT = 200_000  # characters; no news article comes near, a whole site in one file does
_LONGEST_TITLE = 1_000
_LONGEST_SHOWN = 80
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=[T ])")


@dataclass(frozen=True, slots=True)
class Article:
    """One news text and what is known of its page.

    Parameters
    ----------
    source_id : str
    text : str
        As read; evidence counts its characters from 0.
    published : str
        Day, month or year of the page, or an empty text.
    title, url : str
        As in ``sources.csv``; empty where unknown.
    """

    source_id: str
    text: str
    published: str = ""
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FailedArticle:
    """An article that could not be read.

    Parameters
    ----------
    source_id : str
        Empty where what was given is no id.
    reason : str
        Key of ``locales/*/coding.toml``, section ``failed``.
    detail : str
        The row or the file, and what stands there.
    """

    source_id: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a sources file tells of an article's page.

    Parameters
    ----------
    published, title, url : str
    """

    published: str
    title: str
    url: str


def read_articles(path: Path) -> Iterator[Article | FailedArticle]:
    """Read articles one after another.

    Parameters
    ----------
    path : pathlib.Path
        A folder of ``.txt`` files named by source id, one such file, or a CSV or Parquet file with the columns
        ``source_id`` and ``text``, and ``published``, ``title`` and ``url`` where known.

    Yields
    ------
    Article or FailedArticle
        In the order of the file; of a folder, in the order of the names.

    Raises
    ------
    DataError
        If the file as a whole cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "S2.txt").write_text("Apel netralitas ASN.")
    ...     _ = Path(folder, "S1.txt").write_bytes("Wali Kota é".encode("cp1252"))
    ...     for entry in read_articles(Path(folder)):
    ...         print(entry)
    FailedArticle(source_id='S1', reason='encoding', detail='S1.txt: Windows-1252')
    Article(source_id='S2', text='Apel netralitas ASN.', published='', title='', url='')
    """
    if _is_of_texts(path):
        return (_read_text(file) for file in _text_files(path))
    return (_entry(row) for row in table_rows(path, COLUMNS))


def article_ids(path: Path) -> Iterator[str]:
    """Read the ids alone, one for each article: empty where it is no id. Finds whatever is wrong with the whole file.

    Parameters
    ----------
    path : pathlib.Path

    Yields
    ------
    str

    Raises
    ------
    DataError
        If the file as a whole cannot be read.
    """
    if _is_of_texts(path):
        return (file.stem if is_source_id(file.stem) else "" for file in _text_files(path))
    ids = (row.cells.get("source_id", "").strip() for row in table_rows(path, COLUMNS[:1]))
    return (source_id if is_source_id(source_id) else "" for source_id in ids)


def is_source_id(written: str) -> bool:
    """Tell whether a text can be a source id: letters, digits, ``.``, ``_`` and ``-``, at most 100.

    Examples
    --------
    >>> is_source_id("EE001"), is_source_id("../etc/passwd"), is_source_id("=1+1")
    (True, False, False)
    """
    return bool(_ID.fullmatch(written))


def read_pages(path: Path) -> dict[str, Page]:
    """What a sources file tells of every page. It is only context, so that a hostile cell stops nothing.

    Parameters
    ----------
    path : pathlib.Path
        CSV file with ``source_id``, and ``published``, ``title`` and ``url`` where known.

    Returns
    -------
    dict of str to Page
        The first row of a source id counts.

    Raises
    ------
    DataError
        If the file cannot be read as a table.
    """
    pages: dict[str, Page] = {}
    for row in csv_rows(path, SOURCE_COLUMNS, SOURCE_COLUMNS[:1]):
        pages.setdefault(row.cells.get("source_id", "").strip(), _page(row.cells))
    return pages


def _page(cells: dict[str, str]) -> Page:
    published = cells.get("published", "").strip()
    day = _DAY.match(published)
    title, url = (cells.get(name, "").strip()[:_LONGEST_TITLE] for name in ("title", "url"))
    return Page(day.group() if day else published[:_LONGEST_SHOWN], title, url)


def _entry(row: Row) -> Article | FailedArticle:
    source_id, text = row.cells.get("source_id", "").strip(), row.cells.get("text", "")
    if not is_source_id(source_id):
        return FailedArticle("", row.fault or "no_id", f"{row.number}: {_shown(source_id)}")
    if row.fault:
        return FailedArticle(source_id, row.fault, str(row.number))
    if reason := _unfit(text):
        return FailedArticle(source_id, reason, f"{row.number}: {len(text)}")
    page = _page(row.cells)
    return Article(source_id, text, page.published, page.title, page.url)


def _unfit(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        return "too_long"
    return "" if text.strip() else "empty"


def _shown(value: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in value[:_LONGEST_SHOWN])


def _is_of_texts(path: Path) -> bool:
    if path.is_dir():
        if next(_text_files(path), None) is None:
            raise DataError([Problem("articles_no_texts", file=str(path))])
        return True
    if not path.is_file():
        raise DataError([Problem("articles_missing", file=str(path))])
    return path.suffix.lower() == ".txt"


def _text_files(path: Path) -> Iterator[Path]:
    if path.is_file():
        return iter([path])
    names = (file for file in path.iterdir() if file.suffix.lower() == ".txt" and not file.name.startswith("."))
    return iter(sorted((file for file in names if file.is_file()), key=lambda file: (file.stem, file.name)))


def _read_text(file: Path) -> Article | FailedArticle:
    source_id, shown = file.stem, _shown(file.name)
    if not is_source_id(source_id):
        return FailedArticle("", "no_id", shown)
    try:
        size = file.stat().st_size
        if size > 4 * LONGEST_TEXT:
            return FailedArticle(source_id, "too_long", f"{shown}: {size}")
        content = file.read_bytes()
    except OSError as fault:
        return FailedArticle(source_id, "unreadable", f"{shown}: {fault.strerror}")
    encoding = guess_encoding(content)
    if encoding != "UTF-8":
        return FailedArticle(source_id, "encoding" if encoding else "binary", f"{shown}: {encoding}".removesuffix(": "))
    text = content.decode("utf-8-sig")
    reason = _unfit(text)
    return FailedArticle(source_id, reason, f"{shown}: {len(text)}") if reason else Article(source_id, text)
