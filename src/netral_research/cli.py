"""The commands: report, check, why, notebooks, descriptor, bench, clean, simulate; about articles; those of tools.

Heavy libraries are loaded only by the command that needs them: a run with nothing to do answers at once.
"""

from __future__ import annotations

import enum
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from netral_research.article_commands import accept, code, evaluate, review
from netral_research.command_frame import LanguageOption, ProcessesOption, ProjectOption, told_mistakes
from netral_research.files import Project
from netral_research.language import interface_language, text

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
            *(
                "uv",
                "pip",
                "compile",
                "pyproject.toml",
                "--universal",
                "--python-version",
                "3.11",
                "--extra",
                "test",
                "--extra",
                "build",
            ),
            *("--generate-hashes", "--no-emit-package", "rfc3987-syntax", "--no-emit-package", "lark"),
            *("--custom-compile-command", LOCK_NOTE, "--quiet", "--output-file", "requirements.lock"),
        ),
        ("netral_research.environment",),
    ),
}


class Part(enum.StrEnum):
    """What ``bench`` measures."""

    REPORT = "report"
    CODE = "code"
    MODEL = "model"
    CALIBRATION = "calibration"
    TARGETING = "targeting"
    COVERAGE = "coverage"


# Simulations take half an hour: only where they are asked for.
BY_NAME = (Part.CALIBRATION, Part.TARGETING, Part.COVERAGE)
PartOption = Annotated[Part | None, typer.Option("--part", help=text(interface_language(), "coding.help.part"))]


def _simulation_help(name: str) -> str:
    return text(interface_language(), f"simulation.help.{name}")


SetsArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help=text(interface_language(), "cli.help.sets"))]
FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help=_simulation_help("folder"))]
SeedOption = Annotated[int, typer.Option(min=0, help=_simulation_help("seed"))]
RatioOption = Annotated[float, typer.Option(min=0.01, max=100, help=_simulation_help("rate_ratio"))]
ReportingOption = Annotated[float, typer.Option(min=0.01, max=100, help=_simulation_help("reporting_ratio"))]
TargetingOption = Annotated[float, typer.Option(min=-3, max=3, help=_simulation_help("targeting"))]
CoverageOption = Annotated[list[float] | None, typer.Option(min=0, max=1, help=_simulation_help("coverage"))]
PublicationOption = Annotated[float, typer.Option(min=0, max=1, help=_simulation_help("publication"))]
LengthOption = Annotated[int, typer.Option(min=1, help=_simulation_help("list_length"))]
DisagreementOption = Annotated[float, typer.Option(min=0, max=2, help=_simulation_help("disagreement"))]


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
    app.command("published", help=text(language, "cli.help.published"))(published)
    for verb in (code, review, accept):
        app.command(help=text(language, f"coding.help.{verb.__name__}"))(verb)
    app.command("simulate", help=text(language, "simulation.help.simulate"))(simulate)
    app.command("evaluate", help=text(language, "evaluation.help.evaluate"))(evaluate)
    for name, calls in TOOLS.items():
        app.command(name, help=text(language, f"cli.help.{name}"))(_tool_command(calls))
    return app


def report(project: ProjectOption = None, language: LanguageOption = None, processes: ProcessesOption = 2) -> None:
    """Run what has changed and build the reports."""
    from netral_research.workflow.progress import seconds_label, shown_progress
    from netral_research.workflow.runs import run_tasks
    from netral_research.workflow.tasks import build_tasks

    with told_mistakes(project, language) as (root, spoken):
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

    with told_mistakes(project, language) as (root, spoken):
        for account in account_for_rows(root):
            typer.echo(text(spoken, "cli.check.account", **account))
        typer.echo(text(spoken, "cli.check.good"))


def why(project: ProjectOption = None, language: LanguageOption = None) -> None:
    """Say what would run, and why."""
    from netral_research.workflow.progress import reason_label, task_label
    from netral_research.workflow.tasks import build_tasks, plan_tasks

    with told_mistakes(project, language) as (root, spoken):
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

    with told_mistakes(project, language) as (root, spoken):
        for path in refresh_notebooks(root, STAGES):
            typer.echo(text(spoken, "cli.notebooks.written", file=path.relative_to(root).as_posix()))


def descriptor(project: ProjectOption = None, language: LanguageOption = None) -> None:
    """Renew the descriptors of the data folders and the data dictionary."""
    from netral_research.descriptor import write_descriptors

    with told_mistakes(project, language) as (root, spoken):
        for relative in write_descriptors(Project(root)):
            typer.echo(text(spoken, "cli.descriptor.written", file=relative))


def _tool_command(calls: Sequence[Sequence[str]]) -> Callable[[], None]:
    def command() -> None:
        with told_mistakes(None, None) as (root, _):
            for call in calls:
                code = subprocess.run([sys.executable, "-m", *call], cwd=root, check=False).returncode
                if code:
                    raise typer.Exit(code)

    return command


def bench(project: ProjectOption = None, language: LanguageOption = None, part: PartOption = None) -> None:
    """Measure how long stages take and how fast articles are coded and models fitted; by name, what intervals hold."""
    from netral_research.workflow.benchmark import describe_benchmark, measure_report
    from netral_research.workflow.calibration_benchmark import describe_calibration, measure_calibration
    from netral_research.workflow.coding_benchmark import describe_coding, measure_coding
    from netral_research.workflow.coverage_benchmark import describe_coverage, measure_coverage
    from netral_research.workflow.model_benchmark import describe_model, measure_model
    from netral_research.workflow.targeting_benchmark import describe_targeting, measure_targeting

    with told_mistakes(project, language) as (root, spoken):
        measures: dict[Part, Callable[[], str]] = {
            Part.REPORT: lambda: describe_benchmark(measure_report(root), spoken),
            Part.CODE: lambda: describe_coding(measure_coding(root), spoken),
            Part.MODEL: lambda: describe_model(measure_model(), spoken),
            Part.CALIBRATION: lambda: describe_calibration(measure_calibration(root), spoken),
            Part.TARGETING: lambda: describe_targeting(measure_targeting(root), spoken),
            Part.COVERAGE: lambda: describe_coverage(measure_coverage(), spoken),
        }
        chosen = [one for one in measures if one not in BY_NAME] if part is None else [part]
        typer.echo("\n\n".join(measures[one]() for one in chosen))


def published(folder: SetsArgument, project: ProjectOption = None, language: LanguageOption = None) -> None:
    """Compare with published numbers; the exit code is 1 where one is not met."""
    from netral_research.workflow.published_numbers import check_published, describe_published

    with told_mistakes(project, language) as (_, spoken):
        table = check_published(folder)
        typer.echo(describe_published(table, spoken))
        if not table["met"].all():
            raise typer.Exit(1)


def clean(project: ProjectOption = None, language: LanguageOption = None) -> None:
    """Delete everything that was generated."""
    from netral_research.workflow.cleaning import delete_generated

    with told_mistakes(project, language) as (root, spoken):
        deleted = delete_generated(root)
        for relative in deleted:
            typer.echo(text(spoken, "cli.clean.deleted", path=relative))
        if not deleted:
            typer.echo(text(spoken, "cli.clean.nothing"))


def simulate(
    folder: FolderArgument,
    seed: SeedOption = 1,
    rate_ratio: RatioOption = 1.0,
    reporting_ratio: ReportingOption = 1.0,
    targeting: TargetingOption = 0.0,
    coverage: CoverageOption = None,
    publication: PublicationOption = 0.5,
    list_length: LengthOption = 10,
    disagreement: DisagreementOption = 0.2,
    project: ProjectOption = None,
    language: LanguageOption = None,
) -> None:
    """Make a simulated study whose truth is known."""
    from netral_research.robustness.simulated_choices import MOST_ROUNDS, SimulationChoices
    from netral_research.workflow.simulating import write_simulation

    rounds = tuple(coverage or SimulationChoices.coverage)
    if len(rounds) > MOST_ROUNDS:
        raise typer.BadParameter(text(interface_language(), "simulation.help.coverage"), param_hint="--coverage")
    with told_mistakes(project, language) as (root, spoken):
        choices = SimulationChoices(
            seed=seed, rate_ratio=rate_ratio, reporting_ratio=reporting_ratio, targeting=targeting, coverage=rounds,
            publication=publication, list_length=list_length, disagreement=disagreement,
        )  # fmt: skip
        written = write_simulation(root, folder.resolve(), choices)
        typer.echo(text(spoken, "simulation.told.written", folder=folder, files=len(written)))
        typer.echo(text(spoken, "simulation.told.next", folder=folder))
