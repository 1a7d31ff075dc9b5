"""Fixed effects taken out of a regression: group labels as numbers, and what is left of a variable beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import linalg

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.refusals import require_names

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
# Up to so many levels beside those of the largest fixed effect the normal equations are solved at once.
MOST_AT_ONCE = 2000
_TOLERANCE, _MOST_ROUNDS = 1e-13, 20_000
_TINY, _LEAST = 1e-11, np.finfo(float).tiny


@dataclass(frozen=True)
class Groups:
    """Fixed effects of the rows of a sample.

    Parameters
    ----------
    codes : tuple of numpy.ndarray
        For every fixed effect the number of each row's level, from 0; the effect with most levels first.
    sizes : tuple of int
        Number of levels of each.
    is_panel : bool
        Whether there are two fixed effects and every pair of levels has one row, in their order.

    Examples
    --------
    >>> number_groups([["a", "b", "b"], [2020, 2020, 2024]]).sizes
    (2, 2)
    """

    codes: tuple[Codes, ...]
    sizes: tuple[int, ...]
    is_panel: bool = False

    def of(self, rows: npt.NDArray[np.bool_]) -> Groups:
        """The fixed effects of some of the rows, numbered anew."""
        return self if rows.all() else number_groups([codes[rows] for codes in self.codes])


def number_groups(labels: Sequence[Any]) -> Groups:
    """Number the levels of every fixed effect.

    Parameters
    ----------
    labels : sequence of array-like of shape (n,)
        One sequence of labels a fixed effect; none for a regression without.

    Returns
    -------
    Groups

    Raises
    ------
    CannotEstimateError
        If a label is missing.
    """
    numbered: list[tuple[int, Codes]] = []
    for label in labels:
        require_names(label, f"fixed effect {len(numbered) + 1}")
        codes, levels = pd.factorize(np.asarray(label), sort=True)
        numbered.append((len(levels), codes.astype(np.intp)))
    numbered.sort(key=lambda pair: -pair[0])
    sizes = tuple(size for size, _ in numbered)
    ordered = tuple(codes for _, codes in numbered)
    return Groups(ordered, sizes, _is_panel(ordered, sizes))


def _is_panel(codes: tuple[Codes, ...], sizes: tuple[int, ...]) -> bool:
    if len(sizes) != 2 or len(codes[0]) != sizes[0] * sizes[1]:
        return False
    first, second = (one.reshape(sizes) for one in codes)
    return bool((first == np.arange(sizes[0])[:, None]).all() and (second == np.arange(sizes[1])).all())


class Absorber:
    """Weighted means of the levels of all fixed effects taken out of columns, for one set of weights.

    With one or two fixed effects, or several of few levels, the normal equations are solved exactly; else the means
    are taken out in turn until nothing changes.

    Parameters
    ----------
    groups : Groups
    weights : numpy.ndarray of shape (n,)
        Not negative.
    """

    def __init__(self, groups: Groups, weights: Array) -> None:
        self.groups, self.weights = groups, weights
        self._totals = [np.maximum(self._sum(weights, effect), _LEAST) for effect in range(len(groups.sizes))]
        self._at_once = len(groups.sizes) > 1 and sum(groups.sizes[1:]) <= MOST_AT_ONCE
        if self._at_once:
            self._prepare()

    def _prepare(self) -> None:
        first, *others = self.groups.codes
        size, sizes = self.groups.sizes[0], self.groups.sizes[1:]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        cross = self.weights.reshape(self.groups.sizes) if self.groups.is_panel else np.zeros((size, starts[-1]))
        schur = np.zeros((starts[-1], starts[-1]))
        for i, codes in enumerate(others):
            columns = slice(starts[i], starts[i + 1])
            if not self.groups.is_panel:
                cross[:, columns] = self._table(first, codes, size, sizes[i])
            schur[columns, columns] = np.diag(self._totals[i + 1])
            for j in range(i):
                block = self._table(codes, others[j], sizes[i], sizes[j])
                schur[columns, starts[j] : starts[j + 1]] = block
                schur[starts[j] : starts[j + 1], columns] = block.T
        scale = np.sqrt(np.concatenate(self._totals[1:]))
        self._shares = cross / self._totals[0][:, None]
        schur -= cross.T @ self._shares
        self._starts, self._cross = starts, cross
        self._solve = _solver(schur, scale)

    def take_out(self, columns: Array) -> Array:
        """What is left of each column.

        Parameters
        ----------
        columns : numpy.ndarray of shape (n, m)

        Returns
        -------
        numpy.ndarray of shape (n, m)
        """
        if not self.groups.codes or not columns.shape[1]:
            return columns.copy()
        if len(self.groups.codes) == 1:
            return self._without_means(columns, 0)
        return self._exactly(columns) if self._at_once else self._in_turn(columns)

    def _sum(self, weighted: Array, effect: int) -> Array:
        if self.groups.is_panel:
            # Products with ones are sums, and by far the fastest ones.
            cell, ones = weighted.reshape(self.groups.sizes), np.ones(self.groups.sizes[1 - effect])
            return cell @ ones if effect == 0 else ones @ cell
        return np.bincount(self.groups.codes[effect], weighted, self.groups.sizes[effect]).astype(np.float64)

    def _sums(self, columns: Array, effects: Sequence[int]) -> list[Array]:
        """Weighted sums of every column by the levels of each of the effects."""
        found = [np.empty((self.groups.sizes[effect], columns.shape[1])) for effect in effects]
        for place, column in enumerate(columns.T):
            weighted = column * self.weights
            for effect, sums in zip(effects, found, strict=True):
                sums[:, place] = self._sum(weighted, effect)
        return found

    def _table(self, rows: Codes, columns: Codes, height: int, width: int) -> Array:
        """Sums of the weights by the levels of two fixed effects."""
        sums: Array = np.bincount(rows * width + columns, self.weights, height * width).astype(np.float64)
        return sums.reshape(height, width)

    def _without_means(self, columns: Array, effect: int) -> Array:
        means = self._sums(columns, [effect])[0] / self._totals[effect][:, None]
        return columns - means[self.groups.codes[effect]]

    def _exactly(self, columns: Array) -> Array:
        first, *others = self._sums(columns, range(len(self.groups.codes)))
        levels = self._solve(np.vstack(others) - self._shares.T @ first)
        own = (first - self._cross @ levels) / self._totals[0][:, None]
        if self.groups.is_panel:
            left = np.empty(columns.shape, order="F")
            for place, column in enumerate(columns.T):
                cell = left[:, place].reshape(self.groups.sizes)
                np.subtract(column.reshape(self.groups.sizes), own[:, place][:, None], out=cell)
                cell -= levels[:, place]
            return left
        left = columns - own[self.groups.codes[0]]
        for effect in range(1, len(self.groups.codes)):
            left -= levels[self._starts[effect - 1] + self.groups.codes[effect]]
        return left

    def _in_turn(self, columns: Array) -> Array:
        left = columns
        scale = np.maximum(np.abs(columns).max(axis=0), np.finfo(float).tiny)
        for _ in range(_MOST_ROUNDS):
            before = left
            for effect in range(len(self.groups.codes)):
                left = self._without_means(left, effect)
            if np.all(np.abs(left - before).max(axis=0) <= _TOLERANCE * scale):
                break
        return left


def _solver(matrix: Array, scale: Array) -> Any:
    """Solve with a matrix that is singular in the directions that shift levels against each other."""
    try:
        factor = linalg.cho_factor((matrix / np.outer(scale, scale))[1:, 1:], lower=True, check_finite=False)
    except linalg.LinAlgError:
        return _solver_of_any_rank(matrix, scale)
    if np.diag(factor[0]).min(initial=1.0) ** 2 <= _TINY:
        return _solver_of_any_rank(matrix, scale)

    def solve(right: Array) -> Array:
        # Where all rows hang together one level may be held at zero.
        found = np.zeros_like(right)
        found[1:] = linalg.cho_solve(factor, right[1:] / scale[1:, None], check_finite=False) / scale[1:, None]
        return found

    return solve


def _solver_of_any_rank(matrix: Array, scale: Array) -> Any:
    scaled = matrix / np.outer(scale, scale)
    if not np.isfinite(scaled).all():
        raise CannotEstimateError([Problem("model_convergence")])
    sizes, directions = linalg.eigh(scaled)
    kept = sizes > _TINY * max(float(sizes[-1]), 1.0)
    half = directions[:, kept] / np.sqrt(sizes[kept]) / scale[:, None]

    def solve(right: Array) -> Array:
        return np.asarray(half @ (half.T @ right))

    return solve
