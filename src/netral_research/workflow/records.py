"""Records of finished tasks: the content of all that a task read and wrote, to see later what changed.

Times of files are not trusted, only their content. A record goes before its task starts and comes after it
has ended, one file a task, so a crash at any moment leaves nothing that counts as done.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from netral_research.hashing import MISSING, content_hash

PROCESSED = "data/processed"
RECORDS = f"{PROCESSED}/.tasks"
LOCK = "requirements.lock"


@dataclass(frozen=True)
class Reason:
    """Why a task has to run.

    Parameters
    ----------
    kind : {"never", "changed", "added", "removed", "output_missing", "output_changed", "upstream"}
    sort : {"", "file", "module", "notebook", "lock", "python", "task"}
        What ``name`` is.
    name : str
        The file, module, notebook or task.
    """

    kind: str
    sort: str = ""
    name: str = ""


@dataclass(frozen=True)
class Record:
    """Content of what a finished task read and wrote.

    Parameters
    ----------
    inputs : mapping of str to str
        ``sort:name`` to SHA-256.
    outputs : mapping of str to str
        File to SHA-256.
    """

    inputs: Mapping[str, str]
    outputs: Mapping[str, str]


def notebook_digest(path: Path) -> str:
    """SHA-256 of what a person writes in a notebook: cells and tags, without outputs and counters.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    str
        The hash of the whole file where it is no notebook.
    """
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        written = [
            [cell["cell_type"], "".join(cell["source"]), cell.get("metadata", {}).get("tags", [])] for cell in cells
        ]
    except FileNotFoundError:
        return MISSING
    except (ValueError, KeyError, TypeError):
        return content_hash(path)
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def environment_inputs(root: Path) -> dict[str, str]:
    """Hashes of what every task depends on: the locked versions and the version of Python.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.

    Returns
    -------
    dict of str to str
    """
    return {f"lock:{LOCK}": content_hash(root / LOCK), "python:Python": platform.python_version()}


def output_digests(root: Path, outputs: tuple[str, ...]) -> dict[str, str]:
    """Hashes of files that a task has written.

    Parameters
    ----------
    root : pathlib.Path
    outputs : tuple of str
        Files relative to the project.

    Returns
    -------
    dict of str to str
    """
    return {relative: content_hash(root / relative) for relative in outputs}


def read_record(root: Path, task: str) -> Record | None:
    """Record of a task's last finished run, or None.

    Parameters
    ----------
    root : pathlib.Path
    task : str

    Returns
    -------
    Record or None
    """
    try:
        content = json.loads((root / RECORDS / f"{task}.json").read_text("utf-8"))
        return Record(dict(content["inputs"]), dict(content["outputs"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def drop_record(root: Path, task: str) -> None:
    """Forget a task's last run, because it is about to run again."""
    (root / RECORDS / f"{task}.json").unlink(missing_ok=True)


def write_record(root: Path, task: str, record: Record) -> None:
    """Keep what a task read and wrote, after it has ended."""
    from netral_research.files import write_text

    content = {"inputs": dict(record.inputs), "outputs": dict(record.outputs)}
    write_text(root / RECORDS / f"{task}.json", json.dumps(content, indent=1, sort_keys=True) + "\n")


def compare(root: Path, record: Record | None, inputs: Mapping[str, str]) -> tuple[Reason, ...]:
    """Why a task has to run, file by file; nothing where its results stand.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    record : Record or None
        The task's last finished run.
    inputs : mapping of str to str
        What it would read now.

    Returns
    -------
    tuple of Reason

    Examples
    --------
    >>> record = Record({"file:a.csv": "11", "file:b.csv": "22"}, {})
    >>> [(reason.kind, reason.name) for reason in compare(Path("study"), record, {"file:a.csv": "12"})]
    [('changed', 'a.csv'), ('removed', 'b.csv')]
    """
    if record is None:
        return (Reason("never"),)
    reasons = []
    for key in sorted(set(record.inputs) | set(inputs)):
        before, now = record.inputs.get(key), inputs.get(key)
        if before != now:
            kind = "added" if before is None else "removed" if now is None else "changed"
            reasons.append(Reason(kind, *key.split(":", 1)))
    for relative, before in sorted(record.outputs.items()):
        now = content_hash(root / relative)
        if now != before:
            reasons.append(Reason("output_missing" if now == MISSING else "output_changed", "file", relative))
    return tuple(reasons)
