"""Holding a project, so that two runs never work on it at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netral_research.errors import Problem, WorkflowError
from netral_research.workflow import records


@contextmanager
def held_project(root: Path) -> Iterator[None]:
    """Hold a project, so that no second run works on it at the same time.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.

    Raises
    ------
    WorkflowError
        If another run holds it.
    """
    from filelock import FileLock, Timeout

    (root / records.PROCESSED).mkdir(parents=True, exist_ok=True)
    lock = FileLock(root / records.PROCESSED / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise WorkflowError([Problem("project_busy", file=root.name)]) from None
    try:
        yield
    finally:
        lock.release()
