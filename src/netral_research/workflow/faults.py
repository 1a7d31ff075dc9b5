"""Faults that come from elsewhere: told by a kernel or a job, or by the machine (no room, no permission)."""

from __future__ import annotations

import errno
from pathlib import Path

from netral_research.errors import NotebookError, Problem, WorkflowError


class ToldError(NotebookError):
    """A mistake of a user that another process has already told in full.

    Parameters
    ----------
    message : str
        The message, in the language of the screen.
    """

    def __init__(self, message: str) -> None:
        super().__init__(())
        self.message = message.strip("\n")

    def describe(self, language: str) -> str:  # noqa: ARG002 - it was written in the language of the screen
        """The message as it was written.

        Examples
        --------
        >>> ToldError("Berkas tidak ditemukan.").describe("id")
        'Berkas tidak ditemukan.'
        """
        return self.message


def told_fault(fault: OSError, root: Path | None = None) -> WorkflowError | None:
    """Turn a fault of the machine into a message, where a person can do something about it.

    Parameters
    ----------
    fault : OSError
    root : pathlib.Path, optional
        The project folder; files in it are named relative to it.

    Returns
    -------
    WorkflowError or None
        None where the fault is none of these.

    Examples
    --------
    >>> wrong = told_fault(OSError(errno.ENOSPC, "", "study/a.csv"), Path("study"))
    >>> wrong.problems[0].key, wrong.problems[0].file
    ('disk_full', 'a.csv')
    """
    keys = {
        errno.ENOSPC: "disk_full",
        errno.EFBIG: "disk_full",  # no file may grow further here
        getattr(errno, "EDQUOT", errno.ENOSPC): "disk_full",
        errno.EACCES: "not_permitted",
        errno.EPERM: "not_permitted",
        errno.EROFS: "not_permitted",
    }
    key = keys.get(fault.errno or 0)
    if key is None:
        return None
    return WorkflowError([Problem(key, file=_name(fault.filename, root))])


def _name(filename: object, root: Path | None) -> str:
    if not isinstance(filename, str | bytes):
        return ""
    path = Path(filename.decode() if isinstance(filename, bytes) else filename)
    return path.relative_to(root).as_posix() if root and path.is_relative_to(root) else path.name
