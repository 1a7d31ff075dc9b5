"""Which sentence the evidence allows. No sentence about the association is written by hand."""

from __future__ import annotations

from dataclasses import dataclass

SENTENCES = ("not_estimated", "refused", "cannot_tell", "lower", "higher")


@dataclass(frozen=True)
class Evidence:
    """What the sentence depends on.

    Parameters
    ----------
    interval : tuple of float or None
        Lower and upper limit of the rate ratio; None where nothing could be estimated.
    placebo : tuple of float or None
        The same for events that had not yet happened.
    """

    interval: tuple[float, float] | None
    placebo: tuple[float, float] | None


def choose_sentence(evidence: Evidence) -> str:
    """Choose the sentence that the evidence allows; it speaks of an association, never of an effect.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    str
        ``not_estimated``; ``refused`` (events that had not yet happened go with the counts, or that could not be
        checked: the comparison cannot be trusted); ``cannot_tell`` (the interval holds 1); ``lower`` or ``higher``.

    Examples
    --------
    >>> choose_sentence(Evidence((0.8, 1.3), (0.7, 1.1)))
    'cannot_tell'
    >>> choose_sentence(Evidence((0.5, 0.8), (0.4, 0.9)))
    'refused'
    """
    if evidence.interval is None:
        return "not_estimated"
    if evidence.placebo is None or not _holds_one(evidence.placebo):
        return "refused"
    if _holds_one(evidence.interval):
        return "cannot_tell"
    return "lower" if evidence.interval[1] < 1 else "higher"


def _holds_one(interval: tuple[float, float]) -> bool:
    return interval[0] <= 1 <= interval[1]
