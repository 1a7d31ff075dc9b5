"""What may be claimed about socialisation and reported violations, and why no more, by the evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass

from netral_research.model.reporting import Interval, identified_set, tipping_point

# From the weakest to the strongest; what a stronger level may say, a weaker one may not.
LEVELS = ("cannot_tell", "descriptive", "within_region_association", "consistent_with_effect")
# Why no more than "cannot tell" is allowed; the first that applies.
REASONS = (
    "not_estimated", "placebo_missing", "placebo_fails", "interval_holds_one", "few_regions", "placebo_weak", "chance",
    "targeting",
)  # fmt: skip
# Fewer regions with any socialisation than this: no claim from a comparison within regions.
MINIMUM_TREATED = 10


@dataclass(frozen=True)
class Evidence:
    """What a claim about socialisation and reported violations rests on.

    Parameters
    ----------
    within_region : bool
        Whether regions are compared with themselves; otherwise with each other.
    estimate : float or None
        Rate ratio; None where nothing was estimated.
    interval : tuple of float or None
    permutation_p : float or None
        p-value of shuffled histories; None where it was not computed.
    placebo : tuple of float or None
        Interval of the ratio of events that had not yet happened; None where it could not be computed.
    placebo_detectable : tuple of float or None
        Ratios below and above which the placebo would have shown a difference; None where it was not computed.
    detectable : tuple of float or None
        Ratios below and above which the study would have shown a difference.
    treated_regions : int or None
        Regions with any socialisation before the outcome.
    leads_flat : bool
        Whether regions went alike before their first event.
    leads_detectable : tuple of float or None
        Ratios below and above which the leads would have shown a difference.
    assignment_documented : bool
        Whether it is on record, and not for risk, who held events when.
    reporting : tuple of float or None
        Lowest and highest reporting ratio held possible.
    """

    within_region: bool
    estimate: float | None = None
    interval: Interval | None = None
    permutation_p: float | None = None
    placebo: Interval | None = None
    placebo_detectable: Interval | None = None
    detectable: Interval | None = None
    treated_regions: int | None = None
    leads_flat: bool = False
    leads_detectable: Interval | None = None
    assignment_documented: bool = False
    reporting: Interval | None = None


@dataclass(frozen=True)
class Claims:
    """The strongest claim that evidence allows.

    Parameters
    ----------
    level : str
        One of ``LEVELS``.
    reason : str
        One of ``REASONS`` at the level ``cannot_tell``, else empty.
    reporting_ratio : float or None
        The change of reporting that would undo it, to be told with a claim of the highest level.
    would_have_seen : tuple of float or None
        Ratios the study would have shown, to be told with "cannot tell".
    """

    level: str
    reason: str = ""
    reporting_ratio: float | None = None
    would_have_seen: Interval | None = None

    def allows(self, level: str) -> bool:
        """Whether a claim of a level may be made.

        Parameters
        ----------
        level : str
            One of ``LEVELS``.

        Returns
        -------
        bool

        Examples
        --------
        >>> Claims("descriptive").allows("within_region_association")
        False
        """
        return LEVELS.index(level) <= LEVELS.index(self.level)


def allowed_claims(evidence: Evidence, significance: float = 0.05) -> Claims:
    """The strongest claim that the evidence allows.

    Parameters
    ----------
    evidence : Evidence
    significance : float
        Largest p-value that counts.

    Returns
    -------
    Claims
        ``cannot_tell``: nothing was estimated, the interval holds one, or a comparison within regions cannot be
        trusted: the placebo failed, is missing or could not have seen such a ratio, too few regions were treated,
        shuffled histories give such a gap too, or targeting that the placebo leaves possible would
        (:func:`allow_for_targeting`). ``descriptive``: a difference between regions, which is an association
        at best. ``within_region_association``. ``consistent_with_effect``: only with flat leads that could have shown a
        gap of that size, documented assignment, and a ratio that no reporting ratio held possible explains away.

    Examples
    --------
    >>> seen = Evidence(True, 0.5, (0.4, 0.62), 0.01, placebo=(0.8, 1.3), placebo_detectable=(0.7, 1.4))
    >>> allowed_claims(seen).level
    'within_region_association'
    >>> found = allowed_claims(Evidence(True, 1.03, (0.8, 1.32), 0.76, (0.8, 1.3), detectable=(0.7, 1.43)))
    >>> found.reason, found.would_have_seen
    ('interval_holds_one', (0.7, 1.43))
    """
    if evidence.estimate is None or evidence.interval is None:
        return Claims("cannot_tell", "not_estimated")
    reason = _doubt(evidence, evidence.estimate, evidence.interval, significance)
    if reason:
        seen = evidence.detectable if reason == "interval_holds_one" else None
        return Claims("cannot_tell", reason, would_have_seen=seen)
    if not evidence.within_region:
        return Claims("descriptive")
    if _consistent_with_effect(evidence, evidence.estimate, evidence.interval):
        ratio = tipping_point(evidence.estimate, evidence.interval).to_reach_interval
        return Claims("consistent_with_effect", reporting_ratio=ratio)
    return Claims("within_region_association")


def allow_for_targeting(interval: Interval, placebo: Interval) -> Interval:
    """The interval a rate ratio has if what sent events to places may have moved it as far as it moved the placebo.

    Events that had not yet happened can go with counts only through what sent them there. The same cause may have moved
    the ratio itself as far, up or down. The interval is wider by the placebo's distance from one, and by its error.

    Parameters
    ----------
    interval : tuple of float
        Limits of the rate ratio; positive.
    placebo : tuple of float
        Limits of the ratio of events that had not yet happened, for the same step of the dose; positive.

    Returns
    -------
    tuple of float
        It holds the true ratio at least as often as the two intervals do theirs, if their errors are independent and
        the cause moved the ratio, as a logarithm, no farther than the placebo. Zero and infinity where a limit is.

    References
    ----------
    Rambachan and Roth (2023), Review of Economic Studies 90: 2555-2591 (a bias no larger than one that can be seen).
    Zou and Donner (2008), Statistics in Medicine 27: 1693-1702 (error of a sum from the limits of its parts).

    Examples
    --------
    >>> [round(limit, 3) for limit in allow_for_targeting((0.5, 0.72), (0.8, 1.25))]
    [0.45, 0.8]
    >>> [round(limit, 3) for limit in allow_for_targeting((0.5, 0.72), (1.0, 1.44))]
    [0.386, 0.932]
    """
    if not all(0 < limit < math.inf for limit in (*interval, *placebo)):
        return 0.0, math.inf
    centre, error = _centre_and_error(interval)
    moved, uncertain = _centre_and_error(placebo)
    reach = abs(moved) + math.hypot(error, uncertain)
    return math.exp(centre - reach), math.exp(centre + reach)


def _centre_and_error(interval: Interval) -> tuple[float, float]:
    """Middle and half width of the logarithms."""
    low, high = math.log(interval[0]), math.log(interval[1])
    return (low + high) / 2, (high - low) / 2


def _doubt(evidence: Evidence, estimate: float, interval: Interval, significance: float) -> str:
    """The first reason why nothing can be told; a placebo that fails comes before an interval that holds one."""
    checks = [("interval_holds_one", _holds_one(interval))]
    if evidence.within_region:
        placebo, p = evidence.placebo, evidence.permutation_p
        few = evidence.treated_regions is not None and evidence.treated_regions < MINIMUM_TREATED
        checks = [
            ("placebo_missing", placebo is None),
            ("placebo_fails", placebo is not None and not _holds_one(placebo)),
            *checks,
            ("few_regions", few),
            ("placebo_weak", not _could_see(evidence.placebo_detectable, estimate)),
            ("chance", p is None or not p < significance),
            ("targeting", placebo is None or _holds_one(allow_for_targeting(interval, placebo))),
        ]
    return next((name for name, holds in checks if holds), "")


def _could_see(detectable: Interval | None, estimate: float) -> bool:
    """Whether a test that shows ratios beyond these limits would have shown one as far from one as the estimate."""
    if detectable is None or not (0 < detectable[0] < 1 < detectable[1] < math.inf):
        return False
    nearest = -math.log(detectable[0]) if estimate < 1 else math.log(detectable[1])
    return nearest <= abs(math.log(estimate))


def _consistent_with_effect(evidence: Evidence, estimate: float, interval: Interval) -> bool:
    if not (evidence.leads_flat and evidence.assignment_documented and evidence.leads_detectable):
        return False
    below, above = evidence.leads_detectable
    if below <= estimate <= above or evidence.reporting is None:
        return False
    return not identified_set(estimate, interval, evidence.reporting).holds_one


def _holds_one(interval: Interval) -> bool:
    return interval[0] <= 1 <= interval[1]
