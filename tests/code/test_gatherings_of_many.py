"""Events that one region tells of and another holds, sessions to come, and reminders given at a session."""

from __future__ import annotations

import pytest

from netral_research.articles import Article

DAY = "Senin (14/10/2024)"


@pytest.fixture(scope="session")
def event(coder):
    def read(text: str, published: str = "") -> dict[str, str]:
        coded = coder.code(Article("T1", text, published=published))
        return {name: cell.value for name, cell in coded.events[0].cells.items()}

    return read


@pytest.mark.parametrize(
    "heads",
    [
        "para kepala daerah se-Sumatera Utara",
        "seluruh Bupati/Walikota se-Sumatera Utara",
        "segenap bupati dan wali kota se Sumatera Utara",
    ],
)
def test_heads_of_regencies_that_pledge_together_are_gathered_by_their_province(event, heads):
    text = (
        f"Bupati Karo bersama {heads} meneken pakta integritas netralitas ASN di rumah dinas gubernur, {DAY}. Gubernur "
        "Sumatera Utara memimpin penandatanganan itu."
    )
    read = event(text)
    assert (read["province"], read["regency"], read["scope"], read["organiser"]) == (
        "Sumatera Utara", "", "province", "pemprov"
    )  # fmt: skip


def test_subdistrict_heads_of_a_whole_city_hold_nothing(event):
    text = (
        f"Camat dan Lurah se-Kota Bima meneken deklarasi netralitas ASN, {DAY}. Pj Wali Kota Bima mengawali "
        "penandatanganan."
    )
    read = event(text)
    assert (read["scope"], read["organiser"]) == ("regency", "pemkab_pemkot")


def test_what_a_central_body_holds_for_all_is_national_whoever_tells_of_it(event):
    text = (
        "Pejabat Pemkab Jember menyimak webinar netralitas ASN yang diadakan KASN, Jumat (20/11/2020). ASN Jember "
        "harus netral pada Pilkada 2020."
    )
    assert event(text)["scope"] == "national"
    assert event(text)["regency"]


def test_a_governor_who_reminds_the_staff_of_a_city_addresses_the_city(event):
    text = f"Gubernur Sulawesi Selatan mengingatkan seluruh PNS Pemerintah Kota Makassar agar netral, {DAY}."
    assert (event(text)["regency"], event(text)["scope"]) == ("Kota Makassar", "regency")


@pytest.mark.parametrize(
    ("before", "scope"),
    [("untuk penanganan Covid 19 Kabupaten Bengkalis", "regency"), ("dari 19 kabupaten", "province")],
)
def test_a_number_before_a_regency_by_name_counts_no_regencies(event, before, scope):
    text = f"ASN BPBD mengucapkan ikrar netralitas di ruang rapat {before}, Riau, {DAY}. Kepala BPBD Bengkalis hadir."
    assert event(text)["scope"] == scope


def test_a_reminder_given_at_a_session_for_neutrality_is_told_of_the_session(event):
    text = (
        "ASN diingatkan Sekda Pemkab Kutai Kartanegara agar netral pada Pemilu 2024. Ia tak henti mengingatkan ASN. "
        'Sekda menyampaikannya pada "Sosialisasi Netralitas ASN" yang diadakan Bawaslu Kutai Kartanegara, Jumat '
        "(14/7/2023)."
    )
    read = event(text)
    assert (read["event_type"], read["organiser"]) == ("sosialisasi", "bawaslu_kabkota")


def test_a_session_to_come_has_the_day_it_is_to_be_held_on_and_no_mode(event):
    text = (
        "Pada 28 September mendatang Bawaslu Jeneponto berencana mengadakan sosialisasi netralitas ASN. Ditemui di "
        "kantornya, Kamis (22/9/2022), ketua menyebut narasumbernya."
    )
    read = event(text, "2022-09-22")
    assert (read["event_type"], read["date_start"], read["mode"]) == ("sosialisasi", "2022-09-28", "unknown")


def test_a_circular_to_come_is_no_event(event):
    text = (
        f"Bawaslu Pasaman menemui Pjs Bupati di rumah dinasnya, {DAY}, untuk berkoordinasi menjaga netralitas ASN. "
        "Pjs Bupati akan mengeluarkan surat edaran netralitas."
    )
    read = event(text)
    assert (read["event_type"], read["legal_basis"]) == ("rapat_koordinasi", "")


def test_each_civil_servant_is_no_habit(event):
    text = (
        "Bupati Sumba Timur menegaskan setiap ASN wajib menjunjung netralitas selama Pilkada, Selasa 17 September 2024."
    )
    assert event(text)["event_type"] == "imbauan_langsung"


@pytest.mark.parametrize(
    "office", ["Koordinator Divisi Pengawasan dan Sosialisasi, Bawaslu NTT", "Ketua Divisi Sosialisasi Bawaslu NTT"]
)
def test_an_office_named_for_sosialisasi_is_no_session(coder, office):
    text = f'"Lima kasus netralitas ASN diteruskan ke Komisi ASN," kata {office}, Kamis (5/3/2020).'
    assert coder.code(Article("T1", text)).events == ()


def test_a_demand_on_an_authority_is_no_reminder(coder):
    text = (
        "Bawaslu Ngawi diminta menindak ASN yang tak netral dalam Pemilu 2024. Oknum pejabat diduga mendukung calon; "
        "pelanggaran itu dilaporkan warga."
    )
    assert coder.code(Article("T1", text)).events == ()


def test_a_session_announced_for_a_day_is_an_event(event):
    text = (
        "Pada Jumat (11/10/2024) Bawaslu Kabupaten Bolaang Mongondow akan mengadakan sosialisasi netralitas ASN di "
        "Lolak. Kegiatan itu mengantisipasi pelanggaran dalam Pilkada 2024."
    )
    read = event(text)
    assert (read["event_type"], read["date_start"], read["mode"]) == ("sosialisasi", "2024-10-11", "unknown")


@pytest.mark.parametrize(
    ("letter", "types"),
    [
        (
            "Pemkab telah mengeluarkan Surat Edaran Nomor 800/12 tanggal 4 Maret 2024 tentang netralitas",
            ["surat_edaran"],
        ),
        ("Melalui surat rekomendasi nomor R-847 bertanggal 4 Maret 2024 KASN menyatakan ia terbukti melanggar", []),
    ],
)
def test_a_report_of_violations_may_tell_of_a_circular(coder, letter, types):
    text = (
        "Oknum ASN Pemkab Demak terbukti melanggar netralitas. Pelanggaran itu dilaporkan warga dan ditangani Bawaslu "
        "Demak; dua pejabat lain diperiksa atas dugaan pelanggaran netralitas pada Pemilu 2024. Sanksi menunggu "
        f"rekomendasi. {letter}."
    )
    events = coder.code(Article("T1", text)).events
    assert [one.cells["event_type"].value for one in events] == types
