"""Both languages say the same things: same keys, same placeholders, and every text really translated."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from netral_research.language import LANGUAGES, locale_texts

LOCALES = Path(__file__).resolve().parents[2] / "src/netral_research/locales"
TOPICS = sorted({path.name for path in LOCALES.glob("*/*.toml")})

# Words and names that Indonesian and English share.
SAME_IN_BOTH = {"BKN", "Bawaslu", "IAPA", "KASN", "Model", "Status", "notebook {name}", "seminar", "webinar"}
EXPRESSION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
FIELD = re.compile(r"\{(\w+)[^{}]*\}")


def placeholders(words: str) -> set[str]:
    expressions = {"".join(found.split()) for found in EXPRESSION.findall(words)}
    return expressions | set(FIELD.findall(EXPRESSION.sub("", words)))


def language_free(words: str) -> bool:
    return not re.search(r"[^\W\d_]", FIELD.sub("", EXPRESSION.sub("", words)))


def untranslated(first: dict[str, str], second: dict[str, str]) -> list[str]:
    return [
        key
        for key, words in first.items()
        if second.get(key) == words and words not in SAME_IN_BOTH and not language_free(words)
    ]


def different_placeholders(first: dict[str, str], second: dict[str, str]) -> list[str]:
    return [key for key in first if key in second and placeholders(first[key]) != placeholders(second[key])]


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_exists_in_both_languages_with_the_same_keys_in_the_same_order(topic: str) -> None:
    keys = []
    for language in LANGUAGES:
        assert (LOCALES / language / topic).is_file(), f"{language}/{topic}"
        prefix = topic.removesuffix(".toml") + "."
        keys.append([key for key in locale_texts(language) if key.startswith(prefix)])
    assert sorted(keys[0]) == sorted(keys[1])
    assert keys[0] == keys[1]


def test_both_languages_have_the_same_placeholders() -> None:
    assert different_placeholders(dict(locale_texts("id")), dict(locale_texts("en"))) == []


def test_no_text_was_left_in_the_other_language() -> None:
    assert untranslated(dict(locale_texts("id")), dict(locale_texts("en"))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_has_stray_spaces(language: str) -> None:
    faulty = [key for key, words in locale_texts(language).items() if not words or words != words.strip()]
    assert faulty == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_locale_files_hold_texts_only(language: str) -> None:
    def leaves(tree: dict[str, object]) -> list[object]:
        return [leaf for value in tree.values() for leaf in (leaves(value) if isinstance(value, dict) else [value])]

    for path in sorted((LOCALES / language).glob("*.toml")):
        assert all(isinstance(leaf, str) for leaf in leaves(tomllib.loads(path.read_text("utf-8")))), path.name


def test_a_missing_placeholder_is_found() -> None:
    assert different_placeholders({"a": "{count} baris"}, {"a": "rows"}) == ["a"]
    assert different_placeholders({"a": '{{ v("x.y") }} kasus'}, {"a": '{{ v("x.z") }} cases'}) == ["a"]
    assert different_placeholders({"a": '{{v("x.y")}} kasus {n}'}, {"a": '{n}: {{ v("x.y") }} cases'}) == []


def test_an_untranslated_text_is_found() -> None:
    texts = {"a": "rows", "b": "{x} ({y})", "c": "KASN"}
    assert untranslated(texts, dict(texts)) == ["a"]
