"""What all commands share: their options, the project they work on, and how mistakes are told."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from netral_research.errors import NetralError
from netral_research.files import find_project, write_text
from netral_research.language import LANGUAGES, interface_language, text

USER_MISTAKE = 2
INTERRUPTED = 130
ERROR_LOG = "reports/error.log"


def _help(name: str) -> str:
    return text(interface_language(), f"cli.help.{name}")


ProjectOption = Annotated[Path | None, typer.Option("--project", help=_help("project"))]
LanguageOption = Annotated[str | None, typer.Option("--language", help=_help("language"))]
ProcessesOption = Annotated[int, typer.Option("--processes", min=1, max=8, help=_help("processes"))]


@contextmanager
def told_mistakes(project: Path | None, language: str | None) -> Iterator[tuple[Path, str]]:
    """Find the project and the language; tell every mistake in a message and never in a traceback.

    Parameters
    ----------
    project : pathlib.Path or None
        Where to look for the project folder; from the working directory upwards by default.
    language : {"id", "en"} or None
        The language of the screen by default.

    Yields
    ------
    (pathlib.Path, str)
        The project folder and the language.
    """
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
