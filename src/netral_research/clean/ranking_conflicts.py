"""Contradictions of published rankings: with what they claim, with their total, and with what was known before."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from netral_research.clean.counts import STOCK_STAGE, Conflict, Count, group_counts, tell_conflict

# Complete lists that bound nobody because they are not exact or do not add up; regions they lack are still told.
_UNTRUSTED = ("not_exact", "total_differs")


def find_list_conflicts(rankings: pd.DataFrame, counts: Sequence[Count]) -> Iterator[Conflict]:
    """A list shorter than it claims, or a complete list whose entries cannot add up to the published total.

    Parameters
    ----------
    rankings : pandas.DataFrame
        As :func:`netral_research.clean.rankings.find_rankings` gives them.
    counts : sequence of Count
        Published counts.

    Yields
    ------
    dict

    Examples
    --------
    >>> ranking = pd.DataFrame([{"list_kind": "top_k", "usable": "short", "listed": "V1", "total": float("nan")}])
    >>> entry = Count("V1", *[""] * 12, lower=5, upper=5, told="V1=5@?")
    >>> [conflict["kind"] for conflict in find_list_conflicts(ranking, [entry])]
    ['ranking_short']
    """
    by_id = {count.obs_id: count for count in counts}
    for ranking in rankings.to_dict("records"):
        entries = [by_id[obs_id] for obs_id in ranking["listed"].split(";") if obs_id in by_id]
        if not entries:
            continue
        if ranking["usable"] == "short":
            yield tell_conflict("ranking_short", entries)
        elif ranking["list_kind"] == "full" and not _adds_up(entries, float(ranking["total"])):
            yield tell_conflict("ranking_differs_from_total", entries)


def _adds_up(entries: Sequence[Count], total: float) -> bool:
    """Entries told as limits add up as long as the total lies between the sums of both limits."""
    lowest, highest = sum(count.lower for count in entries), sum(count.upper for count in entries)
    return math.isnan(total) or lowest <= total <= highest


def find_unlisted_conflicts(censored: Sequence[Count], counts: Sequence[Count]) -> Iterator[Conflict]:
    """A region that a ranking leaves out although a higher count of it was known by then.

    Parameters
    ----------
    censored, counts : sequence of Count
        What rankings say of the regions they leave out, and published cumulative counts.

    Yields
    ------
    dict

    Examples
    --------
    >>> known = Count("V1", *[""] * 9, *["2020-09-30"] * 3, lower=9, upper=9, told="V1=9@2020-09-30")
    >>> left_out = replace(known, obs_id="L001:11", lower=0, upper=3, told="L001:11=≤3@2020-09-30")
    >>> next(find_unlisted_conflicts([left_out], [known]))["told"]
    'L001:11=≤3@2020-09-30;V1=9@2020-09-30'
    """

    def key(count: Count) -> Hashable:
        what = (count.institution_group, count.stage, count.measure, count.election_cycle)
        return (*what, count.geo_level, count.region_code)

    known = group_counts((count for count in counts if count.as_of), key)
    for left_out in censored:
        above = [
            count
            for count in known.get(key(left_out), [])
            if count.latest <= left_out.earliest and count.lower > left_out.upper
        ]
        if above:
            yield tell_conflict("unlisted_above_cut_off", [*above, left_out])


def find_missing_entries(rankings: pd.DataFrame, counts: Sequence[Count]) -> Iterator[Conflict]:
    """A region that a complete list leaves out although it had a count by then.

    Only lists that bound nobody; :func:`find_unlisted_conflicts` compares the others. A count of any stage is a count
    of alleged cases too.

    Parameters
    ----------
    rankings : pandas.DataFrame
        As :func:`netral_research.clean.rankings.find_rankings` gives them.
    counts : sequence of Count
        Published cumulative counts.

    Yields
    ------
    dict

    Examples
    --------
    >>> known = Count("V1", *[""] * 8, "11", *["2020-09-30"] * 3, lower=9, upper=9, told="V1=9@2020-09-30")
    >>> same = dict.fromkeys(["institution_group", "measure", "election_cycle", "geo_level", "listed"], "")
    >>> ranking = same | {"ranking_id": "L001", "list_kind": "full", "usable": "not_exact", "stage": "alleged",
    ...                   "scope": "ID", "as_of": "2020-10-10", "as_of_earliest": "2020-10-10"}
    >>> next(find_missing_entries(pd.DataFrame([ranking]), [known]))["told"]
    'L001:11=0@2020-10-10;V1=9@2020-09-30'
    """
    complete = rankings[(rankings["list_kind"] == "full") & rankings["usable"].isin(_UNTRUSTED)]
    dated = [count for count in counts if count.as_of and count.lower > 0]
    region_of = {count.obs_id: count.region_code for count in counts}
    for ranking in complete[complete["stage"] != STOCK_STAGE].to_dict("records"):
        listed = {region_of.get(obs_id) for obs_id in ranking["listed"].split(";")}
        known = [count for count in dated if count.region_code not in listed and _could_be_listed(count, ranking)]
        for region, members in group_counts(known, lambda count: count.region_code).items():
            identifier = f"{ranking['ranking_id']}:{region}"
            absent = replace(members[0], obs_id=identifier, stage="", told=f"{identifier}=0@{ranking['as_of']}")
            yield tell_conflict("unlisted_above_cut_off", [*members, absent])


def _could_be_listed(count: Count, ranking: Mapping[Hashable, object]) -> bool:
    names = ("institution_group", "measure", "election_cycle", "geo_level")
    return (
        all(getattr(count, name) == ranking[name] for name in names)
        and (ranking["stage"] in ("alleged", count.stage))
        and ranking["scope"] in ("ID", count.province_code)
        and count.latest <= str(ranking["as_of_earliest"])
    )
