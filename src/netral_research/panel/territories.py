"""What a unit of comparison was made of on polling day, and the limits of its counts from those of its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from netral_research.clean.loading import Reference
from netral_research.panel.outcome import NOTHING, Limits, add_up, combine_parts, rows_by_region
from netral_research.study import StudyParameters

Rows = Sequence[dict[str, object]]
Groups = Mapping[tuple[str, ...], Rows]
# Provinces with their regencies.
Territory = dict[str, tuple[str, ...]]


def find_territories(study: StudyParameters, reference: Reference) -> dict[tuple[str, str], Territory]:
    """Find the provinces that made up each unit on polling day, with their regencies.

    Parameters
    ----------
    study : StudyParameters
    reference : Reference

    Returns
    -------
    dict
        By unit and cycle.

    Examples
    --------
    >>> from datetime import date
    >>> from netral_research.elections import Cycle, ElectionCalendar
    >>> from netral_research.regions import RegionRegister, Split
    >>> from netral_research.study import StudySection
    >>> split = Split(date(2022, 11, 11), "93", "91", {"93.01": "91.01"})
    >>> register = RegionRegister({"91": "Papua", "93": "Papua Selatan"}, {"93.01": "93"}, {}, {}, (split,))
    >>> cycle = Cycle("pemilu_2024", False, date(2024, 2, 14), date(2023, 11, 28), date(2020, 12, 9))
    >>> section = StudySection(name="demo", cycles=("pemilu_2024",), province_boundaries=date(2020, 12, 9))
    >>> reference = Reference(register, ElectionCalendar({"pemilu_2024": cycle}, {}))
    >>> find_territories(StudyParameters.model_construct(study=section), reference)
    {('91', 'pemilu_2024'): {'91': (), '93': ('93.01',)}}
    """
    register = reference.register
    found: dict[tuple[str, str], Territory] = {}
    for cycle in study.study.cycles:
        polling = reference.calendar.cycles[cycle].polling_day
        for code in register.provinces:
            cell = register.province_on(code, study.study.province_boundaries), cycle
            province = register.province_on(code, polling)
            if province not in found.setdefault(cell, {}):
                found[cell][province] = register.regencies_of(province, polling)
    return found


def unit_limits(
    territory: Territory, cell_key: tuple[str, ...], groups: tuple[Groups, Groups], judge: Callable[[Rows], Limits]
) -> Limits:
    """Limits of a unit: the sum of its provinces of that day, each raised to the sum of its regencies.

    Parameters
    ----------
    territory : dict
        The unit's provinces with their regencies.
    cell_key : tuple of str
        Cycle, institution group, stage and measure.
    groups : tuple
        Clean rows by province and by regency, as :func:`group_by_level` gives them.
    judge : callable
        Limits from the rows of one region.

    Returns
    -------
    Limits

    Examples
    --------
    >>> key = ("pilkada_2020", "kasn", "alleged", "cases")
    >>> rows = {(*key, "91.01"): [{"lower": 4.0}], (*key, "91.02"): [{"lower": 2.0}]}
    >>> unit_limits(
    ...     {"91": ("91.01", "91.02")}, key, ({}, rows), lambda told: Limits(told[0]["lower"], 9.0, True, False, ())
    ... ).lower
    6.0
    """

    def told(level: Groups, region: str) -> Limits:
        rows = level.get((*cell_key, region))
        return judge(rows) if rows else NOTHING

    parts = []
    for province, regencies in territory.items():
        inside = [told(groups[1], code) for code in regencies]
        parts.append(combine_parts(told(groups[0], province), (part for part in inside if part.published)))
    return add_up(parts)


def group_by_level(violations: pd.DataFrame) -> tuple[Groups, Groups]:
    """Group clean rows by province and by regency.

    Parameters
    ----------
    violations : pandas.DataFrame

    Returns
    -------
    tuple
        As :func:`netral_research.panel.outcome.rows_by_region` groups them.

    Examples
    --------
    >>> row = {"election_cycle": "pilkada_2020", "institution_group": "kasn", "stage": "alleged", "measure": "cases",
    ...        "geo_level": "province", "province_code": "11", "regency_code": ""}
    >>> provinces, regencies = group_by_level(pd.DataFrame([row]))
    >>> list(provinces), list(regencies)
    ([('pilkada_2020', 'kasn', 'alleged', 'cases', '11')], [])
    """
    return (
        rows_by_region(violations, "province", "province_code"),
        rows_by_region(violations, "regency", "regency_code"),
    )
