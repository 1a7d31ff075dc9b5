"""A fitted regression: coefficients as ratios with intervals, under the error that the reader chose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from netral_research.errors import CannotEstimateError, Problem

ERRORS = ("model", "dispersion", "robust", "cluster")
# Share of the model's own variance below which a robust one is none.
EMPTY = 1e-10


@dataclass(frozen=True)
class RegressionFit:
    """A regression of counts or shares on a log or logit scale.

    Parameters
    ----------
    names : tuple of str
    coefficients : numpy.ndarray of shape (k,)
    covariance : numpy.ndarray of shape (k, k)
        Of the coefficients, under ``errors``.
    errors : {"model", "dispersion", "robust", "cluster"}
        Trusting the model's variance; the same scaled by the Pearson dispersion (quasi-likelihood); robust to
        unequal variances (HC0); robust to dependence within clusters (CRV1).
    degrees_of_freedom : int or None
        Of the t distribution behind intervals; None for the normal one.
    fitted : pandas.Series of shape (n,)
        Expected outcome of every row.
    residual_degrees_of_freedom : int
        Rows less coefficients.
    deviance, pearson, log_likelihood : float
        ``pearson`` is Pearson's chi-squared.
    theta, theta_standard_error : float or None
        Size of the negative binomial distribution: the variance is ``mean + mean ** 2 / theta``.
    """

    names: tuple[str, ...]
    coefficients: np.ndarray
    covariance: np.ndarray
    errors: str
    degrees_of_freedom: int | None
    fitted: pd.Series
    residual_degrees_of_freedom: int
    deviance: float
    pearson: float
    log_likelihood: float
    theta: float | None = None
    theta_standard_error: float | None = None

    @property
    def standard_errors(self) -> np.ndarray:
        """Of the coefficients, in the order of ``names``."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def dispersion(self) -> float:
        """Pearson's chi-squared by its degrees of freedom; near one where the model's variance holds.

        Missing where there are as many coefficients as rows.
        """
        freedom = self.residual_degrees_of_freedom
        return self.pearson / freedom if freedom else float("nan")

    @property
    def alpha(self) -> float | None:
        """One by theta: zero would be the Poisson distribution."""
        return None if self.theta is None else 1 / self.theta

    @property
    def alpha_standard_error(self) -> float | None:
        """By the delta method from that of theta."""
        if self.theta is None or self.theta_standard_error is None:
            return None
        return self.theta_standard_error / self.theta**2

    def estimate(self, name: str) -> tuple[float, float]:
        """Coefficient of one term and its standard error.

        Parameters
        ----------
        name : str

        Returns
        -------
        tuple of float
        """
        place = self.names.index(name)
        return float(self.coefficients[place]), float(self.standard_errors[place])

    def interval(self, name: str, confidence: float) -> tuple[float, float, float]:
        """Rate ratio (odds ratio, for shares) of one term with its interval.

        Parameters
        ----------
        name : str
        confidence : float
            Between 0 and 1.

        Returns
        -------
        tuple of float
            Ratio, lower limit, upper limit.

        Examples
        --------
        >>> fit = RegressionFit(("dose",), np.array([0.0]), np.array([[0.01]]), "model", None, pd.Series(), 1, 1, 1, 1)
        >>> [round(number, 3) for number in fit.interval("dose", 0.95)]
        [1.0, 0.822, 1.217]
        """
        coefficient, error = self.estimate(name)
        reach = float(self._distribution().ppf(0.5 + confidence / 2)) * error
        return float(np.exp(coefficient)), float(np.exp(coefficient - reach)), float(np.exp(coefficient + reach))

    def p_value(self, name: str) -> float:
        """Two-sided p-value of no association.

        Parameters
        ----------
        name : str

        Returns
        -------
        float
        """
        coefficient, error = self.estimate(name)
        return float(2 * self._distribution().sf(abs(coefficient) / error))

    def table(self, confidence: float) -> pd.DataFrame:
        """All terms with ratio, interval and p-value.

        Parameters
        ----------
        confidence : float
            Between 0 and 1.

        Returns
        -------
        pandas.DataFrame
            ``term``, ``coefficient``, ``standard_error``, ``ratio``, ``lower``, ``upper``, ``p_value``.
        """
        rows = [
            (name, *self.estimate(name), *self.interval(name, confidence), self.p_value(name)) for name in self.names
        ]
        return pd.DataFrame(
            rows, columns=["term", "coefficient", "standard_error", "ratio", "lower", "upper", "p_value"]
        )

    def _distribution(self) -> stats.distributions.rv_frozen:
        return stats.norm() if self.degrees_of_freedom is None else stats.t(self.degrees_of_freedom)


def covariance_under(
    errors: str, information: np.ndarray, scores: np.ndarray, clusters: np.ndarray | None, dispersion: float
) -> tuple[np.ndarray, int | None]:
    """Covariance of the coefficients under a choice of errors, and the degrees of freedom that go with it.

    Parameters
    ----------
    errors : {"model", "dispersion", "robust", "cluster"}
    information : numpy.ndarray of shape (k, k)
    scores : numpy.ndarray of shape (n, k)
        Derivative of each row's log-likelihood.
    clusters : numpy.ndarray of shape (n,) or None
        Whole numbers from zero; needed for ``cluster``.
    dispersion : float

    Returns
    -------
    numpy.ndarray of shape (k, k)
    int or None
        Clusters less one (``cluster``), rows less coefficients (``dispersion``), else None: the normal distribution.

    Raises
    ------
    CannotEstimateError
        If the clusters are missing, or the rows leave nothing to estimate the dispersion or a robust error from.

    References
    ----------
    White (1980), Econometrica 48: 817-838 (HC0); Liang and Zeger (1986), Biometrika 73: 13-22. The clustered error
    carries the factor ``G / (G - 1) * (n - 1) / (n - k)``.

    Examples
    --------
    >>> scores = np.array([[1.0], [-1.0], [2.0], [-2.0]])
    >>> covariance_under("robust", np.array([[10.0]]), scores, None, 1.0)[0].round(3).tolist()
    [[0.1]]
    """
    if errors not in ERRORS:
        raise ValueError(f"errors must be one of {ERRORS}, not {errors!r}")
    inverse = _inverse(information)
    rows, columns = scores.shape
    if errors == "model":
        return inverse, None
    if errors == "dispersion":
        if rows <= columns:
            raise CannotEstimateError(
                [Problem("model_rows_few", fields={"rows": str(rows), "columns": str(columns + 1)})]
            )
        return inverse * dispersion, rows - columns
    if errors == "robust":
        return _determined(inverse @ (scores.T @ scores) @ inverse, inverse), None
    if clusters is None:
        raise CannotEstimateError([Problem("model_regions", fields={"found": "0", "wanted": "2"})])
    groups = int(clusters.max()) + 1
    sums = np.zeros((groups, columns))
    np.add.at(sums, clusters, scores)
    factor = groups / (groups - 1) * (rows - 1) / max(rows - columns, 1)
    return _determined(factor * inverse @ (sums.T @ sums) @ inverse, inverse), groups - 1


def _inverse(information: np.ndarray) -> np.ndarray:
    if not np.isfinite(information).all():
        raise CannotEstimateError([Problem("model_errors_undetermined")])
    unit = 1 / np.sqrt(np.maximum(np.diag(information), 1e-300))
    sizes, directions = np.linalg.eigh(unit[:, None] * information * unit)
    if not sizes[0] > EMPTY:
        raise CannotEstimateError([Problem("model_errors_undetermined")])
    return unit[:, None] * ((directions / sizes) @ directions.T) * unit


def _determined(covariance: np.ndarray, model_based: np.ndarray) -> np.ndarray:
    """Refuse an error of zero: a coefficient that fits a cluster of its own perfectly only seems certain."""
    if (np.diag(covariance) <= EMPTY * np.diag(model_based)).any():
        raise CannotEstimateError([Problem("model_errors_undetermined")])
    return covariance
