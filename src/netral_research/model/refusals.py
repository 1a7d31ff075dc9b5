"""What every estimator refuses before it computes: cells that are no numbers, rows without a name, absent columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from netral_research.errors import CannotEstimateError, Problem

Array = npt.NDArray[np.float64]
# Beyond these a double no longer holds single cases, and no population has such a logarithm.
LARGEST_COUNT, LARGEST_LOG = 1e15, 100.0


def as_floats(values: Any, column: str) -> Array:
    """Numbers of any kind as floating ones, missing and infinite ones among them.

    Parameters
    ----------
    values : array-like
    column : str
        What they are, for the refusal.

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    CannotEstimateError
        If something is no number.

    Examples
    --------
    >>> as_floats(["1", 2, None], "counts").tolist()
    [1.0, 2.0, nan]
    """
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise CannotEstimateError([Problem("model_missing_cell", column=column)]) from None


def finite_numbers(values: Any, column: str, largest: float = np.inf, missing: str = "model_missing_cell") -> Array:
    """Numbers that are all there, and none so large that nothing can be computed with it.

    Parameters
    ----------
    values : array-like
    column : str
    largest : float
        Size that none may exceed.
    missing : str
        Key of the refusal where one is missing or infinite.

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    CannotEstimateError

    Examples
    --------
    >>> finite_numbers([3, 4], "counts", LARGEST_COUNT).tolist()
    [3.0, 4.0]
    """
    found = as_floats(values, column)
    if not np.isfinite(found).all():
        raise CannotEstimateError([Problem(missing, column=column)])
    if (np.abs(found) > largest).any():
        raise CannotEstimateError([Problem("model_too_large", column=column, fields={"largest": f"{largest:g}"})])
    return found


def counts_of(values: Any, column: str = "counts") -> Array:
    """Counts that are all there, not negative and not beyond what a double holds.

    Parameters
    ----------
    values : array-like
    column : str

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    CannotEstimateError

    Examples
    --------
    >>> counts_of([0, 2.5]).tolist()
    [0.0, 2.5]
    """
    found = finite_numbers(values, column, LARGEST_COUNT)
    if (found < 0).any():
        raise CannotEstimateError([Problem("model_missing_cell", column=column)])
    return found


def require_names(labels: Any, column: str) -> None:
    """Refuse rows whose region, cycle or other level is not named: they would silently join another, or none.

    Parameters
    ----------
    labels : array-like of shape (n,)
    column : str

    Raises
    ------
    CannotEstimateError

    Examples
    --------
    >>> require_names(["11", "12"], "unit_code")
    """
    if pd.isna(np.asarray(labels)).any():
        raise CannotEstimateError([Problem("model_unnamed", column=column)])


def require_columns(table: pd.DataFrame, names: Iterable[str]) -> None:
    """Refuse a table without a column that the model needs.

    Parameters
    ----------
    table : pandas.DataFrame
    names : iterable of str

    Raises
    ------
    CannotEstimateError

    Examples
    --------
    >>> require_columns(pd.DataFrame({"count": [1]}), ["count"])
    """
    absent = [Problem("model_column_absent", column=name) for name in names if name not in table.columns]
    if absent:
        raise CannotEstimateError(absent)


def require_panel(
    sample: pd.DataFrame, numbers: Iterable[str], labels: Iterable[str], offset: str | None
) -> pd.DataFrame:
    """A sample whose numbers are numbers and whose levels are named.

    Parameters
    ----------
    sample : pandas.DataFrame
        With ``count``.
    numbers : iterable of str
        Columns of regressors.
    labels : iterable of str
        Columns of regions and other levels.
    offset : str or None

    Returns
    -------
    pandas.DataFrame
        The sample with floating numbers.

    Raises
    ------
    CannotEstimateError

    Examples
    --------
    >>> sample = pd.DataFrame({"unit_code": ["11", "12"], "count": ["3", "4"], "dose": [0, 1]})
    >>> require_panel(sample, ["dose"], ["unit_code"], None)["count"].tolist()
    [3.0, 4.0]
    """
    numbers, labels = list(numbers), list(labels)
    require_columns(sample, ["count", *numbers, *labels, *([] if offset is None else [offset])])
    for name in labels:
        require_names(sample[name], name)
    found = {name: finite_numbers(sample[name], name) for name in numbers}
    if offset is not None:
        found[offset] = finite_numbers(sample[offset], offset, LARGEST_LOG, "model_offset")
    return sample.assign(count=counts_of(sample["count"], "count"), **found)
