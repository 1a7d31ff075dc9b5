"""Parameters are compared by name and type before anything runs."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from netral_research.errors import NotebookError
from netral_research.workflow.parameters import check_parameters, declared_parameters

DECLARED = {"study_file": "study.toml", "top": 5, "share": 0.5, "draw": True, "cycles": ["2019", "2024"]}


def refused(given: dict) -> str:
    with pytest.raises(NotebookError) as caught:
        check_parameters("notebooks/a.ipynb", DECLARED, given)
    return caught.value.describe("en")


def parameters_cell(source: str) -> dict:
    cell = new_code_cell(source, metadata={"tags": ["parameters"]})
    return declared_parameters("notebooks/a.ipynb", new_notebook(cells=[cell]))


def test_parameters_of_the_same_names_and_types_are_accepted() -> None:
    check_parameters("notebooks/a.ipynb", DECLARED, DECLARED | {"top": 7, "cycles": ["2020"]})


def test_a_misspelt_name_is_refused_with_the_nearest_name() -> None:
    given = {name: value for name, value in DECLARED.items() if name != "study_file"}
    message = refused(given | {"study_fille": "study.toml"})
    assert "“study_fille”" in message
    assert "“study_file”" in message


def test_a_missing_parameter_is_refused() -> None:
    message = refused({name: value for name, value in DECLARED.items() if name != "top"})
    assert "top" in message
    assert "int" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [("top", "5"), ("top", True), ("top", 5.0), ("share", 1), ("draw", 1), ("cycles", "2019"), ("cycles", [2019])],
)
def test_a_value_of_another_type_is_refused(name: str, value: object) -> None:
    assert name in refused(DECLARED | {name: value})


@pytest.mark.parametrize("value", [("2019",), {"a": 1}, None, b"x", [["2019"]]])
def test_a_value_that_is_no_literal_of_the_allowed_kinds_is_refused(value: object) -> None:
    refused(DECLARED | {"cycles": value})


def test_defaults_are_read_from_the_tagged_cell() -> None:
    assert parameters_cell('a = "x"\nb: int = -3\nc = [1.5, 2.5]\n# note\n') == {"a": "x", "b": -3, "c": [1.5, 2.5]}


@pytest.mark.parametrize(
    "source", ["a = 1 + b", "import os", "a = (1, 2)", "a = open('x')", "a, b = 1, 2", "a = None", "a =", "a: int"]
)
def test_a_parameters_cell_with_more_than_literals_is_refused(source: str) -> None:
    with pytest.raises(NotebookError):
        parameters_cell(source)
