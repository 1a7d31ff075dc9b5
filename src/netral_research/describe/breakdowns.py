"""National breakdowns by type of violation and by position: what was told, and what part of the whole is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.describe.intervals import exact_share_interval
from netral_research.results import Result, Value
from netral_research.study import StudyParameters

FUNCTION = "netral_research.describe.breakdowns.national_breakdowns"
KEYS = ["dimension", "election_cycle", "institution", "as_of"]
# The same position under two codes.
SAME_POSITION = {"executor_staff": "executor", "subdistrict_head_camat_lurah": "camat_lurah"}
FEWEST_PARTS = 2


def national_breakdowns(
    breakdowns: pd.DataFrame, violations: pd.DataFrame, study: StudyParameters
) -> tuple[Result, Result]:
    """Set every published breakdown beside the total it is a part of.

    Breakdowns of different institutions or days are never pooled. A share is computed from a count only where the same
    institution told one total for the same day, and an interval only where the parts told are the whole: otherwise
    nobody knows which cases are left out, or whether one case stands in two parts.

    Parameters
    ----------
    breakdowns : pandas.DataFrame
        Clean national breakdowns.
    violations : pandas.DataFrame
        Clean counts, for the totals.
    study : StudyParameters

    Returns
    -------
    tuple of Result
        ``breakdowns_told``, one row a breakdown: its keys, ``n_parts``, ``told`` (count, or share of one), ``unit``
        (``count`` or ``share``), ``total`` (missing where none was told, or two that differ), ``left_out`` (share of
        the whole that no part names; missing where the total is), ``verdict`` (``complete``, ``part_missing``,
        ``no_total``, ``above_total``), ``repeats`` (the figures were told before for another day), ``source_ids``.
        ``breakdown_parts``, one row a part: keys, ``category``, ``category_id``, ``count``, ``share``, ``share_lower``,
        ``share_upper`` (Clopper and Pearson, complete counts only), ``fullest`` (belongs to the breakdown of its
        cycle, institution and dimension that names most parts).
    """
    kept = breakdowns[breakdowns["election_cycle"].isin(study.study.cycles)].copy()
    position = kept["dimension"] == "position"
    kept["category"] = kept["category"].where(~position, kept["category"].replace(SAME_POSITION))
    rows: list[dict[str, object]] = []
    parts: list[pd.DataFrame] = []
    seen: set[tuple[object, ...]] = set()
    for key, group in kept.groupby(KEYS, sort=True):
        dimension, cycle, institution, as_of = (str(name) for name in key)
        told = _told(group, _total(cycle, institution, as_of, violations))
        figures = (dimension, institution, *sorted(zip(group["category"], told.figures, strict=True)))
        rows.append(
            {
                **dict(zip(KEYS, key, strict=True)),
                "n_parts": len(group),
                "told": float(told.figures.sum()),
                "unit": told.unit,
                "total": told.total,
                "left_out": told.left_out,
                "verdict": told.verdict,
                "repeats": figures in seen,
                "source_ids": ";".join(sorted(set(group["source_id"]))),
            }
        )
        seen.add(figures)
        parts.append(_parts(group, told, study.model.confidence))
    columns = [*KEYS, "n_parts", "told", "unit", "total", "left_out", "verdict", "repeats", "source_ids"]
    accounts = pd.DataFrame(rows, columns=columns)
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*KEYS, *_PART_COLUMNS])
    table = table.merge(_fullest(accounts), on=KEYS, how="left")
    table["fullest"] = table["fullest"].eq(True)
    return (
        Result("breakdowns_told", accounts, _values(accounts), notes=("breakdowns_not_pooled",)),
        Result("breakdown_parts", table, notes=("breakdowns_not_pooled", "breakdowns_incomplete")),
    )


_PART_COLUMNS = ["category", "category_id", "count", "share", "share_lower", "share_upper", "source_id"]


@dataclass(frozen=True)
class _Told:
    """What a breakdown tells, beside its whole: ``unit`` is ``count`` or ``share``."""

    figures: pd.Series
    unit: str
    total: float
    left_out: float
    verdict: str


def _total(cycle: str, institution: str, as_of: str, violations: pd.DataFrame) -> float:
    """The one exact count of alleged cases of that institution, cycle and day; missing where none or two were told."""
    same = (
        (violations["geo_level"] == "national")
        & (violations["origin"] == "published")
        & (violations["bound"] == "exact")
        & (violations["stage"] == "alleged")
        & (violations["measure"] == "cases")
        & (violations["election_cycle"] == cycle)
        & (violations["institution"] == institution)
        & (violations["as_of"] == as_of)
    )
    totals = violations.loc[same, "value"].unique()
    return float(totals[0]) if len(totals) == 1 else float("nan")


def _told(group: pd.DataFrame, total: float) -> _Told:
    if group["share_percent"].notna().all():
        # Shares are told of a whole, so the whole is known although its number is not.
        figures, whole, unit = group["share_percent"] / 100, 1.0, "share"
        slack = _rounding(group["share_percent"]) * len(group)
    else:
        figures, whole, unit, slack = group["count"], total, "count", 0.0
    told = float(figures.sum())
    if np.isnan(whole) or figures.isna().any():
        return _Told(figures, unit, total, float("nan"), "no_total")
    if abs(whole - told) <= slack + 1e-9:
        return _Told(figures, unit, total, 0.0, "complete")
    if told > whole:
        return _Told(figures, unit, total, float("nan"), "above_total")
    return _Told(figures, unit, total, 1 - told / whole, "part_missing")


def _rounding(percent: pd.Series) -> float:
    """By how much a published share may be off: half a unit of the last digit told, as a share of one."""
    whole = bool((percent == percent.round()).all())
    return 0.005 if whole else 0.0005


def _parts(group: pd.DataFrame, told: _Told, confidence: float) -> pd.DataFrame:
    by_count = told.unit == "count" and told.verdict in ("complete", "part_missing")
    share = group["count"] / told.total if by_count else group["share_percent"] / 100
    lower = upper = pd.Series(np.nan, index=group.index)
    if by_count and told.verdict == "complete":
        low, high = exact_share_interval(group["count"], [told.total] * len(group), confidence)
        lower, upper = pd.Series(low, index=group.index), pd.Series(high, index=group.index)
    parts = group.assign(share=share, share_lower=lower, share_upper=upper)
    order = parts["share"].fillna(parts["count"])
    ordered = parts.assign(order=-order).sort_values(["order", "category"]).drop(columns="order")
    return ordered[[*KEYS, *_PART_COLUMNS]]


def _fullest(accounts: pd.DataFrame) -> pd.DataFrame:
    """For every dimension, cycle and institution the breakdown that names most parts, and of those the latest."""
    several = accounts[(accounts["n_parts"] >= FEWEST_PARTS) & ~accounts["repeats"].astype(bool)]
    ordered = several.sort_values(["n_parts", "as_of"], kind="stable")
    chosen = ordered.drop_duplicates(["dimension", "election_cycle", "institution"], keep="last")
    return chosen[KEYS].assign(fullest=True)


def _values(accounts: pd.DataFrame) -> tuple[Value, ...]:
    fresh = accounts[~accounts["repeats"].astype(bool)]
    partial = fresh[(fresh["verdict"] == "part_missing") & (fresh["n_parts"] >= FEWEST_PARTS)]["left_out"]
    verdicts = fresh["verdict"].value_counts()

    def number(name: str, found: int) -> Value:
        return Value(f"describe.breakdowns_{name}", found, "integer", "counts", FUNCTION)

    def share(name: str, found: float) -> Value:
        told = None if np.isnan(found) else found
        return Value(f"describe.breakdowns_{name}", told, "percent_0", "percent", FUNCTION)

    return (
        number("told", len(fresh)),
        number("complete", int(verdicts.get("complete", 0))),
        number("part_missing", int(verdicts.get("part_missing", 0))),
        number("no_total", int(verdicts.get("no_total", 0))),
        number("repeated", len(accounts) - len(fresh)),
        share("left_out_lowest", float(partial.min())),
        share("left_out_highest", float(partial.max())),
    )
