"""The commands about articles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netral_research.language import interface_language, text


def _help(name: str) -> str:
    return text(interface_language(), f"evaluation.help.{name}")


def evaluate(
    proposed: Annotated[Path | None, typer.Option("--proposed", help=_help("proposed"))] = None,
    coded: Annotated[Path | None, typer.Option("--coded", help=_help("coded"))] = None,
    save: Annotated[Path | None, typer.Option("--save", help=_help("save"))] = None,
    against: Annotated[Path | None, typer.Option("--against", help=_help("against"))] = None,
    comparison: Annotated[Path | None, typer.Option("--comparison", help=_help("comparison"))] = None,
    project: Annotated[
        Path | None, typer.Option("--project", help=text(interface_language(), "cli.help.project"))
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help=text(interface_language(), "cli.help.language"))
    ] = None,
) -> None:
    """Hold proposals against the rows that people coded."""
    from netral_research.cli import _told
    from netral_research.workflow.evaluating import evaluate_coding, read_figures

    with _told(project, language) as (root, spoken):
        earlier = read_figures(against) if against else None
        evaluation = evaluate_coding(root, proposed, coded)
        typer.echo(evaluation.describe(spoken, earlier))
        for path, write in ((save, evaluation.save_figures), (comparison, evaluation.save_comparison)):
            if path:
                write(path)
                typer.echo(text(spoken, "evaluation.told.saved", file=path))
