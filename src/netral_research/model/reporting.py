"""What a change in reporting, or a third cause, would have to be to explain a rate ratio away.

Only reported violations are counted: the ratio seen is the ratio of violations times the ratio of the share reported.
A campaign that makes people report more raises the number even if conduct improved.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.errors import CannotEstimateError, Problem

Interval = tuple[float, float]
# Reporting ratios a reader may hold possible: from half to twice as much reported.
REPORTING_RATIOS = tuple(float(ratio) for ratio in np.round(np.geomspace(0.5, 2.0, 29), 6))


@dataclass(frozen=True)
class TippingPoint:
    """Reporting ratios that alone would produce what was seen.

    Parameters
    ----------
    estimate, lower, upper : float
        Reporting ratio at which the estimate, and each limit of its interval, would be one.
    to_reach_interval : float
        Reporting ratio nearest one at which the interval holds one; one where it holds one already.
    """

    estimate: float
    lower: float
    upper: float
    to_reach_interval: float


@dataclass(frozen=True)
class IdentifiedSet:
    """Every ratio of violations that agrees with the estimate, if the reporting ratio lies between two limits.

    Parameters
    ----------
    lower, upper : float
        The set.
    interval_lower, interval_upper : float
        The set widened by the interval of the estimate.
    """

    lower: float
    upper: float
    interval_lower: float
    interval_upper: float

    @property
    def holds_one(self) -> bool:
        """Whether the widened set cannot tell the ratio of violations from one."""
        return self.interval_lower <= 1 <= self.interval_upper


@dataclass(frozen=True)
class EValue:
    """How strongly a third cause would have to go with both sides to explain a ratio away.

    Parameters
    ----------
    estimate : float
    limit : float
        For the limit of the interval nearer one; one where the interval holds one.
    """

    estimate: float
    limit: float


def tipping_point(estimate: float, interval: Interval) -> TippingPoint:
    """How much reporting would have to differ between more and less socialisation to explain a rate ratio away.

    Parameters
    ----------
    estimate : float
        Rate ratio; positive.
    interval : tuple of float
        Its limits.

    Returns
    -------
    TippingPoint

    Raises
    ------
    CannotEstimateError
        If the ratio or a limit is missing, infinite or not positive, or lies on the wrong side of the estimate.

    Examples
    --------
    >>> found = tipping_point(0.80, (0.66, 0.97))
    >>> found.estimate, found.to_reach_interval
    (0.8, 0.97)
    """
    lower, upper = _checked(estimate, interval)
    return TippingPoint(estimate, lower, upper, _nearer_one(lower, upper))


def identified_set(estimate: float, interval: Interval, reporting: Interval) -> IdentifiedSet:
    """Ratios of violations that agree with a rate ratio of reports, for a range of reporting ratios.

    Parameters
    ----------
    estimate : float
        Rate ratio of reports; positive.
    interval : tuple of float
        Its limits.
    reporting : tuple of float
        Lowest and highest reporting ratio held possible: share reported with more socialisation by that with less.

    Returns
    -------
    IdentifiedSet

    Raises
    ------
    CannotEstimateError
        As for :func:`tipping_point`, and if the reporting ratios are not positive and in order.

    References
    ----------
    Manski (2003), Partial Identification of Probability Distributions.

    Examples
    --------
    >>> found = identified_set(0.8, (0.66, 0.97), (1.0, 1.25))
    >>> round(found.lower, 2), round(found.upper, 2), round(found.interval_lower, 3), found.interval_upper
    (0.64, 0.8, 0.528, 0.97)
    """
    lower, upper = _checked(estimate, interval)
    least, most = _checked_reporting(reporting)
    return IdentifiedSet(estimate / most, estimate / least, lower / most, upper / least)


def ratios_by_reporting(
    estimate: float, interval: Interval, reporting: Sequence[float] = REPORTING_RATIOS
) -> pd.DataFrame:
    """Ratio of violations that a rate ratio of reports would mean, for each reporting ratio.

    Parameters
    ----------
    estimate : float
        Rate ratio of reports; positive.
    interval : tuple of float
        Its limits.
    reporting : sequence of float
        Reporting ratios; positive.

    Returns
    -------
    pandas.DataFrame
        ``reporting_ratio`` (rising), ``ratio``, ``lower``, ``upper``, and ``side``: ``below``, ``holds_one`` or
        ``above``, as the interval lies to one.

    Raises
    ------
    CannotEstimateError
        As for :func:`identified_set`.

    Examples
    --------
    >>> ratios_by_reporting(0.8, (0.66, 0.97), [0.8, 1.0])["side"].tolist()
    ['holds_one', 'below']
    """
    lower, upper = _checked(estimate, interval)
    ratios = np.sort(np.array([_checked_reporting((ratio, ratio))[0] for ratio in reporting]))
    table = pd.DataFrame(
        {"reporting_ratio": ratios, "ratio": estimate / ratios, "lower": lower / ratios, "upper": upper / ratios}
    )
    sides = np.select([table["upper"] < 1, table["lower"] > 1], ["below", "above"], "holds_one")
    return table.assign(side=sides)


def e_value(estimate: float, interval: Interval) -> EValue:
    """Strength that an unmeasured third cause would need, as a ratio, with both socialisation and violations.

    It concerns such a cause, not reporting, for which :func:`tipping_point` stands.

    Parameters
    ----------
    estimate : float
        Rate ratio; positive.
    interval : tuple of float
        Its limits.

    Returns
    -------
    EValue

    Raises
    ------
    CannotEstimateError
        As for :func:`tipping_point`.

    References
    ----------
    VanderWeele and Ding (2017), Annals of Internal Medicine 167: 268-274.

    Examples
    --------
    >>> found = e_value(3.9, (1.8, 8.7))
    >>> round(found.estimate, 2), round(found.limit, 2)
    (7.26, 3.0)
    """
    lower, upper = _checked(estimate, interval)
    return EValue(_e_value(estimate), _e_value(_nearer_one(lower, upper)))


def _e_value(ratio: float) -> float:
    above = max(ratio, 1 / ratio)
    return above + math.sqrt(above * (above - 1))


def _nearer_one(lower: float, upper: float) -> float:
    if lower <= 1 <= upper:
        return 1.0
    return lower if lower > 1 else upper


def _checked(estimate: float, interval: Interval) -> Interval:
    lower, upper = interval
    if not (0 < lower <= estimate <= upper < math.inf):
        raise CannotEstimateError([Problem("robustness_ratio", value=f"{estimate:g} ({lower:g}, {upper:g})")])
    return lower, upper


def _checked_reporting(reporting: Interval) -> Interval:
    least, most = reporting
    if not (0 < least <= most < math.inf):
        raise CannotEstimateError([Problem("robustness_reporting_ratio", value=f"{least:g}, {most:g}")])
    return least, most
