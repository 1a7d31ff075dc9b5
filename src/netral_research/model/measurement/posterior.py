"""The joint density of counts and effects, its mode, and the Laplace approximation of what lies around it."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import linalg, sparse

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.measurement.design import Design
from netral_research.model.measurement.negative_binomial import log_probability

# Weak priors. Effects: normal. Slopes per 60 days: log-normal. Spreads and dispersions: log-normal.
FIXED_SPREAD = 5.0
SLOPE_LOG_CENTRE, SLOPE_LOG_SPREAD = np.log(0.25), 1.5
SPREADS = ("region", "region_cycle", "dispersion", "dispersion_national")
SPREAD_LOG_CENTRES = np.log([0.5, 0.5, 0.3, 0.02])
SPREAD_LOG_SPREADS = np.array([1.0, 1.0, 1.0, 1.5])
# The curvature at the mode enters the marginal density, so the mode must be exact well beyond the density itself.
_MAXIMUM_STEPS, _GAIN, _NEAR = 200, 1e-14, 1e-8
_ROOT_STEP, _MEAN_STEPS = 0.5, 3
# Precision that holds an effect where it is.
_PINNED = 1e8


@dataclass(frozen=True)
class Mode:
    """The mode of all effects, given the spreads.

    Parameters
    ----------
    effects : numpy.ndarray of shape (p,)
        Standardised: logs of the slopes, and random effects in units of their spread.
    factor : numpy.ndarray of shape (p, p)
        Lower Cholesky factor of the negative second derivative there.
    log_marginal : float
        Laplace approximation of the log marginal density of counts and spreads.
    """

    effects: np.ndarray
    factor: np.ndarray
    log_marginal: float

    def covariance(self) -> np.ndarray:
        """Covariance of the standardised effects, given the spreads."""
        return linalg.cho_solve((self.factor, True), np.eye(len(self.effects)))


@dataclass(frozen=True)
class Posterior:
    """The joint density for one design.

    Parameters
    ----------
    design : Design
    """

    design: Design
    _prior: tuple[np.ndarray, np.ndarray] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        centre, precision = np.zeros(self.design.blocks.size), np.ones(self.design.blocks.size)
        fixed, slopes, _, _ = self.design.blocks.spans
        precision[fixed] = FIXED_SPREAD**-2
        centre[slopes], precision[slopes] = SLOPE_LOG_CENTRE, SLOPE_LOG_SPREAD**-2
        object.__setattr__(self, "_prior", (centre, precision))

    def pinned(self, place: int, value: float) -> Posterior:
        """The same density with one effect held at a value, so that its profile can be followed.

        Parameters
        ----------
        place : int
            Of the effect among the standardised ones.
        value : float

        Returns
        -------
        Posterior
            Without the prior of the effect.
        """
        held = copy.copy(self)
        centre, precision = (values.copy() for values in self._prior)
        centre[place], precision[place] = value, _PINNED
        object.__setattr__(held, "_prior", (centre, precision))
        return held

    @cached_property
    def _single(self) -> np.ndarray:
        """Latent counts that are an observation by themselves."""
        return (np.bincount(self.design.owner)[self.design.owner]) == 1

    @cached_property
    def _joint(self) -> tuple[np.ndarray, np.ndarray]:
        """Observations of several latent counts, and the entries of the matrix that belong to each."""
        several = np.flatnonzero(np.bincount(self.design.owner) > 1)
        place = np.full(len(self.design.lower), -1)
        place[several] = np.arange(len(several))
        return several, place

    @cached_property
    def _entries(self) -> tuple[np.ndarray, ...]:
        matrix, (left, right), size = self.design.matrix, self.design.pairs, self.design.blocks.size
        row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        target = matrix.indices[left].astype(np.int64) * size + matrix.indices[right]
        place = self._joint[1]
        dense = place[self.design.owner[row]]
        inside = dense >= 0
        flat = dense[inside].astype(np.int64) * size + matrix.indices[inside]
        return row, row[left], target, matrix.data[left] * matrix.data[right], inside, flat

    def scales(self, effects: np.ndarray, log_spreads: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Effects on the scale of the linear predictor, with first and second derivative in the standardised ones.

        Parameters
        ----------
        effects : numpy.ndarray of shape (p,)
        log_spreads : numpy.ndarray of shape (4,)
            Logs of the spreads of regions and region-cycles and of the two dispersions.

        Returns
        -------
        tuple of numpy.ndarray
        """
        natural, first, second = effects.copy(), np.ones(len(effects)), np.zeros(len(effects))
        _, slopes, units, cells = self.design.blocks.spans
        natural[slopes] = first[slopes] = second[slopes] = np.exp(np.minimum(effects[slopes], 20.0))
        for span, spread in ((units, log_spreads[0]), (cells, log_spreads[1])):
            first[span] = np.exp(spread)
            natural[span] = first[span] * effects[span]
        return natural, first, second

    def means(self, natural: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Expected observations, and each latent count.

        Parameters
        ----------
        natural : numpy.ndarray of shape (p,)

        Returns
        -------
        tuple of numpy.ndarray
            Of shape (n,) and (m,).
        """
        design = self.design
        latent = np.exp(np.clip(design.matrix @ natural + design.offset, -40.0, 40.0))
        total = np.bincount(design.owner, design.sign * latent, minlength=len(design.lower))
        return np.maximum(total, 1e-12), latent

    def dispersions(self, log_spreads: np.ndarray) -> np.ndarray:
        """Dispersion of each observation."""
        return np.where(self.design.national, *np.exp(log_spreads[[3, 2]]))

    def value(self, effects: np.ndarray, log_spreads: np.ndarray) -> float:
        """Log joint density, up to the constants of the priors."""
        natural, _, _ = self.scales(effects, log_spreads)
        mean, _ = self.means(natural)
        terms = log_probability(self.design.lower, self.design.upper, np.log(mean), self.dispersions(log_spreads))
        centre, precision = self._prior
        return float(terms.value.sum() - 0.5 * (precision * (effects - centre) ** 2).sum())

    def derivatives(
        self, effects: np.ndarray, log_spreads: np.ndarray, *, expected: bool = False
    ) -> tuple[float, np.ndarray, np.ndarray]:
        """Log joint density, its gradient and its negative second derivative in the standardised effects.

        Parameters
        ----------
        effects : numpy.ndarray of shape (p,)
        log_spreads : numpy.ndarray of shape (4,)
        expected : bool
            Leave out of the second derivative how a national total is shared among regions that published nothing. A
            total above what is expected can belong to any of them, and the exact derivative then vanishes between.

        Returns
        -------
        tuple
        """
        design, size = self.design, self.design.blocks.size
        natural, first, second = self.scales(effects, log_spreads)
        mean, latent = self.means(natural)
        terms = log_probability(design.lower, design.upper, np.log(mean), self.dispersions(log_spreads))
        share = design.sign * latent / mean[design.owner]
        slope, bend = terms.first[design.owner], terms.second[design.owner]
        gradient = design.matrix.T @ (slope * share)
        row, pair_row, target, product, inside, flat = self._entries
        shared = expected * design.national
        weight = np.where(self._single, bend, np.where(shared[design.owner], 0.0, slope * share))
        curvature = np.bincount(target, weight[pair_row] * product, minlength=size * size).reshape(size, size)
        several, _ = self._joint
        if len(several):
            entries = (share[row] * design.matrix.data)[inside]
            joint = np.bincount(flat, entries, minlength=len(several) * size).reshape(len(several), size)
            curvature += (joint.T * (terms.second - np.where(shared, 0.0, terms.first))[several]) @ joint
        centre, precision = self._prior
        value = float(terms.value.sum() - 0.5 * (precision * (effects - centre) ** 2).sum())
        negative = -first[:, None] * curvature * first
        negative[np.diag_indices(size)] += precision - gradient * second
        return value, gradient * first - precision * (effects - centre), negative

    def gradient(self, effects: np.ndarray, log_spreads: np.ndarray) -> np.ndarray:
        """Gradient of the log joint density in the standardised effects."""
        design = self.design
        natural, first, _ = self.scales(effects, log_spreads)
        mean, latent = self.means(natural)
        terms = log_probability(design.lower, design.upper, np.log(mean), self.dispersions(log_spreads))
        share = design.sign * latent / mean[design.owner]
        centre, precision = self._prior
        return first * (design.matrix.T @ (terms.first[design.owner] * share)) - precision * (effects - centre)

    def predictor_terms(self, effects: np.ndarray, log_spreads: np.ndarray) -> tuple[np.ndarray, sparse.csr_array]:
        """Log likelihood around given effects, as a function of the linear predictors of the latent counts.

        Parameters
        ----------
        effects : numpy.ndarray of shape (p,)
            Standardised.
        log_spreads : numpy.ndarray of shape (4,)

        Returns
        -------
        tuple
            Its gradient, of shape (m,), and its negative second derivative, sparse and of shape (m, m): the latent
            counts of one total go together.
        """
        design = self.design
        mean, latent = self.means(self.scales(effects, log_spreads)[0])
        terms = log_probability(design.lower, design.upper, np.log(mean), self.dispersions(log_spreads))
        share = design.sign * latent / mean[design.owner]
        score = terms.first[design.owner] * share
        places = np.arange(len(share))
        shares = sparse.csr_array((share, (design.owner, places)), shape=(len(mean), len(share)))
        joint = shares.T @ sparse.diags_array(terms.second - terms.first) @ shares
        return score, sparse.csr_array(-joint - sparse.diags_array(score))

    def mean(self, mode: Mode, log_spreads: np.ndarray) -> np.ndarray:
        """Move from the mode of the effects to their mean.

        A national total is a sum of exponentials: regions that published nothing add more to it on average than at
        their mode, and at the mode the cycle would stand too high for it.

        Parameters
        ----------
        mode : Mode
        log_spreads : numpy.ndarray of shape (4,)

        Returns
        -------
        numpy.ndarray of shape (p,)
            Where the gradient vanishes on average over the normal approximation, to second order.
        """
        root = _ROOT_STEP * linalg.cholesky(mode.covariance(), lower=True)
        # Logs of slopes have a long tail towards no slope: they stay at their mode, and all else moves given them.
        slopes = self.design.blocks.spans[1]
        moving = np.r_[0 : slopes.start, slopes.stop : len(mode.effects)]
        conditional = linalg.inv((mode.factor @ mode.factor.T)[np.ix_(moving, moving)])
        effects = mode.effects.copy()
        for _ in range(_MEAN_STEPS):
            here = self.gradient(effects, log_spreads)
            bend = np.zeros(len(effects))
            for column in root.T:
                bend += self.gradient(effects + column, log_spreads) + self.gradient(effects - column, log_spreads)
            bend = (bend - 2 * len(effects) * here) / _ROOT_STEP**2
            step = conditional @ (here + bend / 2)[moving]
            effects[moving] += step * min(1.0, 1.0 / max(float(np.abs(step).max()), 1e-300))
        return effects

    def start(self) -> np.ndarray:
        """Effects to start from: the priors' centres."""
        return self._prior[0].copy()

    def mode(self, log_spreads: np.ndarray, start: np.ndarray | None = None) -> Mode:
        """Find the mode of the effects by damped Newton steps.

        Parameters
        ----------
        log_spreads : numpy.ndarray of shape (4,)
        start : numpy.ndarray of shape (p,), optional

        Returns
        -------
        Mode

        Raises
        ------
        CannotEstimateError
            If no mode is reached.
        """
        effects = self.start() if start is None else start
        value, gradient, negative = self.derivatives(effects, log_spreads)
        before = np.inf
        for _ in range(_MAXIMUM_STEPS):
            factor, damped = _factorise(negative)
            step = linalg.cho_solve((factor, True), gradient)
            gain = float(gradient @ step)
            # Newton steps gain ever faster until rounding stops them.
            if not damped and (gain < _GAIN or (gain < _NEAR and gain > before / 4)):
                factor, _ = _factorise(self.derivatives(effects, log_spreads, expected=True)[2])
                return Mode(effects, factor, self._log_marginal(value, factor, log_spreads))
            if damped and gain < _NEAR:
                step = np.linalg.eigh(negative)[1][:, 0]
            effects, moved = self._line_search(effects, step, value, log_spreads)
            if not moved:
                break
            value, gradient, negative = self.derivatives(effects, log_spreads)
            before = gain
        raise CannotEstimateError([Problem("model_convergence")])

    def _line_search(
        self, effects: np.ndarray, step: np.ndarray, value: float, log_spreads: np.ndarray
    ) -> tuple[np.ndarray, bool]:
        length = min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-300))
        while length > 1e-8:
            proposed = effects + length * step
            if self.value(proposed, log_spreads) > value - 1e-9:
                return proposed, True
            length /= 2
        return effects, False

    def _log_marginal(self, value: float, factor: np.ndarray, log_spreads: np.ndarray) -> float:
        _, precision = self._prior
        spreads = (log_spreads - SPREAD_LOG_CENTRES) / SPREAD_LOG_SPREADS
        return float(
            value + 0.5 * np.log(precision).sum() - np.log(np.diag(factor)).sum()
            - 0.5 * (spreads**2).sum() - np.log(SPREAD_LOG_SPREADS * np.sqrt(2 * np.pi)).sum()
        )  # fmt: skip


def _factorise(negative: np.ndarray) -> tuple[np.ndarray, bool]:
    """Cholesky factor; where the density is not concave, of a matrix with a larger diagonal."""
    damping = 0.0
    while True:
        try:
            matrix = negative + damping * np.diag(np.maximum(np.abs(np.diag(negative)), 1.0))
            return linalg.cholesky(matrix, lower=True), damping > 0
        except linalg.LinAlgError:
            damping = max(2 * damping, 1e-3)
            if not damping < 1e6:
                raise CannotEstimateError([Problem("model_convergence")]) from None
