"""The event's date is taken, never that of polling, of a decree, of a page or of another event."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from netral_research.articles import Article

SESSION = "Bawaslu Kabupaten Bogor menggelar sosialisasi netralitas ASN"
CIRCULAR = "Bupati Bogor menerbitkan Surat Edaran Nomor"


@pytest.fixture(scope="session")
def dated(read_event):
    def read(text: str, published: str = "") -> tuple[str, str, str]:
        event = read_event(text, published)
        return event["date_start"], event["date_end"], event["date_precision"]

    return read


def day(start: str, end: str = "") -> tuple[str, str, str]:
    return start, end, "day"


NOT_KNOWN = ("", "", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}, Rabu (26/8/2020).", day("2020-08-26")),
        ("{} pada 15 Oktober 2020.", day("2020-10-15")),
        ("Pada Kamis (9/11/2023), {} bagi camat.", day("2023-11-09")),
        ("{} pada 3-5 November 2020.", day("2020-11-03", "2020-11-05")),
        ("{} pada 30 September - 2 Oktober 2024.", day("2024-09-30", "2024-10-02")),
        ("{} pada Oktober 2020.", ("2020-10", "", "month")),
        ("{} pada Pebruari 2018.", ("2018-02", "", "month")),
        ("{} Pilkada 2020, Rabu (26/8).", day("2020-08-26")),
        ("{}.", NOT_KNOWN),
    ],
)
def test_the_day_of_the_event_as_the_text_says(dated, text, expected):
    assert dated(text.format(SESSION)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{} untuk Pilkada 27 November 2024.", NOT_KNOWN),
        ("{} untuk Pemilu 14 Februari 2024, Kamis (9/11/2023).", day("2023-11-09")),
        ("{} menjelang Pilkada 27 November 2024, Rabu (9/10/2024).", day("2024-10-09")),
        ("{} menjelang pemungutan suara Rabu, 27 November 2024. Acara digelar Selasa (8/10/2024).", day("2024-10-08")),
        ("{} menjelang Pilkada November 2024.", NOT_KNOWN),
        ("{} bagi camat. Pada 22 September 2024 KPU akan menetapkan pasangan calon.", NOT_KNOWN),
        ("{} berdasarkan SKB tanggal 22 September 2022.", NOT_KNOWN),
        ("{}, Rabu (9/10/2024), berdasarkan SKB tanggal 22 September 2022.", day("2024-10-09")),
        ("{} selama masa kampanye 25 September 2024.", NOT_KNOWN),
        ("{} menjelang calon ditetapkan 24 Agustus 2020 mendatang, Senin (10/8/2020).", day("2020-08-10")),
        ("{} bagi camat.\nSekda meninjau jembatan, Selasa (3/9/2024). (Foto: Humas)\nAcara dibuka Sekda.", NOT_KNOWN),
        ("{}. Baca juga: Apel di Kota Palu, Senin 5 Agustus 2019. Acara dibuka Sekda.", NOT_KNOWN),
    ],
)
def test_the_date_of_something_else_is_not_taken(dated, text, expected):
    assert dated(text.format(SESSION)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{} 800/2185/BKPSDM/IX/2024 tentang netralitas ASN.", ("2024-09", "", "month")),
        ("{} 800/2185/BKPSDM tanggal 5 September 2024 tentang netralitas ASN.", day("2024-09-05")),
        ("{} 800/2185/BKPSDM/IX/2024 tertanggal 5 September 2024 tentang netralitas ASN.", day("2024-09-05")),
        ("{} 800/21 tanggal 5 September 2024 tentang netralitas ASN, kata Sekda, Rabu (11/9/2024).", day("2024-09-05")),
        ("{} 800/21 tentang netralitas ASN. Ia mengatakan hal itu, Rabu (11/9/2024).", ("2024-09", "", "month")),
        ("{} 800/21 tentang netralitas ASN. Hal itu dikatakan Sekda, Rabu (11/9/2024).", ("2024-09", "", "month")),
    ],
)
def test_a_circular_bears_its_own_date(dated, text, expected):
    assert dated(text.format(CIRCULAR)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}, sebagaimana diberitakan Kamis (10/10/2024).", ("2024-10", "", "month")),
        ("Diberitakan Kamis (10/10/2024), {}.", ("2024-10", "", "month")),
    ],
)
def test_the_day_of_publication_gives_the_month_only(dated, text, expected):
    assert dated(text.format(SESSION)) == expected


@pytest.mark.parametrize(
    "spoken",
    ["dikatakan ketuanya", "disampaikan ketuanya saat ditemui di kantornya", "diungkapkan ketuanya kepada wartawan"],
)
def test_what_was_said_after_the_event_gives_the_year_only(dated, spoken):
    text = f"Bawaslu Kabupaten Bogor telah menggelar sosialisasi netralitas ASN. Hal itu {spoken}, Rabu (26/8/2020)."
    assert dated(text) == ("2020", "", "year")


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("{}, Rabu (26/8).", "2020-08-27", day("2020-08-26")),
        ("{}, Rabu (26/8).", "2020", day("2020-08-26")),
        ("{}, Senin (28/12).", "2021-01-02", day("2020-12-28")),
        ("{}, Rabu (26/8).", "", NOT_KNOWN),
        ("{}, Kamis (26/8).", "2020-08-27", day("2020-08-26")),
        ("{}, Kamis (26/8).", "2020-09-17", NOT_KNOWN),
        ("{} pada 26 Agustus.", "", NOT_KNOWN),
        ("{}, 12 Oktober tahun 2019.", "2020-11-01", day("2019-10-12")),
        ("{}, Rabu (26/8/2020).", "2020-08-27", day("2020-08-26")),
        ("{} kemarin.", "2024-09-05", day("2024-09-04")),
        ("{} kemarin.", "2024-10-01", day("2024-09-30")),
        ("{} kemarin.", "2024-09", ("2024-09", "", "month")),
        ("{} kemarin.", "", NOT_KNOWN),
        ("{} hari ini.", "2024-09-05", day("2024-09-05")),
        ("{}, Selasa lalu.", "2024-09-05", day("2024-09-03")),
        ("{} belum lama ini.", "2024-09-05", ("2024", "", "year")),
        ("{} belum lama ini.", "2024", ("2024", "", "year")),
        ("{} belum lama ini.", "", NOT_KNOWN),
        ("{}.", "2024-09-05", day("2024-09-05")),
        ("{}.", "2024-09", ("2024-09", "", "month")),
        ("{}.", "2024", ("2024", "", "year")),
    ],
)
def test_the_page_says_what_the_text_leaves_open(dated, text, published, expected):
    assert dated(text.format(SESSION), published) == expected


@pytest.mark.parametrize("published", ["", "2024", "2024-10-16", "2024-12-01"])
@pytest.mark.parametrize(
    "when",
    [
        "pada Senin, 14 Oktober 2024, pukul 08.00 WIB,", "pada Senin, 14 Oktober 2024 pukul 08.00 WIB",
        "Senin (14/10/2024) pukul 08.00 WIB",
    ],
)  # fmt: skip
def test_a_day_with_a_time_within_a_sentence_is_no_stamp_of_the_page(dated, when, published):
    assert dated(f"{SESSION} {when} di alun-alun.", published) == day("2024-10-14")


def test_a_day_of_another_century_is_not_given_the_year_of_the_page(dated):
    assert dated(f"{SESSION} pada 17 Agustus 1998.", "2020-09-01")[0] != "2020-08-17"


def test_a_day_taken_from_the_page_says_so(coder):
    cell = coder.code(Article("T1", f"{SESSION}.", "2024-09-05")).events[0].cells["date_start"]
    assert (cell.reason, cell.confidence, cell.evidence) == ("page_day", "low", ())


def test_the_address_and_the_stamp_of_a_page_tell_its_day(coder, dated):
    article = Article("T1", f"{SESSION}, Rabu (26/8).", url="https://contoh.id/2020/08/27/sosialisasi")
    assert coder.code(article).events[0].cells["date_start"].value == "2020-08-26"
    assert dated(f"Kamis, 27 Agustus 2020 10:30 WIB\n\n{SESSION} kemarin.") == day("2020-08-26")


NAMES = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
FORMS = ("{weekday} ({d}/{m}/{y})", "{weekday}, {d} {name} {y}", "{weekday} ({d} {name} {y})", "{d} {name} {y}")


def written(when: dt.date, form: str) -> str:
    return form.format(
        weekday=WEEKDAYS[when.weekday()], d=when.day, m=when.month, y=when.year, name=NAMES[when.month - 1]
    )


@pytest.fixture(scope="session")
def taken(coder):
    """Days that are those of polling or of a law."""
    laws = {dt.date.fromisoformat(day) for day in coder.registers.laws.values() if len(day) == 10}
    return laws | {cycle.polling_day for cycle in coder.registers.calendar.cycles.values()}


@given(st.dates(dt.date(2014, 1, 1), dt.date(2026, 12, 31)), st.sampled_from(FORMS), st.sampled_from(["", "2026"]))
def test_any_day_of_an_event_is_taken_as_written(dated, taken, when, form, published):
    assume(when not in taken)
    assert dated(f"{SESSION}, {written(when, form)}, di aula.", published) == day(when.isoformat())


@given(st.dates(dt.date(2014, 1, 1), dt.date(2026, 12, 31)), st.sampled_from(["", " Pilkada 2020", " Pemilu 2024"]))
def test_a_day_without_a_year_is_never_given_one(dated, when, election):
    assert dated(f"{SESSION}{election} pada {when.day} {NAMES[when.month - 1]}.") == NOT_KNOWN


def test_the_begin_of_the_campaign_is_no_day_of_the_event(read_event):
    event = read_event(f"{SESSION}. Masa kampanye dimulai 25 September 2024.")
    assert event["date_start"] == ""


@pytest.mark.parametrize("published", ["2024-09", "2024-09-05"])
def test_a_vague_day_has_the_year_of_the_page_at_most(read_event, published):
    assert read_event(f"{SESSION} belum lama ini.", published)["date_start"] == "2024"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tiga hari sebelum pencoblosan pilkada serentak 27 Juni 2018, {}.", day("2018-06-24")),
        ("Sehari sebelum masa kampanye yang dimulai 28 November 2023, {}.", day("2023-11-27")),
        ("{} dua hari setelah pemungutan suara 17 April 2019.", day("2019-04-19")),
        ("Dua hari sebelum pencoblosan, Senin (25/11/2024), {}.", day("2024-11-25")),
        ("{}. Surat dikirim paling lambat tiga hari sebelum 27 November 2024.", NOT_KNOWN),
    ],
)
def test_a_day_is_counted_from_the_one_named_behind_it(dated, text, expected):
    assert dated(text.format(SESSION)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}, Kamis. Sampai Kamis (5/9/2024) siang suasana aman.", day("2024-09-05")),
        ("{}, Kamis. Sampai Kamis (5/9) siang suasana Pilkada 2024 aman.", day("2024-09-05")),
        ("{}, Senin. Pencoblosan digelar Rabu, 27 November 2024.", NOT_KNOWN),
        ("{} pada Rabu kemarin. Ketua di Cibinong, Kamis (30/11/2023), mengatakan camat hadir.", day("2023-11-29")),
    ],
)
def test_a_bare_weekday_counts_from_the_day_of_telling(dated, text, expected):
    assert dated(text.format(SESSION)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Surat imbauan netralitas ASN dibagikan Bawaslu Bogor sejak Rabu (22/1/2020).", day("2020-01-22")),
        ("Penandatanganan pakta integritas ASN netral Pemkab Bogor dimulai sejak 17 Mei 2023.", day("2023-05-17")),
        ("{}. Sejak 17 November 2023 sembilan pegawai diperiksa.", NOT_KNOWN),
        ("{}. Desember 2019 lembaganya telah menyurati bupati.", NOT_KNOWN),
        ("Pada hari pertama pendaftaran bakal calon, 27 Agustus 2024, {}.", day("2024-08-27")),
    ],
)
def test_where_a_period_begins_may_be_the_day_of_the_event(dated, text, expected):
    assert dated(text.format(SESSION)) == expected


def test_the_day_of_a_decree_is_none_of_a_statement_even_with_its_weekday(dated):
    text = "SKB tentang netralitas ASN diteken Kamis (10/9/2020). Bupati Bogor mengimbau ASN netral, Sabtu (12/9/2020)."
    assert dated(text) == day("2020-09-12")


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        # 14 February is a Wednesday in 2018 and on polling day in 2024, among the years that end with a pilkada
        ("{} untuk Pilkada, Rabu (14/2).", "", day("2018-02-14")),
        ("{} untuk Pilkada, Rabu (14/2).", "2021", NOT_KNOWN),
        ("{}, Rabu (14/2).", "", NOT_KNOWN),
        ("{} untuk Pilkada, Selasa (15/10).", "", day("2024-10-15")),
        ("{} untuk Pilkada, Senin (7/9).", "", NOT_KNOWN),  # in 2015 and in 2020
        ("{} menghadapi Pemilu 2024, Jumat (19/5/2024).", "", day("2023-05-19")),
        ("{} menghadapi Pilkada 2024, Jumat (19/5/2024).", "", day("2024-05-19")),
        ("{}, Senin (8/1/2023).", "2024-01-09", day("2024-01-08")),
        ("{} menghadapi Pemilu 2024, Rabu (31/1/2023).", "", day("2024-01-31")),
        ("{} menghadapi Pemilu 2024, Kamis (31/8/2022).", "", day("2022-08-31")),
        ("{}, Senin (7/12). Pencoblosan berlangsung Rabu, 9 Desember 2015.", "", day("2015-12-07")),
        ("{}, Senin (9/1/2024).", "2024-01-10", day("2024-01-09")),
    ],
)
def test_a_weekday_settles_or_mends_the_year(dated, text, published, expected):
    assert dated(text.format(SESSION), published) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [("26 Tahun 2024", ("2024", "", "year")), ("SE-800/359/BKPSDM/2019", ("2019", "", "year")), ("800/359", NOT_KNOWN)],
)
def test_the_number_of_an_undated_circular_bears_its_year(dated, number, expected):
    assert dated(f"{CIRCULAR} {number} tentang netralitas ASN.") == expected


@pytest.mark.parametrize(
    "stamp", ["Kamis, 27 Agustus 2020", "2020-08-27", "Agustus 27, 2020", "August 27, 2020", "27 Agustus 2020 Admin"]
)
def test_a_date_that_stands_alone_in_its_line_is_the_pages_own(dated, stamp):
    assert dated(f"{stamp}\n\n{SESSION} kemarin.") == day("2020-08-26")


def test_a_month_that_stands_alone_in_its_line_is_the_pages_own(dated):
    assert dated(f"Kabar Demak - September 2024\n\n{SESSION}. Acara itu ditutup Jumat (6/9).") == day("2024-09-06")
