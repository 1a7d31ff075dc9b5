"""Numbers that others have published, beside those the public functions compute from the same data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from netral_research.errors import DataError, Problem
from netral_research.language import text
from netral_research.workflow.published_sets import SETS

COLUMNS = ("set", "number", "published", "found", "tolerance", "met")
# A printed digit ends in a tolerance that binary numbers cannot hold exactly.
_ROUNDING = 1e-9


def check_published(folder: Path) -> pd.DataFrame:
    """Compute every published number of the sets in a folder.

    Parameters
    ----------
    folder : pathlib.Path
        ``NAME.csv`` with the data and ``NAME.yml`` with the list ``expected`` (``id``, ``value``, ``tol`` and, where
        published, ``se`` and ``se_tol``), for the names in :data:`netral_research.workflow.published_sets.SETS`.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`: one row for every number and one for every standard error; ``found`` is missing where no
        function computes the number, and then it is not met.

    Raises
    ------
    DataError
        If the folder holds none of the sets.
    """
    present = [name for name in SETS if (folder / f"{name}.csv").is_file() and (folder / f"{name}.yml").is_file()]
    if not present:
        raise DataError([Problem("published_none", file=str(folder), fields={"names": ", ".join(SETS)})])
    rows = [row for name in present for row in _compare(name, folder)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _compare(name: str, folder: Path) -> list[tuple[Any, ...]]:
    expected = yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8"))["expected"]
    found = SETS[name](pd.read_csv(folder / f"{name}.csv"))
    rows = []
    for row in expected:
        number = found.get(row["id"])
        value, error = number if isinstance(number, tuple) else (number, None)
        rows.append(_row(name, row["id"], row["value"], value, row["tol"]))
        if "se" in row:
            rows.append(_row(name, f"{row['id']} (se)", row["se"], error, row["se_tol"]))
    return rows


def _row(name: str, number: str, published: float, found: float | None, tolerance: float) -> tuple[Any, ...]:
    value = float("nan") if found is None else float(found)
    return name, number, published, value, tolerance, abs(value - published) <= tolerance + _ROUNDING


def describe_published(table: pd.DataFrame, language: str) -> str:
    """The comparison as lines for the screen.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`check_published` gives it.
    language : {"id", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> table = pd.DataFrame([("ships", "deviance", 38.7, 38.695, 0.05, True)], columns=list(COLUMNS))
    >>> print(describe_published(table, "en"))
    set           number                  published            found   tolerance  met
    ships         deviance                    38.7         38.695        0.05  yes
    1 of 1 numbers met.
    """
    words: Mapping[str, str] = {name: text(language, f"cli.published.{name}") for name in (*COLUMNS, "yes", "no")}
    head = (
        f"{words['set']:<14}{words['number']:<22}{words['published']:>11}{words['found']:>17}"
        f"{words['tolerance']:>12}  {words['met']}"
    )
    lines = [
        f"{row['set']:<14}{row['number']:<22}{row['published']:>11.8g}{row['found']:>15.8g}{row['tolerance']:>12.3g}"
        f"  {words['yes' if row['met'] else 'no']}"
        for row in table.to_dict("records")
    ]
    told = text(language, "cli.published.told", met=int(table["met"].sum()), numbers=len(table))
    return "\n".join([head, *lines, told])
