"""Every published number of the benchmark sets, through the public functions. The sets are read where they lie."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest
import yaml

from netral_research.errors import DataError
from netral_research.language import text
from netral_research.workflow.published_numbers import COLUMNS, check_published, describe_published
from netral_research.workflow.published_sets import SETS


@pytest.fixture
def one_set(benchmarks, tmp_path):
    for ending in ("csv", "yml"):
        shutil.copy(benchmarks / f"ships.{ending}", tmp_path)
    return tmp_path


def expected(benchmarks, name):
    return yaml.safe_load((benchmarks / f"{name}.yml").read_text(encoding="utf-8"))["expected"]


def test_every_published_number_is_met(benchmarks):
    table = check_published(benchmarks)
    assert table[~table["met"]].to_dict("records") == []
    rows = [row for name in SETS for row in expected(benchmarks, name)]
    assert len(table) == len(rows) + sum("se" in row for row in rows)


def test_every_set_of_the_folder_is_computed(benchmarks):
    assert {path.stem for path in benchmarks.glob("*.yml")} == set(SETS)


def test_a_number_that_is_off_or_that_nothing_computes_is_not_met(one_set):
    path = one_set / "ships.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["expected"][0]["value"] += 1
    content["expected"].append({"id": "unheard_of", "value": 1.0, "tol": 0.1})
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    table = check_published(one_set)
    assert table.loc[~table["met"], "number"].tolist() == ["Intercept", "unheard_of"]
    assert describe_published(table, "en").splitlines()[-1] == text(
        "en", "cli.published.told", met=len(table) - 2, numbers=len(table)
    )


def test_a_folder_without_sets_is_refused(tmp_path):
    with pytest.raises(DataError) as refused:
        check_published(tmp_path)
    assert refused.value.problems[0].key == "published_none"


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_table_names_its_columns_in_both_languages(language):
    table = pd.DataFrame([("ships", "deviance", 38.7, 38.695, 0.05, True)], columns=list(COLUMNS))
    head, row, last = describe_published(table, language).splitlines()
    assert text(language, "cli.published.published") in head
    assert row.split()[:4] == ["ships", "deviance", "38.7", "38.695"]
    assert last
