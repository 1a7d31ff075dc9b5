"""Which event a text reports, what was pledged, several events in one text, and texts that report none."""

from __future__ import annotations

import pytest

from netral_research.articles import Article

DAY = "Senin (14/10/2024)"


@pytest.fixture(scope="session")
def kind_of(read_event):
    def read(text: str, title: str = "") -> tuple[str, str]:
        event = read_event(text, title=title)
        return event["event_type"], event["pledge"]

    return read


@pytest.fixture(scope="session")
def skipped(coder):
    def read(text: str, title: str = "") -> str:
        return coder.code(Article("T1", text, title=title)).skipped

    return read


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("sosialisasi", "Bawaslu Kabupaten Demak menggelar sosialisasi netralitas ASN"),
        ("sosialisasi", "Sosialisasi netralitas ASN digelar Bawaslu Kabupaten Demak"),
        ("sosialisasi", "Kejaksaan Negeri Demak memberikan penyuluhan netralitas ASN"),
        ("webinar", "Webinar sosialisasi netralitas ASN diadakan Pemkab Demak"),
        ("seminar", "Pemkab Demak mengadakan seminar netralitas ASN di aula"),
        ("webinar", "KASN menggelar webinar netralitas ASN melalui Zoom"),
        ("webinar", "Seminar netralitas ASN digelar KASN secara daring"),
        ("kampanye", "KASN meluncurkan Gerakan Nasional Netralitas ASN (GNN ASN)"),
        ("kampanye", "KASN menggelar kampanye netralitas ASN secara virtual"),
        ("kampanye", "KASN menggelar kampanye nasional netralitas ASN di Jakarta"),
        ("rapat_koordinasi", "Bawaslu Provinsi Bali menggelar rapat koordinasi netralitas ASN"),
        ("rapat_koordinasi", "Rakor netralitas ASN digelar Bawaslu Provinsi Bali"),
        ("apel", "Pemkab Demak menggelar apel netralitas ASN di halaman kantor"),
        ("bimtek", "BKPSDM Kabupaten Demak menggelar bimtek netralitas ASN"),
        ("bimtek", "Pemkab Demak menggelar bimbingan teknis netralitas ASN"),
        ("surat_edaran", "Bupati Demak menerbitkan surat edaran tentang netralitas ASN"),
        ("surat_edaran", "Bupati Demak mengeluarkan SE netralitas ASN"),
        ("imbauan_langsung", "Bupati Demak mengimbau ASN menjaga netralitas dalam Pilkada 2024"),
        ("imbauan_langsung", "Sekda Demak mengingatkan ASN agar netral pada Pilkada 2024 saat upacara hari jadi"),
        ("imbauan_langsung", "Sekda Demak mengingatkan ASN agar netral. Itu wajib. Mereka tahu dari surat edaran"),
        ("diskusi", "KASN menggelar diskusi netralitas ASN"),
        ("lainnya", "Pemkab Demak menggelar lomba poster netralitas ASN"),
        ("penandatanganan", "Bawaslu Demak menandatangani nota kesepahaman dengan KASN tentang netralitas ASN"),
    ],
)
def test_an_event_without_a_pledge(kind_of, kind, text):
    assert kind_of(f"{text}, {DAY}.") == (kind, "none")


@pytest.mark.parametrize(
    ("kind", "pledge", "text"),
    [
        ("deklarasi", "deklarasi", "Pemkab Demak menggelar deklarasi netralitas ASN di pendopo"),
        ("deklarasi", "deklarasi", "ASN Pemkab Demak mendeklarasikan netralitas di alun-alun"),
        ("deklarasi", "ikrar", "ASN Pemkab Demak mengucapkan ikrar netralitas di pendopo"),
        ("apel", "ikrar", "Pemkab Demak menggelar apel ikrar netralitas ASN di halaman kantor"),
        ("penandatanganan", "pakta_integritas", "ASN Pemkab Demak menandatangani pakta integritas netralitas"),
        ("penandatanganan", "pakta_integritas", "Penandatanganan pakta integritas netralitas ASN digelar Pemkab Demak"),
        ("penandatanganan", "pakta_integritas",
         "ASN Pemkab Demak membacakan ikrar netralitas dan menandatangani pakta integritas"),
        ("sosialisasi", "pakta_integritas",
         "Pemkab Demak menggelar sosialisasi netralitas ASN yang ditutup dengan penandatanganan pakta integritas"),
    ],
)  # fmt: skip
def test_an_event_with_its_pledge(kind_of, kind, pledge, text):
    assert kind_of(f"{text}, {DAY}.") == (kind, pledge)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("rapat_koordinasi",
         "ASN Pemkab Demak mendeklarasikan netralitas dalam rapat koordinasi yang diadakan Bawaslu Demak"),
        ("deklarasi", "Pemkab Demak menggelar deklarasi netralitas ASN dirangkai rapat koordinasi pilkada"),
        ("deklarasi", "Bawaslu Kabupaten Demak menggelar sosialisasi dan deklarasi netralitas ASN"),
        ("penandatanganan", "Pemkab Demak mengadakan sosialisasi dan penandatanganan pakta integritas netralitas ASN"),
        ("penandatanganan",
         "Naskah deklarasi netralitas ASN ditandatangani Bawaslu. Camat lain menandatangani naskah serupa"),
        ("penandatanganan",
         "Demi menguatkan komitmen netralitas, ASN Pemkab Demak menandatangani pakta integritas"),
        ("deklarasi", "Upacara Hari Kesaktian Pancasila di Demak dirangkai dengan deklarasi netralitas ASN"),
        ("penandatanganan",
         "Selepas upacara di Demak, ASN Pemkab Demak menandatangani spanduk ikrar netralitas"),
    ],
)  # fmt: skip
def test_which_of_a_gathering_and_a_pledge_names_the_event(kind_of, kind, text):
    assert kind_of(f"{text}, {DAY}.")[0] == kind


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("imbauan_langsung", "Saat memimpin apel pagi, {}, Bupati Demak mengajak ASN menjaga netralitas."),
        (
            "imbauan_langsung",
            "Upacara HUT Korpri dan apel di Demak, {}, dimanfaatkan Sekda untuk mengimbau ASN netral.",
        ),
        (
            "imbauan_langsung",
            "Dalam rapat persiapan pilkada di aula kantor bupati, {}, Sekda Demak mengingatkan pegawai agar netral.",
        ),
        ("apel", "Pemkab Demak menggelar apel netralitas ASN, {}. Bupati mengajak ASN menjaga netralitas."),
        ("bimtek", "Bawaslu Kota Madiun mengingatkan netralitas ASN dalam bimbingan teknis pengawasan, {}."),
        ("rapat_koordinasi", "Bawaslu Demak menggelar rapat persiapan pilkada, {}, dan mengingatkan pegawai netral."),
    ],
)
def test_a_gathering_that_only_lends_itself_to_a_reminder(kind_of, kind, text):
    assert kind_of(text.format(DAY))[0] == kind


@pytest.mark.parametrize(
    "text",
    [
        "Pemkab Demak menggelar sosialisasi netralitas ASN. Setiap ASN juga diminta menandatangani pakta integritas",
        "Pemkab Demak menggelar sosialisasi netralitas ASN. Pasangan calon menghadiri deklarasi kampanye damai",
        "Bawaslu Kabupaten Demak menggelar sosialisasi netralitas ASN dan menandatangani nota kesepahaman",
        "Bupati Demak menerbitkan surat edaran netralitas ASN. ASN pernah membacakan ikrar netralitas",
    ],
)
def test_what_others_pledged_or_pledged_before_is_no_pledge(kind_of, text):
    assert kind_of(f"{text}, {DAY}.")[1] == "none"


def test_two_events_with_their_own_dates_are_two(read_events):
    events = read_events(
        "Bupati Demak menerbitkan Surat Edaran Nomor 800/12/2024 tanggal 5 September 2024 tentang netralitas ASN. "
        f"Selain itu Pemkab Demak menggelar deklarasi netralitas ASN di pendopo, {DAY}."
    )
    assert [(event["date_start"], event["event_type"], event["pledge"]) for event in events] == [
        ("2024-09-05", "surat_edaran", "none"), ("2024-10-14", "deklarasi", "deklarasi"),
    ]  # fmt: skip


def test_an_event_of_the_day_after_is_one_of_its_own(read_events):
    events = read_events(
        f"Bawaslu Kabupaten Demak menggelar rapat koordinasi netralitas ASN, {DAY}. "
        "Sehari kemudian Bawaslu Kabupaten Demak menggelar apel netralitas ASN."
    )
    assert [(event["date_start"], event["event_type"]) for event in events] == [
        ("2024-10-14", "rapat_koordinasi"), ("2024-10-15", "apel"),
    ]  # fmt: skip


def test_an_event_told_twice_is_one(read_events):
    text = f"Pemkab Demak menggelar apel netralitas ASN, {DAY}. Apel netralitas ASN itu diikuti 200 orang, {DAY}."
    assert len(read_events(text)) == 1


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("no_words", ""),
        ("no_words", " \n\t "),
        ("no_words", "...!!!"),
        ("no_neutrality", f"Harga cabai naik di Pasar Demak, {DAY}."),
        ("no_neutrality", f"Pemkab Demak menggelar rapat koordinasi pengendalian inflasi, {DAY}."),
        ("no_neutrality", f"Pemkab Demak menggelar apel pagi, {DAY}."),
        ("general_reminder", "Seluruh ASN diimbau menjaga netralitas."),
        ("general_reminder", "Inspektorat Demak mengingatkan ASN agar netral sebelum pemilihan 27 November 2024."),
        ("general_reminder", "Sekda Demak mengingatkan ASN agar netral. Pesan itu disampaikan setiap apel."),
        ("general_reminder", "BKPSDM Demak menegaskan ASN harus netral. Sosialisasi rutin dilakukan kepada pegawai."),
        ("general_reminder", f"Netralitas ASN tetap sulit, {DAY}. Kapolres Demak berkali-kali memperingatkan pegawai."),
        ("general_reminder", "Bawaslu Demak akan menggelar rapat koordinasi netralitas ASN dalam waktu dekat."),
        (
            "general_reminder",
            f"Suara dihitung, {DAY}. Warga datang. Hujan. Sepi. Netralitas ASN dan sosialisasi perlu.",
        ),
        ("no_activity", "ASN harus netral."),
        ("no_activity", "Netralitas ASN adalah syarat pemilu yang jujur. Penulis adalah dosen."),
        ("no_activity", "Bawaslu Kabupaten Demak memeriksa tiga ASN yang diduga melanggar netralitas."),
        ("no_activity", "KASN menjatuhkan rekomendasi sanksi kepada 12 ASN yang melanggar netralitas."),
    ],
)
def test_a_text_without_an_event_says_why(skipped, reason, text):
    assert skipped(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "Dugaan pelanggaran netralitas ASN dilaporkan ke Bawaslu Demak. Terlapor diperiksa. Laporan itu diteruskan.",
        "Bawaslu Demak menangani laporan tentang ASN yang tidak netral. Imbauan netralitas sudah sering disampaikan.",
        "Dua ASN Pemkab Demak mendapat peringatan Komisi ASN soal netralitas karena menghadiri deklarasi calon.",
        "Opini. Netralitas ASN sering dipersoalkan. Menurut penulis, sosialisasi saja tidak cukup.",
        "Penelitian ini mengkaji netralitas ASN. Hasil penelitian menunjukkan sosialisasi berpengaruh. Abstrak.",
    ],
)
def test_a_report_of_violations_an_opinion_or_a_study_is_no_event(skipped, text):
    assert skipped(text) in {"violations_only", "opinion", "study", "no_activity"}


def test_a_reminder_to_those_present_is_an_event_though_no_day_is_told(kind_of):
    text = "Kepala KUA di Demak mengarahkan stafnya agar netral dalam pilkada. Staf yang hadir siap menaatinya."
    assert kind_of(text)[0] == "imbauan_langsung"


def test_a_gathering_named_with_its_day_counts_behind_the_figures_told_at_it(kind_of):
    text = (
        "KASN menerima 40 laporan dugaan pelanggaran netralitas ASN. Sebagian besar terbukti. "
        f"Angka itu disebut ketuanya dalam webinar netralitas ASN, {DAY}."
    )
    assert kind_of(text)[0] == "webinar"


def test_an_earlier_gathering_does_not_make_a_report_of_violations_an_event(skipped):
    text = (
        "Dua ASN Pemkab Demak diduga tidak netral dan dilaporkan ke Bawaslu. Kasus itu ditangani. "
        f"Sebelumnya, {DAY}, pemkab mengadakan sosialisasi netralitas ASN."
    )
    assert skipped(text) == "violations_only"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("imbauan_langsung", "Sekda Demak memimpin apel pagi, {}. Ia meminta ASN netral."),
        ("imbauan_langsung", "ASN harus netral, tegas Bupati Demak saat apel akbar siaga pemilu, {}. Ia berpesan itu."),
        ("apel", "Pemkab Demak mengadakan apel siaga netralitas ASN, {}. Bupati meminta ASN netral."),
        ("apel", "Dalam apel gabungan ASN Pemkab Demak mengucapkan ikrar netralitas, {}."),
        ("sosialisasi", "Bupati Demak meminta ASN netral seusai sosialisasi pengawasan netralitas ASN di hotel, {}."),
        ("sosialisasi", "ASN jangan mencari celah dari diskusi. Bupati membuka Sosialisasi Netralitas ASN Demak, {}."),
        ("imbauan_langsung", "Sekda mengingatkan ASN agar netral. Ia menyampaikan paparan dalam rapat pengamanan, {}."),
        ("imbauan_langsung", "Sekda Demak meminta ASN netral di ruang rapat bupati, {}."),
        ("sosialisasi", "Sosialisasi netralitas ASN digelar Pemkab Demak, {}. Acara itu wujud komitmen bersama."),
    ],
)  # fmt: skip
def test_the_event_among_what_is_named_beside_it(kind_of, kind, text):
    assert kind_of(text.format(DAY))[0] == kind


@pytest.mark.parametrize(
    ("text", "pledge"),
    [
        ("Sosialisasi netralitas ASN digelar Pemkab Demak, {}, sebagai wujud komitmen bersama.", "none"),
        ("ASN Pemkab Demak menandatangani komitmen bersama netralitas, {}.", "deklarasi"),
    ],
)
def test_a_common_commitment_is_a_pledge_where_it_is_signed(kind_of, text, pledge):
    assert kind_of(text.format(DAY))[1] == pledge


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            "imbauan_langsung",
            (
                f"KPU Kota Madiun mengadakan sosialisasi Pilwakot Madiun 2024 di sebuah hotel, {DAY}. "
                "Pegawai harus netral, kata Asisten Pemerintahan kepada pemuda yang datang."
            ),
        ),
        (
            "imbauan_langsung",
            f"KPU Kota Madiun menggelar seminar tentang daftar pemilih, {DAY}. Netralitas PNS juga disinggung di situ.",
        ),
        ("sosialisasi", f"KPU Kota Madiun mengadakan sosialisasi Pilkada 2024 bagi ASN, {DAY}. Netralitas dibahas."),
        (
            "sosialisasi",
            (
                f"Pemkab Demak mengadakan sosialisasi larangan Pilkada 2024 bersama Bawaslu, {DAY}. "
                f"Dalam sosialisasi itu "
                "netralitas ASN ditekankan. Bentuknya apel bersama di halaman kantor."
            ),
        ),
    ],
)
def test_a_session_about_the_election_itself_only_lends_itself_to_a_reminder(kind_of, kind, text):
    assert kind_of(text)[0] == kind


@pytest.mark.parametrize(
    ("kind", "pledge", "text"),
    [
        (
            "apel",
            "pakta_integritas",
            f"Pegawai Demak mengucapkan ikrar netralitas dalam apel, {DAY}. Pakta integritas kemudian ditandatangani.",
        ),
        (
            "apel",
            "pakta_integritas",
            f"DEMAK - Apel pagi Pemkab Demak diisi ikrar netralitas, {DAY}. Pakta integritas kemudian ditandatangani.",
        ),
        ("apel", "pakta_integritas", f"Pakta integritas netralitas ASN ditandatangani dalam apel Pemkab Demak, {DAY}."),
        (
            "apel",
            "ikrar",
            (
                "ASN Pemkab Demak berikrar netral\n\nKampanye dimulai besok. Pegawai Pemkab Demak harus netral. "
                f"Ikrar netralitas diucapkan dalam apel pagi, {DAY}."
            ),
        ),
        (
            "penandatanganan",
            "pakta_integritas",
            (
                "Sikap netral dideklarasikan ASN Pemkot Madiun. Deklarasi netralitas itu dihadiri Panwaslu. Sanksi "
                "menunggu. Wali kota berharap pegawai patuh. Selain deklarasi, pakta integritas "
                "juga ditandatangani ASN."
            ),
        ),
    ],
)
def test_a_pledge_spoken_and_signed_is_a_signing_but_at_a_muster(kind_of, kind, pledge, text):
    assert kind_of(text) == (kind, pledge)


@pytest.mark.parametrize(
    "text",
    [
        (
            "Bupati Demak menerbitkan surat edaran netralitas ASN. Surat edaran nomor "
            "800/12/01/2023 itu ditandatangani "
            "tanggal 27 Desember 2023. Secara resmi edaran dikirimkan kepada camat, Kamis (4/1/2024)."
        ),
        (
            "Bupati Demak menerbitkan surat edaran netralitas ASN tertanggal 5 Maret 2019. Dasarnya "
            "ialah surat Menteri "
            "Pendayagunaan Aparatur Negara dan Reformasi Birokrasi tanggal 27 Desember 2017."
        ),
    ],
)
def test_a_circular_signed_sent_and_founded_on_another_letter_is_one_event(read_events, text):
    assert [event["event_type"] for event in read_events(text)] == ["surat_edaran"]


def test_the_circular_of_another_body_is_no_event_beside_a_signing(read_events):
    events = read_events(
        f"ASN Pemkab Demak meneken pakta integritas netralitas, {DAY}. Sekda berharap semua patuh. Rinciannya "
        "termuat dalam SE KASN No B-2900/KASN/11/2017 tentang pengawasan netralitas."
    )
    assert [event["event_type"] for event in events] == ["penandatanganan"]


def test_a_letter_sent_on_the_day_told_is_a_circular_though_a_reminder_leads(kind_of):
    text = (
        "Panwaslu Kabupaten Demak memperingatkan ASN supaya netral. Hak pilih tetap dipunyai pegawai. "
        f"Surat himbauan sudah dilayangkan kepada para camat, {DAY}."
    )
    assert kind_of(text)[0] == "surat_edaran"


def test_what_was_shown_lately_elsewhere_does_not_outweigh_the_reminder(kind_of):
    text = (
        "Wakil Gubernur Bali meminta ASN netral dalam Pilkada 2020. Aturannya jelas. Camat menjadi contoh. Camat "
        "tidak boleh memihak. Ia berharap semua patuh. Baru-baru ini, pada kampanye virtual Gerakan Nasional "
        "Netralitas ASN, datanya dibuka."
    )
    assert kind_of(text)[0] == "imbauan_langsung"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("imbauan_langsung", f"Netralitas ASN menjadi pesan Gubernur Bali saat mengukuhkan penjabat bupati, {DAY}."),
        ("imbauan_langsung", f"PNS diwanti-wanti Bupati Demak menjaga netralitas dalam Pilkada 2024, {DAY}."),
        ("imbauan_langsung", f"Ini instruksi bupati: ASN netral. Bupati Demak meminta PNS menjaga netralitas, {DAY}."),
        ("diskusi", f"Netralitas ASN menjadi topik ngopi bareng wartawan Kota Depok, {DAY}."),
    ],
)
def test_reminders_and_talks_as_newspapers_word_them(kind_of, kind, text):
    assert kind_of(text)[0] == kind


def test_words_in_passing_without_a_day_or_an_institution_are_no_activity(skipped):
    assert skipped("Netralitas ASN tidak lepas dari media sosial. Ruang diskusi kini nyaris tanpa batas.") == (
        "no_activity"
    )


def test_a_case_passed_on_is_no_event(skipped):
    text = (
        "Enam ASN Ikut Kampanye, Diproses Bawaslu dan Diteruskan ke Komisi ASN\n\n"
        "Pengunggah foto meminta keterangan tentang ASN dalam gambar itu. Netralitas ASN disorot warganet."
    )
    assert skipped(text) == "violations_only"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            "sosialisasi",
            (
                "Sekda Demak meminta pegawai waspada pada masa kampanye. Netralitas pegawai patut dijaga. "
                f"Bupati Demak menggelar sosialisasi netralitas PNS, {DAY}."
            ),
        ),
        ("kampanye", f"KASN mengampanyekan gerakan ASN harus netral di Jakarta, {DAY}. Pegawai diingatkan."),
        ("sosialisasi", f"Bupati Demak berbicara dalam kegiatan diskusi dan sosialisasi netralitas ASN, {DAY}."),
        (
            "rapat_koordinasi",
            f"Rapat koordinasi Pilkada 2020 digelar di Bantul, {DAY}. Bawaslu menggandeng Ombudsman agar ASN netral.",
        ),
    ],
)
def test_a_phrase_stands_in_one_sentence_and_what_supervisors_hold_is_theirs(kind_of, kind, text):
    assert kind_of(text)[0] == kind


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("imbauan_langsung", "Pemkab telah menyosialisasikan aturan itu kepada para camat."),
        ("imbauan_langsung", "Sosialisasi kepada aparatur sudah dilakukan, katanya."),
        ("sosialisasi", "Bawaslu Kabupaten Demak mengadakan sosialisasi netralitas ASN di aula."),
    ],
)
def test_a_session_that_is_only_spoken_of_leaves_the_reminder_the_event(kind_of, kind, told):
    text = f"Pegawai harus netral pada Pilkada 2024, kata Kepala BKPSDM Kabupaten Demak, {DAY}. {told}"
    assert kind_of(text) == (kind, "none")


@pytest.mark.parametrize(
    "text",
    [
        # the circular is what something rests on, or nobody issued one
        f"Kepala BKPSDM Kabupaten Demak meminta ASN netral, {DAY}. Permintaan itu sesuai edaran menteri.",
        f"Kepala BKPSDM Kabupaten Demak meminta ASN netral, {DAY}. Ia mengaku belum menerima edaran resmi.",
        f"Bupati Demak tidak menerbitkan surat edaran. Ia cukup meminta ASN menjaga netralitas, {DAY}.",
        # what was declared or signed is another matter
        f"Pada deklarasi pengawasan pilkada Wakil Bupati Demak meminta semua ASN bersikap netral, {DAY}.",
        f"Bupati Demak mengingatkan ASN agar netral saat penandatanganan MoU pengawasan keuangan desa, {DAY}.",
        # a muster is named for neutrality by its own words only
        f"ASN harus netral, kata Bupati Demak saat memimpin apel pagi, {DAY}. Apel itu diakhiri ajakan supaya netral.",
        f"ASN diminta netral oleh Kepala Kemenag Demak di kegiatan pembinaan ASN, {DAY}.",
    ],
)
def test_what_lies_beside_a_reminder_is_not_the_event(kind_of, text):
    assert kind_of(text)[0] == "imbauan_langsung"


def test_a_pledge_at_a_ceremony_of_the_calendar_is_no_muster(kind_of):
    text = f"Upacara Hari Kesaktian Pancasila di Demak diisi ikrar netralitas ASN, {DAY}. Para ASN mengucapkan ikrar."
    assert kind_of(text) == ("deklarasi", "ikrar")


@pytest.mark.parametrize(
    "told",
    [
        "Aktivis mahasiswa meminta ASN di Demak menjaga netralitas pada Pilkada 2024",
        "Tim kuasa hukum pasangan calon memperingatkan pejabat ASN Demak agar netral pada Pilkada 2024",
        "Sejumlah tokoh masyarakat Demak mengingatkan ASN agar netral pada Pilkada 2024",
    ],
)
def test_what_citizens_ask_of_officials_is_their_opinion(skipped, kind_of, told):
    assert skipped(f"{told}, {DAY}.") == "opinion"
    official = f"Bupati Demak, {DAY}, mengingatkan ASN agar netral pada Pilkada 2024. {told}."
    assert kind_of(official)[0] == "imbauan_langsung"
    held = f"{told}, {DAY}. Bawaslu Kabupaten Demak lalu mengadakan sosialisasi netralitas ASN di aula."
    assert kind_of(held)[0] == "sosialisasi"
