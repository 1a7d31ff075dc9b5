"""Fit of the measurement model: Laplace over all effects, outer search over spreads, uncertainty of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, stats

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.measurement.design import Design
from netral_research.model.measurement.posterior import SPREAD_LOG_CENTRES, Mode, Posterior

STARTS = (
    SPREAD_LOG_CENTRES, np.log([1.2, 0.2, 0.1, 0.005]), np.log([0.2, 1.0, 1.0, 0.1]), np.log([1.0, 0.8, 0.05, 0.05]),
)  # fmt: skip
_STEP, _SECOND_STEP = 1e-3, 0.05
# Logs of spreads are known to about a sixth: first steps have that length, and none is longer than a half.
_FIRST_VARIANCE, _LONGEST, _GAIN, _MAXIMUM_STEPS = 0.03, 0.5, 1e-6, 60


@dataclass(frozen=True)
class MeasurementFit:
    """The fitted measurement model.

    Parameters
    ----------
    design : Design
    effects : numpy.ndarray of shape (p,)
        Mean of the effects on the scale of the linear predictor, in the order of ``design.blocks``; of the slopes of
        the clocks the mode of their logs.
    mode : numpy.ndarray of shape (p,)
        Mode of the standardised effects: where a refit starts.
    covariance : numpy.ndarray of shape (p, p)
        Of ``effects``, with the uncertainty of the spreads.
    log_spreads : numpy.ndarray of shape (4,)
        Logs of: standard deviation of regions, of region-cycles, dispersion, dispersion of national totals.
    log_spread_covariance : numpy.ndarray of shape (4, 4)
    log_marginal : float
        Log marginal density at the mode of the spreads (Laplace).
    start_range : float
        Largest difference of ``log_marginal`` between starting points.
    """

    design: Design
    effects: np.ndarray
    mode: np.ndarray
    covariance: np.ndarray
    log_spreads: np.ndarray
    log_spread_covariance: np.ndarray
    log_marginal: float
    start_range: float

    def coefficient(self, name: str) -> tuple[float, float]:
        """A fixed effect with its standard error.

        Parameters
        ----------
        name : str
            One of ``design.blocks.fixed``.

        Returns
        -------
        tuple of float
        """
        place = self.design.blocks.fixed.index(name)
        return float(self.effects[place]), float(np.sqrt(self.covariance[place, place]))

    def ratio(self, name: str, confidence: float) -> tuple[float, float, float]:
        """A fixed effect as a ratio of rates, with its interval.

        Parameters
        ----------
        name : str
        confidence : float

        Returns
        -------
        tuple of float
            Estimate, lower and upper limit.
        """
        centre, error = self.coefficient(name)
        reach = float(stats.norm.ppf(0.5 + confidence / 2)) * error
        return float(np.exp(centre)), float(np.exp(centre - reach)), float(np.exp(centre + reach))

    def natural(self, effects: np.ndarray | None = None) -> np.ndarray:
        """Effects as the linear predictor takes them: the slopes themselves, not their logs.

        Parameters
        ----------
        effects : numpy.ndarray of shape (..., p), optional
            Draws; the mode where left out.

        Returns
        -------
        numpy.ndarray of shape (..., p)
        """
        natural = np.array(self.effects if effects is None else effects)
        slopes = self.design.blocks.spans[1]
        natural[..., slopes] = np.exp(natural[..., slopes])
        return natural

    def draws(self, number: int, seed: int) -> np.ndarray:
        """Draws of the effects from their approximate distribution.

        Parameters
        ----------
        number, seed : int

        Returns
        -------
        numpy.ndarray of shape (number, p)
            On the scale of :meth:`natural`.
        """
        random = np.random.default_rng(seed)
        values, vectors = np.linalg.eigh(self.covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        return self.natural(self.effects + random.standard_normal((number, len(values))) @ root.T)


def fit_measurement(
    design: Design, starts: int = 1, start_spreads: np.ndarray | None = None, start: np.ndarray | None = None
) -> MeasurementFit:
    """Fit the measurement model to one design.

    Parameters
    ----------
    design : Design
    starts : int
        How many starting points of the spreads must agree, 1 to 4.
    start_spreads : numpy.ndarray of shape (4,), optional
        Logs of the spreads to start from first.
    start : numpy.ndarray of shape (p,), optional
        Standardised effects to start from.

    Returns
    -------
    MeasurementFit

    Raises
    ------
    CannotEstimateError
        If no mode is reached.

    References
    ----------
    Tierney and Kadane (1986), Journal of the American Statistical Association 81: 82-86 (Laplace); Kass and Steffey
    (1989), Journal of the American Statistical Association 84: 717-726 (uncertainty of the spreads).
    """
    posterior = Posterior(design)
    points = [*([] if start_spreads is None else [start_spreads]), *STARTS][:starts]
    found = [_search(posterior, point, start) for point in points]
    best = max(found, key=lambda one: one[1])
    log_spreads, reached, standard = best
    mode, spread_covariance, shift = _around(posterior, log_spreads, standard)
    mean = posterior.mean(mode, log_spreads)
    natural, first, _ = posterior.scales(mean, log_spreads)
    slopes = design.blocks.spans[1]
    natural[slopes], first[slopes] = mean[slopes], 1.0
    covariance = first[:, None] * mode.covariance() * first + shift @ spread_covariance @ shift.T
    return MeasurementFit(
        design, natural, mode.effects, covariance, log_spreads, spread_covariance, reached,
        float(max(one[1] for one in found) - min(one[1] for one in found)),
    )  # fmt: skip


def _search(posterior: Posterior, point: np.ndarray, start: np.ndarray | None) -> tuple[np.ndarray, float, np.ndarray]:
    """Maximise the marginal density of the spreads; each mode is the next one's start."""
    _, _, units, cells = posterior.design.blocks.spans
    last = (point, posterior.start() if start is None else start)

    def negative(log_spreads: np.ndarray) -> float:
        nonlocal last
        # The effects themselves, not their standardised values, hardly move with the spreads.
        effects = last[1].copy()
        for span, change in zip((units, cells), np.exp(last[0] - log_spreads)[:2], strict=True):
            effects[span] *= change
        mode = posterior.mode(log_spreads, effects)
        last = (log_spreads.copy(), mode.effects)
        return -mode.log_marginal

    def gradient(log_spreads: np.ndarray) -> np.ndarray:
        steps = _STEP * np.eye(len(log_spreads))
        return np.array([(negative(log_spreads + s) - negative(log_spreads - s)) / (2 * _STEP) for s in steps])

    value, slope = negative(point), gradient(point)
    inverse = _FIRST_VARIANCE * np.eye(len(point))
    for _ in range(_MAXIMUM_STEPS):
        step = -inverse @ slope
        if -(slope @ step) < _GAIN:
            return point, -negative(point), last[1]
        step *= min(1.0, _LONGEST / np.abs(step).max())
        while (proposed := negative(point + step)) > value + 1e-4 * (slope @ step) and np.abs(step).max() > 1e-7:
            step /= 2
        turned = gradient(point + step)
        inverse = _update(inverse, step, turned - slope)
        point, value, slope = point + step, proposed, turned
    raise CannotEstimateError([Problem("model_convergence")])


def _update(inverse: np.ndarray, step: np.ndarray, change: np.ndarray) -> np.ndarray:
    """Broyden, Fletcher, Goldfarb and Shanno's update; begins anew where the density curves the other way."""
    curve = step @ change
    if curve <= 1e-12:
        return _FIRST_VARIANCE * np.eye(len(step))
    left = np.eye(len(step)) - np.outer(step, change) / curve
    return left @ inverse @ left.T + np.outer(step, step) / curve


def _around(posterior: Posterior, log_spreads: np.ndarray, start: np.ndarray) -> tuple[Mode, np.ndarray, np.ndarray]:
    """Curvature of the marginal density of the spreads, and how the effects move with them."""
    size, step = len(log_spreads), _SECOND_STEP
    centre = posterior.mode(log_spreads, start)
    slopes = posterior.design.blocks.spans[1]

    def at(move: np.ndarray) -> tuple[float, np.ndarray]:
        mode = posterior.mode(log_spreads + move, centre.effects)
        natural, _, _ = posterior.scales(mode.effects, log_spreads + move)
        natural[slopes] = mode.effects[slopes]
        return mode.log_marginal, natural

    moves = step * np.eye(size)
    up, down = [at(move) for move in moves], [at(-move) for move in moves]
    shift = np.column_stack([(u[1] - d[1]) / (2 * step) for u, d in zip(up, down, strict=True)])
    hessian = np.diag([(2 * centre.log_marginal - u[0] - d[0]) / step**2 for u, d in zip(up, down, strict=True)])
    for i in range(size):
        for j in range(i):
            corners = at(moves[i] + moves[j])[0] + at(-moves[i] - moves[j])[0]
            corners -= at(moves[i] - moves[j])[0] + at(moves[j] - moves[i])[0]
            hessian[i, j] = hessian[j, i] = -corners / (4 * step**2)
    values, vectors = linalg.eigh(hessian)
    return centre, (vectors / np.maximum(values, 1e-3)) @ vectors.T, shift
