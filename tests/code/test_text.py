"""A page is made plain without moving a character, and cut into sentences as a reader would cut it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_research.code.text import cut, plain

from .snippets import PIECES, texts_of


@given(st.one_of(st.text(max_size=300), texts_of(PIECES)))
def test_the_length_stays_whatever_the_text(text):
    smooth = plain(text)
    assert len(smooth) == len(text)
    assert smooth.count("\n") == text.count("\n") + text.count("\r")


@given(st.one_of(st.text(max_size=300), texts_of(PIECES)))
def test_every_word_stands_where_it_says(text):
    page = cut(text)
    assert len(page.text) == len(text)
    for word, start, end in zip(page.words, page.starts, page.ends, strict=True):
        assert page.text[start:end].lower() == word
    assert list(page.starts) == sorted(set(page.starts))
    assert list(page.sentence_starts) == sorted(set(page.sentence_starts))
    assert all(0 <= start <= len(text) for start in page.sentence_starts)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<p>Apel <b>netral</b></p>", "Apel netral"),
        ('<a href="https://contoh.id/apel">Apel</a> pagi', "Apel pagi"),
        ("<script>var apel = 1</script>Rapat", "Rapat"),
        ("<style>p { color: red }</style>Rapat", "Rapat"),
        ("<!-- apel -->Rapat", "Rapat"),
        ("Apel&nbsp;pagi&#160;ini &amp; besok&#x2019;", "Apel pagi ini besok"),
        ("Baca di https://contoh.id/2019/05/01/apel-pagi lagi", "Baca di lagi"),
        ("Lihat www.contoh.id/apel lagi", "Lihat lagi"),
        ("Apel pagi.\nBaca juga: Rapat Bawaslu di Kota Palu\nSelesai.", "Apel pagi. Selesai."),
        ("Apel pagi.\nBaca Juga : Rapat di Kota Palu\nSelesai.", "Apel pagi. Selesai."),
        ("Apel pagi. Baca juga: Rapat di Kota Palu. Selesai.", "Apel pagi. . Selesai."),
        ("Suasana rapat di aula. (Foto: Humas)\nApel pagi.", "Apel pagi."),
        ("Rapat di aula, Selasa (3/9). (ist)\nApel pagi.", "Apel pagi."),
        ("3 < 5 dan 7 > 2", "3 < 5 dan 7 > 2"),
        ("Bappeda & BKD", "Bappeda & BKD"),
    ],
)
def test_what_is_no_text_of_the_article_becomes_blanks(text, kept):
    assert " ".join(plain(text).split()) == kept


@pytest.mark.parametrize("credit", ["(ist)", "(foto: humas)", "(dok/humas)"])
def test_a_paragraph_that_ends_in_a_credit_is_no_caption(read_event, credit):
    text = f"Pemkab Demak menggelar apel netralitas ASN, Senin (14/10/2024). {credit}\n"
    assert read_event(text)["event_type"] == "apel"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rabu\u00a0(26/8)", "Rabu (26/8)"),
        ("Jum\u2019at", "Jum'at"),
        ("\u201cNetral\u201d", '"Netral"'),
        ("3\u20135 November", "3-5 November"),
        ("Ap\u200bel", "Ap el"),
        ("\ufeffApel\x00\x07", " Apel  "),
        ("\u202eApel\u202c", " Apel "),
        ("Apel\r\nRapat", "Apel\n\nRapat"),
        ("É — ñ", "É - ñ"),
    ],
)
def test_signs_are_written_one_way(text, expected):
    assert plain(text) == expected


def sentences(text: str) -> list[str]:
    page = cut(text)
    spans = [page.sentence_span(number) for number in range(len(page.sentence_starts))]
    return [" ".join(page.text[start:end].split()) for start, end in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Apel digelar. Semua hadir.", ["Apel digelar.", "Semua hadir."]),
        ("Apel digelar! Semua hadir? Ya.", ["Apel digelar!", "Semua hadir?", "Ya."]),
        ('"Jaga netralitas." Ia menutup rapat.', ['"Jaga netralitas."', "Ia menutup rapat."]),
        ("Rapat di Kab. Banjar. Besok lagi.", ["Rapat di Kab. Banjar.", "Besok lagi."]),
        ("Surat No. 5 terbit. Besok lagi.", ["Surat No. 5 terbit.", "Besok lagi."]),
        ("Menurut dr. H. Sekda, aman. Besok lagi.", ["Menurut dr. H. Sekda, aman.", "Besok lagi."]),
        ("Jl. Merdeka ditutup. Besok lagi.", ["Jl. Merdeka ditutup.", "Besok lagi."]),
        ("Dibuka pukul 08.30 WIB. Besok lagi.", ["Dibuka pukul 08.30 WIB.", "Besok lagi."]),
        ("Diikuti 1.010 orang. Besok lagi.", ["Diikuti 1.010 orang.", "Besok lagi."]),
        ("Menurut contoh.id rapat usai. Besok lagi.", ["Menurut contoh.id rapat usai.", "Besok lagi."]),
        ("Apel digelar.\n\nSemua hadir.", ["Apel digelar.", "Semua hadir."]),
        ("ASN Diminta Netral\nApel digelar. Besok lagi.", ["ASN Diminta Netral Apel digelar.", "Besok lagi."]),
        ("Apel yang panjang\ndigelar di halaman.", ["Apel yang panjang digelar di halaman."]),
        ("", [""]),
    ],
)
def test_sentences_end_at_full_stops_that_are_none_of_an_abbreviation(text, expected):
    assert sentences(text) == expected


def test_words_know_their_sentence():
    page = cut("Apel digelar di Kab. Banjar. Semua hadir.")
    assert page.words == ("apel", "digelar", "di", "kab", "banjar", "semua", "hadir")
    assert page.sentences == (0, 0, 0, 0, 0, 1, 1)
    assert page.sentence_of(page.starts[5]) == 1
    assert page.word_at(page.starts[5]) == 5


def test_capitals_before_a_hyphen_are_no_abbreviation():
    page = cut("SE Bupati dan SE-KALSEL")
    assert [page.words[number] for number in page.shouted] == ["se", "kalsel"]


def test_a_word_without_end_is_no_word():
    assert cut("a" * 500 + " apel").words == ("apel",)
