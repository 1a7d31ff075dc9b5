"""The national report from saved results: both editions, HTML and PDF, and the data files they lead to."""

from __future__ import annotations

import json
from pathlib import Path

from netral_research.clean.loading import SOURCES, load_reference
from netral_research.files import Project, write_bytes, write_text
from netral_research.hashing import content_hash
from netral_research.language import LANGUAGES, locale_texts
from netral_research.plan import data_hash, plan_hash
from netral_research.report.annexes import annexes
from netral_research.report.blocks import Document
from netral_research.report.html import render_html
from netral_research.report.inline import Link
from netral_research.report.pdf import render_pdf
from netral_research.report.provenance import provenance_section
from netral_research.report.registry import ValueRegistry
from netral_research.report.sections import body
from netral_research.report.writer import Writer
from netral_research.schemas import load_raw
from netral_research.stages import STAGES
from netral_research.storage import load_results, table_text
from netral_research.study import load_study

STUDY = "study.toml"
PDF_NAMES = {"id": "laporan-nasional.pdf", "en": "national-report.pdf"}
HASH_DIGITS = 12


def build_report(project: Project, language: str) -> list[Path]:
    """Write one edition of the national report.

    Parameters
    ----------
    project : Project
    language : {"id", "en"}

    Returns
    -------
    list of pathlib.Path
        The page and the PDF.

    Raises
    ------
    WorkflowError
        If a stage has not been run.
    """
    document = compose_report(project, language)
    folder = project.path(f"reports/{language}")
    page, print_out = folder / "index.html", folder / PDF_NAMES[language]
    write_text(page, render_html(document))
    write_bytes(print_out, render_pdf(document))
    return [page, print_out]


def compose_report(project: Project, language: str) -> Document:
    """Put one edition together from saved results.

    Parameters
    ----------
    project : Project
    language : {"id", "en"}

    Returns
    -------
    Document

    Raises
    ------
    WorkflowError
        If a stage has not been run.
    """
    stages = {stage.name: load_results(project, stage.name) for stage in STAGES}
    study = load_study(project, STUDY)
    registry = ValueRegistry.from_stages(stages.values())
    writer = Writer(language, registry, stages, load_reference(project).register, study)
    plan, data = plan_hash(study)[:HASH_DIGITS], data_hash(project)[:HASH_DIGITS]
    sections = body(writer)
    appended = annexes(writer, load_raw(project, SOURCES))
    title = writer.word("title.title")
    cycles, polls = study.study.cycles, writer.table("describe", "cycles")["polling_day"]
    return Document(
        language=language,
        title=title,
        subtitle=writer.word("title.subtitle"),
        series=writer.word("title.series"),
        sections=sections,
        annexes=(*appended, provenance_section(registry, language, (*sections, *appended))),
        facts=(
            (
                writer.word("facts.period_label"),
                writer.say(
                    "facts.period", first=writer.term("cycle", cycles[0]), last=writer.term("cycle", cycles[-1])
                ),
            ),
            (
                writer.word("facts.polls_label"),
                writer.say("facts.polls", first=writer.day(polls.min()), last=writer.day(polls.max())),
            ),
            (writer.word("facts.study_label"), writer.say("facts.study", name=study.study.name, hash=plan)),
            (writer.word("facts.data_label"), writer.say("facts.data", hash=data)),
            (writer.word("facts.licence_label"), writer.say("facts.licence")),
        ),
        other_edition=f"../{LANGUAGES[1 - LANGUAGES.index(language)]}/index.html",
        downloads=(
            Link(writer.word("downloads.pdf"), PDF_NAMES[language]),
            Link(writer.word("downloads.values"), "../values.json"),
        ),
        footer=(
            writer.say("footer.cite", title=title, plan=plan, data=data),
            writer.say("footer.privacy"),
            writer.say("footer.contact"),
        ),
        keywords=tuple(locale_texts(language)["report.title.keywords"].split(", ")),
        fingerprint=locale_texts(language)["report.facts.fingerprint"].format(plan=plan, data=data),
    )


def build_data(project: Project) -> list[Path]:
    """Write what the report leads to: every value with its provenance, and the tables behind figures and tables.

    Parameters
    ----------
    project : Project

    Returns
    -------
    list of pathlib.Path

    Raises
    ------
    WorkflowError
        If a stage has not been run.
    """
    stages = [load_results(project, stage.name) for stage in STAGES]
    values = project.path("reports/values.json")
    write_text(values, ValueRegistry.from_stages(stages).values_json())
    written = [values]
    for stage in stages:
        for name, result in stage.results.items():
            path = project.path(f"reports/data/{stage.stage}/{name}.csv")
            write_text(path, table_text(result.table))
            written.append(path)
    sources = project.path("reports/data/raw/sources.csv")
    write_text(sources, table_text(load_raw(project, SOURCES)))
    return [*written, sources, _write_fingerprints(project, [*written[1:], sources])]


def _write_fingerprints(project: Project, tables: list[Path]) -> Path:
    """Say beside the tables which choices and which data they come from; a CSV file has no place for it."""
    reports = project.path("reports")
    content = {
        "choices": plan_hash(load_study(project, STUDY)),
        "data": data_hash(project),
        "tables": {path.relative_to(reports).as_posix(): content_hash(path) for path in tables},
    }
    path = reports / "data/fingerprints.json"
    write_text(path, json.dumps(content, indent=1, sort_keys=True) + "\n")
    return path
