"""From alleged to proven to sanctioned in the published counts: shares, and every refused pair with its reason."""

from __future__ import annotations

import pandas as pd

from netral_research.errors import CannotEstimateError
from netral_research.model.case_flow import match_case_flow, pooled_share
from netral_research.results import Result, Value
from netral_research.study import StudyParameters

FUNCTION = "netral_research.model.case_flow_stage.share_stages"
TABLES = ("case_flow", "case_flow_refused", "case_flow_shares")
STEPS = (("proven", "alleged"), ("sanctioned", "proven"))
PAIR_COLUMNS = [
    "numerator", "denominator", "obs_id", "denominator_id", "unit_code", "election_cycle", "geo_level", "regency_code",
    "institution", "measure", "as_of", "count", "total", "share", "lower", "upper", "latest",
]  # fmt: skip
REFUSED_COLUMNS = ["numerator", "denominator", "obs_id", "nearest_id", "reason"]
SHARE_COLUMNS = [
    "numerator", "denominator", "geo_level", "measure", "pairs", "regions", "share", "lower", "upper", "refusal",
]  # fmt: skip
_DIGITS = 6


def share_stages(violations: pd.DataFrame, study: StudyParameters) -> tuple[Result, ...]:
    """Shares of one stage in an earlier one, where one institution counted both to the same day.

    Parameters
    ----------
    violations : pandas.DataFrame
        Clean counts.
    study : StudyParameters

    Returns
    -------
    tuple of Result
        :data:`TABLES`: every pair with an exact interval; every count without a pair, with the reason; the common
        share by level and measure, empty with its ``refusal`` where regions are too few or one is counted twice.
    """
    counts = violations[violations["election_cycle"].isin(study.study.cycles)]
    pairs, refused, shares = [], [], []
    for later, earlier in STEPS:
        flow = match_case_flow(counts, later, earlier, study.model.confidence)
        step = {"numerator": later, "denominator": earlier}
        pairs.append(flow.pairs.reset_index().assign(**step))
        refused.append(flow.refused.assign(**step))
        latest = flow.pairs[flow.pairs["latest"].astype("bool")]
        shares += [
            {**step, "geo_level": level, "measure": measure, "pairs": len(group),
             "regions": group["unit_code"].nunique(), **_common(group, study.model.confidence)}
            for (level, measure), group in latest.groupby(["geo_level", "measure"])
        ]  # fmt: skip
    told = pd.concat(pairs, ignore_index=True)[PAIR_COLUMNS]
    left = pd.concat(refused, ignore_index=True)[REFUSED_COLUMNS]
    common = pd.DataFrame(shares, columns=SHARE_COLUMNS)
    values = (
        _value("case_flow_pairs", len(told), "integer", "counts"),
        _value("case_flow_refused", len(left), "integer", "counts"),
        *(
            _value(f"case_flow_{later}_pairs", int((told["numerator"] == later).sum()), "integer", "counts")
            for later, _ in STEPS
        ),
    )
    return (
        Result("case_flow", told.round(_DIGITS), values),
        Result("case_flow_refused", left),
        Result("case_flow_shares", common.round(_DIGITS)),
    )


def _common(pairs: pd.DataFrame, confidence: float) -> dict[str, object]:
    try:
        share, lower, upper = pooled_share(pairs, confidence)
    except CannotEstimateError as reason:
        nothing = float("nan")
        return {"share": nothing, "lower": nothing, "upper": nothing, "refusal": reason.problems[0].key}
    return {"share": share, "lower": lower, "upper": upper, "refusal": ""}


def _value(name: str, value: float, style: str, unit: str) -> Value:
    return Value(f"model.{name}", value, style, unit, FUNCTION)
