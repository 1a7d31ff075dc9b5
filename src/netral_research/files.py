"""The project folder and its files: found, read as text, written whole or not at all.

Nothing but this module writes files; tables and results go through :mod:`netral_research.storage`, which stands on
it. It loads no table library, so that a run with nothing to do answers at once.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from netral_research.errors import DataError, Problem, WorkflowError

PROJECT_VARIABLE = "NETRAL_PROJECT"


@dataclass(frozen=True)
class Project:
    """A project folder: ``study.toml``, ``data``, ``notebooks`` and ``reports``.

    Parameters
    ----------
    root : pathlib.Path
        Absolute path of the folder.
    """

    root: Path

    def path(self, relative: str) -> Path:
        """Absolute path of a file named relative to the project.

        Examples
        --------
        >>> Project(Path("study")).path("data/raw/events.csv").relative_to("study").as_posix()
        'data/raw/events.csv'
        """
        return self.root / relative


def find_project(start: Path | None = None) -> Project:
    """Find the project folder: the one ``NETRAL_PROJECT`` names, else the nearest above ``start`` with ``study.toml``.

    Parameters
    ----------
    start : pathlib.Path, optional
        Where to begin; the working directory by default.

    Returns
    -------
    Project

    Raises
    ------
    WorkflowError
        If no folder above ``start`` holds a ``study.toml``.
    """
    named = os.environ.get(PROJECT_VARIABLE) if start is None else None
    here = Path(named).resolve() if named else (start or Path.cwd()).resolve()
    for folder in (here,) if named else (here, *here.parents):
        if (folder / "study.toml").is_file():
            return Project(folder)
    raise WorkflowError([Problem("no_project", value=here.name)])


def read_text(project: Project, relative: str) -> str:
    """Read a UTF-8 text file.

    Parameters
    ----------
    project : Project
    relative : str
        File, relative to the project.

    Returns
    -------
    str

    Raises
    ------
    DataError
        If the file is missing, empty, or not UTF-8 text.
    """
    path = project.path(relative)
    if not path.is_file():
        raise DataError([Problem("file_missing", file=relative)])
    content = path.read_bytes()
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise DataError([Problem("file_empty", file=relative)])
    if b"\x00" in content:
        raise DataError([Problem("file_encoding", file=relative, fields={"guess": "UTF-16"})])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise DataError([Problem("file_encoding", file=relative, row=line, fields={"guess": "Windows-1252"})]) from None


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all (temporary file in the same folder, then replace).

    Parameters
    ----------
    path : pathlib.Path
        Its folder is made where it is missing.
    content : bytes
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_text(path: Path, content: str) -> None:
    """Write a UTF-8 text file whole or not at all."""
    write_bytes(path, content.encode("utf-8"))


@contextmanager
def written_together(paths: Sequence[Path]) -> Iterator[tuple[TextIO, ...]]:
    r"""Write several UTF-8 texts piece by piece; all of them appear when the block ends, and none where it fails.

    The pieces gather in hidden files beside them, so that no second writer may be at work on the same paths.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        In the order in which they appear; their folders are made where missing.

    Yields
    ------
    tuple of TextIO
        Line ends are written as they are given.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "rows.csv"
    ...     with written_together([path]) as (rows,):
    ...         _ = rows.write("event_id\n")
    ...         seen = path.exists()
    ...     (seen, path.read_text())
    (False, 'event_id\n')
    """
    parts = [path.with_name(f".{path.name}.part") for path in paths]
    try:
        with ExitStack() as stack:
            streams = []
            for path, part in zip(paths, parts, strict=True):
                path.parent.mkdir(parents=True, exist_ok=True)
                streams.append(stack.enter_context(part.open("w", encoding="utf-8", newline="")))
            yield tuple(streams)
            for stream in streams:
                stream.flush()
                os.fsync(stream.fileno())
        for path, part in zip(paths, parts, strict=True):
            part.chmod(0o644)
            part.replace(path)
    except BaseException:
        for part in parts:
            part.unlink(missing_ok=True)
        raise


def file_hash(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
