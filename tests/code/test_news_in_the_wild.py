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
        ("Bawaslu Demak menggelar sosialisasi netralitas ASN, Kamis (31/01/2024).", "2024-10", "2024-10-31"),
        ("Bawaslu Demak menggelar sosialisasi netralitas ASN, Senin (23/9/2024).", "2024-08", "2024-09-23"),
        ("Bawaslu Demak menggelar sosialisasi netralitas ASN, Jumat (26//07/24).", "", "2024-07-26"),
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


@pytest.mark.parametrize(
    ("text", "organiser"),
    [
        (
            (
                "Para Pjs bupati di Sumatera Utara diingatkan Pj Gubernur agar ASN netral, Selasa (24/9/2024) di "
                "Medan. Kepala BKD Pemprov Sumut siap mengawasi pegawai."
            ),
            "pemprov",
        ),
        (
            (
                "Bawaslu Kabupaten Blitar meneken MoU netralitas ASN dengan pemkab dan membentuk tim patroli siber, "
                f"{DAY}."
            ),
            "bawaslu_kabkota",
        ),
        (
            (
                f"Pada {DAY} di Kecamatan Loa Janan dilakukan sosialisasi netralitas ASN. Bupati Kutai Kartanegara "
                "menyampaikan sambutan."
            ),
            "pemkab_pemkot",
        ),
        (f"Asisten Bidang Umum Sekda Papua mengingatkan ASN agar netral pada pilkada, {DAY}.", "pemprov"),
        (
            (
                "Melalui surat edaran Nomor 800.1.6/4063-BKD/2024 tanggal 17 September 2024, Pj Gubernur Banten "
                "meminta pegawai Pemprov netral pada Pilkada 2024."
            ),
            "pemprov",
        ),
        (
            (f"Sekretaris Provinsi Sumatera Barat mengingatkan ASN agar netral saat memimpin apel di Padang, {DAY}."),
            "pemprov",
        ),
    ],
)
def test_the_organiser_is_who_acts_not_who_stands_beside(events, text, organiser):
    assert events(text)[0]["organiser"] == organiser


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            (
                "ASN di Depok dilarang berpihak pada Pilkada 2024. Larangan itu tertuang dalam surat edaran wali kota "
                "bernomor 270/343 tanggal 2 September 2024."
            ),
            ["surat_edaran"],
        ),
        (
            (
                f"Ketua DPRD Siak, {DAY}, meminta ASN netral. Dasarnya UU Nomor 5 Tahun 2014, PP 53/2010, serta SE "
                "Menpan RB B/71/M.SM.00.00/2017."
            ),
            ["imbauan_langsung"],
        ),
        (
            (
                "Bawaslu Sulawesi Utara mengimbau gubernur agar menerbitkan surat edaran netralitas ASN menjelang "
                f"pilkada, {DAY}. Edaran dipandang sebagai pegangan pegawai."
            ),
            ["imbauan_langsung"],
        ),
        (
            f"Netralitas ASN dibahas dalam pertemuan yang diadakan Kesbangpol Kutai Kartanegara, {DAY}.",
            ["rapat_koordinasi"],
        ),
    ],
)
def test_a_circular_is_the_event_where_it_was_issued_and_the_matter_is_its_own(events, text, kinds):
    assert [event["event_type"] for event in events(text)] == kinds


@pytest.mark.parametrize(
    ("text", "published", "day"),
    [
        # The one year that is written elsewhere and gives the day its weekday.
        (
            (
                "Ketua Bawaslu NTB mengingatkan calon agar tidak membawa ASN ketika mendaftar pada 8-10 Januari 2018. "
                "Ia berbicara dalam sosialisasi netralitas ASN di Mataram, Minggu (7/1)."
            ),
            "",
            "2018-01-07",
        ),
        # A document of 2022 is spoken of: the day is no Monday of 2018.
        (
            (
                "Pj Wali Kota Prabumulih meminta ASN netral menurut keputusan bersama nomor 2 tahun 2022, Senin "
                "(25/6), menjelang pemilihan presiden dan kepala daerah."
            ),
            "",
            "",
        ),
        # The day of a joint decree with a slip in its year is the decree's.
        (
            (
                "Pj Wali Kota Prabumulih meminta ASN netral sesuai SKB Nomor 2 Tahun 2022 yang diteken lima lembaga "
                "pada 22 September 2023."
            ),
            "",
            "",
        ),
        # Without its weekday a day after the page is that of something else.
        (
            (
                "Kesbangpol Barito Utara membuka posko netralitas ASN mulai 1 Desember 2020. Sosialisasi netralitas "
                "ASN digelar Senin (30/11/2020)."
            ),
            "2020-11-30",
            "2020-11-30",
        ),
        (
            (
                "Menjelang pemilihan kepala desa serentak 29 Juni, Bupati Ngawi mengingatkan ASN agar netral, Rabu "
                "(19/6/2019)."
            ),
            "",
            "2019-06-19",
        ),
        (
            (
                "BKPSDM Malang mengadakan penguatan netralitas ASN dalam rangka Good Governance Tahun 2019, Senin "
                "(28/10). Pemilihan kepala daerah memerlukan ASN yang netral."
            ),
            "",
            "2019-10-28",
        ),
        (
            "Bawaslu Manggarai Barat mengingatkan ASN agar netral pada Pilkada 9 Desember 2020, kata ketua ( 20/8).",
            "",
            "2020-08-20",
        ),
        (
            (
                "Menjelang pemungutan suara ulang (PSU) Pilkada yang akan berlangsung Rabu, 16 April 2025, Sekda "
                "Parigi Moutong menegaskan ASN harus netral. Ia membuka rakor Forkopimda, Kamis (10/4/2025)."
            ),
            "",
            "2025-04-10",
        ),
        (
            "Ambon, 15/11 (Antara) - Wali Kota Ambon mengingatkan ASN agar netral pada Pilkada 2017, katanya, Selasa.",
            "",
            "2016-11-15",
        ),
        (
            "Pj Wali Kota Kupang mengikuti rakornas netralitas ASN Pilkada 2024 di Jakarta, Selasa kemarin (17/09).",
            "",
            "2024-09-17",
        ),
        (
            (
                "Menjelang Pemilu 2024 Pemkab Seluma menerbitkan surat edaran netralitas ASN nomor 180/200/B.9/2023 "
                "tanggal 24 November."
            ),
            "",
            "2023-11-24",
        ),
    ],
)
def test_the_day_is_told_by_what_else_the_text_dates(events, text, published, day):
    assert events(text, published)[0]["date_start"] == day


def test_an_election_of_village_heads_is_no_cycle(events):
    text = "Menjelang pilkades serentak, Bupati Ngawi mengingatkan ASN agar netral, Rabu (19/6/2019)."
    assert events(text)[0]["election_cycle"] == "none"


def test_the_year_of_an_election_may_stand_before_it(events):
    text = (
        "Pada 2018 mendatang Papua mengadakan pemilihan gubernur. Sekda Papua mengingatkan ASN agar tidak memihak "
        "calon, Selasa (31/10), di Jayapura."
    )
    assert [(event["date_start"], event["election_cycle"]) for event in events(text)] == [
        ("2017-10-31", "pilkada_2018")
    ]


def test_regencies_of_one_list_belong_to_the_event_together(events):
    text = (
        "Pjs Bupati Bangli, Pjs Bupati Jembrana, dan Pjs Wali Kota Denpasar dikukuhkan Gubernur Bali di kantor "
        f"gubernur, {DAY}. Gubernur Bali mengingatkan ketiganya menjaga netralitas ASN pada Pilkada 2024."
    )
    assert events(text)[0]["regency"] == "Kabupaten Bangli;Kabupaten Jembrana;Kota Denpasar"


@pytest.mark.parametrize(
    ("told", "laws"),
    [
        ("Aturannya Undang-Undang ASN Tahun 2014.", "UU 5/2014"),
        ("Aturannya UU ASN 2023.", "UU 20/2023"),
        ("Cuti kampanye tidak boleh diajukan, walaupun PP No. 18 Tahun 2013 jo. PP No. 29 Tahun 2014 ada.", ""),
        ("Ikrar menindaklanjuti kesepakatan bersama Menteri PANRB, Mendagri, BKN, KASN, dan Bawaslu.", "SKB 2022"),
        ("Edaran netralitas sudah dikeluarkan pemkab.", "SE"),
        ("Pemkab telah menerbitkan edaran bagi pegawai.", "SE"),
        ("Bupati memilih tidak menerbitkan surat edaran.", ""),
        ("Ia meminta camat menerbitkan surat edaran.", ""),
        ("Kemenpan RB sudah menerbitkan surat per tanggal 27 Desember soal netralitas.", "SE"),
        ("Hadir Kepala BKPP Alif Ahyu SE M.Si dan Sekda Bagas Putra, SE, MM.", ""),
        ("Hadir Ketua Armada R. C. Anwar SE, Msi.", ""),
        ("Pemkab tengah merampungkan surat edaran bagi pegawai.", ""),
        ("Kementerian sedang menyusun surat keputusan bersama tentang larangannya.", ""),
        ("Pemda nanti menurunkan surat edaran.", ""),
        ("Pemkab akan membuat surat edaran. Surat edaran itu disusun menjelang pemilu.", ""),
        ("Rujukannya UU Nomor 7 Tahun 2017, PP 53 Tahun 2010, dan surat Menpan-RB.", "UU 7/2017;PP 53/2010;SE"),
        ("Aturannya Peraturan Pemerintah (PP) No. 94.", "PP 94/2021"),
        ("Aturannya PP Nomor 94 Tahun 2021 yang mengubah PP Nomor 53 Tahun 2010.", "PP 94/2021"),
        ("PP Nomor 42 Tahun 2024 melarang ASN mengunggah foto calon.", "PP 42/2004"),
        ("Kegiatan mengacu pada Kesepakatan Bersama 5 Lembaga.", "SKB 2022"),
        ("Landasannya Undang-undang Pemilu Pasal 93 ayat (f).", "UU 7/2017"),
        ("Ia merujuk Pasal 304 UU Pemilu.", "UU 7/2017"),
        ("Aturannya UU Pemilu.", ""),
        ("Ia mengaku belum menerima surat edaran resmi.", ""),
    ],
)
def test_what_an_event_rests_on(events, told, laws):
    text = f"Bawaslu Demak menggelar sosialisasi netralitas ASN menjelang Pilkada 2024, {DAY}. {told}"
    assert events(text)[0]["legal_basis"] == laws


def test_a_circular_beside_an_event_rests_on_what_the_sentence_behind_it_says(events):
    text = (
        f"ASN Pemkab Gianyar meneken pakta integritas netralitas, {DAY}. Pemkab mengeluarkan Surat Edaran Nomor "
        "800/8827/BKPSDM/2024 tanggal 7 Oktober 2024. Surat edaran tersebut menindaklanjuti keputusan bersama lima "
        "lembaga."
    )
    _signing, circular = events(text)
    assert (circular["event_type"], circular["legal_basis"]) == ("surat_edaran", "SKB 2022;SE")


def test_a_joint_decree_without_year_or_day_is_told_by_its_name(events):
    text = (
        "ASN Pemkab Demak meneken pakta integritas netralitas. Ada sembilan larangan dalam keputusan bersama tentang "
        "pembinaan dan pengawasan netralitas."
    )
    assert events(text)[0]["legal_basis"] == "SKB 2022"


def test_what_a_circular_spoken_of_again_rests_on(events):
    text = (
        f"Diskominfo PPU menyosialisasikan surat edaran netralitas ASN, {DAY}. SE Nomor 10/TAHUN/2024 diterbitkan Pj "
        "Bupati PPU pada 30 Agustus 2024. Aturan itu pegangan pegawai. SE itu berpedoman pada PP Nomor 94 Tahun 2021."
    )
    circular = next(event for event in events(text) if event["event_type"] == "surat_edaran")
    assert circular["legal_basis"] == "PP 94/2021;SE"


def test_a_leader_of_a_party_group_may_give_the_reminder(events):
    text = (
        "ASN diminta tidak ikut politik praktis pada Pilkada Jembrana 2020. Pernyataan itu disampaikan Ketua Fraksi "
        "Demokrat DPRD Jembrana di Negara, Jumat (6/3/2020). Bawaslu Jembrana mengawasi netralitas ASN."
    )
    assert events(text)[0]["organiser"] == "dpr_dprd"


@pytest.mark.parametrize(
    "told",
    [
        "Kepala BKPSDM Kabupaten Sintang menuturkan tahapan pilkada sudah dimasuki.",
        "Demikian Plt Kepala BKPSDM Kabupaten Sintang lewat kepala bidangnya.",
        "Demikian kata Kepala BKPSDM Kabupaten Sintang di kantornya.",
    ],
)
def test_whoever_speaks_next_gave_the_reminder(events, told):
    text = f"ASN di lingkungan Pemerintah Kabupaten Sintang diingatkan agar netral dalam Pilkada 2024, {DAY}. {told}"
    assert events(text)[0]["organiser"] == "bkpsdm_bkd"
