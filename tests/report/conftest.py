"""A made-up report with every kind of block, and the made-up saved results behind it."""

from __future__ import annotations

import pandas as pd
import pytest

from netral_research import language as language_module
from netral_research.report.blocks import (
    Bullets,
    Callout,
    Column,
    Details,
    Document,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    TableBlock,
)
from netral_research.report.inline import BlockReference, Code, Link, Plain
from netral_research.report.provenance import provenance_section
from netral_research.report.registry import ValueRegistry
from netral_research.results import Result, Value
from netral_research.storage import StageResults

DRAWING = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="460pt" height="200pt" viewBox="0 0 460 200"
 xmlns="http://www.w3.org/2000/svg" version="1.1">
<metadata><date>2026-01-01T00:00:00</date></metadata>
<defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style>
<clipPath id="area"><rect x="110" y="0" width="350" height="200"/></clipPath></defs>
<g clip-path="url(#area)">
<rect id="bar1" x="110" y="16" width="300" height="26" fill="#0b6170"/>
<rect x="110" y="62" width="188" height="26" fill="#0b6170"/>
<rect x="110" y="108" width="96" height="26" fill="#8db4ba"/>
<rect x="110" y="154" width="40" height="26" fill="#8db4ba"/>
</g>
<g style="font: 13px 'DejaVu Sans', Arial, sans-serif" fill="#1d2a31">
<text x="102" y="34" text-anchor="end">Wilayah A</text><text x="102" y="80" text-anchor="end">Wilayah B</text>
<text x="102" y="126" text-anchor="end">Wilayah C</text><text x="102" y="172" text-anchor="end">Wilayah D</text>
<text x="418" y="34">8,1</text><text x="306" y="80">5,2</text><text x="214" y="126">2,6</text>
<text x="158" y="172">1,1</text>
</g>
<use xlink:href="#bar1" opacity="0"/>
</svg>
"""

EXTRA_TEXTS = {
    "id": {
        "vocabulary.unit.ratio": "rasio",
        "vocabulary.unit.cases": "kasus",
        "vocabulary.unit.day": "tanggal",
        "vocabulary.stage.proven": "terbukti",
    },
    "en": {
        "vocabulary.unit.ratio": "ratio",
        "vocabulary.unit.cases": "cases",
        "vocabulary.unit.day": "date",
        "vocabulary.stage.proven": "proven",
    },
}

WORDS = {
    "id": {
        "lead": "Di provinsi yang sama, siklus dengan sosialisasi dua kali lebih banyak memiliki laju pelanggaran"
        " terlapor yang **hampir sama**: rasio laju {{ v('model.rate_ratio') }}, selang {{ v('model.low') }} sampai"
        " {{ v('model.high') }}. Lihat {{ ref('rate-chart') }}.",
        "more": "Ukuran ini disebut *rate ratio*; tahapnya {{ label('stage', 'proven') }}. Angka sampai"
        " {{ v('describe.as_of') }} mencakup {{ v('describe.cases') }} kasus; {{ v('describe.share') }} wilayah"
        " memiliki angka pasti. Nilai awal {{ v('model.missing') }}.",
        "finding": "Tidak ada perbedaan yang jelas",
        "caution": "Yang tercatat bukan seluruh yang terjadi",
        "unknown": "Apakah sosialisasi menurunkan pelanggaran",
    },
    "en": {
        "lead": "Within the same province, cycles with twice the socialisation had **about the same** rate of"
        " reported violations: rate ratio {{ v('model.rate_ratio') }}, interval {{ v('model.low') }} to"
        " {{ v('model.high') }}. See {{ ref('rate-chart') }}.",
        "more": "Socialisation (*sosialisasi*) was searched in news; the stage is {{ label('stage', 'proven') }}."
        " Counts up to {{ v('describe.as_of') }} hold {{ v('describe.cases') }} cases; {{ v('describe.share') }} of"
        " regions have an exact count. Starting value {{ v('model.missing') }}.",
        "finding": "No clear difference",
        "caution": "What was recorded is not all that happened",
        "unknown": "Whether socialisation lowers violations",
    },
}

SENTENCE = (
    "Angka yang diterbitkan lembaga berbeda menurut tahap, ukuran, dan tanggal. Setiap baris menyebut lembaga yang"
    " menerbitkannya, dan wilayah yang tidak tercantum dalam peringkat tidak pernah dianggap nol. "
)


@pytest.fixture(autouse=True)
def made_up_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    real = language_module.locale_texts

    def with_extra(language: str) -> dict[str, str]:
        return {**real(language), **EXTRA_TEXTS[language]}

    monkeypatch.setattr(language_module, "locale_texts", with_extra)


def stage_results(stage: str, notebook: str, values: tuple[Value, ...]) -> StageResults:
    result = Result("estimates" if stage == "model" else "rates", pd.DataFrame({"a": [1]}), values)
    return StageResults(stage, notebook, {"study.toml": "0f" * 32, "data/raw/x.csv": "ab" * 32}, {result.name: result})


def sample_registry() -> ValueRegistry:
    model = (
        Value("model.rate_ratio", 1.034, "decimal_2", "ratio", "netral_research.model.fit", ("VW004",)),
        Value("model.low", 0.8, "decimal_2", "ratio", "netral_research.model.fit"),
        Value("model.high", 1.32, "decimal_2", "ratio", "netral_research.model.fit"),
        Value("model.missing", None, "decimal_2", "ratio", "netral_research.model.fit"),
        Value("model.unused", 3.0, "decimal_2", "ratio", "netral_research.model.fit"),
    )
    describe = (
        Value("describe.cases", 1234, "integer", "cases", "netral_research.describe.rates", ("EA001", "EA002")),
        Value("describe.share", 0.256, "percent_0", "", "netral_research.describe.rates"),
        Value("describe.as_of", "2020-10-07", "day", "day", "netral_research.describe.rates"),
        Value("describe.stage", "stage:proven", "label", "", "netral_research.describe.rates"),
    )
    return ValueRegistry.from_stages(
        [stage_results("model", "05_model", model), stage_results("describe", "04_describe", describe)]
    )


def finding_section(registry: ValueRegistry, language: str, title_words: str) -> Section:
    words = WORDS[language]
    cards = (
        KeyFigure(
            (registry.printed("model.rate_ratio", language),), "rasio laju", "selang kepercayaan 95 %, dalam provinsi"
        ),
        KeyFigure((registry.printed("describe.cases", language),), "kasus terlapor", "menurut lembaga penerbit"),
        KeyFigure((registry.printed("describe.share", language),), "wilayah dengan angka pasti"),
    )
    return Section(
        "findings",
        (Plain("Apa yang kami temukan" if language == "id" else "What we found"), Plain(title_words)),
        (
            Paragraph(registry.compose(language, words["lead"]), lead=True),
            KeyFigures(cards),
            Paragraph(registry.compose(language, words["more"])),
            Callout("finding", words["finding"], (Paragraph(registry.compose(language, words["lead"])),)),
            Callout("caution", words["caution"], (Paragraph(SENTENCE * 2),)),
            Callout("unknown", words["unknown"], (Bullets((SENTENCE, SENTENCE)),)),
        ),
    )


def chart(identifier: str, language: str) -> FigureBlock:
    heading = "Wilayah A melaporkan paling banyak" if language == "id" else "Region A reported most"
    alt = (
        "Diagram batang: Wilayah A 8,1 kasus per 10.000 ASN, lalu B, C, dan D."
        if language == "id"
        else "Bar chart: Region A 8.1 cases per 10,000 civil servants, then B, C and D."
    )
    return FigureBlock(
        identifier,
        heading,
        "Kasus terlapor per 10.000 ASN, empat wilayah rekaan, 2020",
        DRAWING,
        alt,
        DRAWING.replace("460", "230"),
        notes=("Batang pucat: batas atas peringkat, bukan angka pasti.",),
        source=(Plain("Data rekaan, "), Link("contoh.go.id", "https://contoh.go.id/a?b=1&c=2")),
        data_address="data/rates.csv",
    )


def region_table(registry: ValueRegistry, language: str, rows: int) -> TableBlock:
    columns = (
        Column("Wilayah" if language == "id" else "Region", is_row_header=True),
        Column("Lembaga" if language == "id" else "Institution"),
        Column("Kasus" if language == "id" else "Cases", align="end"),
        Column("Per 10.000 ASN", align="end"),
        Column("Selang 95 %", align="end"),
        Column("Tanggal angka" if language == "id" else "As-of date"),
    )
    body = tuple(
        (f"Wilayah rekaan {place}", "Bawaslu", str(place * 7), f"{place},1", f"{place},0–{place},9", "7 Oktober 2020")
        for place in range(1, rows + 1)
    )
    first = ("Seluruh wilayah", "KASN", (registry.printed("describe.cases", language),), "4,2", "3,9–4,5", "2020")
    return TableBlock(
        "region-table",
        "Angka terakhir menurut wilayah" if language == "id" else "Latest counts by region",
        columns,
        (first, *body),
        notes=("Kolom selang dihitung dengan cara eksak.",),
        source="Data rekaan",
        data_address="data/regions.csv",
    )


def sample_document(
    language: str = "id", title: str = "Netralitas ASN dan sosialisasinya", title_words: str = "", rows: int = 12
) -> Document:
    registry = sample_registry()
    sections = (
        finding_section(registry, language, title_words),
        Section(
            "regions",
            "Di mana pelanggaran dilaporkan" if language == "id" else "Where violations were reported",
            (Paragraph(SENTENCE * 2), chart("rate-chart", language), region_table(registry, language, rows)),
            (
                Section("regions-detail", "Menurut tahap", (Paragraph(SENTENCE), chart("second-chart", language))),
                Section("regions-more", "Menurut lembaga", (Bullets((SENTENCE, SENTENCE), ordered=True),)),
            ),
        ),
        Section(
            "meaning",
            "Apa artinya, dan apa yang bukan artinya",
            (
                Paragraph((Plain("Lihat "), BlockReference("region-table"), Plain(" dan "), Code("study.toml"))),
                Details("Rincian cara hitung", (Paragraph(SENTENCE * 3),)),
            ),
        ),
    )
    method = Section("method", "Cara dan sumber", (Paragraph(SENTENCE * 3),))
    annexes = (method, provenance_section(registry, language, (*sections, method)))
    other = {"id": "en", "en": "id"}[language]
    return Document(
        language=language,
        title=title,
        subtitle="Sosialisasi netralitas dan pelanggaran yang dilaporkan, wilayah demi wilayah, 2018 sampai 2024",
        sections=sections,
        annexes=annexes,
        series="Laporan nasional" if language == "id" else "National report",
        facts=(
            ("Data sampai dengan", registry.compose(language, "{{ v('describe.as_of') }}")),
            ("Studi", "contoh"),
            ("Lisensi", "CC BY 4.0"),
        ),
        other_edition=f"../{other}/index.html",
        downloads=(Link("PDF", "report.pdf"), Link("values.json", "../values.json")),
        footer=("Lisensi CC BY 4.0.",),
        keywords=("ASN", "netralitas"),
    )


@pytest.fixture
def registry() -> ValueRegistry:
    return sample_registry()


@pytest.fixture(params=["id", "en"])
def document(request: pytest.FixtureRequest) -> Document:
    return sample_document(request.param)
