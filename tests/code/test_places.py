"""A name means the region its surroundings say; an event belongs to whom it addresses, not to its venue."""

from __future__ import annotations

import csv
import re

import pytest

from netral_research.code.lexicon import LEXICON

SESSION = "menggelar sosialisasi netralitas ASN, Rabu (26/8/2020)"
GOVERNMENT = {"province": "Pemprov", "kabupaten": "Pemkab", "kota": "Pemkot"}


@pytest.fixture(scope="session")
def placed(read_event):
    def read(text: str) -> tuple[str, str, str]:
        event = read_event(text)
        return event["province"], event["regency"], event["scope"]

    return read


@pytest.fixture(scope="session")
def regions(real_project):
    return {row["code"]: row for row in rows(real_project, "data/reference/regions.csv")}


def rows(project, name):
    with (project.root / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def place_of(regions, code: str) -> tuple[str, str]:
    row = regions[code]
    return (row["name"], "") if row["kind"] == "province" else (regions[row["parent_code"]]["name"], row["name"])


def bare(name: str) -> str:
    return re.sub(r"^(?:Kabupaten|Kota)(?: Administrasi)? ", "", name)


def test_every_region_is_known_by_its_name(placed, regions):
    wrong = []
    for code, row in regions.items():
        for bearer in (f"Bawaslu {row['name']}", f"{GOVERNMENT[row['kind']]} {bare(row['name'])}"):
            found, expected = placed(f"{bearer} {SESSION}.")[:2], place_of(regions, code)
            if found != expected:
                wrong.append((bearer, found, expected))
    assert len(regions) > 500
    assert wrong == []


def test_every_other_name_of_a_region_is_known(placed, regions, real_project):
    """A name of several regions may mean any of them; one that is also an ordinary word is not tried."""
    aliases = rows(real_project, "data/reference/aliases.csv")
    wrong = []
    for row in aliases:
        if re.search(r"\b(?:word|abbr)\b", row["ambiguous_with"]):
            continue
        kind = regions[row["code"]]["kind"]
        meant = {row["code"], *re.findall(r"\d{2}(?:\.\d{2})?", row["ambiguous_with"])}
        of_kind = {code for code in meant if code in regions and regions[code]["kind"] == kind}
        for bearer, codes in ((GOVERNMENT[kind], of_kind), ("Bawaslu", meant & set(regions))):
            found = placed(f"{bearer} {row['alias']} {SESSION}.")[:2]
            if found not in {place_of(regions, code) for code in codes}:
                wrong.append((f"{bearer} {row['alias']}", found, place_of(regions, row["code"])))
    assert len(aliases) > 300
    assert wrong == []


@pytest.mark.parametrize(
    ("bearer", "province", "regency"),
    [
        ("Bawaslu Kabupaten Bogor", "Jawa Barat", "Kabupaten Bogor"),
        ("Bawaslu Kota Bogor", "Jawa Barat", "Kota Bogor"),
        ("Bupati Bogor", "Jawa Barat", "Kabupaten Bogor"),
        ("Wali Kota Bogor", "Jawa Barat", "Kota Bogor"),
        ("Walikota Bogor", "Jawa Barat", "Kota Bogor"),
        ("Bawaslu Provinsi Gorontalo", "Gorontalo", ""),
        ("Bawaslu Kabupaten Gorontalo", "Gorontalo", "Kabupaten Gorontalo"),
        ("Bawaslu Kota Gorontalo", "Gorontalo", "Kota Gorontalo"),
        ("Pemkab Gorontalo", "Gorontalo", "Kabupaten Gorontalo"),
        ("Pemprov Gorontalo", "Gorontalo", ""),
        ("Pemkab Pekalongan", "Jawa Tengah", "Kabupaten Pekalongan"),
        ("Pemkot Pekalongan", "Jawa Tengah", "Kota Pekalongan"),
        ("Gubernur Jambi", "Jambi", ""),
        ("Wali Kota Jambi", "Jambi", "Kota Jambi"),
        ("Bawaslu Kab. Serang", "Banten", "Kabupaten Serang"),
        ("Pemerintah Kota Serang", "Banten", "Kota Serang"),
        ("Bawaslu Sultra", "Sulawesi Tenggara", ""),
        ("Bawaslu 50 Kota", "Sumatera Barat", "Kabupaten Lima Puluh Kota"),
        ("Pemkab Matra", "Sulawesi Barat", "Kabupaten Pasangkayu"),
        ("Pemprov Kalbar", "Kalimantan Barat", ""),
        ("Bawaslu D.I. Yogyakarta", "DI Yogyakarta", ""),
        ("Bawaslu DIY", "DI Yogyakarta", ""),
        ("Pemko Palu", "Sulawesi Tengah", "Kota Palu"),
        ("Pemkot Batu", "Jawa Timur", "Kota Batu"),
        ("Pemkot Metro", "Lampung", "Kota Metro"),
        ("Pemkab Pati", "Jawa Tengah", "Kabupaten Pati"),
        ("Pemkab Malang", "Jawa Timur", "Kabupaten Malang"),
        ("Pemkab Banjar", "Kalimantan Selatan", "Kabupaten Banjar"),
        ("Pemkot Banjar", "Jawa Barat", "Kota Banjar"),
        ("Sekda Barito Kuala", "Kalimantan Selatan", "Kabupaten Barito Kuala"),
    ],
)
def test_the_institution_says_which_region_a_name_means(placed, bearer, province, regency):
    assert placed(f"{bearer} {SESSION}.") == (province, regency, "regency" if regency else "province")


@pytest.mark.parametrize(
    "text",
    [
        "Palu sidang diketuk.", "Batu itu besar.", "Kereta metro lewat.", "Malang tak dapat ditolak.",
        "Mereka serang lawan.", "Pati beras dibagi.", "Ia melempar batu, malang nasibnya.",
    ],
)  # fmt: skip
def test_an_ordinary_word_is_no_place(placed, text):
    assert placed(f"KASN {SESSION}. {text}") == ("", "", "national")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pemkab Sintang {} di tepi Sungai Kapuas.", ("Kalimantan Barat", "Kabupaten Sintang", "regency")),
        ("Pemkab Banjar {} di tepi Sungai Barito.", ("Kalimantan Selatan", "Kabupaten Banjar", "regency")),
        ("Bawaslu Kabupaten Demak {} di Hotel Grand Jakarta.", ("Jawa Tengah", "Kabupaten Demak", "regency")),
        ("Bawaslu Kabupaten Sidoarjo {} di Hotel Surabaya, Kota Malang.",
         ("Jawa Timur", "Kabupaten Sidoarjo", "regency")),
        ("Bawaslu Provinsi Jawa Tengah {} di Kota Semarang.", ("Jawa Tengah", "", "province")),
        ("Bawaslu Kalsel {} di Hotel Banjarmasin.", ("Kalimantan Selatan", "", "province")),
        ("Pemkab Barito Kuala {} di Jalan Diponegoro Kota Banjarmasin.",
         ("Kalimantan Selatan", "Kabupaten Barito Kuala", "regency")),
        ("KASN {} di Jakarta.", ("", "", "national")),
    ],
)  # fmt: skip
def test_the_venue_is_not_the_scope(placed, text, expected):
    assert placed(text.format(SESSION)) == expected


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Bawaslu Kabupaten Demak {} di Kantor Camat Wonosalam.", "district"),
        ("Bawaslu Kabupaten Demak {} di Kecamatan Wonosalam.", "district"),
        ("Bawaslu Kabupaten Demak {} di sebuah hotel di Kecamatan Wonosalam.", "regency"),
        ("Bawaslu {} dalam rapat koordinasi nasional di Jakarta.", "national"),
        ("Jakarta, 2 April 2024 - KASN {} bagi instansi pemerintah.", "national"),
        ("Jaksa Agung {} di Gedung Kejaksaan.", "national"),
    ],
)
def test_whom_a_session_addresses(placed, text, scope):
    assert placed(text.format(SESSION))[2] == scope


def test_people_of_many_regencies_are_addressed_as_the_province(placed):
    text = "Di Kampung Kopi, Kabupaten Semarang, Bawaslu Provinsi Jawa Tengah {} bagi ASN dari 21 pemda."
    assert placed(text.format(SESSION)) == ("Jawa Tengah", "", "province")


def test_what_a_regency_follows_online_is_the_provinces(placed):
    text = "Pj Bupati Demak mengikuti melalui Zoom rakor netralitas ASN yang digelar Pemprov Jawa Tengah, {}."
    assert placed(text.format("Rabu (23/10/2024)"))[2] == "province"


def test_who_joins_a_webinar_of_a_central_body_joins_the_country(placed):
    text = "Pemprov Bengkulu mengikuti webinar netralitas ASN yang diselenggarakan KASN, Selasa (6/2/2024)."
    assert placed(text) == ("Bengkulu", "", "national")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PALU, contoh.id - Pemerintah kota {}.", ("Sulawesi Tengah", "Kota Palu", "regency")),
        ("PALU \u2013 Pemerintah kota {}.", ("Sulawesi Tengah", "Kota Palu", "regency")),
        ("CIBINONG - Pemkab {}.", ("Jawa Barat", "Kabupaten Bogor", "regency")),
        ("DELISERDANG - Pemkab Deliserdang {}.", ("Sumatera Utara", "Kabupaten Deli Serdang", "regency")),
        ("KUALA KURUN - Pemkab {}.", ("Kalimantan Tengah", "Kabupaten Gunung Mas", "regency")),
        ("TIGARAKSA - Pemkab {}.", ("Banten", "Kabupaten Tangerang", "regency")),
        ("JAKARTA - Bawaslu Kabupaten Demak {}.", ("Jawa Tengah", "Kabupaten Demak", "regency")),
        ("Pemerintah daerah {} di Kecamatan Bogor Selatan, Kota Bogor.", ("Jawa Barat", "Kota Bogor", "district")),
    ],
)
def test_dateline_seat_and_district_tell_where(placed, text, expected):
    assert placed(text.format(SESSION)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KASN menggelar sosialisasi netralitas ASN se-Kalsel.", ("Kalimantan Selatan", "", "province")),
        ("Bawaslu RI menggelar sosialisasi netralitas ASN se-Indonesia.", ("", "", "national")),
        ("Panwaslu Kecamatan Palas {}, di Kabupaten Lampung Selatan.",
         ("Lampung", "Kabupaten Lampung Selatan", "district")),
        ("Panwascam Wonosari Kabupaten Gunungkidul {}.", ("DI Yogyakarta", "Kabupaten Gunungkidul", "district")),
        ("Bawaslu Provinsi Jawa Tengah {} di Kabupaten Demak.", ("Jawa Tengah", "Kabupaten Demak", "regency")),
        ("BKD Provinsi Bali {}. Bupati Klungkung bersama sekda ikut serta.", ("Bali", "", "province")),
        ("KOTA SORONG - BKD Provinsi Papua Barat Daya {}.", ("Papua Barat Daya", "", "province")),
        ("BKD Provinsi Bali {}. Warga memilih gubernur serta Bupati Gianyar.", ("Bali", "", "province")),
        ("BKD Provinsi Bali {} menjelang pemilihan bupati dan wakil bupati Gianyar.", ("Bali", "", "province")),
        ("KASN {}. Pj Gubernur Bali hadir di antara para undangan.", ("", "", "national")),
        ("KASN {} bersama Pemerintah Provinsi Jawa Tengah, Jawa Timur, D.I. Yogyakarta, Maluku, dan Maluku Utara.",
         ("Jawa Tengah;Jawa Timur;DI Yogyakarta;Maluku;Maluku Utara", "", "multi_province")),
    ],
)  # fmt: skip
def test_who_is_addressed_is_the_scope(placed, text, expected):
    assert placed(text.format(SESSION)) == expected


def test_provinces_listed_twice_stand_once(placed):
    listed = "Jawa Tengah, Jawa Timur, Maluku"
    text = f"KASN menggelar diskusi netralitas ASN bersama {listed}, {listed}."
    assert placed(text) == ("Jawa Tengah;Jawa Timur;Maluku", "", "multi_province")


def test_seats_that_are_ordinary_words_are_seats_of_the_register(real_project, regions):
    seats = {row["seat"].lower() for row in regions.values()}
    ordinary = {row["phrase"] for row in rows(real_project, LEXICON) if row["list"] == "ordinary_place"}
    assert ordinary <= seats


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Pemkab Demak mengikuti kampanye virtual Gerakan Nasional Netralitas ASN yang diadakan KASN, {}.", "national"),
        (
            "Pemkab Demak mengikuti kampanye virtual Gerakan Nasional Netralitas ASN, {}. Sekda hadir bersama Kepala "  # noqa: ISC004
            "BKPSDM. Kegiatan berjalan lancar. Ketua KASN menyebut netralitas sebagai keharusan.",
            "regency",
        ),
    ],
)  # fmt: skip
def test_a_campaign_that_the_lead_tells_as_the_central_bodys_own_is_national(placed, text, scope):
    assert placed(text.format("Rabu (26/8/2020)"))[2] == scope


def test_a_regency_that_only_elects_is_not_visited(placed):
    text = "Pemprov Kalteng menggelar apel netralitas ASN, Rabu (26/8/2020), menjelang pilbup Kabupaten Kapuas."
    assert placed(text) == ("Kalimantan Tengah", "", "province")
