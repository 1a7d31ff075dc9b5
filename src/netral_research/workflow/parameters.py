"""Parameters of notebooks: what a notebook declares, and whether what it is given fits."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from netral_research.errors import NotebookError, Problem, nearest_match

Literal = str | int | float | bool | list[Any]

PARAMETERS_TAG = "parameters"


def declared_parameters(relative: str, notebook: Any) -> dict[str, Literal]:
    """Names and defaults in a notebook's ``parameters`` cell.

    Parameters
    ----------
    relative : str
        Path of the notebook, for messages.
    notebook : nbformat.NotebookNode

    Returns
    -------
    dict of str to literal

    Raises
    ------
    NotebookError
        If the cell holds anything but names with literal values.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> cell = new_code_cell("top = 5", metadata={"tags": ["parameters"]})
    >>> declared_parameters("notebooks/a.ipynb", new_notebook(cells=[cell]))
    {'top': 5}
    """
    sources = [cell.source for cell in notebook.cells if PARAMETERS_TAG in cell.metadata.get("tags", [])]
    found: dict[str, Literal] = {}
    for source in sources:
        for statement in _statements(relative, source):
            found |= _declared(relative, statement)
    return found


def _statements(relative: str, source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError as fault:
        raise _parameter_cell_error(relative, str(fault.text or "").strip()) from None


def _declared(relative: str, statement: ast.stmt) -> dict[str, Literal]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target, value = statement.target, statement.value
    else:
        raise _parameter_cell_error(relative, ast.unparse(statement))
    try:
        literal = ast.literal_eval(value)
    except ValueError:
        raise _parameter_cell_error(relative, ast.unparse(statement)) from None
    if not isinstance(target, ast.Name) or not _is_literal(literal):
        raise _parameter_cell_error(relative, ast.unparse(statement))
    return {target.id: literal}


def _parameter_cell_error(relative: str, fault: str) -> NotebookError:
    return NotebookError([Problem("parameter_cell", file=relative, fields={"fault": fault[:80]})])


def _is_literal(value: object) -> bool:
    if isinstance(value, list):
        return all(type(item) in (str, int, float, bool) for item in value)
    return type(value) in (str, int, float, bool)


def check_parameters(relative: str, declared: Mapping[str, Literal], given: Mapping[str, Literal]) -> None:
    """Compare given parameters with those a notebook declares.

    Parameters
    ----------
    relative : str
        Path of the notebook, for messages.
    declared : mapping of str to literal
        Names and defaults of the ``parameters`` cell.
    given : mapping of str to literal

    Raises
    ------
    NotebookError
        If a name is unknown or missing, or a value is not exactly of its default's type: a whole number is no
        decimal number, and True is no number.

    Examples
    --------
    >>> check_parameters("notebooks/a.ipynb", {"top": 5}, {"top": 7})
    """
    problems = []
    missing = [name for name in declared if name not in given]
    for name, value in given.items():
        if name not in declared:
            near = nearest_match(name, missing or declared)
            fields = {"allowed": ", ".join(declared) or "-"}
            problems.append(Problem("parameter_unknown", relative, value=name, nearest=near, fields=fields))
        elif _kind(value) != _kind(declared[name]) or not _is_literal(value):
            fields = {"found": _kind(value), "kind": _kind(declared[name])}
            problems.append(Problem("parameter_type", relative, column=name, value=repr(value), fields=fields))
    for name in missing:
        fields = {"kind": _kind(declared[name])}
        problems.append(Problem("parameter_missing", relative, column=name, fields=fields))
    if problems:
        raise NotebookError(problems)


def _kind(value: object) -> str:
    if isinstance(value, list) and value:
        return f"list[{'|'.join(sorted({type(item).__name__ for item in value}))}]"
    return type(value).__name__
