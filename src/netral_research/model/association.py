"""The association within provinces from exact counts alone, with all that its sentence rests on."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from netral_research.errors import CannotEstimateError
from netral_research.model.association_tests import shuffle_exposure
from netral_research.model.claims import Evidence, allow_for_targeting
from netral_research.model.poisson import Fit, fit_within_provinces
from netral_research.model.reporting import Interval
from netral_research.model.sample import CLOCK_PIECES
from netral_research.model.sentence import choose_sentence
from netral_research.results import Result
from netral_research.study import StudyParameters

DOSE, PLACEBO = "dose", "later_dose"
TERMS = (DOSE, *CLOCK_PIECES)


@dataclass(frozen=True)
class Association:
    """How counts from the campaign on go with events before it, and what may be said of it.

    Parameters
    ----------
    fit : Fit
    estimates : pandas.DataFrame
        ``dose``, and where it could be computed ``dose_beside_placebo`` and ``placebo``: ``rate_ratio``, ``lower``,
        ``upper``, ``detectable_below``, ``detectable_above``, ``n_provinces``.
    tests : Result
        As :func:`netral_research.model.association_tests.shuffle_exposure` gives it.
    targeting : tuple of float or None
        Interval of the dose that allows for targeting; None without a placebo.
    sentence : str
        As :func:`netral_research.model.sentence.choose_sentence` gives it.
    """

    fit: Fit
    estimates: pd.DataFrame
    tests: Result
    targeting: Interval | None
    sentence: str


def associate(sample: pd.DataFrame, panel: pd.DataFrame, study: StudyParameters) -> Association:
    """Compare provinces with themselves, and choose what may be said of it.

    Parameters
    ----------
    sample : pandas.DataFrame
        Rows of the model, as :func:`netral_research.model.sample.build_sample` gives them.
    panel : pandas.DataFrame
        ``province_cycle``.
    study : StudyParameters

    Returns
    -------
    Association

    Raises
    ------
    CannotEstimateError
        If the panel cannot bear the model.
    """
    fit = fit_within_provinces(sample, list(TERMS), study.model.minimum_regions)
    estimates = _estimates(fit, _placebo(sample, study), study)
    tests = shuffle_exposure(sample, panel, study)
    treated = int((sample.groupby("unit_code")["dose"].max() > 0).sum())
    evidence = _evidence(numbers_of(estimates), tests, treated)
    targeting = None
    if evidence.interval and evidence.placebo:
        targeting = allow_for_targeting(evidence.interval, evidence.placebo)
    return Association(fit, estimates, tests, targeting, choose_sentence(evidence, 1 - study.model.confidence))


def numbers_of(estimates: pd.DataFrame) -> dict[str, dict[str, float]]:
    """The estimates as plain numbers, by estimate and column.

    Parameters
    ----------
    estimates : pandas.DataFrame
        As :class:`Association` holds it.

    Returns
    -------
    dict of str to dict of str to float

    Examples
    --------
    >>> numbers_of(pd.DataFrame({"estimate": ["dose"], "rate_ratio": [0.9]}))
    {'dose': {'rate_ratio': 0.9}}
    """
    return {
        str(row["estimate"]): {str(name): float(number) for name, number in row.items() if name != "estimate"}
        for row in estimates.to_dict("records")
    }


def _placebo(sample: pd.DataFrame, study: StudyParameters) -> Fit | None:
    try:
        return fit_within_provinces(sample, [DOSE, PLACEBO, *CLOCK_PIECES], study.model.minimum_regions)
    except CannotEstimateError:
        return None


def _estimates(main: Fit, placebo: Fit | None, study: StudyParameters) -> pd.DataFrame:
    confidence, power = study.model.confidence, study.model.power
    rows = []
    for name, fit, term in (
        ("dose", main, DOSE),
        ("dose_beside_placebo", placebo, DOSE),
        ("placebo", placebo, PLACEBO),
    ):
        if fit is None:
            continue
        ratio, lower, upper = fit.interval(term, confidence)
        below, above = fit.detectable(term, confidence, power)
        rows.append((name, ratio, lower, upper, below, above, len(fit.left_out)))
    columns = ["estimate", "rate_ratio", "lower", "upper", "detectable_below", "detectable_above", "n_provinces"]
    return pd.DataFrame(rows, columns=columns)


def _evidence(numbers: dict[str, dict[str, float]], tests: Result, treated: int) -> Evidence:
    """What the sentence about the association rests on."""
    dose, placebo = numbers["dose"], numbers.get("placebo", {})
    p = tests.value("model.p_shuffled_histories").value
    return Evidence(
        within_region=True,
        estimate=dose["rate_ratio"],
        interval=(dose["lower"], dose["upper"]),
        permutation_p=None if p is None else float(p),
        placebo=(placebo["lower"], placebo["upper"]) if placebo else None,
        placebo_detectable=(placebo["detectable_below"], placebo["detectable_above"]) if placebo else None,
        detectable=(dose["detectable_below"], dose["detectable_above"]),
        treated_regions=treated,
    )
