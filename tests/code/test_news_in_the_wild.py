"""What ordinary news pages taught: slips, second events, offices that sound like cases, and who holds what."""

from __future__ import annotations

import pytest

from netral_research.articles import Article

DAY = "Senin (14/10/2024)"


@pytest.fixture(scope="session")
def events(coder):
    def read(text: str, published: str = "", url: str = "") -> list[dict[str, str]]:
        coded = coder.code(Article("T1", text, published=published, url=url))
        return [{name: cell.value for name, cell in event.cells.items()} for event in coded.events]

    return read


@pytest.mark.parametrize(
    ("text", "published", "day"),
    [
        ("Bawaslu Demak menggelar sosialisasi netralitas ASN, Kamis (10/9/2024).", "2024-10-10", "2024-10-10"),
        ("Bawaslu Demak menggelar sosialisasi netralitas ASN, Kamis (10/9/2024).", "2024-11-20", "2024-09-10"),
        ("Bawaslu Demak menggelar sosialisasi netralitas ASN, Selasa (1/11).", "2023-11-02", "2023-11-01"),
        (
            "Bawaslu Demak menggelar sosialisasi, Rabu (25/9/2024). ASN harus netral. Kampanye dimulai 25 September.",
            "",
            "2024-09-25",
        ),
    ],
)
def test_a_slip_in_a_date_is_read_by_its_weekday_and_the_page(events, text, published, day):
    assert [event["date_start"] for event in events(text, published)] == [day]


def test_a_weekday_tells_polling_day_from_the_same_day_a_year_before(events):
    text = "ASN Pemprov Sulawesi Barat meneken pakta integritas netralitas Pemilu 2024, Senin (27/11/2024)."
    assert [event["date_start"] for event in events(text)] == ["2023-11-27"]


def test_polling_as_it_was_planned_is_no_day_of_a_circular(events):
    text = (
        "Panwascam Palas menyebar surat imbauan netralitas ASN menjelang pilkada September 2020. "
        "Surat disebar sejak Rabu (22/1/2020)."
    )
    assert [event["date_start"][:7] for event in events(text)] == ["2020-01"]


def test_the_number_of_a_page_is_no_month(events):
    text = "Plt Gubernur Kalimantan Selatan mengingatkan ASN agar netral pada pilkada 2020 di aula, Senin."
    (event,) = events(text, url="https://kabar.id/berita/202405/asn-netral")
    assert not event["date_start"].startswith("2024")


@pytest.mark.parametrize(
    ("told", "years"),
    [
        ("Pemkab Demak sudah mengeluarkan Surat Edaran Bupati Nomor 800/1840/2023 tentang netralitas ASN.", ["2023"]),
        ("Pemkab Demak juga menerbitkan surat edaran nomor 800/1894 tentang netralitas pegawai.", ["2024"]),
        ("Kegiatan itu sesuai Surat Edaran Bupati Demak Nomor 800/1840/2023.", []),
        ("Menpan RB telah mengeluarkan surat edaran nomor 1 tahun 2023 tentang netralitas.", []),
        ("Bupati menyebut edaran sudah ada.", []),
    ],
)
def test_a_circular_that_was_issued_is_an_event_beside_another_one(events, told, years):
    main, *others = events(f"Pemkab Demak menggelar sosialisasi netralitas ASN di aula, {DAY}. {told}")
    assert main["event_type"] == "sosialisasi"
    assert [(other["event_type"], other["date_start"]) for other in others] == [
        ("surat_edaran", year) for year in years
    ]


def test_a_reminder_that_tells_of_a_circular_already_issued_is_the_circular(events):
    reminder = "Kesbangpol Provinsi Bali mengingatkan ASN agar netral."
    issued = f"{reminder} Gubernur telah menerbitkan surat edaran netralitas bagi pegawai, katanya, {DAY}."
    to_come = f"{reminder} Gubernur akan menerbitkan surat edaran netralitas bagi pegawai, katanya, {DAY}."
    assert [event["event_type"] for event in events(issued)] == ["surat_edaran"]
    assert "surat_edaran" not in [event["event_type"] for event in events(to_come)]


def test_staff_who_do_politics_are_spoken_of_without_the_word_neutral(events):
    text = f"Ketua Bawaslu Kota Batam, {DAY}, mengingatkan ASN agar tidak berpolitik praktis pada Pilkada 2024."
    assert [event["event_type"] for event in events(text)] == ["imbauan_langsung"]


def test_the_office_of_a_speaker_is_no_case(events):
    text = (
        "Koordinator divisi penanganan pelanggaran dan penyelesaian sengketa Bawaslu Kabupaten Konawe mengajak ASN "
        f"bersikap netral pada orientasi pegawai baru, {DAY}."
    )
    assert [event["organiser"] for event in events(text)] == ["bawaslu_kabkota"]


def test_a_plan_and_a_word_in_passing_are_no_event(events):
    text = (
        "Kepala Kesbangpol Kota Pariaman berencana menggelar sosialisasi netralitas ASN; setelah itu surat edaran akan "
        "dikeluarkan. Pegawai tidak boleh mendukung calon. Warga boleh memilih siapa saja. Yang bertemu ia akrab."
    )
    assert events(text) == []


@pytest.mark.parametrize(
    ("text", "organiser", "scope"),
    [
        (f"JAKARTA - Presiden mengingatkan PNS agar netral pada pilkada serentak, {DAY}.", "other", "national"),
        (
            f"JAKARTA - Menpan RB bersama Mendagri, Bawaslu, dan BKN meneken MoU netralitas ASN, {DAY}.",
            "kemenpanrb",
            "national",
        ),
        (
            f"Lapas Kelas IIA Pamekasan menggelar ikrar netralitas pegawai ASN, {DAY}.",
            "other",
            "regency",
        ),
        (
            f"Bawaslu Ingatkan ASN\n\nDEMAK - Bawaslu Jawa Tengah menggelar sosialisasi netralitas ASN, {DAY}.",
            "bawaslu_provinsi",
            "province",
        ),
    ],
)
def test_central_bodies_and_bodies_of_a_headline_have_their_level(events, text, organiser, scope):
    (event,) = events(text)
    assert (event["organiser"], event["scope"]) == (organiser, scope)


@pytest.mark.parametrize(
    ("text", "organiser"),
    [
        (
            f"ASN diminta netral oleh Bupati Banjar, {DAY}, sesuai keputusan bersama Menpan RB, Mendagri, dan BKN.",
            "pemkab_pemkot",
        ),
        (f"Bawaslu Medan menyurati Pemko Medan agar ASN netral, {DAY}.", "bawaslu_kabkota"),
        (
            f"Demi netralitas ASN, TNI, dan Polri serta UU Nomor 7 Tahun 2017, Bawaslu Sampang menggelar rakor, {DAY}.",
            "bawaslu_kabkota",
        ),
        (
            f"Wakil Bupati Sukabumi menghadiri sosialisasi netralitas ASN, {DAY}. Acara Bawaslu Jawa Barat itu ramai.",
            "bawaslu_provinsi",
        ),
    ],
)
def test_signers_addressees_and_those_who_are_to_be_neutral_hold_nothing(events, text, organiser):
    assert events(text)[0]["organiser"] == organiser


@pytest.mark.parametrize(
    ("named", "laws"),
    [
        ("PP Nomor 53 Tahun 2015 tentang Disiplin PNS", "PP 53/2010"),
        ("UU Nomor 42 Tahun 2014 tentang jiwa korps", "PP 42/2004"),
        ("UU Nomor 4 Tahun 2014 tentang ASN", "UU 5/2014"),
        ("UU Nomor 53 Tahun 2010", "PP 53/2010"),
        ("Peraturan Pemerintah Nomor 42", "PP 42/2004"),
        ("UU Nomor 8 Tahun 1985 tentang organisasi", "UU 8/1985"),
        ("Peraturan Bersama Nomor 05 Tahun 2020", "SKB 2020"),
    ],
)
def test_a_slip_in_the_name_of_a_law_is_read_by_its_matter(events, named, laws):
    text = f"Bawaslu Demak menggelar sosialisasi netralitas ASN berdasarkan {named}, Rabu (14/10/2020)."
    assert events(text)[0]["legal_basis"] == laws


def test_a_building_is_no_decree(events):
    text = f"Panwaslih Aceh Tamiang menggelar deklarasi netralitas ASN di gedung SKB Karang Baru, {DAY}."
    assert events(text)[0]["legal_basis"] == ""


@pytest.mark.parametrize(
    ("rest", "mode"),
    [
        ("ASN dilarang menyebarkan unggahan calon melalui media daring.", "in_person"),
        ("Pemkab sebelumnya telah mengikuti rapat daring dengan Bawaslu.", "in_person"),
        ("Acara berlangsung daring.", "hybrid"),
    ],
)
def test_what_people_read_or_did_before_is_no_mode(events, rest, mode):
    assert events(f"Pemkab Demak menggelar sosialisasi netralitas ASN di aula, {DAY}. {rest}")[0]["mode"] == mode


def test_the_election_that_is_told_first_has_the_event(events):
    text = (
        "Asisten Sekda Trenggalek mengingatkan ASN pada apel, Rabu (17/1/2018), agar netral dalam pilkada, disusul "
        "pileg dan pilpres 2019."
    )
    assert events(text)[0]["election_cycle"] == "pilkada_2018"


def test_a_name_is_known_however_it_is_joined(events):
    text = f"Pemkab menggelar apel ikrar netralitas ASN Kabupaten Tulangbawang Barat, {DAY}."
    assert events(text)[0]["regency"] == "Kabupaten Tulang Bawang Barat"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"Apel gabungan Pemkab Demak diisi ikrar netralitas ASN dan penandatanganan pakta integritas, {DAY}.", "apel"),
        (f"Bawaslu Demak dan camat menandatangani nota kesepahaman, {DAY}. Isinya menjaga netralitas ASN.",
         "penandatanganan"),
        (
            f"Ketua Bawaslu berbicara pada rakornas netralitas ASN, {DAY}. Menpan RB mengeluarkan surat edaran.",
            "rapat_koordinasi",
        ),
    ],
)  # fmt: skip
def test_what_the_event_is_called(events, text, kind):
    assert events(text)[0]["event_type"] == kind
