"""Denominators: how many civil servants work in a province, and how many contests it held."""

from __future__ import annotations

import pandas as pd

from netral_research.clean.loading import Reference
from netral_research.errors import DataError, Problem
from netral_research.study import StudyParameters

HEADCOUNT = "data/reference/asn_headcount.csv"


def unit_headcounts(headcounts: pd.DataFrame, study: StudyParameters, reference: Reference) -> pd.DataFrame:
    """Civil servants of each unit of comparison, on the study's day.

    Parameters
    ----------
    headcounts : pandas.DataFrame
        ``data/reference/asn_headcount.csv`` as text.
    study : StudyParameters
    reference : Reference

    Returns
    -------
    pandas.DataFrame
        ``unit_code``, ``headcount`` (persons), ``headcount_as_of``, ``headcount_filled`` (``published``, or
        ``sum_of_parts`` where later splits were merged back) and ``headcount_parts`` (codes).

    Raises
    ------
    DataError
        If a province has no headcount of that kind and day, or two different ones.

    Examples
    --------
    >>> from datetime import date
    >>> from netral_research.elections import ElectionCalendar
    >>> from netral_research.regions import RegionRegister, Split
    >>> from netral_research.study import HeadcountSection, StudySection
    >>> split = Split(date(2022, 11, 11), "93", "91", {})
    >>> register = RegionRegister({"91": "Papua", "93": "Papua Selatan"}, {}, {}, {}, (split,))
    >>> study = StudyParameters.model_construct(
    ...     study=StudySection(name="demo", cycles=("pilkada_2020",), province_boundaries=date(2020, 12, 9)),
    ...     headcount=HeadcountSection(kind="pns_total", as_of=date(2023, 12, 31)))
    >>> told = pd.DataFrame({"code": ["91", "93"], "kind": "pns_total", "as_of": "2023-12-31", "value": ["500", "300"]})
    >>> units = unit_headcounts(told, study, Reference(register, ElectionCalendar({}, {})))
    >>> units[["unit_code", "headcount", "headcount_filled"]].to_numpy().tolist()
    [['91', 800, 'sum_of_parts']]
    """
    chosen = headcounts[
        (headcounts["kind"] == study.headcount.kind) & (headcounts["as_of"] == study.headcount.as_of.isoformat())
    ]
    register = reference.register
    rows = []
    problems = []
    for code in register.provinces:
        values = chosen.loc[chosen["code"] == code, "value"].unique()
        if len(values) != 1:
            fields = {"day": study.headcount.as_of.isoformat(), "kind": study.headcount.kind, "found": str(len(values))}
            problems.append(Problem("headcount", HEADCOUNT, column="code", value=code, fields=fields))
            continue
        rows.append((register.province_on(code, study.study.province_boundaries), code, int(values[0])))
    if problems:
        raise DataError(problems)
    parts = pd.DataFrame(rows, columns=["unit_code", "code", "value"])
    units = parts.groupby("unit_code", as_index=False).agg(
        headcount=("value", "sum"), headcount_parts=("code", ";".join)
    )
    several = units["headcount_parts"].str.contains(";")
    return units.assign(
        headcount_as_of=study.headcount.as_of.isoformat(),
        headcount_filled=several.map({True: "sum_of_parts", False: "published"}).astype("str"),
    )


def contests_held(study: StudyParameters, reference: Reference) -> pd.DataFrame:
    """Whether a unit existed and voted in each cycle, and in how many contests.

    Parameters
    ----------
    study : StudyParameters
    reference : Reference

    Returns
    -------
    pandas.DataFrame
        One row a unit and cycle: ``existed`` on polling day, ``voted``, ``contests`` (governor, regent and mayor
        elections of a Pilkada; 0 in a general election) and ``regencies_voting``.

    Examples
    --------
    >>> from datetime import date
    >>> from netral_research.elections import Cycle, ElectionCalendar
    >>> from netral_research.regions import RegionRegister
    >>> from netral_research.study import StudySection
    >>> register = RegionRegister({"11": "Aceh", "11.01": "Aceh Selatan"}, {"11.01": "11"}, {}, {}, ())
    >>> cycle = Cycle("pilkada_2020", True, date(2020, 12, 9), date(2020, 9, 26), date(2019, 4, 17))
    >>> calendar = ElectionCalendar({"pilkada_2020": cycle}, {"pilkada_2020": frozenset({"11.01"})})
    >>> section = StudySection(name="demo", cycles=("pilkada_2020",), province_boundaries=date(2020, 12, 9))
    >>> held = contests_held(StudyParameters.model_construct(study=section), Reference(register, calendar))
    >>> held[["unit_code", "voted", "contests", "regencies_voting"]].to_numpy().tolist()
    [['11', True, 1, 1]]
    """
    register, calendar = reference.register, reference.calendar
    boundaries = study.study.province_boundaries
    units = sorted({register.province_on(code, boundaries) for code in register.provinces})
    rows = []
    for cycle in (calendar.cycles[name] for name in study.study.cycles):
        contests = calendar.contests.get(cycle.name, frozenset()) if cycle.local else frozenset()
        for unit in units:
            inside = [
                code for code in register.regencies if register.province_on(register.parents[code], boundaries) == unit
            ]
            voting = [
                code
                for code in inside
                if calendar.voted(code, register.province_on(register.parents[code], cycle.polling_day), cycle.name)
            ]
            held = [code for code in contests if code in inside or _unit_of(code, reference, study) == unit]
            existed = register.exists(unit, cycle.polling_day)
            rows.append((unit, cycle.name, existed, existed and bool(voting), len(held), len(voting)))
    columns = ["unit_code", "election_cycle", "existed", "voted", "contests", "regencies_voting"]
    return pd.DataFrame(rows, columns=columns)


def _unit_of(code: str, reference: Reference, study: StudyParameters) -> str:
    return "" if "." in code else reference.register.province_on(code, study.study.province_boundaries)
