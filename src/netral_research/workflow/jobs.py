"""Work that needs the heavy libraries but no notebook: checking the raw data and building the reports.

Each job runs in a process of its own: the command itself stays light, and two reports can be built at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from netral_research.errors import NetralError
from netral_research.language import interface_language
from netral_research.workflow.faults import ToldError, told_fault
from netral_research.workflow.kernels import kernel_environment

USER_MISTAKE = 2
_running: set[subprocess.Popen[str]] = set()
_guard = threading.Lock()


class JobFailedError(RuntimeError):
    """A job ended in a way that is no mistake of the user; its text is the traceback."""


def run_job(root: Path, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Run a job in a process of its own.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    arguments : tuple of str
        ``("check",)``, ``("report", language)`` or ``("data",)``.

    Returns
    -------
    tuple of str
        Files it wrote, relative to the project.

    Raises
    ------
    NetralError
        If the job told a mistake of the user.
    JobFailedError
        If it failed otherwise.
    """
    # -P: a file of the user's folder must not stand in for a module.
    command = [sys.executable, "-P", "-m", "netral_research.workflow.jobs", *arguments]
    environment = os.environ | kernel_environment(root) | {"MPLBACKEND": "agg", "PYTHONIOENCODING": "utf-8"}
    process = subprocess.Popen(
        command,
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    with _guard:
        _running.add(process)
    try:
        told, faults = process.communicate()
    finally:
        with _guard:
            _running.discard(process)
    if process.returncode == USER_MISTAKE:
        raise ToldError(faults)
    if process.returncode:
        raise JobFailedError(faults.strip() or f"{' '.join(arguments)}: {process.returncode}")
    return tuple(json.loads(told.strip().splitlines()[-1]))


def stop_jobs() -> None:
    """Kill every job that this process has started and that still runs."""
    with _guard:
        processes = list(_running)
    for process in processes:
        with suppress(OSError):
            process.kill()


def main(arguments: list[str]) -> int:
    """Do one job and print the files it wrote.

    Parameters
    ----------
    arguments : list of str

    Returns
    -------
    int
        The exit code: 2 for a mistake of the user, which is told on the standard error stream.
    """
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    root = Path(os.environ["NETRAL_PROJECT"])
    try:
        written = _JOBS[arguments[0]](root, *arguments[1:])
    except NetralError as fault:
        sys.stderr.write(fault.describe(interface_language()))
        return USER_MISTAKE
    except OSError as fault:
        told = told_fault(fault, root)
        if told is None:
            raise
        sys.stderr.write(told.describe(interface_language()))
        return USER_MISTAKE
    sys.stdout.write(json.dumps([_relative(root, path) for path in written]) + "\n")
    return 0


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _relative(root: Path, path: str | Path) -> str:
    path = Path(path)
    return (path.relative_to(root) if path.is_absolute() else path).as_posix()


def account_for_rows(root: Path) -> list[dict[str, Any]]:
    """Validate the study, clean all raw data in memory and account for every raw row; write nothing.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.

    Returns
    -------
    list of dict
        For every raw table ``file``, ``rows_in``, ``clean``, ``merged`` and ``rejected``.

    Raises
    ------
    NetralError
        If the study or the raw data hold a mistake.
    """
    from netral_research import clean
    from netral_research.files import Project
    from netral_research.study import load_study

    project = Project(root)
    study = load_study(project)
    results = (
        *clean.clean_events(clean.load_event_tables(project), study),
        *clean.clean_violations(clean.load_violation_tables(project), study),
    )
    accounts = [row for result in results if result.name == "accounting" for row in result.table.to_dict("records")]
    return [{str(name): cell for name, cell in row.items()} for row in accounts]


def _check(root: Path) -> tuple[str, ...]:
    account_for_rows(root)
    return ()


def _build_report(root: Path, language: str) -> tuple[str, ...]:
    from netral_research.files import Project
    from netral_research.report.build import build_report

    return tuple(str(path) for path in build_report(Project(root), language))


def _build_data(root: Path) -> tuple[str, ...]:
    from netral_research.files import Project
    from netral_research.report.build import build_data

    return tuple(str(path) for path in build_data(Project(root)))


_JOBS: dict[str, Callable[..., tuple[str, ...]]] = {
    "check": _check,
    "report": _build_report,
    "data": _build_data,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
