"""Specifications: every defensible way through the data, each with its reason to exist."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

DIMENSIONS = (
    "institution", "stage", "measure", "unit", "exposure", "window", "decay", "estimator", "outlier_rule",
    "reconciliation",
)  # fmt: skip
# Why an option can be defended, by language.
Reason = Mapping[str, str]


@dataclass(frozen=True)
class Specification:
    """One way through the data.

    Parameters
    ----------
    spec_id : str
    institution, stage, measure : str
        Whose count, of what.
    unit : str
        Which regions are compared.
    exposure : str
        Which events count.
    window : str
        When an event must lie to count.
    decay : str
        How an event's weight falls with time.
    estimator : str
    outlier_rule : str
        Which extreme counts are left out.
    reconciliation : str
        Which of several counts of the same thing is taken.
    reason : mapping of str to str
        Why the combination can be defended, by language: the reasons of its choices.
    """

    spec_id: str
    institution: str
    stage: str
    measure: str
    unit: str
    exposure: str
    window: str
    decay: str
    estimator: str
    outlier_rule: str
    reconciliation: str
    reason: Reason

    @property
    def choices(self) -> dict[str, str]:
        """The choice made in each dimension."""
        return {name: getattr(self, name) for name in DIMENSIONS}


def specification_grid(
    options: Mapping[str, Mapping[str, Reason]], sensible: Callable[[Mapping[str, str]], bool] = lambda _: True
) -> tuple[Specification, ...]:
    """All combinations of the options, each with its reason to exist.

    Parameters
    ----------
    options : mapping of str to mapping of str to mapping of str to str
        For every dimension its options, each with the reason why it can be defended, by language; the first is the main
        choice.
    sensible : callable, optional
        Tells whether a combination of choices makes sense; others are left out.

    Returns
    -------
    tuple of Specification
        The main specification first; numbered in this order.

    Raises
    ------
    ValueError
        If a dimension is missing or unknown, or an option lacks its reason in a language that others have.

    Examples
    --------
    >>> options = {name: {"main": {"en": f"usual {name}"}} for name in DIMENSIONS}
    >>> options["stage"] = {"alleged": {"en": "counted first"}, "proven": {"en": "least disputed"}}
    >>> [(one.spec_id, one.stage) for one in specification_grid(options)]
    [('S001', 'alleged'), ('S002', 'proven')]
    """
    if set(options) != set(DIMENSIONS):
        raise ValueError(f"options for {sorted(options)}, wanted {sorted(DIMENSIONS)}")
    reasons = {(name, option): why for name in DIMENSIONS for option, why in options[name].items()}
    languages = sorted({language for why in reasons.values() for language in why})
    unreasoned = [
        f"{name}={option}"
        for (name, option), why in reasons.items()
        if not languages or not all(why.get(language) for language in languages)
    ]
    if unreasoned:
        raise ValueError(f"no reason for {', '.join(unreasoned)}")
    combinations = (dict(zip(DIMENSIONS, chosen, strict=True)) for chosen in
                    itertools.product(*(options[name] for name in DIMENSIONS)))  # fmt: skip
    return tuple(
        Specification(
            f"S{number:03d}",
            **chosen,
            reason={
                language: "; ".join(dict.fromkeys(reasons[choice][language] for choice in chosen.items()))
                for language in languages
            },
        )
        for number, chosen in enumerate(filter(sensible, combinations), 1)
    )
