"""Pieces of Indonesian news, to be mixed into texts nobody would write."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = (
    "Pemprov Kalbar", "Bawaslu Sultra", "Bawaslu", "KASN", "Pemkab Pekalongan", "Pemkot Palu", "Bupati", "Sekda",
    "menggelar", "mengadakan", "telah menggelar", "digelar oleh", "bersama", "menghadiri", "mengingatkan",
    "sosialisasi", "apel", "deklarasi", "ikrar", "penandatanganan", "pakta integritas", "surat edaran", "SE", "webinar",
    "rapat koordinasi", "bimtek", "seminar", "kampanye", "diskusi", "opini", "melanggar", "dilaporkan",
    "netralitas ASN", "ASN", "netral", "se-Kalsel", "se-Indonesia", "Kota Serang", "Kabupaten Bogor", "Gorontalo",
    "Jawa Tengah, Jawa Timur, Maluku,", "di Hotel Grand Palu", "Kecamatan Palas", "BANDUNG -", "D.I. Yogyakarta",
    "Rabu (26/8/2020)", "Kamis, 15/10", "3-5 Nop 2020", "Jum'at", "kemarin", "belum lama ini", "sehari kemudian",
    "27 November 2024", "30 September - 2 Oktober 2024", "31/12", "Pebruari 2018", "29 Februari",
    "Nomor 800/123/BKPSDM/IX/2024", "tertanggal 5 Mei", "UU Nomor 5 Tahun 2014", "PP 94/2021", "SKB", "Pilkada 2024",
    "Pemilu dan Pilkada 2024", "PSU", "1.010 peserta", "250 orang", "secara daring", "Zoom", "di aula",
    "Baca juga: Rapat lain", "<b>", "</p>", "&nbsp;", "(Foto: Humas)", "https://contoh.id/2020/08/26/apel",
    "\n", "\n\n",
    ".", ",", ";", ":", "-", "(", ")", '"', "\u2019", "\u00a0", "\u202e", "\x00", "\ufeff", "1", "2045",
    "politik uang",
)  # fmt: skip


def texts_of(pieces: tuple[str, ...], most: int = 40) -> st.SearchStrategy[str]:
    """Texts of some of the pieces in any order."""
    return st.lists(st.sampled_from(pieces), max_size=most).map(" ".join)
