"""What a person sees while tasks run: a line for every task, and a clock where the screen is a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from netral_research.language import text
from netral_research.workflow.records import Reason
from netral_research.workflow.tasks import Task

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

SHOWN_REASONS = 3


def task_label(language: str, task: Task) -> str:
    """Name of a task as a person reads it.

    Parameters
    ----------
    language : {"id", "en"}
    task : Task

    Returns
    -------
    str

    Examples
    --------
    >>> task_label("en", Task("check", ()))
    'checking study and raw data'
    """
    if task.stage:
        return text(language, "cli.task.stage", stage=task.stage.name, notebook=task.stage.notebook)
    return text(language, f"cli.task.{task.name}")


def reason_label(language: str, reason: Reason) -> str:
    """A reason as a person reads it.

    Parameters
    ----------
    language : {"id", "en"}
    reason : Reason

    Returns
    -------
    str

    Examples
    --------
    >>> reason_label("en", Reason("changed", "file", "data/raw/events.csv"))
    'file data/raw/events.csv has changed'
    """
    name = text(language, f"cli.sort.{reason.sort}", name=reason.name) if reason.sort else ""
    return text(language, f"cli.reason.{reason.kind}", name=name)


def reasons_label(language: str, reasons: Sequence[Reason], shown: int = SHOWN_REASONS) -> str:
    """The first reasons in one line, and how many more there are.

    Parameters
    ----------
    language : {"id", "en"}
    reasons : sequence of Reason
    shown : int, optional

    Returns
    -------
    str

    Examples
    --------
    >>> reasons_label("en", [Reason("changed", "file", f"{name}.csv") for name in "abcde"], shown=1)
    'file a.csv has changed; and 4 more'
    """
    told = [reason_label(language, reason) for reason in reasons[:shown]]
    if len(reasons) > shown:
        told.append(text(language, "cli.reason.more", count=len(reasons) - shown))
    return "; ".join(told)


def seconds_label(language: str, seconds: float) -> str:
    """Seconds with one decimal, as the language writes numbers.

    Parameters
    ----------
    language : {"id", "en"}
    seconds : float

    Returns
    -------
    str

    Examples
    --------
    >>> seconds_label("id", 3.14159), seconds_label("en", 3.14159)
    ('3,1', '3.1')
    """
    written = f"{seconds:.1f}"
    return written.replace(".", ",") if language == "id" else written


class Progress:
    """A line when a task begins and when it ends; on a terminal also a clock for those that run.

    Parameters
    ----------
    language : {"id", "en"}
    console : rich.console.Console
    """

    def __init__(self, language: str, console: Console) -> None:
        self.language, self.console = language, console
        self.running: dict[str, tuple[Task, float]] = {}

    def skipped(self, task: Task) -> None:
        """Nothing is said of a single task whose results stand."""

    def started(self, task: Task, reasons: tuple[Reason, ...]) -> None:
        """Say that a task begins, and why."""
        self.running[task.name] = (task, time.perf_counter())
        because = text(self.language, "cli.progress.because", reasons=reasons_label(self.language, reasons))
        self._say("started", task)
        self.console.print(f"         {because}", style="dim", markup=False, highlight=False, soft_wrap=True)

    def finished(self, task: Task, seconds: float) -> None:
        """Say that a task is done."""
        self.running.pop(task.name, None)
        self._say("finished", task, seconds)

    def failed(self, task: Task, seconds: float) -> None:
        """Say that a task stopped; the message follows."""
        self.running.pop(task.name, None)
        self._say("failed", task, seconds)

    def _say(self, event: str, task: Task, seconds: float = 0.0) -> None:
        fields = {"task": task_label(self.language, task), "seconds": seconds_label(self.language, seconds)}
        line = text(self.language, f"cli.progress.{event}", **fields)
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def __rich__(self) -> Text:
        """The tasks that run, with their clocks."""
        from rich.text import Text

        lines = []
        for task, began in list(self.running.values()):
            seconds = seconds_label(self.language, time.perf_counter() - began)
            label = task_label(self.language, task)
            lines.append(text(self.language, "cli.progress.running", task=label, seconds=seconds))
        return Text("\n".join(lines), style="cyan")


@contextmanager
def shown_progress(language: str) -> Iterator[Progress]:
    """Progress on the screen while the block runs.

    Parameters
    ----------
    language : {"id", "en"}

    Yields
    ------
    Progress
    """
    from rich.console import Console

    console = Console()
    progress = Progress(language, console)
    if not console.is_terminal:
        yield progress
        return
    from rich.live import Live

    with Live(progress, console=console, refresh_per_second=4, transient=True):
        yield progress
