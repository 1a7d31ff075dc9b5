"""Other choices in study.toml give another report, never a traceback and never a sentence the choices do not bear."""

from __future__ import annotations

import re
import shutil

import pytest

from netral_research.clean import clean_events, clean_violations, load_event_tables, load_violation_tables
from netral_research.code.build import evaluate_coder
from netral_research.code.readings import load_coding_tables
from netral_research.describe import describe, load_describe_tables
from netral_research.files import Project
from netral_research.model import estimate_association, load_model_tables
from netral_research.panel import build_panel, load_panel_tables
from netral_research.report.build import compose_report
from netral_research.report.html import render_html
from netral_research.robustness import check_robustness, load_robustness_tables
from netral_research.storage import save_results
from netral_research.study import load_study

CHANGES = {
    "two cycles": {'cycles = ["pilkada_2018", "pemilu_2019", "pilkada_2020", "pemilu_2024", "pilkada_2024"]':
                   'cycles = ["pilkada_2020", "pilkada_2024"]'},
    "provinces of today, persons proven": {
        "province_boundaries = 2018-01-01": "province_boundaries = 2023-06-01",
        'headline_stage = "alleged"': 'headline_stage = "proven"',
        'headline_measure = "cases"': 'headline_measure = "persons"',
    },
    "one institution, fading events": {
        '"bawaslu_ri", "bawaslu_provinsi", "bawaslu_kabkota", "kasn", "bkn"': '"kasn"',
        "half_life_days = 0": "half_life_days = 60",
    },
}  # fmt: skip


@pytest.fixture(params=list(CHANGES))
def report_of(request, tmp_path, real_project):
    choices = real_project.path("study.toml").read_text("utf-8")
    for old, new in CHANGES[request.param].items():
        assert old in choices, f"study.toml no longer says {old}"
        choices = choices.replace(old, new)
    for folder in ("data/raw", "data/reference"):
        shutil.copytree(real_project.path(folder), tmp_path / folder, ignore=shutil.ignore_patterns("articles"))
    (tmp_path / "study.toml").write_text(choices, "utf-8")
    project = Project(tmp_path)
    study = load_study(project)
    save_results(project, "code", evaluate_coder(load_coding_tables(project)))  # without texts: nothing to tell
    save_results(project, "clean_events", clean_events(load_event_tables(project), study))
    save_results(project, "clean_violations", clean_violations(load_violation_tables(project), study))
    save_results(project, "panel", build_panel(load_panel_tables(project), study))
    save_results(project, "describe", describe(load_describe_tables(project), study))
    model = estimate_association(load_model_tables(project), study)
    save_results(project, "model", model)
    save_results(project, "robustness", check_robustness(load_robustness_tables(project), study))
    values = {value.id: value.value for result in model for value in result.values}
    return (
        request.param,
        values,
        {language: render_html(compose_report(project, language)) for language in ("id", "en")},
    )


def test_the_report_says_what_the_choices_bear(report_of):
    name, values, pages = report_of
    if name == "provinces of today, persons proven":
        assert values["model.sentence"] == "cannot_tell"
        assert "orang yang terbukti melanggar" in pages["id"]
        assert "persons found in violation" in pages["en"]
        # Tables of what was published name every stage; the sentences speak of the chosen one.
        body = pages["en"].partition("<h2")[2].partition('id="conflicts"')[0]
        assert "alleged cases" not in re.sub(r"<table.*?</table>", "", body, flags=re.DOTALL)
    else:
        assert values["model.sentence"] == "not_estimated"
        assert "model.rate_ratio" not in values
        assert "tidak dapat ditaksir" in pages["id"]
        assert "cannot be estimated" in pages["en"]
        assert "model.rate_ratio" not in pages["en"]
        assert "have exact counts of at least two cycles" in pages["en"]
        assert "{" not in pages["en"].partition("</style>")[2]
