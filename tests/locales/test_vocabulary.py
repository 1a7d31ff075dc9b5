"""Every code that can reach a reader has a label in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netral_research import vocabulary as v
from netral_research.contracts import CONTRACTS
from netral_research.data_dictionary import vocabulary_sections
from netral_research.files import Project
from netral_research.language import LANGUAGES
from netral_research.results import Result
from netral_research.schemas import load_raw
from netral_research.tables import vocabulary_of

PACKAGE = Path(__file__).resolve().parents[2] / "src/netral_research"

SECTIONS = {
    "cycle": (*v.CYCLES, v.NO_CYCLE),
    "event_type": v.EVENT_TYPES,
    "event_group": tuple(v.EVENT_GROUPS),
    "scope": v.SCOPES,
    "pledge": v.PLEDGES,
    "mode": v.MODES,
    "organiser": v.ORGANISERS,
    "theme": v.THEMES,
    "confidence": v.CONFIDENCES,
    "date_precision": v.DATE_PRECISIONS,
    "institution": v.INSTITUTIONS,
    "institution_group": tuple(dict.fromkeys(v.INSTITUTION_GROUPS.values())),
    "geo_level": v.GEO_LEVELS,
    "measure": v.MEASURES,
    "stage": v.STAGES,
    "stage_long": v.STAGES,
    "bound": v.BOUNDS,
    "list_kind": v.LIST_KINDS,
    "dimension": v.DIMENSIONS,
    "frame": v.FRAMES,
    "aggregate": v.AGGREGATES,
    "action": v.DECISION_ACTIONS,
    "basis": v.DECISION_BASES,
    "status": v.LIMIT_STATUSES,
    "status_long": v.LIMIT_STATUSES,
}
# Codes in saved tables: section by table and column.
SAVED_CODES = {
    "events": {"cycle_check": "cycle_check", "event_group": "event_group", "scope": "scope"},
    "event_rows": {"fate": "fate"},
    "search_effort": {"purpose": "purpose"},
    "conflicts": {"kind": "conflict"},
    "violations": {"origin": "origin", "count_kind": "count_kind", "institution_group": "institution_group"},
    "rankings": {"usable": "usable", "count_kind": "count_kind"},
    "headcount": {"headcount_filled": "headcount_filled"},
    "province_cycle": {"exposure_absence": "exposure_absence"},
    "province_cycle_outcome": {"status": "status"},
    "province_cycle_snapshot_outcome": {"status": "status"},
    "regency_cycle_outcome": {"status": "status"},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", SECTIONS)
def test_every_controlled_term_has_a_label(section: str, language: str) -> None:
    assert set(SECTIONS[section]) <= set(vocabulary_sections(language)[section])


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_one_vocabulary_differ_from_each_other(language: str) -> None:
    repeated = {
        section: sorted(terms.values())
        for section, terms in vocabulary_sections(language).items()
        if len(set(terms.values())) < len(terms) and section not in ("exposure_absence_long", "status_long")
    }
    assert repeated == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_class_of_contradiction_has_a_title_and_a_sentence(language: str) -> None:
    code = "".join((PACKAGE / "clean" / name).read_text("utf-8") for name in ("conflicts.py", "event_conflicts.py"))
    docstrings = re.findall(r"``kind`` is (.*?)\n\s*\"\"\"", code, re.DOTALL)
    checks = ("after_polling", "before_previous_polling", "far_before_polling", "several_cycles")
    kinds = {name for said in docstrings for name in re.findall(r"``([a-z_]+)``", said)}
    kinds |= set(re.findall(r'_conflict\("([a-z_]+)"', code)) | {f"cycle_{check}" for check in checks}
    assert len(docstrings) == 2
    sections = vocabulary_sections(language)
    assert kinds == set(sections["conflict"]) == set(sections["conflict_long"])


def test_codes_in_saved_tables_have_labels(
    cleaned_events: dict[str, Result], cleaned_violations: dict[str, Result], panel: dict[str, Result]
) -> None:
    labels = vocabulary_sections("id")
    unlabelled = {}
    for results in (cleaned_events, cleaned_violations, panel):
        for name in results.keys() & SAVED_CODES.keys():
            for column, section in SAVED_CODES[name].items():
                found = set(results[name].table[column]) - {""} - labels[section].keys()
                if found:
                    unlabelled[f"{name}.{column}"] = found
    assert unlabelled == {}


def test_units_of_values_and_columns_have_labels(
    cleaned_events: dict[str, Result], cleaned_violations: dict[str, Result], panel: dict[str, Result]
) -> None:
    stages = (cleaned_events, cleaned_violations, panel)
    units = {value.unit for results in stages for result in results.values() for value in result.values}
    units |= {contract.unit for columns in CONTRACTS.values() for contract in columns.values()}
    assert units - {""} <= vocabulary_sections("id")["unit"].keys()


@pytest.mark.parametrize("relative", ["data/reference/aliases.csv", "data/reference/asn_headcount.csv"])
def test_codes_that_no_contract_limits_have_labels(real_project: Project, relative: str) -> None:
    section = vocabulary_of(Path(relative).stem, "kind")
    assert set(load_raw(real_project, relative)["kind"]) <= vocabulary_sections("id")[section].keys()
