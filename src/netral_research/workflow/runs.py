"""Running tasks: in the order their files ask for, two at once where they can, and stopping cleanly."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Protocol

from netral_research.errors import NetralError, NotebookError, Problem
from netral_research.language import interface_language
from netral_research.stages import Stage
from netral_research.workflow import records
from netral_research.workflow.faults import ToldError
from netral_research.workflow.holding import held_project
from netral_research.workflow.records import Reason, Record
from netral_research.workflow.tasks import STUDY, Task, task_inputs

# One thread waits for each running kernel or job; the work itself is done in their processes.
PROCESSES = max(1, min(2, os.cpu_count() or 1))
_LOOK_AGAIN = 0.2


class Listener(Protocol):
    """What is told while tasks run. All calls come from the thread that called :func:`run_tasks`."""

    def skipped(self, task: Task) -> None:
        """Its results stand."""

    def started(self, task: Task, reasons: tuple[Reason, ...]) -> None:
        """It has begun, for these reasons."""

    def finished(self, task: Task, seconds: float) -> None:
        """It has ended well."""

    def failed(self, task: Task, seconds: float) -> None:
        """It has ended badly; the error follows."""


@dataclass(frozen=True)
class _Work:
    task: Task
    inputs: dict[str, str]
    began: float


def run_tasks(
    root: Path,
    tasks: Sequence[Task],
    listener: Listener,
    folder: Path | None = None,
    processes: int = PROCESSES,
) -> tuple[str, ...]:
    """Run the tasks whose results do not stand.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    tasks : sequence of Task
        In any order.
    listener : Listener
        Is told what happens.
    folder : pathlib.Path, optional
        Folder of the package; this package's by default.
    processes : int, optional
        How many tasks run at the same time.

    Returns
    -------
    tuple of str
        Names of the tasks that ran.

    Raises
    ------
    NetralError
        If a task told a mistake; no further task was started then.
    WorkflowError
        If another run holds the project.
    """
    crew = _Crew(root, tasks, listener, folder)
    with held_project(root), ThreadPoolExecutor(processes) as pool:
        try:
            return crew.run(pool, processes)
        except BaseException:
            crew.stop()
            raise


def task_order(tasks: Sequence[Task]) -> dict[str, set[str]]:
    """For every task the tasks that must have ended before it.

    Parameters
    ----------
    tasks : sequence of Task

    Returns
    -------
    dict of str to set of str

    Examples
    --------
    >>> from netral_research.workflow.tasks import Task
    >>> order = task_order([Task("clean", ("raw.csv",), ("clean.csv",)), Task("panel", ("clean.csv",))])
    >>> order["clean"], order["panel"]
    (set(), {'clean'})
    """
    writers = {relative: task.name for task in tasks for relative in task.writes}
    return {
        task.name: set(task.after) | {writers[relative] for relative in task.reads if relative in writers}
        for task in tasks
    }


def stop_running() -> None:
    """Kill the kernels and jobs that this process has started."""
    from netral_research.workflow.jobs import stop_jobs
    from netral_research.workflow.kernels import stop_kernels

    stop_jobs()
    stop_kernels()


class _Crew:
    """The state of one run: what is ready, what is running, what went wrong."""

    def __init__(self, root: Path, tasks: Sequence[Task], listener: Listener, folder: Path | None) -> None:
        self.root, self.listener, self.folder = root, listener, folder
        self.tasks = {task.name: task for task in tasks}
        self.sorter = TopologicalSorter(task_order(tasks))
        self.ready: list[str] = []
        self.running: dict[Future[tuple[str, ...]], _Work] = {}
        self.ran: list[str] = []
        self.failures: list[BaseException] = []

    def run(self, pool: ThreadPoolExecutor, processes: int) -> tuple[str, ...]:
        self.sorter.prepare()
        while self.running or (not self.failures and self.sorter.is_active()):
            self.ready += self.sorter.get_ready()
            while self.ready and not self.failures and len(self.running) < processes:
                self.begin(self.ready.pop(0), pool)
            if self.running:
                for future in wait(self.running, timeout=_LOOK_AGAIN, return_when=FIRST_COMPLETED).done:
                    self.end(future)
        if self.failures:
            raise joined_failure(self.failures)
        return tuple(self.ran)

    def begin(self, name: str, pool: ThreadPoolExecutor) -> None:
        task = self.tasks[name]
        inputs = task_inputs(self.root, task, self.folder)
        reasons = records.compare(self.root, records.read_record(self.root, name), inputs)
        if not reasons:
            self.listener.skipped(task)
            self.sorter.done(name)
            return
        records.drop_record(self.root, name)
        self.listener.started(task, reasons)
        self.ran.append(name)
        self.running[pool.submit(_run_task, self.root, task)] = _Work(task, inputs, time.perf_counter())

    def end(self, future: Future[tuple[str, ...]]) -> None:
        work = self.running.pop(future)
        seconds = time.perf_counter() - work.began
        fault = future.exception()
        if fault is not None:
            self.listener.failed(work.task, seconds)
            self.failures.append(fault)
            return
        # Its inputs were looked at before it began: one that changed meanwhile counts as changed next time.
        outputs = records.output_digests(self.root, future.result())
        records.write_record(self.root, work.task.name, Record(work.inputs, outputs))
        self.listener.finished(work.task, seconds)
        self.sorter.done(work.task.name)

    def stop(self) -> None:
        # A kernel may only be starting at the first call, so it is repeated until all threads are back.
        while any(not future.done() for future in self.running):
            stop_running()
            wait(self.running, timeout=_LOOK_AGAIN)


def joined_failure(failures: Sequence[BaseException]) -> BaseException:
    """One error for all that stopped at the same time: a fault of the program first, else all messages together.

    Parameters
    ----------
    failures : sequence of BaseException
        At least one.

    Returns
    -------
    BaseException
    """
    for fault in failures:
        if not isinstance(fault, NetralError):
            return fault
    language = interface_language()
    messages = [fault.describe(language) for fault in failures if isinstance(fault, NetralError)]
    return failures[0] if len(messages) == 1 else ToldError("\n\n".join(messages))


def _run_task(root: Path, task: Task) -> tuple[str, ...]:
    if task.stage is None:
        from netral_research.workflow.jobs import run_job

        return run_job(root, task.job)
    return _run_stage(root, task, task.stage)


def _run_stage(root: Path, task: Task, stage: Stage) -> tuple[str, ...]:
    from netral_research.files import Project
    from netral_research.workflow.notebooks import read_notebook, run_notebook
    from netral_research.workflow.parameters import declared_parameters

    declared = declared_parameters(task.notebook, read_notebook(root, task.notebook))
    choices = {"study_file": STUDY} if stage.reads_study else {}
    run_notebook(Project(root), stage, declared | choices)
    missing = [relative for relative in task.writes if not (root / relative).is_file()]
    if missing:
        raise NotebookError([Problem("outputs_missing", task.notebook, fields={"files": ", ".join(missing)})])
    return task.writes
