"""Counts of which only a part is reported: a Poisson regression of the violations times a logit of their reporting.

The same counts fit two stories: more violations, or more of them reported. Without a variable that moves reporting
alone, or cases that were validated, two different answers fit equally well, and none is given.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.newton import climb, coordinate_sizes
from netral_research.model.regression_fit import RegressionFit, covariance_under
from netral_research.model.regression_input import RegressionInput, as_numbers, match_rows, null_directions

# Maxima whose log-likelihoods differ by less than this lie in one 95 % likelihood set: the data do not choose.
TIED = 1.92
# Maxima nearer to each other than this are one.
SAME = 1e-4
PREFIX = "reporting_"


@dataclass(frozen=True)
class UnderReporting:
    """Maxima of the likelihood, the highest first.

    Parameters
    ----------
    maxima : tuple of RegressionFit
        Terms of the violations by their names, terms of the reporting with the prefix ``reporting_``.
    tied : bool
        Whether a second maximum fits about as well as the first: then both must be told, and neither is an answer.
    identified_by : {"exclusion", "validation"}
        What tells violations from reporting.
    share_reported : pandas.Series of shape (n,)
        Estimated share of violations reported in each row, at the first maximum.
    """

    maxima: tuple[RegressionFit, ...]
    tied: bool
    identified_by: str
    share_reported: pd.Series


@dataclass(frozen=True)
class _Parts:
    """Arrays of the likelihood; ``truth`` is missing where no case was validated."""

    violations: RegressionInput
    reporting: RegressionInput
    truth: np.ndarray

    @property
    def validated(self) -> np.ndarray:
        return np.isfinite(self.truth)


def fit_under_reporting(
    counts: pd.Series,
    regressors: pd.DataFrame,
    reporting: pd.DataFrame,
    *,
    exposure: pd.Series | None = None,
    offset: pd.Series | None = None,
    true_counts: pd.Series | None = None,
    clusters: pd.Series | None = None,
    errors: str = "model",
) -> UnderReporting:
    """Estimate violations and the share of them reported together (Poisson-logit, pogit).

    Parameters
    ----------
    counts : pandas.Series of shape (n,)
        Reported violations. All other parts are matched to its index.
    regressors : pandas.DataFrame
        What may go with violations; a constant is added.
    reporting : pandas.DataFrame
        What may go with reporting; a constant is added. A column that the regressors do not explain is an exclusion
        restriction: it must move reporting and have no way to violations but through it. The data cannot check that.
    exposure, offset : pandas.Series, optional
        As for :func:`netral_research.model.count_regression.fit_poisson`.
    true_counts : pandas.Series, optional
        Violations that truly happened, in the rows where they were validated; missing elsewhere.
    clusters : pandas.Series, optional
        Name of the cluster of each row, for ``errors="cluster"``.
    errors : {"model", "robust", "cluster"}

    Returns
    -------
    UnderReporting

    Raises
    ------
    CannotEstimateError
        If there is neither an exclusion restriction nor a validated row, all counts are zero, a validated count is
        below the reported one, numbers are missing, or no maximum is reached.

    References
    ----------
    Winkelmann and Zimmermann (1993), Oxford Bulletin of Economics and Statistics (Poisson-logit); Papadopoulos and
    Santos Silva (2012), Economics Letters 117: 365-367 (two maxima).

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> rows = pd.DataFrame({"dose": random.integers(0, 2, 3000), "office": random.normal(size=3000)})
    >>> reported = special.expit(rows["dose"] + 1.5 * rows["office"])
    >>> counts = pd.Series(random.poisson(np.exp(1.5 - 0.3 * rows["dose"]) * reported))
    >>> found = fit_under_reporting(counts, rows[["dose"]], rows)
    >>> found.identified_by, found.tied, round(found.maxima[0].estimate("dose")[0], 1)
    ('exclusion', False, -0.3)
    """
    if errors == "dispersion":
        raise ValueError("errors must be 'model', 'robust' or 'cluster'")
    first = match_rows(counts, regressors, exposure=exposure, offset=offset, clusters=clusters)
    second = match_rows(counts, reporting)
    parts = _Parts(first, second, _truth(first, true_counts))
    identified_by = _identified_by(parts)
    maxima = _find_maxima(parts)
    heights = [float(_log_likelihoods(parts, point).sum()) for point in maxima]
    tied = len(maxima) > 1 and heights[0] - heights[1] < TIED
    # The highest must be a maximum indeed; a lower one that runs away to all or nothing reported is none.
    fits = [_fit(parts, maxima[0], errors)]
    for point in maxima[1:]:
        with suppress(CannotEstimateError):
            fits.append(_fit(parts, point, errors))
    share = special.expit(second.design @ maxima[0][len(first.names) :])
    return UnderReporting(tuple(fits), tied, identified_by, pd.Series(share, first.index))


def _truth(parts: RegressionInput, true_counts: pd.Series | None) -> np.ndarray:
    if (parts.outcome < 0).any():
        raise CannotEstimateError([Problem("model_values", column="counts")])
    if not parts.outcome.any():
        raise CannotEstimateError([Problem("model_zeros")])
    if true_counts is None:
        return np.full(len(parts.outcome), np.nan)
    if not true_counts.index.is_unique:
        raise CannotEstimateError([Problem("model_rows_unmatched", column="true_counts")])
    truth = as_numbers(true_counts.reindex(parts.index))
    if (truth < parts.outcome).any() or np.isinf(truth).any():
        raise CannotEstimateError([Problem("model_values", column="true_counts")])
    return truth


def _identified_by(parts: _Parts) -> str:
    known = parts.validated
    # Validated rows identify reporting on their own where they determine all of its coefficients.
    if known.any() and not null_directions(parts.reporting.design[known]).shape[1]:
        return "validation"
    joint = np.column_stack([parts.violations.design, parts.reporting.design])
    extra = len(parts.reporting.names) - null_directions(joint).shape[1]
    if not extra:
        raise CannotEstimateError([Problem("under_reporting_unidentified")])
    return "exclusion"


def _find_maxima(parts: _Parts) -> list[np.ndarray]:
    """All maxima found, the highest first: from starts where reporting rises and where it falls with each variable.

    The mirror of a maximum, where all of the reporting's slopes turn their signs, is a start too: where nothing
    identifies the model it fits exactly as well.
    """
    maxima: list[np.ndarray] = []
    failures: list[CannotEstimateError] = []

    sizes = np.append(coordinate_sizes(parts.violations.design), coordinate_sizes(parts.reporting.design))

    def value(point: np.ndarray) -> float:
        return float(_log_likelihoods(parts, point).sum())

    def climb_from(start: np.ndarray) -> np.ndarray | None:
        try:
            point = climb(value, lambda x: _derivatives(parts, x)[:2], start, sizes)
        except CannotEstimateError as failure:
            failures.append(failure)
            return None
        if any(np.abs(point - other).max() <= SAME for other in maxima):
            return None
        maxima.append(point)
        return point

    for start in _starts(parts):
        found = climb_from(start)
        if found is not None:
            climb_from(_mirror(parts, found))
    if not maxima:
        raise failures[0]
    return sorted(maxima, key=value, reverse=True)


def _starts(parts: _Parts) -> list[np.ndarray]:
    """Slopes of the reporting up, down and level, with half of the violations reported."""
    design, mixed = parts.violations.design, parts.reporting.design
    size = np.linalg.norm(design, axis=0)
    rate = np.log((parts.violations.outcome.sum() + 0.5) / np.exp(parts.violations.offset).sum())
    level = np.linalg.lstsq(design, np.full(len(design), rate + np.log(2)), rcond=None)[0] * (size > 0)
    slopes = 1 / np.maximum(mixed.std(axis=0), 1e-300)
    slopes[0] = 0.0
    return [np.concatenate([level, sign * slopes]) for sign in (0.5, -0.5, 0.0)]


def _mirror(parts: _Parts, point: np.ndarray) -> np.ndarray:
    """The point at which reporting falls where it rose, and violations make up for it as far as they can."""
    columns = len(parts.violations.names)
    violations, reporting = point[:columns], point[columns:]
    moved = np.linalg.lstsq(parts.violations.design, parts.reporting.design @ reporting, rcond=None)[0]
    return np.concatenate([violations + moved, -reporting])


def _lines(parts: _Parts, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    columns = len(parts.violations.names)
    violations = parts.violations.design @ point[:columns] + parts.violations.offset
    return violations, parts.reporting.design @ point[columns:]


def _log_likelihoods(parts: _Parts, point: np.ndarray) -> np.ndarray:
    violations, reporting = _lines(parts, point)
    y, known = parts.violations.outcome, parts.validated
    line = violations + special.log_expit(reporting)
    logs = y * line - np.exp(line) - special.gammaln(y + 1)
    # Where the truth is known: Poisson for it, binomial for what was reported of it.
    truth, seen = parts.truth[known], y[known]
    ways = -special.gammaln(seen + 1) - special.gammaln(truth - seen + 1)
    logs[known] = (
        truth * violations[known]
        - np.exp(violations[known])
        + ways
        + seen * special.log_expit(reporting[known])
        + (truth - seen) * special.log_expit(-reporting[known])
    )
    return np.asarray(logs)


def _derivatives(parts: _Parts, point: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradient, negative second derivatives, and the gradient's parts by row."""
    violations, reporting = _lines(parts, point)
    y, known, share = parts.violations.outcome, parts.validated, special.expit(reporting)
    truth = np.where(known, parts.truth, 0.0)
    mean = np.exp(violations)
    seen = mean * share
    missed = 1 - share
    by_violations = np.where(known, truth - mean, y - seen)
    by_reporting = np.where(known, y - truth * share, (y - seen) * missed)
    bend_violations = np.where(known, mean, seen)
    bend_mixed = np.where(known, 0.0, seen * missed)
    bend_reporting = np.where(known, truth * share * missed, seen * missed**2 + (y - seen) * share * missed)
    first, second = parts.violations.design, parts.reporting.design
    scores = np.hstack([by_violations[:, None] * first, by_reporting[:, None] * second])
    mixed = first.T @ (bend_mixed[:, None] * second)
    curvature = np.block(
        [
            [first.T @ (bend_violations[:, None] * first), mixed],
            [mixed.T, second.T @ (bend_reporting[:, None] * second)],
        ]
    )
    return scores.sum(axis=0), curvature, scores


def _fit(parts: _Parts, point: np.ndarray, errors: str) -> RegressionFit:
    with np.errstate(all="ignore"):
        _, information, scores = _derivatives(parts, point)
    covariance, degrees = covariance_under(errors, information, scores, parts.violations.clusters, 1.0)
    violations, reporting = _lines(parts, point)
    y, mean = parts.violations.outcome, np.exp(violations) * special.expit(reporting)
    if not (mean > 0).all():
        raise CannotEstimateError([Problem("model_convergence")])
    names = (*parts.violations.names, *(f"{PREFIX}{name}" for name in parts.reporting.names))
    deviance = 2 * (special.xlogy(y, y / mean) - y + mean)
    return RegressionFit(
        names, point, covariance, errors, degrees, pd.Series(mean, parts.violations.index), len(y) - len(names),
        float(deviance.sum()), float(((y - mean) ** 2 / mean).sum()), float(_log_likelihoods(parts, point).sum()),
    )  # fmt: skip
