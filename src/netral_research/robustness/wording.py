"""What a sentence may claim, and the words that go beyond it, in Indonesian and English.

The gate reads words, not minds: it finds words of effect and of no effect unless they are denied, weighed both ways, or
named as what cannot be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from netral_research.model.reporting import Interval, identified_set, tipping_point
from netral_research.robustness.forbidden_words import (
    CONSISTENT,
    DIRECTION,
    EFFECT,
    EXCUSED,
    NO_EFFECT,
    WITHIN_REGION,
)

# From the weakest to the strongest; what a stronger level may say, a weaker one may not.
LEVELS = ("cannot_tell", "descriptive", "within_region_association", "consistent_with_effect")
# Fewer regions with any socialisation than this: no claim from a comparison within regions.
MINIMUM_TREATED = 10


@dataclass(frozen=True)
class ClaimEvidence:
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
    reporting_ratio : float or None
        The change of reporting that would undo it, to be told with a claim of the highest level.
    would_have_seen : tuple of float or None
        Ratios the study would have shown, to be told with "cannot tell".
    """

    level: str
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


def allowed_claims(evidence: ClaimEvidence, significance: float = 0.05) -> Claims:
    """The strongest claim that the evidence allows.

    Parameters
    ----------
    evidence : ClaimEvidence
    significance : float
        Largest p-value that counts.

    Returns
    -------
    Claims
        ``cannot_tell``: nothing was estimated, the interval holds one, or a comparison within regions cannot be
        trusted (too few treated regions, a placebo that failed or is missing, a gap that shuffled histories give too).
        ``descriptive``: a difference between regions, which is an association at best.
        ``within_region_association``. ``consistent_with_effect``: only with flat leads that could have shown a gap of
        that size, documented assignment, and a ratio that no reporting ratio held possible explains away.

    Examples
    --------
    >>> seen = ClaimEvidence(True, 0.7, (0.6, 0.8), permutation_p=0.01, placebo=(0.8, 1.3))
    >>> allowed_claims(seen).level
    'within_region_association'
    >>> allowed_claims(ClaimEvidence(True, 1.03, (0.8, 1.32), 0.76, (0.8, 1.3), (0.7, 1.43))).would_have_seen
    (0.7, 1.43)
    """
    if evidence.estimate is None or evidence.interval is None:
        return Claims("cannot_tell")
    if _holds_one(evidence.interval):
        return Claims("cannot_tell", would_have_seen=evidence.detectable)
    if not evidence.within_region:
        return Claims("descriptive")
    if not _trusted(evidence, significance):
        return Claims("cannot_tell")
    if _consistent_with_effect(evidence, evidence.estimate, evidence.interval):
        ratio = tipping_point(evidence.estimate, evidence.interval).to_reach_interval
        return Claims("consistent_with_effect", reporting_ratio=ratio)
    return Claims("within_region_association")


def _trusted(evidence: ClaimEvidence, significance: float) -> bool:
    """Whether enough regions were treated, the placebo passed, and shuffled histories do not give such a gap."""
    if evidence.treated_regions is not None and evidence.treated_regions < MINIMUM_TREATED:
        return False
    if evidence.placebo is None or not _holds_one(evidence.placebo):
        return False
    return evidence.permutation_p is not None and evidence.permutation_p < significance


def _consistent_with_effect(evidence: ClaimEvidence, estimate: float, interval: Interval) -> bool:
    if not (evidence.leads_flat and evidence.assignment_documented and evidence.leads_detectable):
        return False
    below, above = evidence.leads_detectable
    if below <= estimate <= above or evidence.reporting is None:
        return False
    return not identified_set(estimate, interval, evidence.reporting).holds_one


def _holds_one(interval: Interval) -> bool:
    return interval[0] <= 1 <= interval[1]


# What templates and mark-up put into a sentence.
MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\w*\}|<[^>]*>|[*_`]")


def check_wording(text: str, language: str, claims: Claims) -> tuple[str, ...]:
    """Find the phrases that say more than the evidence allows.

    Parameters
    ----------
    text : str
        One or more sentences, as printed or as a template.
    language : {"id", "en"}
    claims : Claims

    Returns
    -------
    tuple of str
        Forbidden phrases as they stand in the text, in its order; empty where there is none.

    Examples
    --------
    >>> check_wording("Socialisation reduced violations.", "en", Claims("within_region_association"))
    ('reduced',)
    >>> check_wording("Ini bukan dampak sosialisasi.", "id", Claims("cannot_tell"))
    ()
    >>> check_wording("Sosialisasi tidak berdampak.", "id", Claims("cannot_tell"))
    ('tidak berdampak',)
    """
    words = re.sub(r"\s+", " ", MARKUP.sub(" ", text))
    excused = [EXCUSED[language]]
    if claims.allows("consistent_with_effect"):
        excused.insert(0, CONSISTENT[language])
    words = _pattern(*excused).sub(lambda found: "·" * len(found.group()), words)
    forbidden = [NO_EFFECT[language], EFFECT[language]]
    if not claims.allows("descriptive"):
        forbidden.append(DIRECTION[language])
    if not claims.allows("within_region_association"):
        forbidden.append(WITHIN_REGION[language])
    return tuple(found.group() for found in _pattern(*forbidden).finditer(words))


@cache
def _pattern(*lists: str) -> re.Pattern[str]:
    lines = [line.strip() for words in lists for line in words.strip().splitlines()]
    return re.compile(rf"\b(?:{'|'.join(lines)})\b", re.IGNORECASE)
