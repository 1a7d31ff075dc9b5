"""Deleting what was generated."""

from __future__ import annotations

import shutil
from pathlib import Path

from netral_research.workflow.holding import held_project
from netral_research.workflow.records import PROCESSED

GENERATED = (PROCESSED, "reports")
KEPT = (".gitkeep", ".lock")


def delete_generated(root: Path) -> tuple[str, ...]:
    """Delete everything that the commands have generated: ``data/processed`` and ``reports``.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.

    Returns
    -------
    tuple of str
        What was deleted, relative to the project.

    Raises
    ------
    WorkflowError
        If a run is at work on the project.
    """
    deleted = []
    with held_project(root):
        for folder in GENERATED:
            for path in sorted((root / folder).glob("*")):
                if path.name in KEPT:
                    continue
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()
                deleted.append(path.relative_to(root).as_posix())
    return tuple(deleted)
