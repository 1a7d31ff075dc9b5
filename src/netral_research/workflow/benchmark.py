"""How long ``report`` takes, stage by stage, measured in a copy of the project; nothing here is a test."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from netral_research.language import text
from netral_research.workflow.kernels import kernel_environment
from netral_research.workflow.progress import seconds_label, task_label
from netral_research.workflow.records import Reason
from netral_research.workflow.runs import run_tasks
from netral_research.workflow.tasks import Task, build_tasks

_NOT_COPIED = (".git", ".venv", "processed", "reports", ".*_cache", "__pycache__", "node_modules")


@dataclass(frozen=True)
class Benchmark:
    """Seconds of everything that was measured.

    Parameters
    ----------
    tasks : tuple of (Task, float)
        Each task by itself; two may have run at the same time.
    notebooks : float
        All stages together, by the clock.
    total : float
        ``report`` from clean processed data, by the clock.
    again : float
        The command once more with nothing changed, with the start of Python.
    plain : float
        The same notebooks with ``jupyter nbconvert --execute``, one after another.
    """

    tasks: tuple[tuple[Task, float], ...]
    notebooks: float
    total: float
    again: float
    plain: float


@dataclass
class _Stopwatch:
    """Listens to a run and keeps the seconds of each task."""

    seconds: list[tuple[Task, float]] = field(default_factory=list)

    def skipped(self, task: Task) -> None:
        pass

    def started(self, task: Task, reasons: tuple[Reason, ...]) -> None:
        pass

    def finished(self, task: Task, seconds: float) -> None:
        self.seconds.append((task, seconds))

    def failed(self, task: Task, seconds: float) -> None:
        pass


def measure_report(root: Path) -> Benchmark:
    """Run ``report`` from nothing in a copy of the project, once more, then the notebooks by plain tools.

    Parameters
    ----------
    root : pathlib.Path
        The project folder; it is not written to.

    Returns
    -------
    Benchmark
    """
    with tempfile.TemporaryDirectory(prefix="netral-bench-") as folder:
        copy = Path(folder) / "project"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*_NOT_COPIED))
        tasks = build_tasks()
        notebooks = [task for task in tasks if task.stage]
        watch = _Stopwatch()
        checked = _clock(copy, [tasks[0]], watch)
        staged = _clock(copy, [tasks[0], *notebooks], watch)
        built = _clock(copy, list(tasks), watch)
        again = _clock_command(copy, [sys.executable, "-m", "netral_research", "report"])
        plain = sum(_clock_command(copy, _nbconvert(task, folder)) for task in notebooks)
    return Benchmark(tuple(watch.seconds), staged, checked + staged + built, again, plain)


def _clock(root: Path, tasks: list[Task], watch: _Stopwatch) -> float:
    began = time.perf_counter()
    run_tasks(root, tasks, watch)
    return time.perf_counter() - began


def _clock_command(root: Path, command: list[str]) -> float:
    began = time.perf_counter()
    environment = os.environ | kernel_environment(root)
    subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


def _nbconvert(task: Task, folder: str) -> list[str]:
    options = ["--to", "notebook", "--execute", "--output-dir", folder]
    return [sys.executable, "-m", "nbconvert", *options, task.notebook]


def describe_benchmark(benchmark: Benchmark, language: str) -> str:
    """The measured seconds as a table.

    Parameters
    ----------
    benchmark : Benchmark
    language : {"id", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> measured = Benchmark(tasks=(), notebooks=30.0, total=40.0, again=0.5, plain=20.0)
    >>> describe_benchmark(measured, "en").splitlines()[-1].split()[-1]
    '1.5'
    """
    rows = [(task_label(language, task), seconds) for task, seconds in benchmark.tasks]
    rows += [
        (text(language, "cli.bench.total"), benchmark.total),
        (text(language, "cli.bench.again"), benchmark.again),
        (text(language, "cli.bench.stages"), benchmark.notebooks),
        (text(language, "cli.bench.plain"), benchmark.plain),
        (text(language, "cli.bench.ratio"), benchmark.notebooks / benchmark.plain),
    ]
    width = max(len(name) for name, _ in rows)
    cores, version = os.cpu_count() or 1, platform.python_version()
    title = text(language, "cli.bench.title", cores=cores, python=version)
    lines = [f"{name:<{width}}  {seconds_label(language, seconds):>7}" for name, seconds in rows]
    return "\n".join([title, "", *lines])
