"""Fingerprints of the plan and the data."""

from __future__ import annotations

import re

import pytest

from netral_research.plan import data_hash, plan_hash
from netral_research.study import load_study


def rewritten(project, change):
    path = project.path("study.toml")
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    return plan_hash(load_study(project))


def test_the_same_choices_have_the_same_fingerprint_however_they_are_written(copied_project, study):
    def other_writing(text):
        bare = re.sub(r"#.*", "", text)
        reordered = bare.replace('stages = ["alleged", "referred"', 'stages = ["referred", "alleged"')
        sections = re.split(r"(?m)^(?=\[)", reordered)
        return "\n\n".join(reversed(sections))

    assert rewritten(copied_project(), other_writing) == plan_hash(study)
    assert re.fullmatch("[0-9a-f]{64}", plan_hash(study))


@pytest.mark.parametrize(
    ("before", "after"),
    [("confidence = 0.95", "confidence = 0.90"), ('"referred", "proven"', '"referred"'), ("2018-01-01", "2019-01-01")],
)
def test_every_change_of_a_choice_changes_the_fingerprint(copied_project, study, before, after):
    def change(text):
        assert before in text
        return text.replace(before, after)

    assert rewritten(copied_project(), change) != plan_hash(study)


def test_fingerprint_of_the_data_follows_content_alone(copied_project):
    first, second = copied_project("first"), copied_project("second")
    before = data_hash(first)
    second.path("data/raw/.note").write_text("hidden", "utf-8")
    second.path("study.toml").write_text("# no data", "utf-8")
    assert data_hash(second) == before


@pytest.mark.parametrize("file", ["data/raw/violations.csv", "data/reference/asn_headcount.csv"])
def test_one_changed_character_changes_the_fingerprint_of_the_data(copied_project, file):
    project = copied_project()
    before = data_hash(project)
    path = project.path(file)
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))
    assert data_hash(project) != before


def test_two_tables_that_change_places_change_the_fingerprint_of_the_data(copied_project):
    project = copied_project()
    before = data_hash(project)
    first, second = (project.path(f"data/raw/{name}.csv") for name in ("events", "violations"))
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    assert data_hash(project) != before
