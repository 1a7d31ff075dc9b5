"""Mistakes of a user, told so that they can be mended: where, what was expected, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from netral_research.language import interface_language, text

SHOWN_PROBLEMS = 12


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    Parameters
    ----------
    key : str
        Key of the texts in ``locales/*/errors.toml`` (``problem``, ``expected``, ``action``).
    file : str
        File, relative to the project folder.
    row : int or None
        Line of the file (the header is line 1).
    column, value, nearest : str
        Column or key, the value found, and the nearest allowed value; empty where they do not apply.
    fields : mapping of str to str
        Placeholders of the texts.
    """

    key: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    nearest: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def describe(self, language: str) -> str:
        """Tell the problem in a few labelled lines.

        Parameters
        ----------
        language : {"id", "en"}

        Returns
        -------
        str

        Examples
        --------
        >>> print(Problem("file_missing", file="data/raw/events.csv").describe("en"))
          Problem      : The file does not exist.
          File         : data/raw/events.csv
          Expected     : This file is always part of the project.
          What to do   : Restore the file from the archive or from the repository.
        """
        parts = [
            ("problem", text(language, f"errors.{self.key}.problem", **self.fields)),
            ("file", self.file),
            ("row", "" if self.row is None else str(self.row)),
            ("column", self.column),
            ("value", f"“{self.value}”" if self.value else ""),
            ("expected", text(language, f"errors.{self.key}.expected", **self.fields)),
            ("nearest", f"“{self.nearest}”" if self.nearest else ""),
            ("action", text(language, f"errors.{self.key}.action", **self.fields)),
        ]
        names = {name: text(language, f"errors.labels.{name}") for name, _ in parts}
        width = max(len(name) for name in names.values())
        return "\n".join(f"  {names[name]:<{width}} : {told}" for name, told in parts if told)


class NetralError(Exception):
    """A mistake the user can mend. The screen shows its message and no traceback.

    Parameters
    ----------
    problems : iterable of Problem
        At least one.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def describe(self, language: str) -> str:
        """Tell all problems (the first dozen in full, then how many more).

        Parameters
        ----------
        language : {"id", "en"}

        Returns
        -------
        str

        Examples
        --------
        >>> wrong = DataError([Problem("file_missing", file="data/raw/events.csv")] * 14)
        >>> wrong.describe("en").splitlines()[-1]
        '… and 2 more problems. Mend those above first, then run again.'
        """
        shown = [problem.describe(language) for problem in self.problems[:SHOWN_PROBLEMS]]
        more = len(self.problems) - len(shown)
        tail = [text(language, "errors.labels.more", count=more)] if more else []
        return "\n\n".join([*shown, *tail])

    def __str__(self) -> str:
        return "\n" + self.describe(interface_language())


class DataError(NetralError):
    """A raw or reference file holds something the toolkit does not understand."""


class StudyError(NetralError):
    """``study.toml`` holds an unknown key, a wrong type or an impossible value."""


class NotebookError(NetralError):
    """A notebook has wrong parameters or failed while running."""


class WorkflowError(NetralError):
    """A command cannot run now: another run holds the project, or an earlier stage has no results."""


class CannotEstimateError(NetralError):
    """The panel cannot bear the model: no variation, no comparison within regions, too few regions."""


def nearest_match(value: str, allowed: Iterable[str]) -> str:
    """The allowed value most like ``value``, or an empty text where none is near. It only suggests, it never decides.

    Parameters
    ----------
    value : str
    allowed : iterable of str

    Returns
    -------
    str

    Examples
    --------
    >>> nearest_match("Jawa Tengha", ["Jawa Tengah", "Jawa Timur"])
    'Jawa Tengah'
    """
    by_folded = {candidate.casefold(): candidate for candidate in allowed}
    found = difflib.get_close_matches(value.casefold(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[found[0]] if found else ""
