"""Values and the sentences that print them."""

from __future__ import annotations

import json

import pytest

from netral_research.report.inline import Foreign, Plain, Strong, ValueReference, plain_text
from netral_research.report.registry import ValueRegistry
from netral_research.report.values import format_value
from netral_research.results import Value

from .conftest import sample_registry, stage_results


@pytest.mark.parametrize(
    ("content", "style", "indonesian", "english"),
    [
        (1234.5, "decimal_1", "1.234,5", "1,234.5"),
        (1234, "integer", "1.234", "1,234"),
        (0.256, "percent_0", "26%", "26%"),
        (0.2563, "percent_1", "25,6%", "25.6%"),
        ("2020-10-07", "day", "7 Oktober 2020", "7 October 2020"),
        ("2020-10", "day", "Oktober 2020", "October 2020"),
        ("stage:proven", "label", "terbukti", "proven"),
        ("Maluku Utara", "text", "Maluku Utara", "Maluku Utara"),
    ],
)
def test_a_value_is_written_as_its_language_does(content, style, indonesian, english):
    value = Value("model.x", content, style, "", "f")
    assert (format_value(value, "id"), format_value(value, "en")) == (indonesian, english)


@pytest.mark.parametrize("content", [None, float("nan"), float("inf")])
def test_what_could_not_be_computed_is_told_in_words(content):
    value = Value("model.x", content, "decimal_2", "", "f")
    assert "dihitung" in format_value(value, "id")
    assert "comput" in format_value(value, "en")


def test_a_sentence_becomes_pieces_and_marks(registry):
    pieces = registry.compose("en", "**Not** *sosialisasi* but {{ v('model.rate_ratio') }}.")
    assert plain_text(pieces) == "Not sosialisasi but 1.03."
    assert isinstance(pieces[0], Strong)
    assert any(isinstance(piece, Foreign) and piece.language == "id" for piece in pieces)
    assert ValueReference("model.rate_ratio", "1.03") in pieces


def test_a_field_never_becomes_markup_or_a_value(registry):
    hostile = "**x** {{ v('model.low') }} <b>"
    pieces = registry.compose("id", "{{ name }}!", name=hostile)
    assert plain_text(pieces) == f"{hostile}!"
    assert all(isinstance(piece, Plain) for piece in pieces)


def test_a_number_must_be_a_value_with_an_id(registry):
    with pytest.raises((TypeError, ValueError)):
        registry.compose("id", "{{ number }}", number=3)


def test_an_unknown_value_stops_the_report(registry):
    with pytest.raises(KeyError, match=r"model\.typo"):
        registry.compose("id", "{{ v('model.typo') }}")


def test_one_id_for_two_values_is_a_fault():
    value = Value("model.x", 1, "integer", "", "f")
    with pytest.raises(ValueError, match=r"model\.x"):
        ValueRegistry.from_stages([stage_results("model", "a", (value,)), stage_results("describe", "b", (value,))])


def test_the_record_of_all_values_tells_where_each_comes_from():
    records = {record["id"]: record for record in json.loads(sample_registry().values_json())}
    cases = records["describe.cases"]
    assert cases["value"] == 1234
    assert cases["notebook"] == "04_describe"
    assert cases["function"] == "netral_research.describe.rates"
    assert cases["sources"] == ["EA001", "EA002"]
    assert cases["formatted"] == {"id": "1.234", "en": "1,234"}
    assert sample_registry().values_json() == sample_registry().values_json()
