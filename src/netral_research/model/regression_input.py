"""What a regression is fitted on: rows matched by their index, and refused where they cannot bear an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.refusals import LARGEST_COUNT, LARGEST_LOG, finite_numbers

CONSTANT = "constant"
# Relative size below which a direction of the regressors counts as empty.
EMPTY = 1e-9

Part = TypeVar("Part", pd.Series, pd.DataFrame)


@dataclass(frozen=True)
class RegressionInput:
    """Arrays whose rows belong together.

    Parameters
    ----------
    index : pandas.Index
        Of the outcome; every array follows it.
    names : tuple of str
        Columns of ``design``.
    outcome : numpy.ndarray of shape (n,)
    design : numpy.ndarray of shape (n, k)
    offset : numpy.ndarray of shape (n,)
        Zero where none was given.
    clusters : numpy.ndarray of shape (n,) or None
        Whole numbers from zero.
    """

    index: pd.Index
    names: tuple[str, ...]
    outcome: np.ndarray
    design: np.ndarray
    offset: np.ndarray
    clusters: np.ndarray | None


def code_levels(table: pd.DataFrame, numbers: Sequence[str], levels: Mapping[str, object]) -> pd.DataFrame:
    """Regressors from a table: numbers as they are, categories as dummies against a level of reference.

    Parameters
    ----------
    table : pandas.DataFrame
    numbers : sequence of str
        Columns of ``table``.
    levels : mapping of str to object
        Column of ``table`` to the level that the others are compared with.

    Returns
    -------
    pandas.DataFrame
        Float columns; a dummy is named ``column_level``. No constant.

    Raises
    ------
    CannotEstimateError
        If no row has the level of reference.

    Examples
    --------
    >>> ships = pd.DataFrame({"type": ["A", "B", "C"], "age": [1, 2, 3]})
    >>> code_levels(ships, ["age"], {"type": "A"}).columns.tolist()
    ['age', 'type_B', 'type_C']
    """
    parts = [table[list(numbers)].astype("float64")]
    for name, reference in levels.items():
        dummies = pd.get_dummies(table[name], prefix=name, dtype="float64")
        base = f"{name}_{reference}"
        if base not in dummies:
            raise CannotEstimateError([Problem("model_level_missing", column=name, value=str(reference))])
        parts.append(dummies.drop(columns=base))
    return pd.concat(parts, axis=1)


def match_rows(
    outcome: pd.Series,
    regressors: pd.DataFrame,
    *,
    exposure: pd.Series | None = None,
    offset: pd.Series | None = None,
    clusters: pd.Series | None = None,
    constant: bool = True,
) -> RegressionInput:
    """Match all parts of a regression by index, never by position, and refuse what is missing or impossible.

    Parameters
    ----------
    outcome : pandas.Series of shape (n,)
        Its index decides which rows are used, and must not repeat.
    regressors : pandas.DataFrame
        Numbers; may hold more rows than the outcome.
    exposure : pandas.Series, optional
        Positive; its logarithm joins the offset.
    offset : pandas.Series, optional
        Added to the linear predictor with coefficient one.
    clusters : pandas.Series, optional
        Name of the cluster of each row.
    constant : bool
        Whether a constant is put before the regressors.

    Returns
    -------
    RegressionInput

    Raises
    ------
    CannotEstimateError
        If an index repeats or lacks a row of the outcome, a number is missing, infinite or (exposure) not positive,
        a regressor says nothing that the others do not, or there are fewer rows than coefficients.

    Examples
    --------
    >>> counts = pd.Series([1, 2, 3], index=["a", "b", "c"])
    >>> dose = pd.DataFrame({"dose": [5, 0, 1]}, index=["c", "a", "b"])
    >>> match_rows(counts, dose).design.tolist()
    [[1.0, 0.0], [1.0, 1.0], [1.0, 5.0]]
    """
    index = outcome.index
    _require_rows(outcome, index, "outcome")
    matched = _take(regressors, index, "regressors")
    names = tuple(str(name) for name in matched.columns)
    columns = [_numbers(matched.iloc[:, place], name) for place, name in enumerate(names)]
    if constant:
        columns, names = [np.ones(len(index)), *columns], (CONSTANT, *names)
    design = np.column_stack(columns) if columns else np.empty((len(index), 0))
    _require_determined(design, names)
    return RegressionInput(
        index,
        names,
        finite_numbers(_numbers(outcome, str(outcome.name or "outcome")), "outcome", LARGEST_COUNT),
        design,
        _offset(index, exposure, offset),
        None if clusters is None else _clusters(_take(clusters, index, "clusters")),
    )


def _offset(index: pd.Index, exposure: pd.Series | None, offset: pd.Series | None) -> np.ndarray:
    shift = np.zeros(len(index))
    if exposure is not None:
        values = as_numbers(_take(exposure, index, "exposure"))
        if not (np.isfinite(values) & (values > 0)).all():
            raise CannotEstimateError([Problem("model_offset", column=str(exposure.name or "exposure"))])
        shift += np.log(values)
    if offset is not None:
        values = as_numbers(_take(offset, index, "offset"))
        if not np.isfinite(values).all():
            raise CannotEstimateError([Problem("model_offset", column=str(offset.name or "offset"))])
        shift += values
    return finite_numbers(shift, "offset", LARGEST_LOG)


def _clusters(clusters: pd.Series) -> np.ndarray:
    if clusters.isna().any():
        raise CannotEstimateError([Problem("model_values", column=str(clusters.name or "clusters"))])
    codes = pd.factorize(clusters)[0]
    if codes.max() < 1:
        raise CannotEstimateError([Problem("model_regions", fields={"found": "1", "wanted": "2"})])
    return codes


def _require_rows(part: pd.Series | pd.DataFrame, index: pd.Index, name: str) -> None:
    if not part.index.is_unique or not index.isin(part.index).all():
        raise CannotEstimateError([Problem("model_rows_unmatched", column=name)])


def _take(part: Part, index: pd.Index, name: str) -> Part:
    _require_rows(part, index, name)
    return part.loc[index]


def as_numbers(column: pd.Series) -> np.ndarray:
    """A column as floating numbers; whatever is no number is missing.

    Parameters
    ----------
    column : pandas.Series of shape (n,)

    Returns
    -------
    numpy.ndarray of shape (n,)

    Examples
    --------
    >>> as_numbers(pd.Series(["1", "many", None])).tolist()
    [1.0, nan, nan]
    """
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)


def _numbers(column: pd.Series, name: str) -> np.ndarray:
    values = as_numbers(column)
    if not np.isfinite(values).all():
        raise CannotEstimateError([Problem("model_values", column=name)])
    return values


def _require_determined(design: np.ndarray, names: Sequence[str]) -> None:
    rows, columns = design.shape
    if rows < columns or not columns:
        raise CannotEstimateError([Problem("model_rows_few", fields={"rows": str(rows), "columns": str(columns)})])
    null = null_directions(design)
    if null.shape[1]:
        touched = np.abs(null).max(axis=1)
        # The last column that an empty direction touches is the one that adds nothing to those before it.
        # Compared with each column's own size, which the directions are divided by.
        lengths = np.linalg.norm(design, axis=0)
        touched = touched * np.where(lengths > 0, lengths, 1.0)
        guilty = names[int(np.flatnonzero(touched > 1e-6 * touched.max())[-1])]
        raise CannotEstimateError([Problem("model_collinear", column=guilty)])


def null_directions(matrix: np.ndarray) -> np.ndarray:
    """Directions of the coefficients that leave every row as it is, for columns scaled to length one.

    Parameters
    ----------
    matrix : numpy.ndarray of shape (n, k)

    Returns
    -------
    numpy.ndarray of shape (k, d)
        An empty one (d = 0) where the columns determine every coefficient.

    Examples
    --------
    >>> null_directions(np.array([[1.0, 2.0], [2.0, 4.0]])).shape
    (2, 1)
    """
    lengths = np.linalg.norm(matrix, axis=0)
    scale = np.where(lengths > 0, lengths, 1.0)
    # The triangle of a QR decomposition has the same null directions, whatever the number of rows.
    _, sizes, directions = np.linalg.svd(np.linalg.qr(matrix / scale, mode="r"), full_matrices=True)
    sizes = np.append(sizes, np.zeros(matrix.shape[1] - len(sizes)))
    empty = sizes <= EMPTY * max(float(sizes.max(initial=0.0)), 1.0)
    return directions[empty].T / scale[:, None]


def require_no_separation(design: np.ndarray, names: Sequence[str], low: np.ndarray, high: np.ndarray) -> None:
    """Refuse a regressor whose coefficient has no limit, because it fits some rows perfectly.

    A coefficient runs away exactly where a direction of the coefficients leaves all other rows as they are, lowers
    rows that lie at the lowest value an outcome can have, or raises rows at the highest one.

    Parameters
    ----------
    design : numpy.ndarray of shape (n, k)
    names : sequence of str
    low, high : numpy.ndarray of shape (n,)
        True where the outcome is the lowest (a count or share of zero) or the highest (a share of one) possible.

    Raises
    ------
    CannotEstimateError

    References
    ----------
    Correia, Guimaraes and Zylkin (2020), Stata Journal 20: 95-115.

    Examples
    --------
    >>> treated = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    >>> require_no_separation(treated, ["constant", "dose"], np.array([False, True, False]), np.zeros(3, dtype=bool))
    """
    edge = low | high
    free = null_directions(design[~edge])
    if not free.shape[1]:
        return
    fall = np.where(low, 1.0, -1.0)[edge, None] * (design[edge] @ free)
    found = linprog(fall.sum(axis=0), A_ub=fall, b_ub=np.zeros(len(fall)), bounds=[(-1, 1)] * free.shape[1])
    scale = max(float(np.abs(fall).max(initial=0.0)), 1e-300)
    if found.fun < -1e-7 * scale:
        direction = np.abs(free @ found.x) * np.abs(design).max(axis=0)
        guilty = max(range(len(names)), key=lambda place: (names[place] != CONSTANT, direction[place]))
        raise CannotEstimateError([Problem("model_separated", column=names[guilty])])
