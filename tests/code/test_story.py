"""The story is found within a saved page, and a text that is all story stays as it is."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_research.articles import Article
from netral_research.code.coder import Coder
from netral_research.code.lexicon import LEXICON
from netral_research.code.story import PAGE_LINE, StoryFinder
from netral_research.code.text import plain
from netral_research.schemas import load_raw

from .snippets import PIECES, texts_of

SESSION = "Bawaslu Kabupaten Bogor menggelar sosialisasi netralitas ASN di Hotel Salak, Rabu (26/8/2020)."
FURTHER = "Para camat diminta menjaga sikap sampai pemungutan suara selesai."
HEADLINE = "Bawaslu Bogor Gelar Sosialisasi Netralitas ASN"
MENU = "Beranda\nDaerah\nPolitik\nOlahraga\n"
TRENDING = (
    "Wali Kota Palu Teken Pakta Integritas Netralitas\nSenin, 5 Agustus 2019 | 10:15 WIB\nBeranda / Daerah / Bogor\n"
)
RELATED = (
    "Berita Terkait\nGubernur Maluku Terbitkan Surat Edaran Netralitas ASN\nKamis, 4 Januari 2018 | 09:10 WIB\n"
    "Apel Siaga di Kota Serang, Senin (8/1/2018)\nSKB dan UU Nomor 5 Tahun 2014 Dibahas\n"
)
FOOTER = "Copyright 2021 Kabar Contoh. Semua hak dilindungi.\nTentang Kami\n"


@pytest.fixture(scope="module")
def finder(real_project) -> StoryFinder:
    lexicon: pd.DataFrame = load_raw(real_project, LEXICON)
    lines = lexicon[lexicon["list"] == PAGE_LINE]
    return StoryFinder.of(zip(lines["term"], lines["phrase"], strict=True))


@pytest.fixture(scope="module")
def kept(finder) -> Callable[..., str]:
    def read(text: str, headline: str = "") -> str:
        return " ".join(finder.story(plain(text), headline).split())

    return read


@given(text=st.one_of(st.text(max_size=300), texts_of((*PIECES, MENU, TRENDING, RELATED, FOOTER, f"{SESSION}\n"))))
def test_no_character_moves_and_none_is_added(finder, text):
    page = plain(text)
    story = finder.story(page)
    assert len(story) == len(page)
    assert all(new in {old, " "} and (old != "\n" or new == "\n") for old, new in zip(page, story, strict=True))


@given(st.lists(st.sampled_from([SESSION, FURTHER, "Acara dibuka sekda. Semua hadir."]), min_size=1, max_size=6))
def test_prose_from_its_first_to_its_last_line_stays_as_it_is(finder, paragraphs):
    text = "\n\n".join(paragraphs)
    assert finder.story(text) == text


@pytest.mark.parametrize("before", ["", MENU, MENU + TRENDING, "Skip to content\n" + MENU])
@pytest.mark.parametrize(
    "after",
    [
        "", RELATED, RELATED + FOOTER, FOOTER, "Tags: Kota Palu, Pilkada 2018\n" + RELATED, "#pilkada2018\n#palu\n",
        "Editor: Redaksi Palu\n", "Bagikan:\nFacebook\nWhatsApp\n", "Terpopuler\nHarga Cabai di Pasar Ambon\n",
        "Tinggalkan Balasan\nAlamat email Anda tidak akan dipublikasikan. Ruas yang wajib ditandai *\n",
        "Pos Terbaru\nKUPANG - Bawaslu menggelar rapat di Kupang, Senin (8/1/2018). Camat hadir. Acara dibuka [...]\n",
    ],
)  # fmt: skip
def test_what_stands_around_the_story_goes(kept, before, after):
    assert kept(f"{before}{SESSION}\n\n{FURTHER}\n{after}") == f"{SESSION} {FURTHER}"


@pytest.mark.parametrize(
    "between",
    [
        "Baca juga: Rapat di Kota Palu, Senin (8/1/2018)", "Baca Juga\nRapat di Kota Palu\nApel di Kota Serang",
        "BACA JUGA:Apel di Kota Serang", "Advertisement", "SCROLL TO CONTINUE", "Berita Rekomendasi\nApel di Serang",
    ],
)  # fmt: skip
def test_links_between_two_paragraphs_go(kept, between):
    assert kept(f"{SESSION}\n\n{between}\n\n{FURTHER}") == f"{SESSION} {FURTHER}"


def test_the_storys_own_headline_stays_with_the_date_before_it(kept):
    page = f"{MENU}{TRENDING}Rabu, 26 Agustus 2020 | 15:51 WIB\n{HEADLINE}\nPenulis: Redaksi\n{SESSION}\n{FURTHER}"
    assert kept(page) == f"Rabu, 26 Agustus 2020 | 15:51 WIB {HEADLINE} {SESSION} {FURTHER}"


BROKEN = (
    "Menurut ketua, aturannya ada dalam Peraturan Pemerintah nomor 53 tentang disiplin pegawai, yang sanksinya dari"
)


@pytest.mark.parametrize(
    "after", ["", "Terpopuler\nHarga Cabai di Pasar Ambon\n", "Tags: Kota Palu, Pilkada 2018\n" + RELATED]
)
def test_a_sentence_that_breaks_off_is_the_storys(kept, after):
    assert kept(f"{MENU}{SESSION}\n\n{BROKEN}\n\n{after}") == f"{SESSION} {BROKEN}"


def test_a_signature_closes_a_paragraph(kept):
    assert kept(f"{MENU}{SESSION}\n\n{FURTHER} ##DISKOMINFO") == f"{SESSION} {FURTHER} ##DISKOMINFO"


def test_a_headline_of_other_words_stays_where_the_page_is_known_to_bear_it(kept):
    page = f"{MENU}Jangan Coba Coba Berpihak Kepada Calon\n{SESSION}"
    assert kept(page) == SESSION
    assert kept(page, "Jangan Coba Coba Berpihak kepada Calon") == f"Jangan Coba Coba Berpihak Kepada Calon {SESSION}"


def test_other_news_above_the_story_does_not_end_it(kept):
    assert kept(f"{MENU}Terpopuler\nHarga Cabai Naik Lagi.\n{SESSION}\n{FURTHER}") == f"{SESSION} {FURTHER}"


@pytest.mark.parametrize(
    "text",
    [
        "Bawaslu Kabupaten Bogor\nmenggelar sosialisasi\nnetralitas ASN di aula hotel pada hari\nini.",
        "Penulis buku itu hadir dalam rapat di aula.\nKomentar warga tentang netralitas didengar camat.",
        f"{SESSION}\nIsi ikrar:\n1. Menjaga netralitas.\n2. Menolak politik uang",
        "ASN Diminta Netral\nApel digelar di alun-alun kota hari Senin.",
        "Beranda\nDaerah\nPolitik",
    ],
)
def test_wrapped_lines_lists_and_texts_without_prose_stay(finder, text):
    assert finder.story(text) == text


def rows(coder: Coder, article: Article) -> list[dict[str, str]]:
    return [{name: cell.value for name, cell in event.cells.items()} for event in coder.code(article).events]


def test_a_menu_and_other_headlines_around_a_story_leave_its_rows_as_they_are(coder, real_project):
    sample = load_raw(real_project, "data/reference/coding_sample.csv")
    read = set(sample["source_id"][sample["sample"] == "development"])
    pages, changed = 0, []
    for page in load_raw(real_project, "data/reference/control_articles.csv").itertuples():
        if page.source_id in read:
            pages += 1
            story = Article(page.source_id, page.text, page.published, page.title, page.url)
            around = f"{MENU}{TRENDING}{page.text.strip()}\n\nTags: Pilkada 2018, Kota Palu\n{RELATED}{FOOTER}"
            whole = Article(page.source_id, around, page.published, page.title, page.url)
            changed += [page.source_id] * (rows(coder, story) != rows(coder, whole))
    assert len(changed) <= 0.02 * pages, changed


def test_evidence_points_into_the_page_as_read(coder):
    page = f"{MENU}{TRENDING}{HEADLINE}\n{SESSION}\n{FURTHER}\n{RELATED}{FOOTER}"
    event = coder.code(Article("T1", page)).events[0]
    assert event.cells["date_start"].value == "2020-08-26"
    assert [page[start:end] for start, end in event.cells["date_start"].evidence] == ["Rabu (26/8/2020"]
    body = page.index(HEADLINE), page.index("Berita Terkait")
    assert all(body[0] <= a < b <= body[1] for cell in event.cells.values() for a, b in cell.evidence)
