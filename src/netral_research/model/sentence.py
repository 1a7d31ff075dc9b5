"""Which sentence the evidence allows. No sentence about the association is written by hand."""

from __future__ import annotations

from netral_research.model.claims import Evidence, allowed_claims

SENTENCES = ("not_estimated", "refused", "descriptive_only", "cannot_tell", "chance", "targeting", "lower", "higher")
_OF_REASON = {
    "not_estimated": "not_estimated",
    "placebo_missing": "refused",
    "placebo_fails": "refused",
    "interval_holds_one": "cannot_tell",
    "few_regions": "descriptive_only",
    "placebo_weak": "descriptive_only",
    "chance": "chance",
    "targeting": "targeting",
}


def choose_sentence(evidence: Evidence, significance: float = 0.05) -> str:
    """Choose the sentence that the evidence allows; it speaks of an association, never of an effect.

    Parameters
    ----------
    evidence : Evidence
    significance : float
        Largest p-value that counts.

    Returns
    -------
    str
        ``not_estimated``; ``refused`` (events that had not yet happened go with the counts, or that could not be
        checked: the comparison cannot be trusted); ``cannot_tell`` (the interval holds 1); ``descriptive_only`` (the
        plan's stop rule: too few regions with events, or a check that could not have seen so large a ratio);
        ``chance`` (shuffled histories give so large a ratio too, or were not computed); ``targeting`` (targeting
        that the placebo leaves possible would give it too); ``lower`` or ``higher``.

    Examples
    --------
    >>> choose_sentence(Evidence(True, 1.0, (0.8, 1.3), 0.9, placebo=(0.7, 1.1)))
    'cannot_tell'
    >>> choose_sentence(Evidence(True, 0.6, (0.5, 0.8), 0.01, placebo=(0.4, 0.9)))
    'refused'
    """
    claims = allowed_claims(evidence, significance)
    if claims.reason:
        return _OF_REASON[claims.reason]
    return "lower" if evidence.estimate is not None and evidence.estimate < 1 else "higher"
