"""The descriptors and the data dictionary say what the contracts and the files are."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath

import pandas as pd
import pytest

from netral_research.contracts import CONTRACTS
from netral_research.data_dictionary import data_dictionary, saved_column_text
from netral_research.descriptor import DICTIONARY, FOLDERS, data_package, descriptor_text, write_descriptors
from netral_research.files import Project
from netral_research.language import LANGUAGES, locale_texts
from netral_research.results import Result
from netral_research.schemas import load_raw
from netral_research.tables import SAVED_COLUMNS, UNIQUE_KEYS, foreign_keys, primary_key, table_contract

RENEW = "renew it: python -m netral_research.descriptor"
BY_TABLE = {PurePosixPath(relative).stem: relative for relative in CONTRACTS}


@pytest.fixture(scope="module")
def packages(real_project: Project) -> dict[str, dict]:
    return {folder: data_package(real_project, folder) for folder in FOLDERS}


@pytest.fixture(scope="module")
def tables(real_project: Project) -> dict[str, pd.DataFrame]:
    return {table: load_raw(real_project, relative) for table, relative in BY_TABLE.items()}


@pytest.fixture(scope="module")
def fields(packages: dict[str, dict]) -> dict[tuple[str, str], dict]:
    resources = [resource for package in packages.values() for resource in package["resources"]]
    return {(one["name"], field["name"]): field for one in resources for field in one["schema"]["fields"]}


@pytest.mark.parametrize("folder", FOLDERS)
def test_committed_descriptor_is_the_generated_one(real_project: Project, folder: str) -> None:
    committed = real_project.path(f"{folder}/datapackage.json").read_text("utf-8")
    assert committed == descriptor_text(real_project, folder), RENEW


def test_committed_data_dictionary_is_the_generated_one(real_project: Project) -> None:
    assert real_project.path(DICTIONARY).read_text("utf-8") == data_dictionary(), RENEW


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_column_of_every_csv_file_is_described(
    real_project: Project, packages: dict[str, dict], folder: str
) -> None:
    described = {
        resource["path"]: [field["name"] for field in resource["schema"]["fields"]]
        for resource in packages[folder]["resources"]
    }
    headers = {
        path.name: pd.read_csv(path, nrows=0).columns.tolist() for path in real_project.path(folder).glob("*.csv")
    }
    assert described == headers


def test_descriptions_are_sentences_in_both_languages(fields: dict[tuple[str, str], dict]) -> None:
    for name, field in fields.items():
        for part in ("description", "description_en", "source", "source_en"):
            assert field[part].endswith("."), (name, part)
        assert field["title"], name
        assert field["title_en"], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_descriptions_say_what_an_empty_cell_means_where_there_is_one(
    tables: dict[str, pd.DataFrame], language: str
) -> None:
    word = {"id": "kosong", "en": "empty"}[language]
    texts = locale_texts(language)
    silent = [
        f"{table}.{column}"
        for table, frame in tables.items()
        for column in frame.columns
        if (frame[column] == "").any() and word not in texts[f"tables.{table}.columns.{column}.description"]
    ]
    assert silent == []


def test_required_columns_do_not_speak_of_empty_cells() -> None:
    speaking = [
        f"{table}.{column}"
        for table, relative in BY_TABLE.items()
        for column, contract in table_contract(relative).items()
        if contract.required and "kosong" in locale_texts("id")[f"tables.{table}.columns.{column}.description"]
    ]
    assert speaking == []


@pytest.mark.parametrize("table", BY_TABLE)
def test_keys_are_really_unique_and_primary_keys_never_empty(tables: dict[str, pd.DataFrame], table: str) -> None:
    key = primary_key(table, table_contract(BY_TABLE[table]))
    frame = tables[table][list(key or UNIQUE_KEYS[table])]
    assert not frame.duplicated().any()
    if key:
        assert (frame != "").all(axis=None)


def test_foreign_keys_hold_in_the_data(tables: dict[str, pd.DataFrame]) -> None:
    broken = {}
    for table, relative in BY_TABLE.items():
        for column, target in foreign_keys(table, table_contract(relative)).items():
            other, _, key = target.partition(".")
            missing = set(tables[table][column]) - set(tables[other][key]) - {""}
            if missing:
                broken[f"{table}.{column}"] = missing
    assert broken == {}


def test_constraints_hold_in_the_data(tables: dict[str, pd.DataFrame], fields: dict[tuple[str, str], dict]) -> None:
    for (table, column), field in fields.items():
        filled = tables[table][column][tables[table][column] != ""]
        constraints = field.get("constraints", {})
        assert not (constraints.get("required") and len(filled) < len(tables[table])), (table, column)
        if "enum" in constraints:
            assert set(filled) <= set(constraints["enum"]), (table, column)
        form = re.compile(constraints.get("pattern", ""))
        assert all(form.search(cell) for cell in filled), (table, column)
        if "categories" in field:
            assert set(filled) <= {term["value"] for term in field["categories"]}, (table, column)


def test_a_month_fits_the_pattern_of_a_date_and_a_word_does_not(fields: dict[tuple[str, str], dict]) -> None:
    field = fields["events", "date_start"]
    assert field["type"] == "string"
    form = re.compile(field["constraints"]["pattern"])
    assert all(form.match(cell) for cell in ("2020-10-04", "2020-10", "2020"))
    assert not form.match("Oktober 2020")


def test_lists_name_their_separator_and_their_terms(fields: dict[tuple[str, str], dict]) -> None:
    field = fields["events", "themes"]
    assert field["separator"] == ";"
    assert {"value": "sanksi", "label": "sanksi", "label_en": "sanctions"} in field["vocabulary"]
    form = re.compile(field["constraints"]["pattern"])
    assert form.match("politik;sanksi")
    assert not form.match("politik;olahraga")


def test_numbers_carry_unit_and_limits(fields: dict[tuple[str, str], dict]) -> None:
    field = fields["breakdowns", "share_percent"]
    assert (field["type"], field["unit"], field["unit_title"], field["unit_title_en"]) == (
        "number", "percent", "persen", "per cent",
    )  # fmt: skip
    assert field["constraints"] == {"minimum": 0, "maximum": 100}


def test_a_changed_file_changes_the_descriptor(copied_project) -> None:
    project = copied_project()
    before = data_package(project, "data/raw")["resources"][5]
    path = project.path("data/raw/queries.csv")
    path.write_text(path.read_text("utf-8") + "kueri baru,1,0,0,events_new\n", "utf-8")
    after = data_package(project, "data/raw")["resources"][5]
    assert before["name"] == after["name"] == "queries"
    assert before["hash"] != after["hash"]
    assert after["bytes"] == path.stat().st_size != before["bytes"]


def test_descriptors_are_written_where_the_data_and_the_documents_are(copied_project) -> None:
    project = copied_project()
    written = write_descriptors(project)
    assert written == ("data/raw/datapackage.json", "data/reference/datapackage.json", "docs/data_dictionary.md")
    package = json.loads(project.path(written[0]).read_text("utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert {resource["type"] for resource in package["resources"]} == {"table"}


def test_saved_tables_have_the_columns_that_the_dictionary_describes(
    cleaned_events: dict[str, Result], cleaned_violations: dict[str, Result], panel: dict[str, Result]
) -> None:
    saved = {
        f"{stage}.{name}": tuple(result.table.columns)
        for stage, results in (
            ("clean_events", cleaned_events), ("clean_violations", cleaned_violations), ("panel", panel),
        )
        for name, result in results.items()
    }  # fmt: skip
    assert saved == SAVED_COLUMNS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_saved_column_is_described(language: str) -> None:
    for table, columns in SAVED_COLUMNS.items():
        for column in columns:
            assert saved_column_text(language, table, column, "title")
            assert saved_column_text(language, table, column, "description").endswith("."), (table, column)


def test_no_description_is_left_over() -> None:
    texts = locale_texts("id")
    used = {column for columns in SAVED_COLUMNS.values() for column in columns}
    shared = {key.split(".")[3] for key in texts if key.startswith("tables.processed.columns.")}
    assert shared == used
    for table, relative in BY_TABLE.items():
        described = {key.split(".")[3] for key in texts if key.startswith(f"tables.{table}.columns.")}
        assert described == set(CONTRACTS[relative])


def test_codebook_explains_every_controlled_term(real_project: Project) -> None:
    codebook = Path(real_project.path("docs/codebook.md")).read_text("utf-8")
    raw = [columns for relative, columns in CONTRACTS.items() if relative.startswith("data/raw/")]
    terms = {term for columns in raw for contract in columns.values() for term in contract.terms}
    assert sorted(term for term in terms if f"`{term}`" not in codebook) == []
