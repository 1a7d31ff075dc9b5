"""Tables and results on disk: raw tables cell by cell as written, and what stages saved, with its provenance."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from netral_research.errors import Problem, WorkflowError
from netral_research.files import Project, write_text
from netral_research.hashing import content_hash
from netral_research.raw_tables import read_raw
from netral_research.results import Result, Value
from netral_research.stages import Stage, stage_named

NUMBER_FORMAT = ".12g"  # as many digits as agree between machines


def read_table(project: Project, relative: str, columns: Sequence[str]) -> pd.DataFrame:
    """Read a raw or reference CSV file as a frame of text; see :func:`netral_research.raw_tables.read_raw`.

    Parameters
    ----------
    project : Project
    relative : str
        File, relative to the project.
    columns : sequence of str
        The columns the file must have, no more and no fewer, in any order.

    Returns
    -------
    pandas.DataFrame
        Text columns (an empty cell is an empty text) in the order of ``columns``; the index holds each row's line in
        the file.

    Raises
    ------
    DataError
        If the file breaks one of the rules of :func:`netral_research.raw_tables.read_raw`.
    """
    raw = read_raw(project, relative, columns)
    frame = pd.DataFrame(raw.rows, columns=list(raw.columns), index=pd.Index(raw.lines, name="line"), dtype="str")
    return frame[list(columns)]


def table_text(table: pd.DataFrame) -> str:
    r"""A table as CSV text that is the same on every machine.

    Parameters
    ----------
    table : pandas.DataFrame

    Returns
    -------
    str
        Comma separated, ``\n`` line ends, numbers with at most 12 significant digits, an empty cell for a missing one.

    Examples
    --------
    >>> table_text(pd.DataFrame({"unit_code": ["11", "12"], "rate": [1 / 3, float("nan")]}))
    'unit_code,rate\n11,0.333333333333\n12,\n'
    """
    return table.to_csv(index=False, lineterminator="\n", float_format=f"%{NUMBER_FORMAT}")


def save_results(project: Project, stage_name: str, results: Iterable[Result]) -> None:
    """Save what a stage found: a CSV file for every table, and ``results.json`` with values, alternatives and notes.

    ``results.json`` is written last, so a stage that was interrupted has none that belongs to its tables.

    Parameters
    ----------
    project : Project
    stage_name : str
        A stage of :data:`netral_research.stages.STAGES`.
    results : iterable of Result
        One for every table the stage declares.

    Raises
    ------
    ValueError
        If the tables are not those that the stage declares.
    """
    stage = stage_named(stage_name)
    found = {result.name: result for result in results}
    if set(found) != set(stage.tables):
        raise ValueError(f"{stage_name}: saved {sorted(found)}, declared {sorted(stage.tables)}")
    folder = project.path(stage.folder)
    record = folder / "results.json"
    record.unlink(missing_ok=True)
    for name in stage.tables:
        write_text(folder / f"{name}.csv", table_text(found[name].table))
    content = {
        "stage": stage.name,
        "notebook": stage.notebook,
        "inputs": _input_hashes(project, stage),
        "results": {name: _result_record(found[name]) for name in stage.tables},
    }
    write_text(record, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _input_hashes(project: Project, stage: Stage) -> dict[str, str]:
    inputs = [*stage.inputs, *(f"{stage_named(name).folder}/results.json" for name in stage.after)]
    return {relative: content_hash(project.path(relative)) for relative in sorted(set(inputs))}


def _result_record(result: Result) -> dict[str, Any]:
    return {
        "columns": {str(name): str(kind) for name, kind in result.table.dtypes.items()},
        "values": [_value_record(value) for value in result.values],
        "alt": dict(result.alt),
        "notes": list(result.notes),
    }


def _value_record(value: Value) -> dict[str, Any]:
    """The last digits of a number depend on the machine; as many are kept as in tables."""
    record = asdict(value)
    if isinstance(value.value, float):
        record["value"] = float(f"{value.value:{NUMBER_FORMAT}}")
    return record


@dataclass(frozen=True)
class StageResults:
    """Saved results of one stage with their provenance.

    Parameters
    ----------
    stage, notebook : str
    inputs : mapping of str to str
        SHA-256 of every input file.
    results : mapping of str to Result
    """

    stage: str
    notebook: str
    inputs: Mapping[str, str]
    results: Mapping[str, Result]


def load_results(project: Project, stage_name: str) -> StageResults:
    """Load what a stage saved.

    Parameters
    ----------
    project : Project
    stage_name : str

    Returns
    -------
    StageResults

    Raises
    ------
    WorkflowError
        If the stage has not been run, or its last run did not end.
    """
    stage = stage_named(stage_name)
    record = project.path(stage.folder) / "results.json"
    if not record.is_file():
        fields = {"stage": stage.name, "notebook": stage.notebook}
        raise WorkflowError([Problem("stage_missing", file=f"{stage.folder}/results.json", fields=fields)])
    content = json.loads(record.read_text("utf-8"))
    results = {name: _load_result(project, stage, name, saved) for name, saved in content["results"].items()}
    return StageResults(stage.name, content["notebook"], content["inputs"], results)


def load_table(project: Project, stage_name: str, table: str) -> pd.DataFrame:
    """Load one table that a stage saved.

    Parameters
    ----------
    project : Project
    stage_name, table : str

    Returns
    -------
    pandas.DataFrame
        With the column types it was saved with.

    Raises
    ------
    WorkflowError
        If the stage has not been run.
    """
    return load_results(project, stage_name).results[table].table


def _load_result(project: Project, stage: Stage, name: str, saved: Mapping[str, Any]) -> Result:
    kinds = dict(saved["columns"])
    path = project.path(stage.folder) / f"{name}.csv"
    table = pd.read_csv(
        path, dtype={column: _read_kind(kind) for column, kind in kinds.items()}, keep_default_na=False, na_values=[""]
    )
    texts = [column for column, kind in kinds.items() if kind in ("str", "object")]
    table[texts] = table[texts].fillna("")
    values = tuple(Value(**{**value, "sources": tuple(value["sources"])}) for value in saved["values"])
    return Result(name, table, values, saved["alt"], tuple(saved["notes"]))


def _read_kind(kind: str) -> str:
    return "str" if kind == "object" else kind
