"""Who holds an event, by type of institution, and who with them."""

from __future__ import annotations

import pytest

SESSION = "menggelar sosialisasi netralitas ASN di aula, Senin (14/10/2024)."


@pytest.mark.parametrize(
    ("text", "organiser"),
    [
        ("Karyawan Kantor Kemenag Kabupaten Demak mengucapkan ikrar netralitas ASN, {}.", "kemenag"),
        ("Pemkot Kendari, Provinsi Sulawesi Tenggara, bersama Bawaslu menggelar sosialisasi netralitas ASN, {}.",
         "pemkab_pemkot"),
        ("Pj Wali Kota Tarakan membuka sosialisasi netralitas ASN, {}. Bersama sekda dan camat ia meneken pakta.",
         "pemkab_pemkot"),
        ("ASN Pemprov Kaltara mendeklarasikan netralitas, {}. Pada hari itu Bawaslu Kaltara meneken perjanjian.",
         "pemprov"),
        ("Pjs Bupati Cianjur membuka sosialisasi netralitas ASN, {}. Dalam laporan Kepala Kesbangpol disebut camat.",
         "kesbangpol"),
        ("Pj Gubernur Riau mengikuti rakor nasional bertema netralitas ASN yang diadakan Bawaslu di Jakarta, {}.",
         "bawaslu_ri"),
        ("Bawaslu Provinsi Bali bekerja sama dengan KPU, KASN, BKN, dan Pemprov Bali menggelar sosialisasi netral, {}.",
         "bawaslu_provinsi"),
        ("Universitas Diponegoro bersama KASN dan BKN menyelenggarakan webinar netralitas ASN, {}.", "university"),
        ("Bawaslu Provinsi Bali menjadi pemateri sosialisasi netralitas ASN Pemprov Bali, {}.", "pemprov"),
        ("Ketua Bawaslu, Rahmat Bagja, menjelaskan netralitas ASN. Rakor digelar Bawaslu dan kepala daerah, {}.",
         "bawaslu_ri"),
        ("Melalui BKPSDM, Pemerintah Kabupaten Demak mengadakan sosialisasi netralitas ASN, {}.", "bkpsdm_bkd"),
        ("Asisten Pemprov Bali mengikuti webinar netralitas ASN, {}. Penyelenggaranya KASN.", "kasn"),
        ("Biro SDM Kementerian Sekretariat Negara menggelar webinar netralitas ASN, {}.", "other"),
        ("Kepala Kanwil Kemenag Bali meminta ASN netral, {}. Bawaslu Kota Denpasar rutin melakukan pemantauan.",
         "kemenag"),
        ("Bersama KASN dan IAPA, Fakultas Hukum Universitas Udayana mengadakan webinar netralitas ASN, {}.",
         "university"),
        ("Apel ikrar netralitas ASN diselenggarakan Pemerintah Kabupaten Demak melalui BKPSDM, {}.", "bkpsdm_bkd"),
        ("Bupati Demak diingatkan soal netralitas ASN, {}. Peringatan itu disampaikan Dirjen Otda Kemendagri.",
         "kemendagri"),
        ("Bupati Demak mendapat imbauan dari Panwaslu Kabupaten Demak soal netralitas ASN, {}.", "bawaslu_kabkota"),
        ("Panwaslu himbau Bupati menjaga netralitas ASN. Hal itu diutarakan di kantor Panwaslu Kabupaten Demak, {}.",
         "bawaslu_kabkota"),
        ("Rakor netralitas ASN berlangsung, {}. Ketua KASN berbicara. Pj Gubernur Bali hadir dalam rakor ini.", "kasn"),
        ("Rapat koordinasi nasional netralitas ASN diikuti Bupati Demak, {}. Rapat dibuka Sekjen Kemendagri.",
         "kemendagri"),
        ("Panwaslu kumpulkan ASN. Sosialisasi netralitas ASN diadakan Panwaslu Kecamatan Palas, {}.", "panwascam"),
        ("ASN diminta netral menyambut pemilihan bupati dan wakil bupati Demak. Itu kata Kepala BKD Jawa Tengah, {}.",
         "bkpsdm_bkd"),
        ("ASN harus netral, pesan Kepala BKD Bali, {}. Kepala Kesbangpol Bali yang turut bicara meminta warga rukun.",
         "bkpsdm_bkd"),
        ("Surat edaran netralitas ASN yang diteken gubernur sudah dikirim kepada Bawaslu Jambi, {}.", "pemprov"),
    ],
)  # fmt: skip
def test_who_holds_it_among_others_who_act(read_event, text, organiser):
    assert read_event(text.format("Senin (14/10/2024)"))["organiser"] == organiser


@pytest.mark.parametrize(
    ("bearer", "organiser"),
    [
        ("KASN", "kasn"),
        ("Komisi Aparatur Sipil Negara (KASN)", "kasn"),
        ("Bawaslu RI", "bawaslu_ri"),
        ("Bawaslu Provinsi Bali", "bawaslu_provinsi"),
        ("Bawaslu Sultra", "bawaslu_provinsi"),
        ("Bawaslu Kota Denpasar", "bawaslu_kabkota"),
        ("Bawaslu Demak", "bawaslu_kabkota"),
        ("Panwaslu Kecamatan Palas", "panwascam"),
        ("Panwascam Wonosari", "panwascam"),
        ("KPU Kabupaten Demak", "kpu"),
        ("BKN", "bkn"),
        ("Badan Kepegawaian Negara", "bkn"),
        ("BKPSDM Kabupaten Demak", "bkpsdm_bkd"),
        ("BKD Provinsi Jawa Tengah", "bkpsdm_bkd"),
        ("Pemprov Bali", "pemprov"),
        ("Gubernur Bali", "pemprov"),
        ("Pemkab Demak", "pemkab_pemkot"),
        ("Pemkot Denpasar", "pemkab_pemkot"),
        ("Wali Kota Denpasar", "pemkab_pemkot"),
        ("Sekda Demak", "pemkab_pemkot"),
        ("Dinas Pendidikan Kabupaten Demak", "pemkab_pemkot"),
        ("Kecamatan Wonosari", "kecamatan"),
        ("Camat Wonosari", "kecamatan"),
        ("Kemendagri", "kemendagri"),
        ("Kementerian Dalam Negeri", "kemendagri"),
        ("Kementerian PANRB", "kemenpanrb"),
        ("Inspektorat Kabupaten Demak", "inspektorat"),
        ("Kesbangpol Provinsi Bali", "kesbangpol"),
        ("Badan Kesatuan Bangsa dan Politik Kota Denpasar", "kesbangpol"),
        ("Korpri Kabupaten Demak", "korpri"),
        ("Universitas Udayana", "university"),
        ("IAPA", "iapa"),
        ("DPRD Kabupaten Demak", "dpr_dprd"),
        ("Polres Demak", "tni_polri"),
        ("Kodim Demak", "tni_polri"),
        ("Kemenag Kabupaten Demak", "kemenag"),
        ("Kejaksaan Negeri Demak", "kejaksaan"),
        ("Kejati Bali", "kejaksaan"),
        ("PWI Demak", "media"),
        ("Perludem", "csi_ngo"),
        ("Ombudsman RI", "other"),
    ],
)
def test_the_type_of_who_holds_it(read_event, bearer, organiser):
    assert read_event(f"{bearer} {SESSION}")["organiser"] == organiser


@pytest.mark.parametrize(
    ("text", "organiser", "others"),
    [
        ("Sosialisasi netralitas ASN digelar Bawaslu Kabupaten Demak", "bawaslu_kabkota", ""),
        ("Sosialisasi netralitas ASN digelar oleh Bawaslu Kabupaten Demak bersama Pemkab Demak",
         "bawaslu_kabkota", "pemkab_pemkot"),
        ("Pemkab Demak bersama Bawaslu Kabupaten Demak menggelar sosialisasi netralitas ASN",
         "pemkab_pemkot", "bawaslu_kabkota"),
        ("Pemkab Demak melalui BKPSDM menggelar sosialisasi netralitas ASN", "bkpsdm_bkd", "pemkab_pemkot"),
        ("Bawaslu Kabupaten Demak menggelar sosialisasi netralitas ASN di kantor Bupati Demak", "bawaslu_kabkota", ""),
        ("ASN Pemkab Demak menandatangani pakta integritas netralitas", "pemkab_pemkot", ""),
        ("Surat Edaran Bupati Demak tentang netralitas ASN diterbitkan", "pemkab_pemkot", ""),
        ("Sekda Demak mengingatkan ASN agar menjaga netralitas", "pemkab_pemkot", ""),
    ],
)  # fmt: skip
def test_the_grammar_says_who_holds_it(read_event, text, organiser, others):
    event = read_event(f"{text}, Senin (14/10/2024).")
    assert (event["organiser"], event["co_organisers"]) == (organiser, others)


def test_who_attends_does_not_hold_it(read_event):
    text = "Pemkab Demak menghadiri sosialisasi netralitas ASN yang digelar Bawaslu Kabupaten Demak."
    assert read_event(text)["organiser"] == "bawaslu_kabkota"


def test_without_an_institution_the_organiser_stays_open(read_event):
    assert read_event("Sosialisasi netralitas digelar di aula, Senin (14/10/2024).")["organiser"] == ""


def test_an_organiser_is_never_its_own_companion(read_event):
    event = read_event(f"Bawaslu Provinsi Bali bersama Bawaslu Provinsi Bali dan KASN {SESSION}")
    assert event["organiser"] not in event["co_organisers"].split(";")
