"""The commands about articles: code, review, accept, evaluate."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Annotated

import typer

from netral_research.command_frame import LanguageOption, ProjectOption, told_mistakes
from netral_research.language import interface_language, text


def _help(key: str) -> str:
    return text(interface_language(), key)


ArticlesArgument = Annotated[Path, typer.Argument(metavar="ARTICLES", help=_help("coding.help.articles"))]
ProposalsArgument = Annotated[Path, typer.Argument(metavar="PROPOSED", help=_help("coding.help.proposals"))]
DecisionsArgument = Annotated[Path, typer.Argument(metavar="DECISIONS", help=_help("coding.help.decisions"))]


def code(
    articles: ArticlesArgument,
    sources: Annotated[Path | None, typer.Option("--sources", help=_help("coding.help.sources"))] = None,
    output: Annotated[Path, typer.Option("--output", help=_help("coding.help.output"))] = Path("proposed.csv"),
    processes: Annotated[int | None, typer.Option(min=1, max=64, help=_help("coding.help.processes"))] = None,
    project: ProjectOption = None,
    language: LanguageOption = None,
) -> None:
    """Read articles and propose event rows."""
    from netral_research.workflow.coding import code_articles
    from netral_research.workflow.coding_progress import shown_count
    from netral_research.workflow.progress import seconds_label

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to end, a run tidies up as after Ctrl-C
    with told_mistakes(project, language) as (root, spoken):
        began = time.perf_counter()
        with shown_count(spoken) as progress:
            counts = code_articles(root, articles, output, sources, processes or os.cpu_count() or 1, progress)
        typer.echo(counts.describe(spoken))
        seconds = seconds_label(spoken, time.perf_counter() - began)
        typer.echo(text(spoken, "coding.told.written", file=output, seconds=seconds))


def review(
    proposed: ProposalsArgument,
    articles: Annotated[Path | None, typer.Option("--articles", help=_help("coding.help.texts"))] = None,
    output: Annotated[Path | None, typer.Option("--output", help=_help("coding.help.page"))] = None,
    project: ProjectOption = None,
    language: LanguageOption = None,
) -> None:
    """Make the page on which proposals are accepted, corrected or rejected."""
    from netral_research.workflow.reviewing import write_review

    with told_mistakes(project, language) as (root, spoken):
        typer.echo(text(spoken, "coding.told.review", file=write_review(root, proposed, articles, output)))


def accept(
    proposed: ProposalsArgument,
    decisions: DecisionsArgument,
    project: ProjectOption = None,
    language: LanguageOption = None,
) -> None:
    """Append accepted rows to the raw events, and their sources to the raw sources."""
    from netral_research.workflow.accepting import accept_decisions

    with told_mistakes(project, language) as (root, spoken):
        typer.echo(accept_decisions(root, proposed, decisions).describe(spoken))


def evaluate(
    proposed: Annotated[Path | None, typer.Option("--proposed", help=_help("evaluation.help.proposed"))] = None,
    coded: Annotated[Path | None, typer.Option("--coded", help=_help("evaluation.help.coded"))] = None,
    save: Annotated[Path | None, typer.Option("--save", help=_help("evaluation.help.save"))] = None,
    against: Annotated[Path | None, typer.Option("--against", help=_help("evaluation.help.against"))] = None,
    comparison: Annotated[Path | None, typer.Option("--comparison", help=_help("evaluation.help.comparison"))] = None,
    project: ProjectOption = None,
    language: LanguageOption = None,
) -> None:
    """Hold proposals against the rows that people coded."""
    from netral_research.workflow.evaluating import evaluate_coding, read_figures

    with told_mistakes(project, language) as (root, spoken):
        earlier = read_figures(against) if against else None
        evaluation = evaluate_coding(root, proposed, coded)
        typer.echo(evaluation.describe(spoken, earlier))
        for path, write in ((save, evaluation.save_figures), (comparison, evaluation.save_comparison)):
            if path:
                write(path)
                typer.echo(text(spoken, "evaluation.told.saved", file=path))
