"""What the counts and the searches did not see: events that were missed, and violations that were not reported."""

from __future__ import annotations

import numpy as np
import pandas as pd

from netral_research.errors import CannotEstimateError
from netral_research.model.exposure_completeness import completeness_by_cell
from netral_research.model.poisson import fit_within_provinces
from netral_research.model.sample import CLOCK_PIECES
from netral_research.model.simex import simex
from netral_research.results import Result, Value
from netral_research.robustness.under_reporting import fit_under_reporting
from netral_research.study import StudyParameters

FUNCTION = "netral_research.robustness.unseen"
LEVELS = (0.5, 1.0, 1.5, 2.0)
DRAWS, _DIGITS = 12, 6
CELL = ["unit_code", "election_cycle"]


def correct_dose_error(sample: pd.DataFrame, captures: pd.DataFrame, study: StudyParameters) -> tuple[Result, Result]:
    """What the ratio would be had the searches found every event, if those missed were missed by chance.

    Parameters
    ----------
    sample : pandas.DataFrame
        Rows of the model.
    captures : pandas.DataFrame
        As :func:`netral_research.model.exposure_completeness.capture_histories` gives it, of the study's cycles.
    study : StudyParameters

    Returns
    -------
    tuple of Result
        ``completeness_cells``: share of the events of a province and cycle that the searches found.
        ``dose_error``: the ratio as it is and corrected by two extrapolations, with intervals. Empty, with
        ``robustness.dose_error_refusal``, where it cannot be computed.
    """
    try:
        cells = completeness_by_cell(captures)
        own = sample[CELL].merge(cells, on=CELL, how="left")["completeness"]
        shares = own.fillna(cells["completeness"].mean()).to_numpy(dtype="float64")
        place = sample[CELL].apply(tuple, axis=1).factorize()[0]

        def estimate_at(level: float, random: np.random.Generator) -> tuple[float, float]:
            dose = _thinned(sample, shares**level, place, random)
            fit = fit_within_provinces(sample.assign(dose=dose), ["dose", *CLOCK_PIECES], study.model.minimum_regions)
            return float(fit.coefficients[0]), float(fit.standard_errors[0] ** 2)

        found = simex(estimate_at, LEVELS, DRAWS, study.model.seed)
    except CannotEstimateError as reason:
        refusal = Value("robustness.dose_error_refusal", reason.problems[0].key, "text", "none", FUNCTION)
        empty = pd.DataFrame({"estimate": pd.Series(dtype="str")})
        return Result("completeness_cells", empty), Result("dose_error", empty, (refusal,))
    rows = [
        (name, *np.exp(found.interval(name, study.model.confidence)))
        for name, corrected in found.corrected.items()
        if np.isfinite(corrected)
    ]
    table = pd.DataFrame(rows, columns=["estimate", "rate_ratio", "lower", "upper"])
    values: tuple[Value, ...] = ()
    if len(table):
        values = (
            _value("corrected_ratio", float(table["rate_ratio"].iloc[0])),
            _value("corrected_lower", float(table["lower"].min())),
            _value("corrected_upper", float(table["upper"].max())),
        )
    share = Value("robustness.completeness_cells_median", float(cells["completeness"].median()), "percent_0", "percent",
                  FUNCTION)  # fmt: skip
    return Result("completeness_cells", cells.round(_DIGITS), (share,)), Result(
        "dose_error", table.round(_DIGITS), values, notes=("dose_error",)
    )


def _thinned(sample: pd.DataFrame, shares: np.ndarray, place: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Dose of every row where each event is kept with the share of its province and cycle."""
    exposure = np.exp2(sample["dose"].to_numpy(dtype="float64")) - 1
    events = np.rint(exposure).astype(int)
    chance = random.uniform(size=(place.max() + 1, max(int(events.max()), 1)))[place]
    kept = (chance < shares[:, None]) & (np.arange(chance.shape[1]) < events[:, None])
    remaining = np.divide(kept.sum(axis=1), events, out=np.zeros(len(events)), where=events > 0)
    return np.asarray(np.log2(1 + exposure * remaining))


def judge_under_reporting(sample: pd.DataFrame) -> Result:
    """Whether violations and their reporting can be told apart in these counts; the reason where they cannot.

    Parameters
    ----------
    sample : pandas.DataFrame
        Rows of the model. The study names no variable that moves reporting alone and no validated count.

    Returns
    -------
    Result
        ``under_reporting``: one row with ``exclusions``, ``validated`` and the key of the ``refusal``.
    """
    rows = sample.reset_index(drop=True)
    regressors = rows[["dose", *CLOCK_PIECES]].astype("float64")
    refusal = ""
    try:
        fit_under_reporting(rows["count"], regressors, regressors, offset=rows["log_headcount"])
    except CannotEstimateError as reason:
        refusal = reason.problems[0].key
    table = pd.DataFrame([(0, 0, refusal)], columns=["exclusions", "validated", "refusal"])
    value = Value("robustness.under_reporting_refusal", refusal, "text", "none", FUNCTION)
    return Result("under_reporting", table, (value,))


def _value(name: str, value: float) -> Value:
    return Value(f"robustness.{name}", value if np.isfinite(value) else None, "decimal_2", "ratio", FUNCTION)
