"""The measurement model in arrays: which effects stand behind each observation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import sparse

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.measurement.components import CLOCK_PIECES, FACTORS, clock_values, expand
from netral_research.model.measurement.observations import Observations

REFERENCES = {"institution_group": "bawaslu", "stage": "alleged", "measure": "cases", "election_cycle": "pilkada_2020"}


@dataclass(frozen=True)
class Blocks:
    """Places of the effects in the vector of all effects.

    Parameters
    ----------
    fixed : tuple of str
        Effects without a sign: the intercept, levels of the factors, the dose.
    slopes : tuple of str
        Slopes of the electoral clocks, never negative; the model holds their logs.
    units : tuple of str
        Regions with an effect of their own.
    cells : tuple of tuple of str
        Regions and cycles with an effect of their own.
    """

    fixed: tuple[str, ...]
    slopes: tuple[str, ...]
    units: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """Number of effects."""
        return len(self.fixed) + len(self.slopes) + len(self.units) + len(self.cells)

    @property
    def spans(self) -> tuple[slice, slice, slice, slice]:
        """Slices of the four blocks, in their order."""
        ends = np.cumsum([0, len(self.fixed), len(self.slopes), len(self.units), len(self.cells)]).tolist()
        return tuple(slice(*pair) for pair in pairwise(ends))  # type: ignore[return-value]


@dataclass(frozen=True)
class Design:
    """Observations as sums (or differences) of latent cumulative counts, each the exponential of a linear predictor.

    Parameters
    ----------
    blocks : Blocks
    matrix : scipy.sparse.csr_array of shape (m, p)
        Linear predictors of the ``m`` latent counts.
    offset : numpy.ndarray of shape (m,)
        Log headcount in 10,000.
    owner : numpy.ndarray of shape (m,)
        The observation each latent count belongs to.
    sign : numpy.ndarray of shape (m,)
        -1 for the count at a period's start.
    components : pandas.DataFrame
        ``unit_code``, ``election_cycle`` and ``snapshot_date`` of each latent count.
    lower, upper : numpy.ndarray of shape (n,)
    national : numpy.ndarray of shape (n,)
        Whether the observation is a sum over regions.
    pairs : tuple of numpy.ndarray
        Places in ``matrix.data`` of all pairs of effects that meet in one latent count.
    """

    blocks: Blocks
    matrix: sparse.csr_array
    offset: np.ndarray
    owner: np.ndarray
    sign: np.ndarray
    components: pd.DataFrame
    lower: np.ndarray
    upper: np.ndarray
    national: np.ndarray
    pairs: tuple[np.ndarray, np.ndarray]

    def with_column(self, name: str, values: np.ndarray) -> Design:
        """Replace one regressor, as a permutation does.

        Parameters
        ----------
        name : str
            One of ``blocks.fixed``.
        values : numpy.ndarray of shape (m,)

        Returns
        -------
        Design
        """
        matrix = self.matrix.copy()
        matrix.data[matrix.indices == self.blocks.fixed.index(name)] = values
        return replace(self, matrix=matrix)

    def with_limits(self, lower: np.ndarray, upper: np.ndarray) -> Design:
        """Replace the observed limits, as a simulation does.

        Parameters
        ----------
        lower, upper : numpy.ndarray of shape (n,)

        Returns
        -------
        Design
        """
        return replace(self, lower=lower, upper=upper)


def build_design(
    observations: Observations, regressors: Mapping[str, np.ndarray] | None = None, minimum_regions: int = 2
) -> Design:
    """Set up the arrays of the likelihood.

    Parameters
    ----------
    observations : Observations
    regressors : mapping of str to numpy.ndarray of shape (m,), optional
        Further regressors, such as the dose, one value for each latent count of :func:`expand`.
    minimum_regions : int
        Fewer regions with an exact count than this: no estimate.

    Returns
    -------
    Design

    Raises
    ------
    CannotEstimateError
        If too few regions have an exact count, all counts are zero, or a regressor is constant.
    """
    _require_counts(observations.table, minimum_regions)
    components = expand(observations)
    dummies = _fixed_columns(components, regressors or {})
    slopes = _slope_columns(components)
    units = tuple(sorted(observations.cells["unit_code"].unique()))
    cells = tuple(zip(observations.cells["unit_code"], observations.cells["election_cycle"], strict=True))
    blocks = Blocks(tuple(dummies), tuple(slopes), units, cells)
    return _design(blocks, observations, components, dummies | slopes)


def design_like(design: Design, observations: Observations) -> Design:
    """Set up other observations with the effects of a design, so that a fit can predict them.

    Parameters
    ----------
    design : Design
        Without further regressors.
    observations : Observations
        Of levels and cycles that the design knows.

    Returns
    -------
    Design
    """
    components = expand(observations)
    known = _fixed_columns(components, {}) | _slope_columns(components)
    nothing = np.zeros(len(components))
    columns = {name: known.get(name, nothing) for name in (*design.blocks.fixed, *design.blocks.slopes)}
    for factor in ("election_cycle", *FACTORS):
        for name in design.blocks.fixed:
            if name.startswith(f"{factor}_"):
                columns[name] = (components[factor] == name.removeprefix(f"{factor}_")).to_numpy(dtype="float64")
    return _design(design.blocks, observations, components, columns)


def _design(
    blocks: Blocks, observations: Observations, components: pd.DataFrame, columns: Mapping[str, np.ndarray]
) -> Design:
    table = observations.table
    of_unit = components["unit_code"].map({unit: place for place, unit in enumerate(blocks.units)}).to_numpy()
    of_cell = _places(components, blocks.cells)
    matrix = _assemble(blocks, list(columns.values()), of_unit, of_cell)
    return Design(
        blocks, matrix, components["log_headcount"].to_numpy(), components["owner"].to_numpy(),
        components["sign"].to_numpy(), components[["unit_code", "election_cycle", "snapshot_date"]],
        table["lower"].to_numpy(), table["upper"].to_numpy(), (table["level"] == "national").to_numpy(),
        _pairs(matrix),
    )  # fmt: skip


def _require_counts(table: pd.DataFrame, minimum_regions: int) -> None:
    exact = table[(table["level"] == "province") & (table["kind"] == "exact")]
    found, wanted = exact["unit_code"].nunique(), max(minimum_regions, 2)
    if found < wanted:
        raise CannotEstimateError([Problem("model_regions", fields={"found": str(found), "wanted": str(wanted)})])
    if not exact["lower"].sum():
        raise CannotEstimateError([Problem("model_zeros")])


def _fixed_columns(components: pd.DataFrame, regressors: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    columns = {"intercept": np.ones(len(components))}
    for factor in ("election_cycle", *FACTORS):
        levels = sorted(components[factor].unique())
        reference = REFERENCES[factor] if REFERENCES[factor] in levels else levels[0]
        for level in levels:
            if level != reference:
                columns[f"{factor}_{level}"] = (components[factor] == level).to_numpy(dtype="float64")
    for name, values in regressors.items():
        if not np.ptp(values) > 0:
            raise CannotEstimateError([Problem("model_no_variation", column=name)])
        columns[name] = values
    return columns


def _slope_columns(components: pd.DataFrame) -> dict[str, np.ndarray]:
    kinds = components["election_cycle"].str.partition("_")[0]
    days = components["days"].to_numpy()
    return {
        f"clock_{kind}_{piece}": np.where(kinds == kind, clock_values(days, span), 0.0)
        for kind in sorted(kinds.unique())
        for piece, span in CLOCK_PIECES.items()
    }


def _places(components: pd.DataFrame, cells: Sequence[tuple[str, str]]) -> np.ndarray:
    place = {cell: number for number, cell in enumerate(cells)}
    pairs = zip(components["unit_code"], components["election_cycle"], strict=True)
    return np.array([place[pair] for pair in pairs])


def _assemble(
    blocks: Blocks, columns: Sequence[np.ndarray], of_unit: np.ndarray, of_cell: np.ndarray
) -> sparse.csr_array:
    """Stored entries are those that can differ from zero; a regressor keeps all of its own, so that it can change."""
    rows = np.arange(len(of_unit))
    parts = []
    for place, values in enumerate(columns):
        dose = place < len(blocks.fixed) and not blocks.fixed[place].startswith(
            ("intercept", "election_cycle", *FACTORS)
        )
        kept = rows if dose else np.flatnonzero(values)
        parts.append((kept, np.full(len(kept), place), values[kept]))
    _, _, units, cells = blocks.spans
    parts += [(rows, units.start + of_unit, np.ones(len(rows))), (rows, cells.start + of_cell, np.ones(len(rows)))]
    row, column, value = (np.concatenate(piece) for piece in zip(*parts, strict=True))
    order = np.lexsort((column, row))
    starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(rows)))])
    return sparse.csr_array((value[order], column[order], starts), shape=(len(rows), blocks.size))


def _pairs(matrix: sparse.csr_array) -> tuple[np.ndarray, np.ndarray]:
    left, right = [], []
    for start, stop in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
        inside = np.arange(start, stop)
        left.append(np.repeat(inside, stop - start))
        right.append(np.tile(inside, stop - start))
    return np.concatenate(left), np.concatenate(right)
