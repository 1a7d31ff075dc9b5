"""What the real report says: no number typed by hand, no name, no claim without its evidence; both editions alike."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from netral_research import language as language_module
from netral_research.code.build import evaluate_coder
from netral_research.code.readings import load_coding_tables
from netral_research.describe import describe, load_describe_tables
from netral_research.files import Project
from netral_research.language import LANGUAGES, locale_texts
from netral_research.model import estimate_association, load_model_tables, poisson
from netral_research.model.build import COUNT_RATIOS
from netral_research.model.sentence import SENTENCES
from netral_research.report.build import compose_report
from netral_research.report.html import render_html
from netral_research.report.registry import ValueRegistry
from netral_research.report.sections import TONES
from netral_research.robustness import check_robustness, load_robustness_tables
from netral_research.stages import STAGES
from netral_research.storage import load_results, save_results

PACKAGE = Path(language_module.__file__).parent
TEMPLATES = sorted((PACKAGE / "report/templates").glob("*.jinja"))
TOPICS = ("report", "figures", "page")
# Numbers that are names: a licence, the unit of a rate, a kind of fingerprint, a measure.
TYPED_NUMBERS = re.compile(r"CC BY 4\.0|10[.,]000|SHA-256|\bF1\b")
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{\w+\}", re.DOTALL)
# "Data of this table (CSV) - Table 1": the number of a part is counted by the page itself.
PART = re.compile(r"\b(?:Tabel|Gambar|Table|Figure) \d+$")
CALL = re.compile(r"""\bv\(\s*["']([\w.]+)["']\s*\)""")


@pytest.fixture(scope="session")
def finished_project(tmp_path_factory, real_project, study, cleaned_events, cleaned_violations, panel) -> Project:
    """The default study, all stages saved."""
    root = tmp_path_factory.mktemp("content")
    for folder in ("data/raw", "data/reference"):
        shutil.copytree(real_project.path(folder), root / folder, ignore=shutil.ignore_patterns("articles"))
    shutil.copy(real_project.path("study.toml"), root)
    project = Project(root)
    for stage, results in (
        ("clean_events", cleaned_events),
        ("clean_violations", cleaned_violations),
        ("panel", panel),
    ):
        save_results(project, stage, results.values())
    save_results(project, "code", evaluate_coder(load_coding_tables(real_project)))
    save_results(project, "describe", describe(load_describe_tables(project), study))
    save_results(project, "model", estimate_association(load_model_tables(project), study))
    save_results(project, "robustness", check_robustness(load_robustness_tables(project), study))
    return project


@pytest.fixture(scope="session")
def registry_of_study(finished_project) -> ValueRegistry:
    return ValueRegistry.from_stages([load_results(finished_project, stage.name) for stage in STAGES])


@pytest.fixture(scope="session")
def pages(finished_project) -> dict[str, str]:
    return {language: render_html(compose_report(finished_project, language)) for language in LANGUAGES}


class Running(HTMLParser):
    """Text of paragraphs, lists and headings, without links to values, tables, drawings and numbers of parts."""

    QUIET = ("table", "svg", "nav", "header", "footer", "style", "script", "code")
    QUIET_CLASSES = ("value", "reference", "number", "section-number")
    VOID = ("br", "img", "meta", "link", "hr", "input", "wbr")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.VOID:
            return
        classes = (dict(attrs).get("class") or "").split()
        self.open.append(tag in self.QUIET or any(name in self.QUIET_CLASSES for name in classes))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID and self.open:
            self.open.pop()
            if tag in ("p", "li", "h1", "h2", "h3", "h4"):
                self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not any(self.open):
            self.pieces.append(data)


def running_text(page: str) -> list[str]:
    parser = Running()
    parser.feed(page[page.index("<main") : page.index("</main>")])
    return [line.strip() for line in "".join(parser.pieces).split("\n") if line.strip()]


def texts_of(language: str) -> Iterator[tuple[str, str]]:
    for key, words in language_module.locale_texts(language).items():
        if key.split(".")[0] in TOPICS:
            yield key, words


def typed_digits(words: str) -> list[str]:
    return re.findall(r"\d+", TYPED_NUMBERS.sub("", EXPRESSION.sub("", words)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_report_holds_a_typed_number(language):
    assert [(key, found) for key, words in texts_of(language) if (found := typed_digits(words))] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_a_typed_number_in_its_text(template):
    words = template.read_text("utf-8")
    words = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", words, flags=re.DOTALL)
    words = re.sub(r"<(style|script)\b.*?</\1>", "", words, flags=re.DOTALL)
    assert re.findall(r"\d+", re.sub(r"<[^>]*>", "", words)) == []


def test_templates_are_found():
    assert TEMPLATES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_a_text_calls_exists(language, registry_of_study):
    called = {identifier for _, words in texts_of(language) for identifier in CALL.findall(words)}
    assert len(called) > 40
    assert called - set(registry_of_study.entries) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_heading_and_ratio_the_code_can_choose_has_its_text(language):
    texts = dict(texts_of(language))
    keys = [f"sentence.{name}" for name in SENTENCES] + [f"sentence.{name}_heading" for name in SENTENCES]
    keys += [f"related.figure_heading_{name}" for name in SENTENCES if name != "not_estimated"]
    keys += [f"related.ratio_{name}" for name in COUNT_RATIOS] + ["method.check_yes", "method.check_no"]
    refusals = re.findall(r'Problem\("(model_\w+)"', Path(poisson.__file__).read_text("utf-8"))
    assert refusals
    keys += [f"refusal.{name}" for name in refusals]
    assert [key for key in keys if f"report.{key}" not in texts] == []
    assert set(TONES) == set(SENTENCES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_in_running_text_leads_to_where_it_comes_from(language, pages):
    cycle = re.compile(
        r"(Pilkada|Pemilu|regional elections?|general election|elections?)( of)? (\d{4})"
        r"|\d{4} (general|regional) elections?"
    )
    fingerprint = re.compile(
        locale_texts(language)["report.facts.fingerprint"].format(plan="[0-9a-f]+", data="[0-9a-f]+")
    )
    faulty = []
    for line in running_text(pages[language]):
        if re.search(r"\d", PART.sub("", cycle.sub("", TYPED_NUMBERS.sub("", fingerprint.sub("", line).rstrip())))):
            faulty.append(line)
    assert faulty == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_to_a_value_leads_to_a_row_of_the_provenance(language, pages):
    page = pages[language]
    targets = set(re.findall(r'href="#(value-[\w.]+)"', page))
    assert len(targets) > 50
    assert targets - set(re.findall(r'id="(value-[\w.]+)"', page)) == set()


def test_both_editions_print_the_same_values_in_the_same_order(pages):
    order = {
        language: re.findall(r'class="value[^"]*" href="#value-([\w.]+)"', page[page.index("<main") :])
        for language, page in pages.items()
    }
    counted = {language: sorted(found) for language, found in order.items()}
    assert counted["id"] == counted["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_has_an_alternative_that_tells_more_than_its_title(language, pages):
    drawings = re.findall(
        r"<svg[^>]*>\s*<title[^>]*>(.*?)</title>\s*<desc[^>]*>(.*?)</desc>", pages[language], re.DOTALL
    )
    # Every figure is drawn twice, for a page and for a phone, and says the same.
    assert len(drawings) == 2 * pages[language].count("<figure ") >= 8
    assert drawings[::2] == drawings[1::2]
    for title, alternative in drawings:
        assert len(alternative) > 60
        assert alternative.strip() != title.strip()
        assert not alternative.startswith(title)
        assert re.search(r"\d", alternative), "the finding has a number"
    alternatives = [alternative for _, alternative in drawings[::2]]
    assert len(set(alternatives)) == len(alternatives)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_finding_stands_in_the_summary_with_its_interval_and_power(language, pages):
    page = pages[language]
    summary = page[page.index('<section id="summary"') : page.index('<section id="looked"')]
    for value in ("rate_ratio", "lower", "upper", "confidence", "power", "detectable_below", "detectable_above"):
        assert f"#value-model.{value}" in summary


NAMES = re.compile(
    r"\b(?:Bapak|Ibu|Sdr|Sdri|Saudara|Tuan|Nyonya) [A-Z]|\bNIP\b|\b(?:Drs|Dra|Hj|Prof|Ir)\. ?[A-Z]"
    r"|\b[SM]\.(?:H|Sos|Si|Pd|IP|AP|Kom)\b"
    r"|\b(?:Mr|Mrs|Ms)\. ?[A-Z]|\binisial [A-Z]{1,3}\b|\binitials [A-Z]{1,3}\b"
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_names_no_person(language, pages):
    page = pages[language]
    # Titles of pages are quoted from their publishers; they are checked with the raw data.
    told = page[page.index("<main") : page.index('<section id="sources"')]
    told = re.sub(r"<svg.*?</svg>", "", told, flags=re.DOTALL)
    assert NAMES.findall(re.sub(r"<[^>]+>", " ", told)) == []


def test_the_titles_of_sources_name_no_person_by_rank_or_number(pages):
    page = pages["id"]
    told = re.sub(r"<[^>]+>", " ", page[page.index('<section id="sources"') :])
    assert NAMES.findall(told) == []


@pytest.mark.parametrize("words", ["Bapak Budi", "S.Sos", "NIP 1970", "Drs. Anu", "Mr. X", "inisial AB"])
def test_a_name_would_be_found(words):
    assert NAMES.search(words)


def test_a_typed_number_would_be_found():
    assert typed_digits('sekitar 20 kegiatan, {{ v("a.b1") }}') == ["20"]
    assert typed_digits("per 10.000 PNS, CC BY 4.0") == []
    assert running_text("<main><p>x <a class='value'>5</a> dan 7</p></main>") == ["x  dan 7"]


EFFECT = {
    "id": re.compile(r"\b(?:berdampak|menyebabkan|mengakibatkan|berkat sosialisasi|efektif|ampuh)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:causes|caused|impact|effective|thanks to)\b", re.IGNORECASE),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_report_claims_an_effect(language):
    found = [
        key
        for key, words in texts_of(language)
        if key.startswith(("report.", "figures.")) and EFFECT[language].search(words)
    ]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_word_for_one_thing(language):
    """Words that would be a second name for what the vocabulary already names."""
    second = {
        "id": r"risk ratio|rasio risiko|rasio tingkat|rate ratio|tingkat pelanggaran|selang kepercayaan"
        r"|interval kepercayaan"
              r"|as-of|dikodekan"
              r"|per tanggal data|ASN\b(?= (?:per|per 10))",
        "en": r"risk ratio|relative risk|socialization|relative rate|cut-off date|confidence limit",
    }  # fmt: skip
    found = [(key, words) for key, words in texts_of(language) if re.search(second[language], words, re.IGNORECASE)]
    assert found == []
