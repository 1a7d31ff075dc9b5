"""Rankings: what a list says about the regions it names, and about those it does not."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Hashable, Iterator, Mapping

import pandas as pd

from netral_research.clean.loading import Reference
from netral_research.elections import Cycle
from netral_research.study import StudyParameters
from netral_research.vocabulary import RANKING_KINDS

KEYS = (
    "author", "institution", "institution_group", "stage", "measure", "election_cycle", "as_of", "as_of_earliest",
    "as_of_latest", "count_kind", "list_kind",
)  # fmt: skip
OBSERVATION_COLUMNS = (
    "obs_id", "origin", "source_ids", "n_reports", "institution", "institution_group", "stage", "measure",
    "election_cycle", "geo_level", "province_code", "unit_code", "regency_code", "as_of", "as_of_earliest",
    "as_of_latest", "period_start", "count_kind", "value", "bound", "lower", "upper", "list_kind", "ranking_id",
)  # fmt: skip
# A regency's own commission counts only its regency, so a list of its making says nothing about other regions.
_LOCAL = "bawaslu_kabkota"
_PLACE = ["geo_level", "province_code", "regency_code"]
_BY_PROVINCE = ("bawaslu_provinsi", "bawaslu_kabkota")


def find_rankings(rows: pd.DataFrame) -> pd.DataFrame:
    """Gather the entries of each published ranking and judge whether it bounds the regions it leaves out.

    Parameters
    ----------
    rows : pandas.DataFrame
        Typed rows, one a raw row.

    Returns
    -------
    pandas.DataFrame
        One row a ranking: its keys, ``geo_level``, ``scope`` (province code, or ``ID`` for the nation), ``list_k``
        (claimed length),
        ``n_listed``, ``total`` (published total of the same key, missing if none), ``cut_off`` (last value), ``limit``
        (upper limit for
        unlisted regions of a top or full list; lower limit for a bottom list; missing where the list cannot bear one)
        and ``usable`` with
        the reason: ``ok``, ``short`` (fewer entries than claimed), ``no_length``, ``no_date``, ``not_exact``,
        ``period``, ``local``, ``total_differs``.

    Examples
    --------
    >>> told = {"institution": "kasn", "institution_group": "kasn", "stage": "alleged", "measure": "cases", "list_k": 2,
    ...         "election_cycle": "pilkada_2020", "count_kind": "cumulative", "list_kind": "top_k", "bound": "exact",
    ...         "geo_level": "province", "regency_code": "", "source_id": "S1"}
    >>> told |= dict.fromkeys(["as_of", "as_of_earliest", "as_of_latest"], "2020-10-04")
    >>> entries = [("V1", "11", 9.0), ("V2", "12", 4.0)]
    >>> rows = pd.DataFrame([told | dict(zip(["obs_id", "province_code", "value"], one)) for one in entries])
    >>> find_rankings(rows)[["ranking_id", "limit", "usable"]].to_numpy().tolist()
    [['L001', 4.0, 'ok']]
    """
    ranked = rows[rows["list_kind"].isin(RANKING_KINDS)]
    # One list may be spread over several pages, so it is known by who made it, not by where it was read.
    by_province = ranked["institution"].isin(_BY_PROVINCE)
    ranked = ranked.assign(author=ranked["institution"] + ("/" + ranked["province_code"]).where(by_province, ""))
    # One page may rank provinces and, apart from them, the governments of regencies and provinces.
    of_provinces = ranked["geo_level"] == "province"
    records = [
        record
        for (*key, _), group in ranked.groupby([*KEYS, "list_k", of_provinces], dropna=False, sort=True)
        for record in _rankings_of(dict(zip([*KEYS, "list_k"], key, strict=True)), group, rows)
    ]
    columns = [
        *KEYS, "geo_level", "scope", "list_k", "n_listed", "total", "cut_off", "limit", "usable", "listed",
        "source_ids",
    ]  # fmt: skip
    table = pd.DataFrame(records, columns=columns)
    table.insert(0, "ranking_id", pd.Series([f"L{number:03d}" for number in range(1, len(table) + 1)], dtype="str"))
    return table.astype({"list_k": "float64", "total": "float64", "cut_off": "float64", "limit": "float64"})


def _rankings_of(key: dict[str, object], group: pd.DataFrame, rows: pd.DataFrame) -> Iterator[dict[str, object]]:
    """One list may mix governments of provinces and regencies; each level is bounded by the whole list."""
    for level, entries in group.groupby("geo_level", sort=True):
        if level == "national":
            continue
        provinces = set(entries["province_code"])
        national = level != "regency" or len(provinces) > 1
        scope = "ID" if national else provinces.pop()
        total = _total(key, str(level), scope, rows, set(entries["source_id"]))
        cut_off, limit, usable = _limit(key, group.drop_duplicates(_PLACE), total)
        yield {
            **key, "geo_level": level, "scope": scope, "n_listed": len(group.drop_duplicates(_PLACE)), "total": total,
            "cut_off": cut_off, "limit": limit, "usable": usable, "listed": ";".join(sorted(entries["obs_id"])),
            "source_ids": ";".join(sorted(set(entries["source_id"]))),
        }  # fmt: skip


def _total(key: dict[str, object], level: str, scope: str, rows: pd.DataFrame, pages: set[str]) -> float | None:
    """The total the same institution told for the whole on the same day: on the list's page, else the highest one."""
    whole_level = "province" if level == "regency" and scope != "ID" else "national"
    same = rows["list_kind"].eq("total") & rows["bound"].eq("exact") & rows["geo_level"].eq(whole_level)
    for name in ("institution", "stage", "measure", "election_cycle", "as_of", "count_kind"):
        same &= rows[name] == key[name]
    if scope != "ID":
        same &= rows["province_code"].eq(scope)
    totals = rows[same & rows["as_of"].ne("")]
    on_page = totals[totals["source_id"].isin(pages)]
    values = (totals if on_page.empty else on_page)["value"]
    return None if values.empty else float(values.max())


def _limit(key: dict[str, object], group: pd.DataFrame, total: float | None) -> tuple[float, float | None, str]:
    top = key["list_kind"] != "bottom_k"
    cut_off = float(group["value"].min() if top else group["value"].max())
    if key["institution"] == _LOCAL:
        return cut_off, None, "local"
    length = float(str(key["list_k"]))
    if math.isnan(length):
        return cut_off, None, "no_length"
    if len(group) < length:
        return cut_off, None, "short"
    if (group["bound"] != "exact").any():
        return cut_off, None, "not_exact"
    if not key["as_of"]:
        return cut_off, None, "no_date"
    if key["count_kind"] == "period":
        return cut_off, None, "period"
    if not top or total is None:
        return cut_off, cut_off, "ok"
    rest = total - float(group["value"].sum())
    # A list that adds up to more than its total, or a complete one that adds up to less, may lack entries.
    if rest < 0 or (rest > 0 and key["list_kind"] == "full"):
        return cut_off, None, "total_differs"
    return cut_off, min(cut_off, rest), "ok"


def unlisted_rows(
    rankings: pd.DataFrame, rows: pd.DataFrame, reference: Reference, study: StudyParameters
) -> pd.DataFrame:
    """Censored rows: what the usable rankings say about the regions they leave out.

    Parameters
    ----------
    rankings : pandas.DataFrame
        As :func:`find_rankings` gives them.
    rows : pandas.DataFrame
        Typed rows.
    reference : Reference
    study : StudyParameters

    Returns
    -------
    pandas.DataFrame
        Rows like the published ones with ``origin`` ``unlisted`` and no ``value``; only regions that existed and
        voted. A limit of zero means the list exhausts the published total.
    """
    listed = {str(row.obs_id): (str(row.province_code), str(row.regency_code)) for row in rows.itertuples()}
    records = [
        record
        for ranking in rankings[rankings["usable"] == "ok"].to_dict("records")
        for record in _unlisted_of(ranking, listed, reference, study.study.province_boundaries)
    ]
    table = pd.DataFrame(records, columns=list(OBSERVATION_COLUMNS))
    numbers = {"lower", "upper", "value"}
    return table.astype({name: "float64" if name in numbers else "str" for name in table} | {"n_reports": "int64"})


def _unlisted_of(
    ranking: Mapping[Hashable, object], listed: dict[str, tuple[str, str]], reference: Reference, boundaries: dt.date
) -> Iterator[dict[str, object]]:
    register, calendar = reference.register, reference.calendar
    cycle = calendar.cycles[str(ranking["election_cycle"])]
    day = cycle.polling_day
    named = [listed[obs_id] for obs_id in str(ranking["listed"]).split(";")]
    top = ranking["list_kind"] != "bottom_k"
    limit = float(str(ranking["limit"]))
    shared = {name: ranking[name] for name in KEYS if name not in ("author", "list_kind")}
    for province, regency in _region_universe(ranking, reference, day):
        voted = calendar.voted(regency, province, cycle.name) if regency else _any_voted(province, reference, cycle)
        if (province, regency) in named or not voted:
            continue
        holder = register.parents[regency] if regency else province
        yield {
            **shared,
            "obs_id": f"{ranking['ranking_id']}:{regency or province}",
            "origin": "unlisted", "source_ids": ranking["source_ids"], "n_reports": 1,
            "geo_level": ranking["geo_level"], "province_code": province,
            "unit_code": register.province_on(holder, boundaries), "regency_code": regency,
            "period_start": "", "value": float("nan"), "bound": "at_most" if top else "at_least",
            "lower": 0.0 if top else limit, "upper": limit if top else float("nan"),
            "list_kind": ranking["list_kind"], "ranking_id": ranking["ranking_id"],
        }  # fmt: skip


def _region_universe(
    ranking: Mapping[Hashable, object], reference: Reference, day: dt.date
) -> Iterator[tuple[str, str]]:
    register = reference.register
    if ranking["geo_level"] != "regency":
        if ranking["geo_level"] == "province":
            yield from ((province, "") for province in register.provinces if register.exists(province, day))
        return
    for regency in register.regencies:
        province = register.province_on(register.parents[regency], day)
        if ranking["scope"] in ("ID", province):
            yield province, regency


def _any_voted(province: str, reference: Reference, cycle: Cycle) -> bool:
    inside = reference.register.regencies_of(province, cycle.polling_day)
    return any(reference.calendar.voted(code, province, cycle.name) for code in inside)
