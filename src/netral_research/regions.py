"""The register of provinces, regencies and cities: names to codes, and which code was valid on which day.

Nothing is matched by guess: a name is in ``regions.csv``, ``aliases.csv`` or ``history.csv``, or it is unknown.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from netral_research.dates import parse_date
from netral_research.errors import nearest_match

_KIND_WORD = re.compile(r"^(Kabupaten|Kota)\s+", re.IGNORECASE)
_KIND_OF_WORD = {"kabupaten": "kabupaten", "kota": "kota"}


@dataclass(frozen=True)
class Split:
    """A province that left another one on a day.

    Parameters
    ----------
    day : datetime.date
    new, old : str
        Province codes.
    old_codes : mapping of str to str
        Code of each moved regency today to its code before.
    """

    day: dt.date
    new: str
    old: str
    old_codes: Mapping[str, str]


class UnknownRegionError(LookupError):
    """A name that the register does not know, or that fits several regions.

    Parameters
    ----------
    name : str
    nearest : str
        The nearest known name, or an empty text.
    """

    def __init__(self, name: str, nearest: str) -> None:
        self.name = name
        self.nearest = nearest
        super().__init__(name)


@dataclass(frozen=True)
class RegionRegister:
    """Regions of today with their names, and how provinces were split.

    Parameters
    ----------
    names : mapping of str to str
        Code to official name, provinces and regencies.
    parents : mapping of str to str
        Regency code to the code of its province today.
    province_names, regency_names : mapping of str to frozenset of str
        Folded name or alias to the codes it can mean.
    splits : tuple of Split
    """

    names: Mapping[str, str]
    parents: Mapping[str, str]
    province_names: Mapping[str, frozenset[str]]
    regency_names: Mapping[str, frozenset[str]]
    splits: tuple[Split, ...]

    @property
    def provinces(self) -> tuple[str, ...]:
        """Codes of all provinces of today, sorted."""
        return tuple(sorted(code for code in self.names if "." not in code))

    @property
    def regencies(self) -> tuple[str, ...]:
        """Codes of all regencies and cities of today, sorted."""
        return tuple(sorted(self.parents))

    def regencies_of(self, province: str, day: dt.date) -> tuple[str, ...]:
        """Today's codes of the regencies that lay in a province on a day."""
        return tuple(code for code in self.regencies if self.province_on(self.parents[code], day) == province)

    def province_on(self, code: str, day: dt.date) -> str:
        """Code of the province that held, on a day, the territory of a province of today.

        Parameters
        ----------
        code : str
            Province code of today.
        day : datetime.date

        Returns
        -------
        str

        Examples
        --------
        >>> split = Split(dt.date(2022, 11, 11), "93", "91", {})
        >>> register = RegionRegister({"91": "Papua", "93": "Papua Selatan"}, {}, {}, {}, (split,))
        >>> register.province_on("93", dt.date(2020, 12, 9)), register.province_on("93", dt.date(2024, 2, 14))
        ('91', '93')
        """
        for split in self.splits:
            if split.new == code and day < split.day:
                return self.province_on(split.old, day)
        return code

    def is_undivided(self, unit: str, boundaries: dt.date, day: dt.date) -> bool:
        """Tell whether a province of an earlier day was still one province on a later one.

        Parameters
        ----------
        unit : str
            Code of a province by the boundaries of the earlier day.
        boundaries, day : datetime.date
            The earlier day and the later one.

        Returns
        -------
        bool
            False once any part has left it: then even a count under its old name speaks of a part only.

        Examples
        --------
        >>> split = Split(dt.date(2022, 11, 11), "93", "91", {})
        >>> register = RegionRegister({"91": "Papua", "93": "Papua Selatan"}, {}, {}, {}, (split,))
        >>> [register.is_undivided("91", dt.date(2020, 12, 9), dt.date(year, 2, 14)) for year in (2021, 2024)]
        [True, False]
        """
        parts = (code for code in self.provinces if self.province_on(code, boundaries) == unit)
        return all(self.province_on(code, day) == unit for code in parts)

    def exists(self, province: str, day: dt.date) -> bool:
        """Tell whether a province of today existed on a day.

        Examples
        --------
        >>> split = Split(dt.date(2022, 11, 11), "93", "91", {})
        >>> register = RegionRegister({"91": "Papua", "93": "Papua Selatan"}, {}, {}, {}, (split,))
        >>> register.exists("93", dt.date(2020, 12, 9))
        False
        """
        return self.province_on(province, day) == province

    def regency_on(self, code: str, day: dt.date) -> str:
        """Code a regency of today had on a day (the splits of Papua renumbered its regencies).

        Examples
        --------
        >>> split = Split(dt.date(2022, 11, 11), "93", "91", {"93.01": "91.01"})
        >>> RegionRegister({}, {"93.01": "93"}, {}, {}, (split,)).regency_on("93.01", dt.date(2020, 12, 9))
        '91.01'
        """
        for split in self.splits:
            if day < split.day and code in split.old_codes:
                return split.old_codes[code]
        return code

    def find_province(self, name: str) -> str:
        """Code of today for a province's name, alias or old name.

        Parameters
        ----------
        name : str

        Returns
        -------
        str

        Raises
        ------
        UnknownRegionError
            If the register has no such province, or several.

        Examples
        --------
        >>> register = RegionRegister({"11": "Aceh"}, {}, {"aceh": frozenset({"11"}), "nad": frozenset({"11"})}, {}, ())
        >>> register.find_province("ACEH"), register.find_province("NAD")
        ('11', '11')
        """
        codes = self.province_names.get(_fold(name), frozenset())
        if len(codes) == 1:
            return next(iter(codes))
        raise UnknownRegionError(name, nearest_match(name, [self.names[code] for code in self.provinces]))

    def find_regency(self, name: str, provinces: frozenset[str]) -> str:
        """Code of today for the name of a regency or city within the given provinces.

        Parameters
        ----------
        name : str
            Official or old name, or an alias behind ``Kabupaten`` or ``Kota``.
        provinces : frozenset of str
            Province codes that may hold it, as they were then or as they are today.

        Returns
        -------
        str

        Raises
        ------
        UnknownRegionError
            If no regency of these provinces has the name, or several have it.

        Examples
        --------
        >>> codes, names = {"bogor": frozenset({"32.01", "32.71"})}, {"32.01": "Bogor", "32.71": "Kota Bogor"}
        >>> register = RegionRegister(names, dict.fromkeys(names, "32"), {}, codes, ())
        >>> [register.find_regency(name, frozenset({"32"})) for name in ("Kota Bogor", "Kabupaten Bogor")]
        ['32.71', '32.01']
        """
        codes = {code for code in self._candidates(name) if self._lies_in(code, provinces)}
        if len(codes) == 1:
            return codes.pop()
        within = [self.names[code] for code in self.regencies if self._lies_in(code, provinces)]
        raise UnknownRegionError(name, nearest_match(name, within))

    def _candidates(self, name: str) -> frozenset[str]:
        exact = self.regency_names.get(_fold(name), frozenset())
        word = _KIND_WORD.match(name)
        if exact or word is None:
            return exact
        kind = _KIND_OF_WORD[word.group(1).casefold()]
        bare = self.regency_names.get(_fold(name[word.end() :]), frozenset())
        return frozenset(code for code in bare if self._kind(code) == kind)

    def _kind(self, code: str) -> str:
        return "kota" if self.names[code].startswith("Kota ") else "kabupaten"

    def _lies_in(self, code: str, provinces: frozenset[str]) -> bool:
        today = self.parents[code]
        ever = {today, *(split.old for split in self.splits if split.new == today)}
        return not ever.isdisjoint(provinces)


def build_register(regions: pd.DataFrame, aliases: pd.DataFrame, history: pd.DataFrame) -> RegionRegister:
    """Build the register from the reference tables.

    Parameters
    ----------
    regions, aliases, history : pandas.DataFrame
        ``data/reference/regions.csv``, ``aliases.csv`` and ``history.csv``, as text.

    Returns
    -------
    RegionRegister
    """
    names = dict(zip(regions["code"], regions["name"], strict=True))
    is_regency = regions["kind"] != "province"
    parents = dict(zip(regions.loc[is_regency, "code"], regions.loc[is_regency, "parent_code"], strict=True))
    spellings = [
        *zip(regions["name"], regions["code"], strict=True),
        *zip(regions["name_decree"], regions["code"], strict=True),
        *zip(aliases["alias"], aliases["code"], strict=True),
        *zip(history["name_old"], history["code_old"].where(history["event_type"] == "rename", ""), strict=True),
    ]
    province_names: dict[str, set[str]] = {}
    regency_names: dict[str, set[str]] = {}
    for spelling, code in spellings:
        if spelling and code in names:
            (regency_names if "." in code else province_names).setdefault(_fold(spelling), set()).add(code)
    return RegionRegister(
        names=names,
        parents=parents,
        province_names={name: frozenset(codes) for name, codes in province_names.items()},
        regency_names={name: frozenset(codes) for name, codes in regency_names.items()},
        splits=_splits(history),
    )


def _splits(history: pd.DataFrame) -> tuple[Split, ...]:
    splits = []
    for row in history[history["event_type"] == "province_split"].itertuples():
        span = parse_date(str(row.date_effective))
        if span is None:
            raise ValueError(f"province split without its day: {row.event_id}")
        moved = str(row.units_moved).split(";")
        before = str(row.units_moved_old_codes).split(";")
        splits.append(
            Split(span.earliest, str(row.code_new), str(row.parent_old), dict(zip(moved, before, strict=True)))
        )
    return tuple(splits)


def _fold(name: str) -> str:
    return re.sub(r"[\s.\-'\u2019]+", " ", name).strip().casefold()
