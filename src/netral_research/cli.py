"""The commands: report, check, why, notebooks, descriptor, bench, clean; and test, lint, jupyter, which call a tool.

Heavy libraries are loaded only by the command that needs them: a run with nothing to do answers at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from netral_research.article_commands import evaluate
from netral_research.errors import NetralError
from netral_research.files import Project, find_project, write_text
from netral_research.language import LANGUAGES, interface_language, text

USER_MISTAKE = 2
INTERRUPTED = 130
ERROR_LOG = "reports/error.log"
# Verbs that only call a tool of the environment, one after another, as make does.
LOCK_NOTE = (
    "make lock (rfc3987-syntax and lark are left out: they add 1.3 s to every import of nbformat and serve one check "
    "that is not used here)"
)
TOOLS = {
    "environment": (("bootstrap",),),
    "test": (("pytest",),),
    "lint": (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)),
    "jupyter": (("jupyterlab", "notebooks"),),
    "lock": (
        (
            *("uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11", "--all-extras"),
            *("--generate-hashes", "--no-emit-package", "rfc3987-syntax", "--no-emit-package", "lark"),
            *("--custom-compile-command", LOCK_NOTE, "--quiet", "--output-file", "requirements.lock"),
        ),
        ("netral_research.environment",),
    ),
}


def main() -> None:
    """Run the command line."""
    build_app(interface_language())()


def build_app(language: str) -> typer.Typer:
    """The commands with their help in one language.

    Parameters
    ----------
    language : {"id", "en"}

    Returns
    -------
    typer.Typer
    """
    app = typer.Typer(
        help=text(language, "cli.help.program"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    commands = {
        "report": report,
        "check": check,
        "why": why,
        "notebooks": notebooks,
        "descriptor": descriptor,
        "bench": bench,
        "clean": clean,
    }
    for name, command in commands.items():
        app.command(name, help=text(language, f"cli.help.{name}"))(command)
    app.command("evaluate", help=text(language, "evaluation.help.evaluate"))(evaluate)
    for name, calls in TOOLS.items():
        app.command(name, help=text(language, f"cli.help.{name}"))(_tool_command(calls))
    return app


def _help(name: str) -> str:
    return text(interface_language(), f"cli.help.{name}")


ProjectOption = Annotated[Path | None, typer.Option("--project", help=_help("project"))]
LanguageOption = Annotated[str | None, typer.Option("--language", help=_help("language"))]
ProcessesOption = Annotated[int, typer.Option("--processes", min=1, max=8, help=_help("processes"))]


def report(project: ProjectOption = None, language: LanguageOption = None, processes: ProcessesOption = 2) -> None:
    """Run what has changed and build the reports."""
    from netral_research.workflow.progress import seconds_label, shown_progress
    from netral_research.workflow.runs import run_tasks
    from netral_research.workflow.tasks import build_tasks

    with _told(project, language) as (root, spoken):
        began = time.perf_counter()
        tasks = build_tasks()
        with shown_progress(spoken) as progress:
            ran = run_tasks(root, tasks, progress, processes=processes)
        seconds = seconds_label(spoken, time.perf_counter() - began)
        typer.echo(text(spoken, "cli.progress.total", seconds=seconds) if ran else text(spoken, "cli.progress.nothing"))
        _name_reports(root, spoken)


def _name_reports(root: Path, language: str) -> None:
    from netral_research.workflow.records import read_record
    from netral_research.workflow.tasks import REPORT_LANGUAGES

    written: list[str] = []
    for name in REPORT_LANGUAGES:
        record = read_record(root, f"report_{name}")
        written += [file for file in (record.outputs if record else ()) if file.endswith((".html", ".pdf"))]
    typer.echo(text(language, "cli.progress.open" if written else "cli.progress.none_open"))
    here = Path.cwd()
    for file in written:
        path = root / file
        typer.echo(f"  {path.relative_to(here) if path.is_relative_to(here) else path}")


def check(project: ProjectOption = None, language: LanguageOption = None) -> None:
    """Check the study and the raw data, and account for every raw row."""
    from netral_research.workflow.jobs import account_for_rows

    with _told(project, language) as (root, spoken):
        for account in account_for_rows(root):
            typer.echo(text(spoken, "cli.check.account", **account))
        typer.echo(text(spoken, "cli.check.good"))


def why(project: ProjectOption = None, language: LanguageOption = None) -> None:
    """Say what would run, and why."""
    from netral_research.workflow.progress import reason_label, task_label
    from netral_research.workflow.tasks import build_tasks, plan_tasks

    with _told(project, language) as (root, spoken):
        tasks = build_tasks()
        for task, reasons in zip(tasks, plan_tasks(root, tasks).values(), strict=True):
            certain = any(reason.kind != "upstream" for reason in reasons)
            state = "runs" if certain else "perhaps" if reasons else "stands"
            typer.echo(text(spoken, f"cli.why.{state}", task=task_label(spoken, task)))
            for reason in reasons:
                typer.echo(f"    - {reason_label(spoken, reason)}")


def notebooks(project: ProjectOption = None, language: LanguageOption = None) -> None:
    """Run the notebooks with their defaults and store the outputs in them."""
    from netral_research.stages import STAGES
    from netral_research.workflow.notebooks import refresh_notebooks

    with _told(project, language) as (root, spoken):
        for path in refresh_notebooks(root, STAGES):
            typer.echo(text(spoken, "cli.notebooks.written", file=path.relative_to(root).as_posix()))


def descriptor(project: ProjectOption = None, language: LanguageOption = None) -> None:
    """Renew the descriptors of the data folders and the data dictionary."""
    from netral_research.descriptor import write_descriptors

    with _told(project, language) as (root, spoken):
        for relative in write_descriptors(Project(root)):
            typer.echo(text(spoken, "cli.descriptor.written", file=relative))


def _tool_command(calls: Sequence[Sequence[str]]) -> Callable[[], None]:
    def command() -> None:
        with _told(None, None) as (root, _):
            for call in calls:
                code = subprocess.run([sys.executable, "-m", *call], cwd=root, check=False).returncode
                if code:
                    raise typer.Exit(code)

    return command


def bench(project: ProjectOption = None, language: LanguageOption = None) -> None:
    """Measure how long each stage takes, in a copy of the project."""
    from netral_research.workflow.benchmark import describe_benchmark, measure_report

    with _told(project, language) as (root, spoken):
        typer.echo(describe_benchmark(measure_report(root), spoken))


def clean(project: ProjectOption = None, language: LanguageOption = None) -> None:
    """Delete everything that was generated."""
    from netral_research.workflow.cleaning import delete_generated

    with _told(project, language) as (root, spoken):
        deleted = delete_generated(root)
        for relative in deleted:
            typer.echo(text(spoken, "cli.clean.deleted", path=relative))
        if not deleted:
            typer.echo(text(spoken, "cli.clean.nothing"))


@contextmanager
def _told(project: Path | None, language: str | None) -> Iterator[tuple[Path, str]]:
    """Find the project and the language; tell every mistake in a message and never in a traceback."""
    from netral_research.workflow.faults import told_fault

    spoken = language or interface_language()
    if spoken not in LANGUAGES:
        raise typer.BadParameter(text(interface_language(), "cli.fault.unknown_language"))
    os.environ["NETRAL_LANGUAGE"] = spoken  # the notebooks' kernels and the jobs speak it too
    root = None
    try:
        root = find_project(project).root
        yield root, spoken
    except NetralError as fault:
        _stop(fault.describe(spoken), USER_MISTAKE)
    except KeyboardInterrupt:
        _stop(text(spoken, "cli.fault.interrupted"), INTERRUPTED)
    except typer.Exit:
        raise
    except BrokenPipeError:  # the reader has seen enough, as after “| head”
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except Exception as fault:  # noqa: BLE001 - kept in a file, told in one line
        told = told_fault(fault, root) if isinstance(fault, OSError) else None
        _stop(told.describe(spoken) if told else _log_fault(fault, root, spoken), USER_MISTAKE if told else 1)


def _stop(message: str, code: int) -> None:
    typer.echo(f"\n{message}", err=True)
    raise typer.Exit(code) from None


def _log_fault(fault: Exception, root: Path | None, language: str) -> str:
    """Keep the traceback of a fault of the program in a file; on the screen it gets one line."""
    import traceback

    path = (root or Path.cwd()) / ERROR_LOG
    details = "".join(traceback.format_exception(fault))
    line = (str(fault).strip().splitlines() or [type(fault).__name__])[-1][:200]
    try:
        write_text(path, details)
    except OSError:
        sys.stderr.write(details)
    return text(language, "cli.fault.unexpected", line=line, file=path)
