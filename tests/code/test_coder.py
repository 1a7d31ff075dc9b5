"""The coder as a whole: the same every time, every cell allowed and shown in the text, never an exception."""

from __future__ import annotations

import pickle
import tomllib

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_research.articles import Article
from netral_research.code.proposals import (
    CODED_FIELDS,
    EVENT_COLUMNS,
    CodedArticle,
    parse_evidence,
    proposed_row,
)
from netral_research.contracts import CONTRACTS
from netral_research.dates import parse_date
from netral_research.schemas import check_table

from .snippets import PIECES, texts_of

EVENTS = "data/raw/events.csv"
ARTICLE = Article(
    "T1",
    "PONTIANAK, contoh.id - <b>Pemprov Kalbar</b> bersama Bawaslu Kalbar menggelar apel ikrar netralitas ASN untuk "
    "Pilkada 2024, Senin (14/10/2024), di halaman Kantor Gubernur.\n\nBaca juga: Rapat di Kota Palu\n\nSebanyak 1.010 "
    "peserta hadir. Dasarnya UU Nomor 20 Tahun 2023 dan SKB. Pelayanan publik tidak boleh terganggu.",
    "2024-10-15",
    "Apel Netralitas ASN Kalbar",
)
PAGES = st.sampled_from(["", "2024-10-15", "2020-08", "2018", "kemarin", "2023-02-30"])


@pytest.fixture(scope="module")
def reasons(real_project) -> dict[str, set[str]]:
    path = real_project.root / "src" / "netral_research" / "locales" / "id" / "code.toml"
    told = tomllib.loads(path.read_text("utf-8"))
    return {section: set(told[section]) for section in ("reason", "skipped")}


def check(coded: CodedArticle, text: str, reasons: dict[str, set[str]]) -> None:
    """Everything that holds for whatever a text may be coded as."""
    assert bool(coded.events) != bool(coded.skipped)
    assert not coded.skipped or coded.skipped in reasons["skipped"]
    spans = list(coded.evidence)
    for event in coded.events:
        assert list(event.cells) == list(CODED_FIELDS)
        for name, cell in event.cells.items():
            assert cell.confidence in {"high", "medium", "low"}, name
            assert not cell.reason or cell.reason in reasons["reason"], (name, cell.reason)
            assert cell.value or cell.reason, name
            assert parse_evidence(cell.written_evidence) == cell.evidence
            spans += cell.evidence
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(text[start:end].strip() for start, end in spans)
    if coded.events:
        check_events(coded)


def check_events(coded: CodedArticle) -> None:
    rows = [proposed_row("T1", number, event) for number, event in enumerate(coded.events, 1)]
    lines = pd.RangeIndex(2, len(rows) + 2, name="line")
    check_table(pd.DataFrame(rows, columns=list(CONTRACTS[EVENTS]), index=lines, dtype="str"), EVENTS)
    for row in rows:
        written = row["date_start"]
        assert bool(written) == bool(row["date_precision"])
        assert not row["date_end"] or row["date_end"] > written
        assert not written or parse_date(written).precision == row["date_precision"]
        for name in ("province", "regency", "co_organisers", "legal_basis", "themes", "participants"):
            terms = row[name].split(";")
            assert len(terms) == len(set(terms)), name
        assert row["organiser"] not in row["co_organisers"].split(";") or not row["organiser"]
        assert not row["regency"] or row["province"]


def test_the_words_of_an_address_stand_for_a_title_that_is_not_on_record(coder):
    text = "Hal itu disampaikan Sekda Kampar, Senin (14/10/2024). Pegawai tidak boleh memihak dalam Pilkada 2024."
    address = "https://kabar.id/berita/24784/sekda-kampar-imbau-asn-jaga-netralitas-pilkada-2024.html"
    told = coder.code(Article("T1", text, url=address)).events
    assert [event.cells["event_type"].value for event in told] == ["imbauan_langsung"]


def test_an_article_is_read_in_full(coder):
    cells = coder.code(ARTICLE).events[0].cells
    expected = {
        "date_start": "2024-10-14", "date_end": "", "date_precision": "day", "province": "Kalimantan Barat",
        "regency": "", "scope": "province", "event_type": "apel", "pledge": "ikrar", "mode": "in_person",
        "organiser": "pemprov", "co_organisers": "bawaslu_provinsi", "participants_n": "1010",
        "election_cycle": "pilkada_2024", "legal_basis": "UU 20/2023;SKB 2022",
    }  # fmt: skip
    assert {name: cells[name].value for name in expected} == expected


@pytest.mark.parametrize(
    ("field", "passage"),
    [
        ("date_start", "Senin (14/10/2024"),
        ("province", "Pemprov Kalbar"),
        ("event_type", "apel"),
        ("pledge", "ikrar"),
        ("mode", "halaman"),
        ("organiser", "Pemprov"),
        ("co_organisers", "Bawaslu Kalbar"),
        ("participants_n", "1.010 peserta"),
        ("election_cycle", "Pilkada 2024"),
        ("legal_basis", "UU Nomor 20 Tahun 2023"),
        ("themes", "Pelayanan publik"),
    ],
)
def test_the_evidence_is_what_the_cell_was_read_from(coder, field, passage):
    cell = coder.code(ARTICLE).events[0].cells[field]
    shown = [ARTICLE.text[start:end].replace("</b>", "") for start, end in cell.evidence]
    assert any(passage in one for one in shown), shown


def test_the_same_article_is_always_coded_alike(coder):
    other = pickle.loads(pickle.dumps(coder))
    first = coder.code(ARTICLE)
    assert coder.code(ARTICLE) == first == other.code(ARTICLE)
    assert {name: cell.value for name, cell in first.events[0].cells.items()} == {
        name: cell.value for name, cell in other.code(ARTICLE).events[0].cells.items()
    }


def test_what_was_read_before_changes_nothing(coder):
    first = coder.code(ARTICLE)
    for number in range(20):
        coder.code(Article("T2", f"Wali Kota Palu menggelar apel ke-{number} netralitas ASN, Senin (5/8/2019)."))
    assert coder.code(ARTICLE) == first


def test_columns_are_those_of_the_events_table():
    assert tuple(CONTRACTS[EVENTS]) == EVENT_COLUMNS
    assert CODED_FIELDS[0] == "date_start"
    assert CODED_FIELDS[-1] == "themes"


@given(texts_of(PIECES), PAGES, texts_of(PIECES, most=6))
def test_whatever_is_mixed_every_cell_keeps_the_contract(coder, reasons, text, published, title):
    check(coder.code(Article("T1", text, published, title)), text, reasons)


@given(st.lists(st.sampled_from(PIECES), min_size=4, max_size=30), PAGES)
def test_behind_a_clear_event_every_cell_keeps_the_contract(coder, reasons, pieces, published):
    text = f"{' '.join(pieces[:2])} Pemkab Pekalongan menggelar sosialisasi netralitas ASN, {' '.join(pieces)}."
    check(coder.code(Article("T1", text, published)), text, reasons)


@given(st.text(max_size=400), st.text(max_size=20), st.text(max_size=50))
def test_any_text_at_all_is_coded_or_skipped(coder, reasons, text, published, title):
    check(coder.code(Article("T1", text, published, title, "https://contoh.id/2024/13/45")), text, reasons)


EVENT = "Bawaslu Bali menggelar sosialisasi netralitas ASN, "
ODD = {
    "empty": "",
    "one word of a million letters": "a" * 1_000_000,
    "one word of a million letters behind an event": f"{EVENT}Senin (14/10/2024). {'netralitas' * 100_000}",
    "a million digits": "1" * 1_000_000,
    "a million blanks": " " * 1_000_000,
    "ten thousand dates": EVENT + "Rabu (26/8/2020) " * 10_000,
    "ten thousand dates joined": EVENT + " dan ".join(["5 Mei 2020"] * 10_000),
    "ten thousand places": EVENT + "Kota Pekalongan, " * 10_000,
    "ten thousand events": (EVENT + "Senin (14/10/2024). ") * 2_000,
    "only punctuation": ".,;:!?()-\"'/" * 20_000,
    "only brackets": "(" * 50_000,
    "written from right to left": "\u202e\u0627\u0628\u062a \u05d0\u05d1 " * 20_000,
    "control characters": "".join(map(chr, range(32))) * 3_000,
    "open marks": "<" * 100_000,
    "marks": "<div class='x'>" * 10_000 + EVENT,
    "signs written out": "&amp;" * 20_000,
    "lines": "\n" * 100_000,
    "halves of a sign": "\ud83d netralitas ASN \ude00",
    "signs of several parts": "e\u0301\u0323" * 10_000 + "\U0001f1ee\U0001f1e9" * 5_000,
    "digits of other scripts": EVENT + "Senin (\u0661\u0664/\u0661\u0660/\u0662\u0660\u0662\u0664), \u00b2/\u00b3.",
    "letters that grow in lower case": "\u0130" * 5_000 + EVENT,
}


@pytest.mark.parametrize("name", sorted(ODD))
def test_an_odd_text_is_no_exception(coder, reasons, name):
    check(coder.code(Article("T1", ODD[name], "2024-10-15")), ODD[name], reasons)


@pytest.mark.parametrize(
    "published", ["", "kemarin", "2024-99", "0000", "99999-01-01", "=1+1", "\u0662\u0660\u0662\u0664"]
)
def test_a_page_without_a_day_is_no_exception(coder, reasons, published):
    text = f"{EVENT}kemarin."
    check(coder.code(Article("T1", text, published)), text, reasons)


def test_marks_and_entities_change_nothing_but_positions(coder):
    plain = "Pemkab Demak menggelar apel netralitas ASN, Senin (14/10/2024), di halaman kantor."
    marked = f"<p><b>{plain.replace('Demak', '</b>Demak').replace(', ', ',&#160;')}</p>"
    values = [
        {name: cell.value for name, cell in coder.code(Article("T1", text)).events[0].cells.items()}
        for text in (plain, marked)
    ]
    assert values[0] == values[1]


def test_a_script_in_the_text_is_not_read(coder):
    text = "<script>Pemkab Demak menggelar apel netralitas ASN</script>"
    assert coder.code(Article("T1", text)).skipped == "no_words"


@pytest.mark.parametrize("credit", ["(ist)", "(foto: humas)", "(dok/humas)"])
def test_a_paragraph_that_ends_in_a_credit_is_no_caption(read_event, credit):
    text = f"Pemkab Demak menggelar apel netralitas ASN, Senin (14/10/2024). Apel itu dipimpin sekda. {credit}\n"
    assert read_event(text + "Selesai.")["event_type"] == "apel"
