"""Fixtures of all tests: the real project, its cleaned data (once a session), and tiny tables typed in a test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from netral_research.clean import clean_events, clean_violations, load_event_tables, load_violation_tables
from netral_research.clean.loading import EventTables, Reference, ViolationTables
from netral_research.contracts import CONTRACTS
from netral_research.files import Project
from netral_research.panel import PanelTables, build_panel
from netral_research.results import Result
from netral_research.schemas import load_raw
from netral_research.study import StudyParameters, load_study

REPOSITORY = Path(__file__).resolve().parents[1]

# The same examples on every machine, and nothing left behind on disk.
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=60, database=None)
settings.load_profile("repeatable")

Tables = Mapping[str, pd.DataFrame]


def by_name(results: tuple[Result, ...]) -> dict[str, Result]:
    return {result.name: result for result in results}


def table_of(relative: str, defaults: Mapping[str, str], rows: list[dict[str, str]]) -> pd.DataFrame:
    """A raw table of texts with the contract's columns, lines counted from the one after the header."""
    columns = list(CONTRACTS[relative])
    records = [{**dict.fromkeys(columns, ""), **defaults, **row} for row in rows]
    lines = pd.RangeIndex(2, len(records) + 2, name="line")
    return pd.DataFrame(records, columns=columns, index=lines, dtype="str")


@pytest.fixture(scope="session")
def real_project() -> Project:
    return Project(REPOSITORY)


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder the raw data came from; tests that compare with it are skipped elsewhere."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "data" / "raw").is_dir():
        pytest.skip("the folder with the originals of the data is not beside this repository")
    return folder


@pytest.fixture(scope="session")
def study(real_project: Project) -> StudyParameters:
    return load_study(real_project)


@pytest.fixture(scope="session")
def event_tables(real_project: Project) -> EventTables:
    return load_event_tables(real_project)


@pytest.fixture(scope="session")
def violation_tables(real_project: Project) -> ViolationTables:
    return load_violation_tables(real_project)


@pytest.fixture(scope="session")
def reference(event_tables: EventTables) -> Reference:
    return event_tables.reference


@pytest.fixture(scope="session")
def cleaned_events(event_tables: EventTables, study: StudyParameters) -> dict[str, Result]:
    return by_name(clean_events(event_tables, study))


@pytest.fixture(scope="session")
def cleaned_violations(violation_tables: ViolationTables, study: StudyParameters) -> dict[str, Result]:
    return by_name(clean_violations(violation_tables, study))


@pytest.fixture(scope="session")
def panel_tables(
    real_project: Project,
    cleaned_events: dict[str, Result],
    cleaned_violations: dict[str, Result],
    reference: Reference,
) -> PanelTables:
    return PanelTables(
        events=cleaned_events["events"].table,
        event_places=cleaned_events["event_places"].table,
        search_effort=cleaned_events["search_effort"].table,
        violations=cleaned_violations["violations"].table,
        headcounts=load_raw(real_project, "data/reference/asn_headcount.csv"),
        reference=reference,
    )


@pytest.fixture(scope="session")
def panel(panel_tables: PanelTables, study: StudyParameters) -> dict[str, Result]:
    return by_name(build_panel(panel_tables, study))


@pytest.fixture
def copied_project(tmp_path: Path) -> Callable[[], Project]:
    """Makes copies of study.toml and the data tables that a test may break."""

    def copy(name: str = "project") -> Project:
        root = tmp_path / name
        for folder in ("data/raw", "data/reference"):
            shutil.copytree(REPOSITORY / folder, root / folder, ignore=shutil.ignore_patterns("articles"))
        shutil.copy(REPOSITORY / "study.toml", root / "study.toml")
        return Project(root)

    return copy


@pytest.fixture
def clean_event_rows(event_tables: EventTables, study: StudyParameters) -> Callable[..., dict[str, Result]]:
    """Cleans event rows typed in a test, against the real regions and calendar."""
    defaults = {
        "source_id": "EE001", "province": "Bali", "scope": "province", "event_type": "sosialisasi", "pledge": "none",
        "mode": "unknown", "organiser": "kasn", "election_cycle": "pilkada_2020", "confidence": "high",
    }  # fmt: skip

    def run(*rows: dict[str, str], decisions: tuple[dict[str, str], ...] = ()) -> dict[str, Result]:
        tables = replace(
            event_tables,
            events=table_of("data/raw/events.csv", defaults, list(rows)),
            decisions=decisions_table("events.csv", decisions),
        )
        return by_name(clean_events(tables, study))

    return run


@pytest.fixture
def clean_count_rows(violation_tables: ViolationTables, study: StudyParameters) -> Callable[..., dict[str, Result]]:
    """Cleans counts typed in a test, against the real regions and calendar."""
    defaults = {
        "source_id": "EE001", "institution": "bawaslu_ri", "as_of": "2020-10-04", "election_cycle": "pilkada_2020",
        "geo_level": "province", "province": "Bali", "measure": "cases", "stage": "alleged", "value": "5",
        "bound": "exact", "list_kind": "total",
    }  # fmt: skip

    def run(*rows: dict[str, str], decisions: tuple[dict[str, str], ...] = ()) -> dict[str, Result]:
        tables = replace(
            violation_tables,
            vulnerability_index=violation_tables.vulnerability_index.head(1),
            violations=table_of("data/raw/violations.csv", defaults, list(rows)),
            decisions=decisions_table("violations.csv", decisions),
        )
        return by_name(clean_violations(tables, study))

    return run


def decisions_table(file: str, decisions: tuple[dict[str, str], ...]) -> pd.DataFrame:
    numbered = [{"decision_id": f"D{number:03d}", **row} for number, row in enumerate(decisions, 1)]
    defaults = {"file": file, "reason_id": "alasan", "reason_en": "reason", "basis": "visible"}
    return table_of("data/raw/decisions.csv", defaults, numbered)


@pytest.fixture(scope="session")
def benchmarks(shared_folder) -> Path:
    folder = shared_folder / "benchmarks"
    if not folder.is_dir():
        pytest.skip("the folder with the published benchmark sets is not beside this repository")
    return folder
