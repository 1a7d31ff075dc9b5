"""Where proposals may be written, and that one run at a time writes there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from netral_research.errors import Problem, WorkflowError
from netral_research.files import Project
from netral_research.workflow import records

UNTOUCHED = ("data/raw", "data/reference")


def check_outputs(project: Project, outputs: Sequence[Path], inputs: Collection[Path]) -> None:
    """Refuse outputs that would overwrite what was read, or a raw table.

    Parameters
    ----------
    project : Project
    outputs : sequence of pathlib.Path
        The proposals and what is written beside them.
    inputs : collection of pathlib.Path

    Raises
    ------
    WorkflowError
    """
    output, *companions = outputs
    names = {path.name for path in companions}
    if output.suffix.lower() != ".csv" or output.name in names or output.is_dir():
        raise WorkflowError([Problem("coding_output_name", file=str(output))])
    folders = [parent for parent in output.parents if parent.exists() and not parent.is_dir()]
    if folders:
        raise WorkflowError([Problem("coding_output_folder", file=str(folders[0]))])
    if any(output.resolve().is_relative_to(project.path(name).resolve()) for name in UNTOUCHED):
        raise WorkflowError([Problem("coding_output_raw", file=str(output))])
    problems = [
        Problem("coding_output_input", file=str(path))
        for path in outputs
        if any(_is_same(path, read) for read in inputs)
    ]
    if problems:
        raise WorkflowError(problems)


def _is_same(first: Path, second: Path) -> bool:
    both = first.exists() and second.exists()
    return first.samefile(second) if both else first.resolve() == second.resolve()


@contextmanager
def held_output(root: Path, folder: Path) -> Iterator[None]:
    """Hold an output folder, so that no second run writes into it at the same time.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    folder : pathlib.Path

    Raises
    ------
    WorkflowError
        If another run holds it.
    """
    from filelock import FileLock, Timeout

    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    (root / records.PROCESSED).mkdir(parents=True, exist_ok=True)
    lock = FileLock(root / records.PROCESSED / f".coding-{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise WorkflowError([Problem("coding_busy", file=str(folder))]) from None
    try:
        yield
    finally:
        lock.release()
