from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_research.clean.loading import load_reference
from netral_research.errors import nearest_match
from netral_research.files import find_project
from netral_research.regions import UnknownRegionError

BEFORE, AFTER = dt.date(2022, 1, 1), dt.date(2024, 1, 1)


@pytest.fixture(scope="session")
def register(reference):
    return reference.register


@pytest.fixture(scope="session")
def regions(real_project):
    from netral_research.schemas import load_raw

    return load_raw(real_project, "data/reference/regions.csv")


def test_every_official_name_of_a_province_resolves_to_its_own_code(register, regions):
    provinces = regions[regions["kind"] == "province"]
    assert len(provinces) == 38
    found = {
        code: register.find_province(name) for code, name in zip(provinces["code"], provinces["name"], strict=True)
    }
    assert found == dict(zip(provinces["code"], provinces["code"], strict=True))


def test_every_official_name_of_a_regency_resolves_to_its_own_code(register, regions):
    regencies = regions[regions["kind"] != "province"]
    assert len(regencies) == 514
    for row in regencies.itertuples():
        within = frozenset({row.parent_code})
        assert register.find_regency(row.name, within) == row.code
        assert register.find_regency(row.name_decree, within) == row.code


@pytest.mark.parametrize(
    ("written", "code"),
    [("DI Yogyakarta", "34"), ("jawa  tengah", "33"), ("JAWA TENGAH", "33"), ("Kepulauan Riau", "21")],
)
def test_spaces_and_capitals_do_not_matter_in_names(register, written, code):
    assert register.find_province(written) == code


@pytest.mark.parametrize(
    ("name", "province"),
    [
        ("Kabupaten Fakfak", "92"),
        ("Kabupaten Tojo Una-Una", "72"),
        ("Kabupaten Tolitoli", "72"),
        ("Kota Baubau", "74"),
        ("Kota Lubuklinggau", "16"),
        ("Kota Padang Sidempuan", "12"),
        ("Kota Palangka Raya", "62"),
        ("Kota Pangkalpinang", "19"),
        ("Kota Tanjungpinang", "21"),
    ],
)
def test_spellings_known_only_as_aliases_resolve(register, name, province):
    def letters(text):
        return "".join(filter(str.isalpha, text)).casefold()

    code = register.find_regency(name, frozenset({province}))
    assert register.parents[code] == province
    assert letters(register.names[code])[:8] == letters(name)[:8]


def test_an_unknown_name_is_told_with_the_nearest_known_one(register):
    with pytest.raises(UnknownRegionError) as unknown:
        register.find_province("Jawa Tengha")
    assert (unknown.value.name, unknown.value.nearest) == ("Jawa Tengha", "Jawa Tengah")


def test_a_name_is_never_matched_by_guess(register):
    # Pekalongan is a city and a regency: without the word before it nobody knows which.
    with pytest.raises(UnknownRegionError):
        register.find_regency("Pekalongan", frozenset({"33"}))
    with pytest.raises(UnknownRegionError):
        register.find_regency("Kabupaten Pekalongan", frozenset({"35"}))
    kinds = [register.find_regency(f"{word} Pekalongan", frozenset({"33"})) for word in ("Kabupaten", "Kota")]
    assert kinds == ["33.26", "33.75"]


def test_merauke_changes_its_province_on_the_day_of_the_split(register):
    merauke = register.find_regency("Kabupaten Merauke", frozenset({"93"}))
    day = next(split.day for split in register.splits if split.new == "93")
    home = register.parents[merauke]
    assert register.province_on(home, day - dt.timedelta(1)) == "91"
    assert register.province_on(home, day) == "93"
    assert register.find_regency("Kabupaten Merauke", frozenset({"91"})) == merauke
    assert register.regency_on(merauke, day - dt.timedelta(1)) != merauke
    assert register.regency_on(merauke, day) == merauke


def test_thirty_four_provinces_became_thirty_eight(register):
    then = [code for code in register.provinces if register.exists(code, BEFORE)]
    assert (len(then), len([code for code in register.provinces if register.exists(code, AFTER)])) == (34, 38)


@given(st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2035, 12, 31)))
def test_every_regency_lies_in_exactly_one_province_on_every_day(day):
    register = load_register()
    inside = [code for province in register.provinces for code in register.regencies_of(province, day)]
    assert len(inside) == 514
    assert sorted(inside) == list(register.regencies)


@given(
    st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2035, 12, 31)),
    st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2035, 12, 31)),
)
def test_going_back_in_time_merges_provinces_and_never_parts_them(one, two):
    register = load_register()
    earlier, later = sorted([one, two])
    for code in register.provinces:
        then = register.province_on(code, earlier)
        assert register.province_on(then, earlier) == then
        assert register.province_on(register.province_on(code, later), earlier) == then
        assert register.exists(then, earlier)
        assert not register.exists(code, earlier) or register.exists(code, later)


def test_totals_are_equal_before_and_after_mapping_to_older_boundaries(register, real_project):
    from netral_research.schemas import load_raw

    heads = load_raw(real_project, "data/reference/asn_headcount.csv")
    chosen = heads[
        (heads["kind"] == "pns_total") & (heads["as_of"] == "2023-12-31") & heads["code"].isin(register.provinces)
    ]
    numbers = chosen["value"].astype("int64")
    for year in range(2015, 2026):
        mapped = chosen["code"].map(lambda code, year=year: register.province_on(code, dt.date(year, 6, 1)))
        assert numbers.groupby(mapped).sum().sum() == numbers.sum()


def load_register():
    """Hypothesis cannot use fixtures of a test's own scope; the register is small and read once."""
    if not _REGISTER:
        _REGISTER.append(load_reference(find_project()).register)
    return _REGISTER[0]


_REGISTER: list = []


def test_nothing_near_suggests_nothing():
    assert nearest_match("xyz", ["Jawa Tengah", "Bali"]) == ""
    assert nearest_match("", []) == ""
