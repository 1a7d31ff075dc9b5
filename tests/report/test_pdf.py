"""The PDF: tagged, complete, the same every time."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

import pytest

from netral_research.report.blocks import Paragraph, Section
from netral_research.report.inline import Plain
from netral_research.report.pdf import render_pdf

from .conftest import chart, sample_document


@pytest.fixture(scope="module")
def printed() -> bytes:
    return render_pdf(sample_document())


def streams(pdf: bytes) -> bytes:
    """Everything in the PDF, compressed parts opened."""
    found = [pdf]
    for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(part))
        except zlib.error:
            continue
    return b"\n".join(found)


def test_the_same_document_gives_the_same_bytes(printed):
    assert render_pdf(sample_document()) == printed


def test_the_pdf_says_that_it_is_accessible_and_in_which_language(printed):
    opened = streams(printed)
    assert b"pdfuaid" in opened
    assert re.search(rb"/Lang\s*\(id", opened)
    assert b"/MarkInfo" in opened
    assert b"/StructTreeRoot" in opened
    assert b"Netralitas ASN dan sosialisasinya" in opened


def test_figures_carry_their_alternative(printed):
    assert b"/Alt" in streams(printed)


def test_no_clock_and_no_path_stands_in_the_pdf(printed):
    opened = streams(printed)
    assert b"CreationDate" not in opened or b"D:1970" in opened
    assert b"/home/" not in opened
    assert b"site-packages" not in opened


@pytest.mark.parametrize(
    "text", ["#panic()", "$x$ *bold* _it_ `code`", "] #let x = 1 [", "@label <label>", '\\ // /* "quoted"']
)
def test_text_never_becomes_a_command_of_the_typesetter(text):
    document = sample_document(title=text)
    section = Section("extra", (Plain(text),), (Paragraph(text),))
    assert render_pdf(replace(document, sections=(*document.sections, section))).startswith(b"%PDF-")


def test_a_figure_without_an_alternative_is_refused():
    document = sample_document()
    section = Section("extra", "Tambahan", (replace(chart("third-chart", "id"), alt=""),))
    with pytest.raises(ValueError, match="says too little"):
        render_pdf(replace(document, sections=(*document.sections, section)))


def test_a_long_table_goes_over_pages(printed):
    long = render_pdf(sample_document(rows=120))
    assert len(re.findall(rb"/Type\s*/Page\b", streams(long))) > len(re.findall(rb"/Type\s*/Page\b", streams(printed)))
