"""Dates as news writes them are read; what only looks like one is none; a year is never guessed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from netral_research.code.text import cut
from netral_research.code.written_dates import MONTHS, WrittenDate, find_dates, resolve_year
from netral_research.dates import parse_date

SENIN, SELASA, RABU, KAMIS, JUMAT, SABTU, MINGGU = range(7)
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
NAMES = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip


def read(text: str) -> list[tuple[int, int, int]]:
    return [(date.day, date.month, date.year) for date in find_dates(cut(text))]


def only(text: str) -> WrittenDate:
    (date,) = find_dates(cut(text))
    return date


@pytest.mark.parametrize(
    ("text", "day", "weekday"),
    [
        ("Rabu (26/8/2020)", (26, 8, 2020), RABU),
        ("Rabu, (26/08/20)", (26, 8, 2020), RABU),
        ("Rabu (26 /8/ 2020)", (26, 8, 2020), RABU),
        ("Kamis, 15/10", (15, 10, 0), KAMIS),
        ("Kamis,15 Oktober 2020", (15, 10, 2020), KAMIS),
        ("Kamis,15/10", (15, 10, 0), KAMIS),
        ("Kamis (15/10)", (15, 10, 0), KAMIS),
        ("(15/10)", (15, 10, 0), None),
        ("Jum'at (16/10/2020)", (16, 10, 2020), JUMAT),
        ("Jum at (16/10)", (16, 10, 0), JUMAT),
        ("Jumat(16/10)", (16, 10, 0), JUMAT),
        ("Ahad, 11 Oktober 2020", (11, 10, 2020), MINGGU),
        ("Minggu (11/10/2020)", (11, 10, 2020), MINGGU),
        ("Senin 5/10/20", (5, 10, 2020), SENIN),
        ("Senin (7 Oktober 2024)", (7, 10, 2024), SENIN),
        ("Selasa pagi (13/10)", (13, 10, 0), SELASA),
        ("Selasa tanggal 13 Oktober 2020", (13, 10, 2020), SELASA),
        ("SABTU, 10 OKTOBER 2020", (10, 10, 2020), SABTU),
        ("15 Oktober 2020", (15, 10, 2020), None),
        ("tgl. 13 Okt. 2020", (13, 10, 2020), None),
        ("15 Oktober", (15, 10, 0), None),
        ("12 Oktober tahun 2020", (12, 10, 2020), None),
        ("12 Nop 2018", (12, 11, 2018), None),
        ("12 Nopember 2018", (12, 11, 2018), None),
        ("3 Pebruari 2018", (3, 2, 2018), None),
        ("17 Agt 2020", (17, 8, 2020), None),
        ("17 Agust 2020", (17, 8, 2020), None),
        ("17 Ags 2020", (17, 8, 2020), None),
        ("1 Sept 2020", (1, 9, 2020), None),
        ("5 Des 2020", (5, 12, 2020), None),
        ("02/09/2020", (2, 9, 2020), None),
        ("14-10-2024", (14, 10, 2024), None),
        ("14.10.2024", (14, 10, 2024), None),
        ("2024-10-14", (14, 10, 2024), None),
        ("2024/10/14", (14, 10, 2024), None),
        ("29 Februari 2020", (29, 2, 2020), None),
        ("Pebruari 2018", (0, 2, 2018), None),
        ("Oktober 2020", (0, 10, 2020), None),
        ("bulan Oktober tahun 2020", (0, 10, 2020), None),
        ("awal November", (0, 11, 0), None),
    ],
)
def test_a_day_or_a_month_is_read_as_written(text, day, weekday):
    date = only(f"Apel digelar {text} di halaman.")
    assert ((date.day, date.month, date.year), date.weekday) == (day, weekday)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("3-5 November 2020", (3, 11, 2020), (5, 0)),
        ("3-5 Nop", (3, 11, 0), (5, 0)),
        ("3 s/d 5 November 2020", (3, 11, 2020), (5, 0)),
        ("3 s.d. 5 November 2020", (3, 11, 2020), (5, 0)),
        ("3 sampai dengan 5 November 2020", (3, 11, 2020), (5, 0)),
        ("3 hingga 5 November 2020", (3, 11, 2020), (5, 0)),
        ("30 dan 31 Oktober 2024", (30, 10, 2024), (31, 0)),
        ("1-3/10/2024", (1, 10, 2024), (3, 0)),
        ("Selasa-Rabu (13-14/10/2020)", (13, 10, 2020), (14, 0)),
        ("30 September - 2 Oktober 2024", (30, 9, 2024), (2, 10)),
        ("28 Desember 2023 hingga 2 Januari 2024", (28, 12, 2023), (2, 1)),
        ("30 September hingga 2 Oktober 2024", (30, 9, 2024), (2, 10)),
        ("12 Oktober 2020 - 14 Oktober 2020", (12, 10, 2020), (14, 0)),
    ],
)
def test_several_days_are_one_date(text, first, last):
    (date,) = (date for date in find_dates(cut(text)) if date.day)
    assert ((date.day, date.month, date.year), (date.last_day, date.last_month)) == (first, last)


def test_two_days_named_apart_are_two_dates():
    assert read("Kamis (15/10) dan Jumat (16/10)") == [(15, 10, 0), (16, 10, 0)]
    assert read("5 Oktober dan 9 November 2020") == [(5, 10, 2020), (9, 11, 2020)]


@pytest.mark.parametrize(
    ("text", "offset"), [("hari ini", 0), ("tadi pagi", 0), ("kemarin", -1), ("kemarin lusa", -2), ("besok", 1)]
)
def test_days_counted_from_the_page(text, offset):
    assert only(f"Apel digelar {text}.").offset == offset


@pytest.mark.parametrize(
    "text", ["belum lama ini", "baru-baru ini", "beberapa waktu lalu", "pekan lalu", "minggu lalu"]
)
def test_a_vague_day_is_known_to_be_vague(text):
    date = only(f"Apel digelar {text}.")
    assert date.is_vague
    assert (date.day, date.month, date.year) == (0, 0, 0)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Rapat digelar Senin (14/10/2024). Sehari kemudian apel digelar.", (15, 10, 2024)),
        ("Rapat digelar Senin (30/9/2024). Keesokan harinya apel digelar.", (1, 10, 2024)),
        ("Rapat digelar Senin (14/10). Sehari sebelumnya apel digelar.", (13, 10, 0)),
    ],
)
def test_a_day_counted_from_the_one_before_it(text, day):
    date = find_dates(cut(text))[-1]
    assert ((date.day, date.month, date.year), date.counted) == (day, True)


def test_a_following_day_without_one_before_it_is_none():
    assert read("Sehari kemudian apel digelar.") == []


@pytest.mark.parametrize(
    "text",
    [
        "UU 20/2023", "UU Nomor 20/2023", "PP 94/2021", "UU Nomor 5 Tahun 2014", "Nomor: 800/123/BKPSDM",
        "Nomor 100.3.4/4700/SE/2024", "1.010 orang", "TPS 3", "pasal 3/4", "3/4 dari pegawai", "Rp 15.10", "skor 2-1",
        "pukul 10.30", "24/7", "tahun 2045", "3 minggu", "lembar 5/10", "versi 1.10.2", "0812-3456-7890",
        "ditandatangani 5 pegawai", "halaman 12-13", "Mei itu hangat",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(text):
    assert find_dates(cut(f"Disebut {text} tadi.")) == []


@pytest.mark.parametrize(
    "text",
    [
        "29 Februari 2021", "31 April 2020", "32 Mei 2020", "0 Mei 2020", "Rabu (31/11/2020)", "Rabu (13/13/2020)",
        "2020-02-30", "5 Mei 2050", "17 Agustus 1945", "5 Mei 1998",
    ],
)  # fmt: skip
def test_a_day_that_never_was_is_none(text):
    assert [date for date in find_dates(cut(text)) if date.day] == []


@pytest.mark.parametrize("text", ["2024-10-14", "14-10-2024", "14 Oktober 2024", "Senin (14/10/2024"])
def test_a_date_stands_where_it_says(text):
    page = f"Apel digelar {text} di halaman."
    date = only(page)
    assert page[date.start : date.end] == text


@pytest.mark.parametrize(
    "text", ["29 Februari. Sehari kemudian", "31 Desember. Keesokan harinya", "1 Maret. Sehari sebelumnya"]
)
def test_a_day_counted_over_the_end_of_a_month_is_no_exception(text):
    assert len(find_dates(cut(f"Rapat digelar {text} apel digelar."))) == 2


def test_a_page_stamp_is_known_by_its_time():
    assert only("Senin, 14 Oktober 2024 10:30 WIB").stamped
    assert not only("Senin, 14 Oktober 2024").stamped


FORMS = (
    "{weekday} ({d}/{m}/{y})", "{weekday} ({d:02}/{m:02}/{y})", "{weekday}, {d}/{m}/{y}", "{weekday}, {d} {name} {y}",
    "{weekday} ({d} {name} {y})", "{weekday} tanggal {d} {name} {y}", "{weekday} ({d}/{m}/{short:02})",
    "{weekday} siang, {d} {name} {y}", "{weekday} ({d}-{m}-{y})", "{weekday} ({d}.{m}.{y})",
)  # fmt: skip


def written(day: dt.date, form: str, name: str = "") -> str:
    return form.format(
        weekday=DAYS[day.weekday()], d=day.day, m=day.month, y=day.year, short=day.year % 100,
        name=name or NAMES[day.month - 1],
    )  # fmt: skip


@given(st.dates(dt.date(2004, 1, 1), dt.date(2035, 12, 31)), st.sampled_from(FORMS))
def test_any_day_in_any_form_is_read_back(day, form):
    text = f"Apel digelar {written(day, form)} di halaman."
    date = only(text)
    assert (date.day, date.month, date.year, date.weekday) == (day.day, day.month, day.year, day.weekday())
    assert text[date.start : date.end].rstrip(")") == written(day, form).rstrip(")")


@pytest.mark.parametrize("name", sorted(MONTHS))
def test_every_spelling_of_a_month_is_read(name):
    assert read(f"5 {name.title()} 2020") == [(5, MONTHS[name], 2020)]


@given(st.dates(dt.date(2014, 1, 1), dt.date(2026, 12, 31)), st.integers(0, 40))
def test_a_missing_year_is_the_one_of_the_page(day, later):
    date = only(f"{DAYS[day.weekday()]} ({day.day}/{day.month})")
    page = day + dt.timedelta(days=later)
    assert date.year == 0
    assert resolve_year(date, parse_date(page.isoformat()), []) == day.year


@given(st.dates(dt.date(2014, 1, 1), dt.date(2026, 12, 31)), st.sets(st.integers(2014, 2026)))
def test_without_page_and_weekday_a_year_stays_open(day, named):
    date = only(f"{day.day} {NAMES[day.month - 1]}")
    assert resolve_year(date, None, named) == 0
    assert resolve_year(date, None, []) == 0


@given(st.dates(dt.date(2014, 1, 1), dt.date(2026, 12, 31)), st.integers(0, 6), st.sets(st.integers(2014, 2026)))
def test_a_resolved_year_contradicts_the_weekday_only_right_before_the_day_of_the_page(day, weekday, named):
    assume((day.month, day.day) != (2, 29))
    date = only(f"{DAYS[weekday]} ({day.day}/{day.month})")
    for page in (None, parse_date((day + dt.timedelta(days=6)).isoformat()), parse_date(str(day.year))):
        year = resolve_year(date, page, named)
        assert year == 0 or dt.date(year, day.month, day.day).weekday() == weekday
    assert resolve_year(date, parse_date(day.isoformat()), named) == day.year


@pytest.mark.parametrize(
    ("text", "page", "named", "year"),
    [
        ("Rabu (4/11)", "2020", (), 2020),
        ("Rabu (4/11)", "2020-11-05", (), 2020),
        ("4 November", "2020-11-05", (), 2020),
        ("28 Desember", "2021-01-03", (), 2020),
        ("Senin (28/12)", "2021-01-03", (), 2020),
        ("Rabu (4/11)", "", (2020,), 2020),
        ("Rabu (4/11)", "", (2019, 2020), 2020),
        ("Rabu (4/11)", "", (), 0),
        ("Jumat (4/11)", "2020-11-05", (), 2020),  # a slip of the weekday: no page tells news of another year
        ("Jumat (4/11)", "2020-11-20", (), 0),
        ("Jumat (4/11)", "", (2020,), 0),
        ("4 November", "", (2020,), 0),
        ("29 Februari", "2021-03-01", (), 2020),
    ],
)
def test_a_year_comes_from_the_page_or_the_weekday_or_not_at_all(text, page, named, year):
    assert resolve_year(only(text), parse_date(page) if page else None, named) == year


def test_three_days_in_a_list_are_one_date():
    (date,) = find_dates(cut("1, 2 dan 3 Oktober 2020"))
    assert ((date.day, date.month, date.year), date.last_day) == ((1, 10, 2020), 3)


def test_a_day_and_time_within_prose_is_no_date_of_the_page():
    (date,) = find_dates(cut("Acara digelar pada Senin, 14 Oktober 2024, pukul 08.00 WIB di aula."))
    assert not date.stamped


def test_a_day_and_time_in_a_line_of_its_own_is_the_date_of_the_page():
    (date,) = find_dates(cut("Senin, 14 Oktober 2024 | 08:00 WIB\nBawaslu menggelar sosialisasi."))
    assert date.stamped
