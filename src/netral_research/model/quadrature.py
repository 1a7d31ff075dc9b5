"""Marginal likelihood of Poisson counts with normal effects of regions, by adaptive Gauss-Hermite quadrature."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from scipy.special import gammaln, logsumexp

from netral_research.model.curvature import Floats

# Log means are cut here: far outside what counts can be, inside what a computer can hold.
HIGHEST = 50.0


@dataclass(frozen=True)
class GroupedCounts:
    """Counts of groups whose effects vary at random.

    Parameters
    ----------
    counts, offset : numpy.ndarray of shape (n,)
        Rows sorted by group.
    design : numpy.ndarray of shape (n, k)
        Terms with fixed coefficients.
    varying : numpy.ndarray of shape (n, q)
        Terms whose coefficients vary by group: ones, and a regressor where slopes vary.
    starts : numpy.ndarray of shape (g,)
        First row of each group.
    places : tuple of (int, int)
        Entries of the lower triangular root of the effects' covariance that are free.
    nodes : int
        Points of the quadrature by dimension; 1 is the Laplace approximation.
    """

    counts: Floats
    offset: Floats
    design: Floats
    varying: Floats
    starts: np.ndarray
    places: tuple[tuple[int, int], ...]
    nodes: int

    @cached_property
    def group(self) -> np.ndarray:
        """Group of each row."""
        return np.repeat(np.arange(len(self.starts)), np.diff(np.append(self.starts, len(self.counts))))

    @cached_property
    def points(self) -> tuple[Floats, Floats]:
        """Points of the quadrature (m, q) and the logs of their weights, the normal density divided out."""
        dimension = self.varying.shape[1]
        single, weights = hermegauss(self.nodes)
        grid = np.array(list(itertools.product(single, repeat=dimension)))
        logs = np.array(list(itertools.product(np.log(weights), repeat=dimension))).sum(axis=1)
        return grid, logs + (grid**2).sum(axis=1) / 2 - dimension * np.log(2 * np.pi) / 2

    def root(self, parameters: Floats) -> Floats:
        """Lower triangular root of the effects' covariance (q, q)."""
        root = np.zeros((self.varying.shape[1],) * 2)
        for (row, column), value in zip(self.places, parameters[self.design.shape[1] :], strict=True):
            root[row, column] = value
        return root

    def sums(self, rows: Floats) -> Floats:
        """Sums of rows by group."""
        return np.add.reduceat(rows, self.starts, axis=0)


@dataclass(frozen=True)
class Effects:
    """Where each group's standardised effect is most probable, and how that moves with the parameters.

    Parameters
    ----------
    modes : numpy.ndarray of shape (g, q)
        In standard deviations: multiply by the root for effects.
    spread : numpy.ndarray of shape (g, q, q)
        Lower triangular root of the covariance of each group's standardised effect.
    by_parameter : numpy.ndarray of shape (g, q, p)
        Derivatives of ``modes``.
    """

    modes: Floats
    spread: Floats
    by_parameter: Floats


def group_effects(parameters: Floats, data: GroupedCounts) -> Effects:
    """Conditional modes of the groups' standardised effects.

    Parameters
    ----------
    parameters : numpy.ndarray of shape (p,)
        Fixed coefficients, then the free entries of the root.
    data : GroupedCounts

    Returns
    -------
    Effects
    """
    k = data.design.shape[1]
    root = data.root(parameters)
    scaled = data.varying @ root
    fixed = data.offset + data.design @ parameters[:k]
    modes = _modes(fixed, scaled, data)
    mean, information = _at(modes, fixed, scaled, data)
    residuals = data.sums((data.counts - mean)[:, None] * data.varying)
    # What the score of the effects gains with each parameter, the effects held.
    moved = np.concatenate([data.design, _shifts(modes, data)], axis=1)
    gains = -data.sums((mean[:, None] * scaled)[:, :, None] * moved[:, None, :])
    for place, (row, column) in enumerate(data.places):
        gains[:, column, k + place] += residuals[:, row]
    by_parameter = np.linalg.solve(information, gains)
    spread = np.linalg.cholesky(np.linalg.inv(information))
    return Effects(modes, spread, np.asarray(by_parameter, dtype=np.float64))


def marginal_likelihood(parameters: Floats, data: GroupedCounts) -> tuple[float, Floats]:
    """Log-likelihood with the effects integrated out, and its gradient.

    The gradient is that of the approximation itself: the points move with the parameters.

    Parameters
    ----------
    parameters : numpy.ndarray of shape (p,)
        Fixed coefficients, then the free entries of the root.
    data : GroupedCounts

    Returns
    -------
    tuple of (float, numpy.ndarray of shape (p,))

    References
    ----------
    Pinheiro and Chao (2006), Journal of Computational and Graphical Statistics 15: 58-81.

    Examples
    --------
    >>> one = GroupedCounts(np.array([2.0]), np.zeros(1), np.ones((1, 1)), np.ones((1, 1)), np.array([0]), ((0, 0),), 9)
    >>> round(marginal_likelihood(np.array([0.0, 0.0]), one)[0], 4)
    -1.6931
    """
    k = data.design.shape[1]
    root = data.root(parameters)
    effects = group_effects(parameters, data)
    grid, logs = data.points
    nodes = effects.modes[:, None, :] + np.einsum("gab,mb->gma", effects.spread, grid)
    fixed = data.offset + data.design @ parameters[:k]
    scaled = data.varying @ root
    log_mean = np.minimum(fixed[:, None] + np.einsum("nq,nmq->nm", scaled, nodes[data.group]), HIGHEST)
    mean = np.exp(log_mean)
    heights = data.sums(data.counts[:, None] * log_mean - mean) - (nodes**2).sum(axis=2) / 2
    terms = heights + logs
    spreads = np.log(np.diagonal(effects.spread, axis1=1, axis2=2)).sum(axis=1)
    value = float((logsumexp(terms, axis=1) + spreads).sum() - gammaln(data.counts + 1).sum())
    shares = np.exp(terms - logsumexp(terms, axis=1, keepdims=True))

    residuals = data.sums((data.counts[:, None] - mean)[:, :, None] * data.varying[:, None, :])
    slopes = residuals @ root - nodes
    spread_moves, log_spread_moves = _spread_moves(parameters, effects, fixed, scaled, data)
    gradient = np.einsum("gm,gma,gap->p", shares, slopes, effects.by_parameter) + log_spread_moves
    gradient += np.einsum("gm,gma,gabp,mb->p", shares, slopes, spread_moves, grid, optimize=True)
    gradient[:k] += (data.counts - (shares[data.group] * mean).sum(axis=1)) @ data.design
    for place, (row, column) in enumerate(data.places):
        gradient[k + place] += (shares * residuals[:, :, row] * nodes[:, :, column]).sum()
    return value, gradient


def _shifts(modes: Floats, data: GroupedCounts) -> Floats:
    """Derivatives of the log means by the free entries of the root, the standardised effects held."""
    return np.column_stack([data.varying[:, row] * modes[data.group, column] for row, column in data.places])


def _spread_moves(
    parameters: Floats, effects: Effects, fixed: Floats, scaled: Floats, data: GroupedCounts
) -> tuple[Floats, Floats]:
    """Derivatives of the spreads (g, q, q, p), and of the sum of the logs of their determinants (p)."""
    k, root = data.design.shape[1], data.root(parameters)
    mean, _ = _at(effects.modes, fixed, scaled, data)
    moved = np.concatenate([data.design, _shifts(effects.modes, data)], axis=1)
    moved = moved + np.einsum("nq,nqp->np", scaled, effects.by_parameter[data.group])
    products = mean[:, None, None] * scaled[:, :, None] * scaled[:, None, :]
    information_moves = data.sums(products[..., None] * moved[:, None, None, :])
    plain = data.sums(mean[:, None, None] * data.varying[:, :, None] * scaled[:, None, :])
    for place, (row, column) in enumerate(data.places):
        information_moves[:, column, :, k + place] += plain[:, row, :]
        information_moves[:, :, column, k + place] += plain[:, row, :]
    # Derivative of a Cholesky root: the root times the lower triangle, its diagonal halved, of the inner change.
    inner = -np.einsum("gba,gbcp,gcd->gadp", effects.spread, information_moves, effects.spread, optimize=True)
    size = root.shape[0]
    half = np.tril(np.ones((size, size)), -1) + np.eye(size) / 2
    moves = np.einsum("gab,gbcp->gacp", effects.spread, inner * half[:, :, None])
    return moves, np.einsum("gaap->p", inner) / 2


def _at(modes: Floats, fixed: Floats, scaled: Floats, data: GroupedCounts) -> tuple[Floats, Floats]:
    """Means of the rows, and information about each group's standardised effect."""
    mean = np.exp(np.minimum(fixed + (scaled * modes[data.group]).sum(axis=1), HIGHEST))
    products = mean[:, None, None] * scaled[:, :, None] * scaled[:, None, :]
    return mean, np.eye(scaled.shape[1]) + data.sums(products)


def _modes(fixed: Floats, scaled: Floats, data: GroupedCounts) -> Floats:
    """Newton's method in every group at once, each step halved until it climbs."""

    def height(modes: Floats) -> Floats:
        log_mean = np.minimum(fixed + (scaled * modes[data.group]).sum(axis=1), HIGHEST)
        return data.sums(data.counts * log_mean - np.exp(log_mean)) - (modes**2).sum(axis=1) / 2

    modes = np.zeros((len(data.starts), scaled.shape[1]))
    top = height(modes)
    for _ in range(100):
        mean, information = _at(modes, fixed, scaled, data)
        slope = data.sums((data.counts - mean)[:, None] * scaled) - modes
        step = np.linalg.solve(information, slope[:, :, None])[:, :, 0]
        for _ in range(30):
            reached = height(modes + step)
            worse = reached < top - 1e-9 * (1 + np.abs(top))
            if not worse.any():
                break
            step[worse] /= 2
        modes, top = modes + step, reached
        if np.abs(step).max() < 1e-11:
            break
    return modes
