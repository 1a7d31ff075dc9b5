"""From alleged to proven to sanctioned: shares, and only where both counts are of the same cases.

A share of two counts means something only if one institution counted both, in one measure, region and cycle, up to
one day. Cases still in process on that day are not proven, but may yet be: a share speaks of its day alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.describe.intervals import exact_share_interval
from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.regression_fit import RegressionFit
from netral_research.model.share_regression import fit_shares

# Where it was counted; what else both counts must share. Columns after the first of each are used where they exist.
PLACE = ("unit_code", "election_cycle", "geo_level", "regency_code")
SHARED = ("institution", "measure", "as_of", "count_kind", "period_start")
REASONS = (
    "numerator_not_exact", "day_unknown", "no_denominator", "other_institution", "other_measure", "other_day",
    "other_period", "denominator_not_exact", "values_differ", "repeats_another", "denominator_zero",
    "above_denominator",
)  # fmt: skip
# Letters of a whole day; a month or a year is no cut-off.
DAY = 10
# The first differing column decides how a denominator that does not match is told.
_DIFFERENCES = {
    "institution": "other_institution", "measure": "other_measure", "count_kind": "other_period",
    "period_start": "other_period", "as_of": "other_day",
}  # fmt: skip
PAIR_COLUMNS = ["denominator_id", "count", "total", "share", "lower", "upper", "latest"]


@dataclass(frozen=True)
class CaseFlow:
    """Counts of one stage matched with those of an earlier one.

    Parameters
    ----------
    numerator, denominator : str
        Stages.
    pairs : pandas.DataFrame
        Indexed by ``obs_id`` of the numerator: the shared columns, ``denominator_id``, ``count``, ``total``,
        ``share``, ``lower``, ``upper`` (exact interval) and ``latest`` (the last day of its region, cycle,
        institution and measure; cumulative pairs of earlier days hold a part of the same cases).
    refused : pandas.DataFrame
        ``obs_id`` of every count of the numerator without a pair, ``nearest_id`` (the count of the denominator that
        comes nearest; empty where none does) and ``reason``, one of ``REASONS``.
    """

    numerator: str
    denominator: str
    pairs: pd.DataFrame
    refused: pd.DataFrame


def match_case_flow(
    counts: pd.DataFrame, numerator: str = "proven", denominator: str = "alleged", confidence: float = 0.95
) -> CaseFlow:
    """Match counts of a later stage with those of an earlier stage, and refuse the others with the reason.

    Parameters
    ----------
    counts : pandas.DataFrame
        Clean counts: ``obs_id``, ``institution``, ``stage``, ``measure``, ``as_of``, ``unit_code``,
        ``election_cycle``, ``value``, ``bound``; where they exist also ``geo_level``, ``regency_code``,
        ``count_kind`` and ``period_start`` must agree, and only rows with ``origin`` published are used.
    numerator, denominator : str
        Stages.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    CaseFlow

    References
    ----------
    Clopper and Pearson (1934), Biometrika 26: 404-413.

    Examples
    --------
    >>> told = pd.DataFrame({"obs_id": ["V1", "V2", "V3"], "stage": ["alleged", "proven", "proven"],
    ...     "institution": ["kasn", "kasn", "bawaslu_ri"], "measure": "cases", "as_of": "2020-12-31",
    ...     "unit_code": "11", "election_cycle": "pilkada_2020", "value": [40.0, 10.0, 9.0], "bound": "exact"})
    >>> flow = match_case_flow(told)
    >>> flow.pairs["share"].to_dict(), flow.refused["reason"].tolist()
    ({'V2': 0.25}, ['other_institution'])
    """
    rows = _published(counts)
    later = rows[rows["stage"] == numerator].sort_values("obs_id")
    earlier = rows[rows["stage"] == denominator].sort_values("obs_id")
    places = dict(iter(earlier.groupby(list(PLACE))))
    exact = dict(iter(later[later["bound"] == "exact"].groupby([*PLACE, *SHARED])))
    pairs, refused = [], []
    for record in later.to_dict("records"):
        row = {str(name): value for name, value in record.items()}
        place = tuple(row[name] for name in PLACE)
        candidates = places.get(place, earlier.iloc[:0])
        same = exact.get((*place, *(row[name] for name in SHARED)), later.iloc[:0])
        reason, nearest = _judge(row, candidates, same)
        if reason:
            refused.append((row["obs_id"], nearest, reason))
        else:
            total = float(candidates.loc[candidates["obs_id"] == nearest, "value"].iloc[0])
            pairs.append({**row, "denominator_id": nearest, "count": float(str(row["value"])), "total": total})
    return CaseFlow(
        numerator,
        denominator,
        _pairs(pairs, confidence),
        pd.DataFrame(refused, columns=["obs_id", "nearest_id", "reason"], dtype="str"),
    )


def pooled_share(pairs: pd.DataFrame, confidence: float = 0.95) -> tuple[float, float, float]:
    """Common share of several regions, with an interval that allows for regions of their own kind.

    Parameters
    ----------
    pairs : pandas.DataFrame
        ``CaseFlow.pairs`` of one measure and one geographical level, latest pairs only.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of float
        Share, lower and upper limit, from a binomial regression with regions as clusters (CRV1, t distribution).

    Raises
    ------
    CannotEstimateError
        If the pairs mix measures or levels, repeat cases (earlier days, or a region and cycle that two institutions
        counted), or come from fewer than two regions.

    Examples
    --------
    >>> told = pd.DataFrame({"obs_id": ["A1", "P1", "A2", "P2", "A3", "P3"], "stage": ["alleged", "proven"] * 3,
    ...     "institution": "kasn", "measure": "cases", "as_of": "2020-12-31", "election_cycle": "pilkada_2020",
    ...     "unit_code": ["11", "11", "12", "12", "13", "13"], "value": [40, 10, 20, 10, 30, 10], "bound": "exact"})
    >>> [round(number, 2) for number in pooled_share(match_case_flow(told).pairs)]
    [0.33, 0.13, 0.63]
    """
    fit = regress_shares(pairs, pd.DataFrame(index=pairs.index))
    odds = np.array(fit.interval("constant", confidence))
    share, lower, upper = (float(number) for number in odds / (1 + odds))
    return share, lower, upper


def regress_shares(pairs: pd.DataFrame, regressors: pd.DataFrame) -> RegressionFit:
    """Regress shares of pairs on what may go with them, with regions as clusters.

    If socialisation brought forward weaker reports, the share proven would fall while proven cases stayed level: this
    regression looks for that, and is no verdict on conduct.

    Parameters
    ----------
    pairs : pandas.DataFrame
        ``CaseFlow.pairs`` of one measure and one geographical level, latest pairs only.
    regressors : pandas.DataFrame
        Numbers, indexed by ``obs_id`` of the numerator.

    Returns
    -------
    RegressionFit
        Odds ratios; CRV1 with the t distribution of regions less one.

    Raises
    ------
    CannotEstimateError
        If the pairs mix measures or levels, repeat cases (earlier days, or a region and cycle that two institutions
        counted), or come from fewer than two regions, or the regression is not determined.

    Examples
    --------
    >>> pairs = pd.DataFrame({"unit_code": ["11", "12", "13", "14"], "measure": "cases", "geo_level": "province",
    ...     "latest": True, "count": [10, 12, 10, 9], "total": [40, 36, 20, 21]}, index=["P1", "P2", "P3", "P4"])
    >>> dose = pd.DataFrame({"dose": [0, 0, 1, 1]}, index=pairs.index)
    >>> [round(number, 2) for number in regress_shares(pairs, dose).interval("dose", 0.95)]
    [2.12, 0.96, 4.66]
    """
    regions = pairs["unit_code"].nunique()
    if regions < 2:
        raise CannotEstimateError([Problem("model_regions", fields={"found": str(regions), "wanted": "2"})])
    if pairs["measure"].nunique() > 1 or pairs["geo_level"].nunique() > 1:
        raise CannotEstimateError([Problem("case_flow_mixed")])
    if not pairs["latest"].all():
        raise CannotEstimateError([Problem("case_flow_repeated")])
    if pairs.reindex(columns=list(PLACE)).duplicated().any():
        raise CannotEstimateError([Problem("case_flow_counted_twice")])
    return fit_shares(pairs["count"], pairs["total"], regressors, clusters=pairs["unit_code"], errors="cluster")


def _published(counts: pd.DataFrame) -> pd.DataFrame:
    rows = counts[counts["origin"] == "published"] if "origin" in counts else counts
    absent = {name: "" for name in (*PLACE, *SHARED) if name not in counts}
    rows = rows.assign(**absent)
    texts = ["obs_id", "stage", "bound", *PLACE, *SHARED]
    # A cell that is blank or missing says the same; missing ones would match nothing.
    return rows[[*texts, "value"]].astype(dict.fromkeys(texts, "str")).fillna(dict.fromkeys(texts, ""))


def _judge(row: dict[str, object], candidates: pd.DataFrame, same: pd.DataFrame) -> tuple[str, str]:
    """Reason against a count (empty where there is none), and the count of the denominator that comes nearest."""
    if row["bound"] != "exact":
        return "numerator_not_exact", ""
    if len(str(row["as_of"])) < DAY:
        return "day_unknown", ""
    if candidates.empty:
        return "no_denominator", ""
    differs = pd.DataFrame({name: candidates[name] != row[name] for name in _DIFFERENCES})
    closest = differs.sum(axis=1).sort_values(kind="stable").index[0]
    nearest = str(candidates.loc[closest, "obs_id"])
    if differs.loc[closest].any():
        return _DIFFERENCES[str(differs.loc[closest].idxmax())], nearest
    matched = candidates[~differs.any(axis=1)]
    exact = matched[matched["bound"] == "exact"]
    if exact.empty:
        return "denominator_not_exact", nearest
    nearest = str(exact["obs_id"].iloc[0])
    return _judge_values(row, exact["value"], same), nearest


def _judge_values(row: dict[str, object], totals: pd.Series, same: pd.DataFrame) -> str:
    count, total = float(str(row["value"])), float(totals.iloc[0])
    if totals.nunique() > 1 or same["value"].nunique() > 1:
        return "values_differ"
    if same["obs_id"].iloc[0] != row["obs_id"]:
        return "repeats_another"
    if not total > 0:
        return "denominator_zero"
    return "above_denominator" if count > total else ""


def _pairs(records: list[dict[str, object]], confidence: float) -> pd.DataFrame:
    columns = [*PLACE, *SHARED, *PAIR_COLUMNS]
    if not records:
        return pd.DataFrame(columns=columns, index=pd.Index([], name="obs_id"))
    table = pd.DataFrame(records).set_index("obs_id").sort_index()
    lower, upper = exact_share_interval(table["count"], table["total"], confidence)
    series = [*PLACE, "institution", "measure"]
    table = table.assign(
        share=table["count"] / table["total"],
        lower=lower,
        upper=upper,
        latest=table["as_of"] == table.groupby(series)["as_of"].transform("max"),
    )
    return table[columns]
