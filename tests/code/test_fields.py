"""Mode, participants, electoral cycle, laws and themes as a text states them."""

from __future__ import annotations

import pytest

from netral_research.articles import Article

SESSION = "Bawaslu Kabupaten Demak menggelar sosialisasi netralitas ASN"
DAY = "Senin (14/10/2024)"


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        (f"{SESSION} di Hotel Amantis, {DAY}.", "in_person"),
        (f"{SESSION} di aula, {DAY}.", "in_person"),
        (f"{SESSION}, {DAY}.", "in_person"),
        (f"{SESSION} melalui Zoom, {DAY}.", "virtual"),
        (f"{SESSION} secara daring, {DAY}.", "virtual"),
        (f"{SESSION} secara virtual, {DAY}.", "virtual"),
        (f"{SESSION} secara hybrid, {DAY}.", "hybrid"),
        (f"{SESSION} secara luring dan daring, {DAY}.", "hybrid"),
        (f"KASN menggelar webinar netralitas ASN, {DAY}.", "virtual"),
        (f"Bupati Demak mengimbau ASN menjaga netralitas, {DAY}.", "unknown"),
        ("Bupati Demak menerbitkan surat edaran netralitas ASN tertanggal 14 Oktober 2024.", "unknown"),
        (f"Bupati Demak menerbitkan surat edaran netralitas ASN di kantornya secara daring, {DAY}.", "unknown"),
    ],
)
def test_how_people_met(read_event, text, mode):
    assert read_event(text)["mode"] == mode


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("diikuti 250 peserta", "250"),
        ("diikuti 1.010 peserta", "1010"),
        ("diikuti 12.500 peserta", "12500"),
        ("diikuti 1.250 orang ASN", "1250"),
        ("diikuti sekitar 300 orang", "300"),
        ("diikuti 75 ASN", "75"),
        ("diikuti para camat", ""),
        ("di 514 kabupaten", ""),
        ("di TPS 3", ""),
        ("di ruang 12", ""),
        ("bersama 1,5 juta warga", ""),
    ],
)
def test_people_are_counted_as_indonesian_numbers_are_written(read_event, text, number):
    assert read_event(f"{SESSION}, {DAY}, {text}.")["participants_n"] == number


def test_who_took_part_is_named_once_each(read_event):
    event = read_event(f"{SESSION}, {DAY}, diikuti camat, kepala desa, dan camat.")
    phrases = event["participants"].split(";")
    assert {"camat", "kepala desa"} <= set(phrases)
    assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize(
    ("text", "taken_part"),
    [
        (f"{SESSION}, {DAY}, dihadiri bupati dan sekretaris daerah.", {"bupati", "sekda"}),
        (f"{SESSION}, {DAY}. Bupati dan sekda hadir.", {"bupati", "sekda"}),
        (f"{SESSION}, {DAY}. Bupati mengingatkan sekda akan sanksi.", set()),
        (f"{SESSION} kepada ASN Pemprov, {DAY}.", {"ASN Pemprov"}),
    ],
)
def test_offices_that_many_stories_name_took_part_only_where_the_text_says_so(read_event, text, taken_part):
    found = set(read_event(text)["participants"].split(";"))
    assert found & {"bupati", "sekda", "camat", "ASN Pemprov"} == taken_part
    assert not {"ASN", "ASN Pemprov"} <= found


@pytest.mark.parametrize(
    ("text", "cycle"),
    [
        ("untuk Pilkada 2020, Rabu (26/8/2020)", "pilkada_2020"),
        ("untuk Pemilu 2024, Kamis (9/11/2023)", "pemilu_2024"),
        ("untuk Pilkada Serentak 2024, Kamis (9/11/2023)", "pilkada_2024"),
        ("untuk Pemilu dan Pilkada 2024, Kamis (9/11/2023)", "pemilu_2024"),
        ("untuk Pemilu dan Pilkada 2024, Rabu (14/2/2024)", "pemilu_2024"),
        ("untuk Pemilu dan Pilkada 2024, Kamis (15/2/2024)", "pilkada_2024"),
        ("untuk Pemilu dan Pilkada 2024, Senin (14/10/2024)", "pilkada_2024"),
        ("untuk Pilpres 2019, Rabu (10/10/2018)", "pemilu_2019"),
        ("untuk Pilgub 2018, Rabu (10/1/2018)", "pilkada_2018"),
        ("untuk Pilkada 27 November 2024", "pilkada_2024"),
        ("untuk Pilkada 2024", "pilkada_2024"),
    ],
)
def test_the_election_named_is_the_cycle(read_event, text, cycle):
    assert read_event(f"{SESSION} {text}.")["election_cycle"] == cycle


@pytest.mark.parametrize(
    ("text", "cycle"),
    [
        ("seperti pada Pilkada 2020, Kamis (9/11/2023)", "pemilu_2024"),
        ("agar pelanggaran pada Pemilu 2019 tidak terulang, Rabu (26/8/2020)", "pilkada_2020"),
        ("untuk Pemilu 2024 dan bukan lagi Pilkada 2020, Kamis (9/11/2023)", "pemilu_2024"),
        ("dan mengingat Pemilu 2019 untuk Pilkada 2020, Rabu (26/8/2020)", "pilkada_2020"),
        ("untuk Pilkada Serentak 2019, Selasa (19/11/2019)", "pilkada_2020"),
    ],
)
def test_an_election_that_is_over_is_not_the_cycle(read_event, text, cycle):
    assert read_event(f"{SESSION} {text}.")["election_cycle"] == cycle


@pytest.mark.parametrize(
    ("day", "cycle"),
    [
        ("Senin (5/10/2015)", "pilkada_2015"),
        ("Selasa (10/1/2017)", "pilkada_2017"),
        ("Rabu (10/1/2018)", "pilkada_2018"),
        ("Rabu (10/10/2018)", "pemilu_2019"),
        ("Selasa (19/11/2019)", "pilkada_2020"),
        ("Rabu (9/12/2020)", "pilkada_2020"),
        ("Kamis (9/11/2023)", "pemilu_2024"),
        ("Rabu (14/2/2024)", "pemilu_2024"),
        ("Kamis (15/2/2024)", "pilkada_2024"),
        ("Rabu (27/11/2024)", "pilkada_2024"),
        ("Rabu (5/3/2025)", "none"),
        ("Senin (9/12/2024)", "none"),
    ],
)
def test_else_the_date_says_the_cycle(read_event, day, cycle):
    assert read_event(f"{SESSION}, {day}.")["election_cycle"] == cycle


def test_the_cycle_of_a_kind_of_election_follows_the_date(read_event):
    assert read_event(f"{SESSION} untuk Pilkada, Kamis (9/11/2023).")["election_cycle"] == "pilkada_2024"
    assert read_event(f"{SESSION} untuk Pemilu, Kamis (9/11/2023).")["election_cycle"] == "pemilu_2024"


def test_an_election_goes_on_for_some_weeks_after_polling(read_event):
    assert read_event(f"{SESSION} untuk Pilkada, Senin (9/12/2024).")["election_cycle"] == "pilkada_2024"
    assert read_event(f"{SESSION} untuk Pemilu, Senin (9/12/2024).")["election_cycle"] == "none"
    assert read_event(f"{SESSION} untuk Pilkada, Rabu (5/3/2025).")["election_cycle"] == "none"


def test_the_election_of_the_lead_comes_before_a_later_one_mentioned_in_passing(read_event):
    text = f"{SESSION} dalam Pilkada, Jumat (23/2/2018). Hal itu berlaku untuk Pilkada maupun Pemilu 2019."
    assert read_event(text)["election_cycle"] == "pilkada_2018"


def test_the_joint_decree_of_an_election_year_without_a_day(read_event):
    assert read_event(f"{SESSION} untuk Pilkada 2020. Acara itu berdasarkan SKB.")["legal_basis"] == "SKB 2020"


def test_a_term_of_office_is_no_election(read_event):
    text = f"{SESSION} untuk Pilkada. Bupati terpilih pilkada periode 2015-2020 hadir."
    assert read_event(text)["election_cycle"] == "none"


def test_within_a_year_the_election_named_most_is_the_cycle(read_event):
    text = f"Pada tahun 2018 ini {SESSION} untuk Pemilu 2019. Peserta Pemilu 2019 berlaku jujur seperti Pilkada 2018."
    event = read_event(text)
    assert (event["date_start"], event["election_cycle"]) == ("2018", "pemilu_2019")


def test_polling_anew_that_a_text_only_comes_to_mention_is_not_the_cycle(read_event):
    asides = " Peserta bertanya. Panitia menjawab. Hadirin mencatat. Di daerah lain pernah ada pemungutan suara ulang."
    text = f"{SESSION} menuju Pilkada, Selasa (16/5/2017).{asides}"
    assert read_event(text)["election_cycle"] == "pilkada_2018"


@pytest.mark.parametrize("rerun", ["PSU", "Pilkada Ulang:", "pemungutan suara ulang"])
def test_polling_anew_belongs_to_the_election_it_repeats(read_event, rerun):
    assert read_event(f"{SESSION} menjelang {rerun} Pilkada 2024, Rabu (5/3/2025).")["election_cycle"] == "pilkada_2024"


@pytest.mark.parametrize(
    ("text", "cycle"),
    [
        ("pada Pemilu, Pileg, Pilpres, dan Pilkada tahun 2024, Kamis (9/11/2023)", "pemilu_2024"),
        ("bersama Badan Pengawas Pemilu dan penyelenggara pemilu, Selasa (27/10/2020)", "pilkada_2020"),
        ("untuk evaluasi pasca-Pemilu 2024, Kamis (14/3/2024)", "pemilu_2024"),
        ("untuk evaluasi pasca-Pemilu 2024, Kamis (14/6/2024)", "pilkada_2024"),
        ("untuk evaluasi Pemilu 2024 dan persiapan pilkada, Kamis (14/3/2024)", "pilkada_2024"),
        ("untuk Pilkada 2020. Ketuanya mengingat Pemilu 2019", "pilkada_2020"),
        ("menjelang Pilkada November", "pilkada_2024"),
        ("menjelang Pilkada Desember", "none"),
        ("untuk pilkada berdasarkan UU Nomor 20 Tahun 2023", "pilkada_2024"),
        ("untuk pemilu berdasarkan PP Nomor 94 Tahun 2021", "pemilu_2024"),
        ("untuk pilkada berdasarkan UU Nomor 5 Tahun 2014", "none"),
    ],
)
def test_what_is_spoken_of_narrows_the_election_down(read_event, text, cycle):
    assert read_event(f"{SESSION} {text}.")["election_cycle"] == cycle


@pytest.mark.parametrize(
    "occasion",
    [
        "melantik pejabat",
        "mengukuhkan penjabat bupati",
        "dalam pengarahan pegawai",
        "dalam halal bihalal",
        "saat sertijab",
    ],
)
def test_a_reminder_at_a_ceremony_is_given_in_person(read_event, occasion):
    event = read_event(f"Gubernur Bali mengingatkan netralitas ASN saat {occasion}, Rabu (26/8/2020).")
    assert event["mode"] == "in_person"


def test_without_year_and_date_there_is_no_cycle(read_event):
    assert read_event(f"{SESSION}.")["election_cycle"] == "none"


@pytest.mark.parametrize(
    ("text", "laws"),
    [
        ("UU Nomor 5 Tahun 2014", "UU 5/2014"),
        ("UU No. 5 Tahun 2014", "UU 5/2014"),
        ("UU No 5/2014", "UU 5/2014"),
        ("UU 5/2014", "UU 5/2014"),
        ("UU No.5 Th.2014", "UU 5/2014"),
        ("UU NOMOR 5 TAHUN 2014", "UU 5/2014"),
        ("UNDANG-UNDANG NOMOR 5 TAHUN 2014", "UU 5/2014"),
        ("PERATURAN PEMERINTAH NOMOR 94 TAHUN 2021", "PP 94/2021"),
        ("UU ASN Nomor 5 Tahun 2014", "UU 5/2014"),
        ("Undang-Undang Nomor 5 Tahun 2014", "UU 5/2014"),
        ("Undang-undang No.5 tahun 2014", "UU 5/2014"),
        ("undang-undang RI Nomor 5 Tahun 2014", "UU 5/2014"),
        ("Undang Undang Nomor 20 Tahun 2023 tentang ASN", "UU 20/2023"),
        ("UU Pilkada Nomor 10 Tahun 2016", "UU 10/2016"),
        ("UU Nomor 7 Tahun 2017 tentang Pemilu", "UU 7/2017"),
        ("Perbawaslu Nomor 6 Tahun 2018", "Perbawaslu 6/2018"),
        ("Peraturan Bawaslu Nomor 6 Tahun 2018", "Perbawaslu 6/2018"),
        ("PKPU Nomor 3 Tahun 2017", "PKPU 3/2017"),
        ("Permendagri Nomor 2 Tahun 2018", "Permendagri 2/2018"),
        ("Peraturan Badan Pengawas Pemilu (Perbawaslu) Nomor 5 Tahun 2022", "Perbawaslu 5/2022"),
        ("Peraturan Komisi Pemilihan Umum Nomor 3 Tahun 2022", "PKPU 3/2022"),
        ("Peraturan Menteri Dalam Negeri Nomor 9 Tahun 2005", "Permendagri 9/2005"),
        ("aturan. Jadwalnya ada dalam PKPU Nomor 3 Tahun 2022", "PKPU 3/2022"),
        ("aturan. Panwaslu segera menyusun surat edaran", ""),
        ("surat Menpan RB bernomor B/71", "SE"),
        ("UU Nomor 39 Tahun 1999 tentang HAM", "UU 39/1999"),
        ("UU Aparatur Sipil Negara (ASN) Nomor 5 Tahun 2014", "UU 5/2014"),
        ("undang-undang tentang ASN yakni nomor 20 tahun 2023", "UU 20/2023"),
        ("UU 5/2014 dan 10/2016", "UU 5/2014;UU 10/2016"),
        ("UU. No 7 Tahun 2017", "UU 7/2017"),
        ("Perpu Nomor 2 Tahun 2020", "Perppu 2/2020"),
        ("UU Nomor 10 Tahun 2016 tentang Perubahan Kedua atas UU Nomor 1 Tahun 2015", "UU 10/2016"),
        ("UU Nomor 1 Tahun 2015 tentang Penetapan Perppu Nomor 1 Tahun 2014", "UU 1/2015"),
        ("peraturan nomor 94 tahun 2021", "PP 94/2021"),
        ("peraturan nomor 17 tahun 2021", ""),
        ("Peraturan Presiden Nomor 49 Tahun 2018 tentang Manajemen PPPK", "PP 49/2018"),
        ("Peraturan Presiden Nomor 91 Tahun 2024", "Perpres 91/2024"),
        ("SK Bersama lima lembaga", "SKB 2022"),
        ("aturan. Kepala dinas diminta untuk menerbitkan surat edaran", ""),
        ("aturan, bukan sebatas surat edaran", ""),
        ("PP 94/2021", "PP 94/2021"),
        ("PP Nomor 94 Tahun 2021", "PP 94/2021"),
        ("PP 94", "PP 94/2021"),
        ("PP 53 Tahun 2010", "PP 53/2010"),
        ("Peraturan Pemerintah Nomor 94 Tahun 2021", "PP 94/2021"),
        ("Peraturan Pemerintah (PP) No. 42 Tahun 2004", "PP 42/2004"),
        ("UU Nomor 5 Tahun 2014, PP 94/2021 dan SKB", "UU 5/2014;PP 94/2021;SKB 2022"),
        ("UU Nomor 5 Tahun 2014 dan UU Nomor 5 Tahun 2014", "UU 5/2014"),
        ("Surat Edaran Bupati Nomor 5", "SE"),
        ("PP 94/2021 tentang disiplin, serta edaran bupati", "PP 94/2021;SE"),
        ("aturan. Pemkab akan membuat surat edaran (SE)", ""),
        ("aturan. Pemkab berencana segera mengeluarkan SE", ""),
        ("peraturan bersama Menteri PAN-RB dan Bawaslu", "SKB 2022"),
        ("SE Menteri PANRB Nomor 5", "SE"),
        ("Peraturan Komisi Pemilihan Umum (KPU) Nomor 10 Tahun 2023", "PKPU 10/2023"),
        ("aturan Bawaslu no 21 tahun 2018", "Perbawaslu 21/2018"),
        (
            "Peraturan Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi (PAN-RB) Nomor 38 Tahun 2021",
            "PermenPANRB 38/2021",
        ),
        ("UU no 7 taun 2017", "UU 7/2017"),
        ("UU nomor 7 tahun tahun 2017", "UU 7/2017"),
        ("UU Nomor 17 Tahun 2017 tentang Pemilihan Umum", "UU 7/2017"),
        ("UU Nomor 6 Tahun 2016 tentang Desa", "UU 6/2014"),
        ("UU Nomor 43 Tahun 1999 tentang Perubahan UU Nomor 8 Tahun 1974", "UU 43/1999"),
        ("UU No. 10/2016 Tentang Perubahan Kedua UU No 1/2015 Tentang Penetapan Perppu No. 1/2014", "UU 10/2016"),
        ("UU 10/2016 tentang penetapan peraturan pemerintah Undang-Undang nomor 1 tahun 2014", "UU 10/2016"),
        ("PP 11/2017 sebagaimana telah diubah dengan PP Nomor 17 Tahun 2020", "PP 11/2017"),
        ("UU 1/2015 sebagaimana telah diubah terakhir dengan UU Nomor 6 Tahun 2020", "UU 1/2015;UU 6/2020"),
        ("keputusan lima lembaga", "SKB 2022"),
        ("Pedoman Pembinaan dan Pengawasan Netralitas ASN", "SKB 2022"),
        ("UU 5/2014, PP 53/2010, dan surat MenPANRB", "UU 5/2014;PP 53/2010;SE"),
        ("UU 5/2014, PP 53/2010, surat Men PAN RB, dan kode etik", "UU 5/2014;PP 53/2010;SE"),
        ("suratnya bernomor B/2677/M.PAN-RB/7/2014", "SE"),
        ("surat pengantar B/2677", ""),
        ("UU ASN", ""),
        ("Pasal 9 ayat 2", ""),
        ("peraturan yang berlaku", ""),
    ],
)
def test_laws_in_every_spelling(read_event, text, laws):
    assert read_event(f"{SESSION}, {DAY}. Kegiatan itu berdasarkan {text}.")["legal_basis"] == laws


@pytest.mark.parametrize("name", ["SKB", "SKB lima lembaga", "Keputusan Bersama"])
@pytest.mark.parametrize(
    ("day", "year", "decree"),
    [
        ("Senin (7/9/2020)", "", "SKB"),
        ("Rabu (7/10/2020)", "", "SKB 2020"),
        ("Rabu (21/9/2022)", "", "SKB 2020"),
        ("Kamis (22/9/2022)", "", "SKB 2022"),
        ("Senin (14/10/2024)", "", "SKB 2022"),
        ("Senin (14/10/2024)", " tahun 2020", "SKB 2020"),
        ("Senin (14/10/2024)", " Tahun 2022", "SKB 2022"),
    ],
)
def test_the_joint_decree_of_its_year_else_of_the_day(read_event, name, day, year, decree):
    assert read_event(f"{SESSION}, {day}. Acara itu berdasarkan {name}{year}.")["legal_basis"] == decree


@pytest.mark.parametrize(
    "told",
    [
        "KASN akan segera menerbitkan Surat Keputusan Bersama (SKB) lima lembaga",
        "Aturan itu akan dimuat melalui surat keputusan bersama (SKB)",
        "Kementerian diminta segera menyelesaikan Surat Keputusan Bersama (SKB)",
    ],
)
def test_a_joint_decree_that_is_yet_to_be_signed_is_no_basis(read_event, told):
    text = f"{SESSION}, Senin (3/8/2020). {told}. Dengan SKB itu pelanggar akan ditindak."
    assert read_event(text)["legal_basis"] == ""


def test_the_year_of_a_joint_decree_may_stand_behind_its_long_name_or_further_on(read_event):
    signers = (
        "Keputusan Bersama Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi, Menteri Dalam Negeri, Kepala "
        "Badan Kepegawaian Negara, Ketua Komisi Aparatur Sipil Negara, dan Ketua Badan Pengawas Pemilihan Umum"
    )
    assert read_event(f"{SESSION}. Dasarnya {signers} Nomor 2 Tahun 2022.")["legal_basis"] == "SKB 2022"
    assert read_event(f"{SESSION}. Dasarnya SKB itu. Ialah SKB Nomor 2 Tahun 2022.")["legal_basis"] == "SKB 2022"
    assert read_event(f"{SESSION}. Dasarnya {signers} tentang pembinaan, pengawasan netralitas.")["legal_basis"] == (
        "SKB 2022"
    )


def test_a_circular_that_bears_the_title_of_the_joint_decree_does_not_name_it(read_event):
    text = f"Bupati Demak menerbitkan surat edaran tentang pedoman pengawasan netralitas ASN, {DAY}."
    assert read_event(text)["legal_basis"] == "SE"


@pytest.mark.parametrize(
    "told",
    [
        f'"Jaga netralitas," kata Sekda pada apel pagi gabungan, {DAY}.',
        f'"Jaga netralitas," ujarnya pada rakornas sekretaris daerah, {DAY}.',
        f"Itu ia ucapkan pada rapat koordinasi perangkat daerah. Pernyataan itu dikutip {DAY}.",
        f'"Jaga netralitas," serunya kepada para camat, {DAY}, di aula gugus tugas.',
        f'"Jaga netralitas," katanya selepas pelantikan pejabat, {DAY}.',
    ],
)
def test_a_reminder_is_in_person_where_a_later_sentence_tells_the_gathering(read_event, told):
    quotes = "Semua pegawai harus paham aturan. Sanksinya berat sekali. Bawaslu turut mengawasi. Warga boleh melapor. "
    text = f"Sekda Kabupaten Demak mengingatkan ASN agar netral pada Pilkada 2024. {quotes}{told}"
    assert read_event(text)["mode"] == "in_person"


@pytest.mark.parametrize(
    "told",
    [
        f"Sekda mengatakan hal itu selalu ia sampaikan pada setiap apel pagi, {DAY}.",
        f"Sikap itu sudah dideklarasikan sejak Juli, katanya, {DAY}.",
        f"Pegawai tersebar sampai ke desa, kata Sekda, {DAY}.",
        f"Sekda mengatakan telah menandatangani surat bupati, {DAY}.",
        f"ASN yang hadir kampanye pasangan calon akan disanksi, kata Sekda, {DAY}.",
    ],
)
def test_what_is_a_habit_or_was_done_before_is_no_gathering(read_event, told):
    text = f"Sekda Kabupaten Demak mengingatkan ASN agar netral pada Pilkada 2024. {told}"
    assert read_event(text)["mode"] == "unknown"


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("Pegawai diminta bijak bermedia sosial.", "media_sosial"),
        ("Sanksi disiplin menanti pelanggar.", "sanksi"),
        ("Jangan memakai kendaraan dinas dan fasilitas negara.", "fasilitas_negara"),
        ("Politik uang dilarang.", "politik_uang"),
        ("Pelayanan publik tidak boleh terganggu.", "pelayanan_publik"),
    ],
)
def test_what_was_spoken_about(read_event, text, theme):
    assert theme in read_event(f"{SESSION}, {DAY}. {text}")["themes"].split(";")


def test_what_is_empty_says_why(coder):
    cells = coder.code(Article("T1", f"{SESSION}.")).events[0].cells
    silent = [name for name, cell in cells.items() if not cell.value and not cell.reason]
    assert silent == []


def test_a_law_named_behind_another_has_its_kind(read_event):
    text = "berdasarkan UU Nomor 5 Tahun 2014 dan Nomor 10 Tahun 2016"
    assert read_event(f"{SESSION}, Senin (14/10/2024). Kegiatan itu {text}.")["legal_basis"] == "UU 5/2014;UU 10/2016"


@pytest.mark.parametrize("speakers", ["4 orang pemateri", "2 orang narasumber"])
def test_speakers_are_not_counted(read_event, speakers):
    event = read_event(f"{SESSION}, Senin (14/10/2024), diikuti {speakers} dan 120 peserta.")
    assert event["participants_n"] == "120"


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        (f"Bupati Demak meminta ASN menjaga netralitas. Ia menjelaskannya di kantornya, {DAY}.", "unknown"),
        (f"Bupati Demak meminta ASN menjaga netralitas, ujarnya kepada wartawan di ruang rapat, {DAY}.", "unknown"),
        (f"Bupati Demak meminta ASN menjaga netralitas ketika berorasi di Semarang, {DAY}.", "in_person"),
        (f"Bupati Demak meminta ASN menjaga netralitas saat bertatap muka dengan para camat, {DAY}.", "in_person"),
    ],
)
def test_a_reminder_needs_listeners_to_be_given_in_person(read_event, text, mode):
    assert read_event(text)["mode"] == mode
