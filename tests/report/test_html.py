"""The page: one file, readable by everyone, and nothing in the data can become markup."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources
from itertools import pairwise

import pytest

from netral_research.report.blocks import Column, Document, FigureBlock, Paragraph, Section, TableBlock
from netral_research.report.html import render_html, safe_address
from netral_research.report.inline import BlockReference, Link, Plain, ValueReference

from .conftest import chart, sample_document
from .page import Element, read_page, tagged

HOSTILE = "<script>alert(1)</script>\"'&<b onclick=x>"


@pytest.fixture
def page(document) -> list[Element]:
    return read_page(render_html(document))


def test_the_same_document_gives_the_same_page(document):
    assert render_html(document) == render_html(document)


def test_the_page_is_one_file_without_scripts_clocks_or_anything_from_elsewhere(document):
    written = render_html(document)
    elements = read_page(written)
    assert not tagged(elements, "script", "iframe", "object", "embed", "base")
    assert {link.attributes["rel"] for link in tagged(elements, "link")} <= {"alternate"}
    assert not [name for element in elements for name in element.attributes if name.startswith("on")]
    loaded = [element.attributes.get("src", "") for element in elements]
    assert not [address for address in loaded if address and not address.startswith("data:")]
    assert not re.search(r"@import|url\((?!#)", written)
    assert "2026-01-01T00:00:00" not in written, "the drawing's clock must not reach the page"


def test_hostile_text_stays_text_everywhere():
    document = sample_document(title=HOSTILE, title_words=HOSTILE)
    bad = replace(
        document,
        subtitle=HOSTILE,
        series=HOSTILE,
        footer=(HOSTILE,),
        facts=((HOSTILE, HOSTILE),),
        downloads=(Link(HOSTILE, "javascript:alert(1)"), Link(HOSTILE, '"><script>')),
        keywords=(HOSTILE,),
    )
    written = render_html(bad)
    elements = read_page(written)
    assert not tagged(elements, "script", "b")
    assert not [name for element in elements for name in element.attributes if name.startswith("on")]
    assert "javascript:" not in written
    assert tagged(elements, "h1")[0].text.strip() == HOSTILE


def test_every_language_part_and_landmark_is_named(document, page):
    assert tagged(page, "html")[0].attributes["lang"] == document.language
    for landmark in ("main", "nav", "footer", "header"):
        assert tagged(page, landmark), landmark
    title = tagged(page, "title")[0].text
    assert document.title in title
    assert document.series in title
    foreign = {"id": "en", "en": "id"}[document.language]
    assert any(element.attributes.get("lang") == foreign for element in tagged(page, "i"))
    switch = [link for link in tagged(page, "a") if link.attributes.get("href") == document.other_edition]
    assert switch
    assert switch[0].attributes.get("lang", switch[0].attributes.get("hreflang")) == foreign


def test_the_first_link_skips_to_the_content(page):
    first = tagged(page, "a")[0]
    target = first.attributes["href"].removeprefix("#")
    assert any(element.attributes.get("id") == target for element in tagged(page, "main"))


def test_headings_never_skip_a_level_and_there_is_one_first(page):
    levels = [int(element.tag[1]) for element in page if re.fullmatch(r"h[1-6]", element.tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_tables_have_a_caption_scoped_headers_and_no_empty_cell(page):
    for table in tagged(page, "table"):
        inside = [element for element in page if table in element.parents]
        assert tagged(inside, "caption")[0].text.strip()
        headers = tagged(inside, "th")
        assert {header.attributes["scope"] for header in headers} == {"col", "row"}
        assert all(cell.text.strip() for cell in tagged(inside, "th", "td"))
        region = [parent for parent in table.parents if parent.attributes.get("role") == "region"][-1]
        assert region.attributes["tabindex"] == "0"
        assert region.attributes["aria-label"].strip()


def test_every_drawing_tells_what_it_shows(page):
    drawings = tagged(page, "svg")
    assert len(drawings) == 4
    for drawing in drawings:
        assert drawing.attributes["role"] == "img"
        named = (
            drawing.attributes.get("aria-labelledby", "").split()
            + drawing.attributes.get("aria-describedby", "").split()
        )
        told = drawing.attributes.get("aria-label", "") + " ".join(
            element.text for element in page if element.attributes.get("id") in named
        )
        assert len(told) > 40


def test_a_figure_stands_once_for_a_page_and_once_for_a_phone(page):
    for figure in tagged(page, "figure"):
        inside = [element for element in page if figure in element.parents]
        places = [element.attributes["class"] for element in tagged(inside, "div")]
        assert places == ["drawing for-page", "drawing for-phone"]
        boxes = [drawing.attributes["viewbox"] for drawing in tagged(inside, "svg")]
        assert len(set(boxes)) == 2


@pytest.mark.parametrize(("columns", "rows", "stacked"), [(5, 9, True), (4, 9, False), (5, 600, False)])
def test_cells_of_a_wide_table_say_their_column_where_they_stand_below_each_other(columns, rows, stacked):
    heads = tuple(Column(f"Kolom {place}", is_row_header=place == 0) for place in range(columns))
    table = TableBlock("wide-table", "Tabel lebar", heads, tuple((("isi",) * columns) for _ in range(rows)))
    html = render_html(Document("id", "Judul", "", (Section("first", "Isi", (table,)),)))
    assert html.count('data-label="Kolom 1"') == (rows if stacked else 0)
    assert html.count('role="cell"') == (rows * (columns - 1) if stacked else 0)
    assert html.count('role="columnheader"') == (columns if stacked else 0)


def test_two_drawings_never_share_an_id(page):
    ids = [element.attributes["id"] for element in page if "id" in element.attributes]
    assert len(ids) == len(set(ids))


def test_every_inner_link_arrives_and_every_value_leads_to_its_row(page):
    ids = {element.attributes["id"] for element in page if "id" in element.attributes}
    inner = [a.attributes["href"][1:] for a in tagged(page, "a") if a.attributes.get("href", "").startswith("#")]
    assert inner
    assert set(inner) <= ids
    values = [a for a in tagged(page, "a") if "value" in a.attributes.get("class", "").split()]
    assert len(values) >= 5
    rows = {row.attributes.get("id") for row in tagged(page, "tr", "th", "td")}
    assert {value.attributes["href"][1:] for value in values} <= rows


@pytest.mark.parametrize(
    ("alt", "why"),
    [
        ("", "empty"),
        ("Diagnostic plot", "placeholder"),
        ("No description has been provided", "placeholder"),
        ("Wilayah A melaporkan paling banyak", "the title again"),
    ],
)
def test_a_figure_without_a_real_alternative_is_refused(alt, why):
    document = sample_document()
    figure = replace(chart("third-chart", "id"), alt=alt)
    with pytest.raises(ValueError, match="says too little"):
        render_html(replace(document, sections=(*document.sections, Section("extra", why, (figure,)))))


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (Paragraph((ValueReference("model.not_there", "1"),)), "no row in the provenance annex"),
        (Paragraph((BlockReference("nowhere"),)), "nowhere"),
        (chart("rate-chart", "id"), "stands twice"),
    ],
)
def test_a_document_that_does_not_hold_together_is_refused(block: Paragraph | FigureBlock, told):
    document = sample_document()
    with pytest.raises(ValueError, match=told):
        render_html(replace(document, sections=(*document.sections, Section("extra", "Tambahan", (block,)))))


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", 'x" onclick="y', "JaVaScript:1"]
)
def test_unsafe_addresses_are_not_followed(address):
    assert safe_address(address) == ""
    page = read_page(render_html(replace(sample_document(), footer=((Plain("x"), Link("y", address)),))))
    assert not [link for link in tagged(page, "a") if link.text == "y"]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(scope="module")
def palette() -> dict[str, str]:
    style = resources.files("netral_research.report").joinpath("templates", "report.css").read_text("utf-8")
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", style))


@pytest.mark.parametrize("ink", ["ink", "soft", "deep", "accent", "warm", "violet"])
@pytest.mark.parametrize("ground", ["white", "tint", "warm-tint", "grey-tint"])
def test_letters_stand_out_from_their_ground(palette, ink, ground):
    background = "#ffffff" if ground == "white" else palette[ground]
    assert contrast(palette[ink], background) >= 4.5
