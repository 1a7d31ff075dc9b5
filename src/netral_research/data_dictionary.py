"""The data dictionary of ``docs``: every table and column in words, generated from contracts and locale files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from netral_research.contracts import CONTRACTS, ColumnContract
from netral_research.language import LANGUAGES, label, locale_texts, text
from netral_research.tables import SAVED_COLUMNS, UNIQUE_KEYS, foreign_keys, primary_key, table_contract, vocabulary_of


def data_dictionary() -> str:
    """The data dictionary as Markdown, first in Indonesian, then in English.

    Returns
    -------
    str

    Examples
    --------
    >>> data_dictionary().splitlines()[0]
    '# Kamus data'
    """
    return "\n\n".join("\n\n".join(_edition(language)) for language in LANGUAGES) + "\n"


def _edition(language: str) -> Iterator[str]:
    yield f"# {_word(language, 'title')}"
    yield _word(language, "introduction")
    for kind in ("raw", "reference"):
        yield f"## {_word(language, kind)}"
        for relative in CONTRACTS:
            if relative.startswith(f"data/{kind}/"):
                yield from _contract_table(language, relative)
    yield f"## {_word(language, 'processed')}"
    yield _word(language, "processed_note")
    for table, columns in SAVED_COLUMNS.items():
        yield from _saved_table(language, table, columns)
    yield f"## {_word(language, 'term_list')}"
    yield _word(language, "term_note")
    yield from _term_tables(language)


def _word(language: str, name: str) -> str:
    return text(language, f"tables.dictionary.{name}")


def _contract_table(language: str, relative: str) -> Iterator[str]:
    table = PurePosixPath(relative).stem
    contracts = table_contract(relative)
    yield f"### `{table}.csv`: {text(language, f'tables.{table}.title')}"
    yield text(language, f"tables.{table}.description")
    key = primary_key(table, contracts) or UNIQUE_KEYS[table]
    yield (
        f"{_word(language, 'primary_key')}: {', '.join(f'`{name}`' for name in key)}. "
        f"{_word(language, 'source')}: {text(language, f'tables.{table}.source')}"
    )
    references = foreign_keys(table, contracts)
    yield _markdown_table(
        [_word(language, name) for name in ("column", "name", "meaning", "rules")],
        [
            (
                f"`{name}`",
                text(language, f"tables.{table}.columns.{name}.title"),
                text(language, f"tables.{table}.columns.{name}.description"),
                "; ".join(_rules(language, contract, references.get(name, ""), vocabulary_of(table, name))),
            )
            for name, contract in contracts.items()
        ],
    )


def _rules(language: str, contract: ColumnContract, target: str, vocabulary: str) -> Iterator[str]:
    def rule(name: str, **fields: object) -> str:
        return text(language, f"tables.rule.{name}", **fields)

    yield rule(contract.type)
    for name in ("required", "unique"):
        if getattr(contract, name):
            yield rule(name)
    for name in ("minimum", "maximum"):
        if getattr(contract, name) is not None:
            yield rule(name, limit=f"{getattr(contract, name):g}")
    said = {
        "pattern": {"form": f"`{contract.pattern.pattern}`" if contract.pattern else ""},
        "unit": {"unit": label(language, "unit", contract.unit) if contract.unit else ""},
        "terms": {"vocabulary": f"`{vocabulary}`" if vocabulary else ""},
        "allowed": {"allowed": "" if vocabulary else ", ".join(f"`{term}`" for term in contract.terms)},
        "refers_to": {"target": f"`{target}`" if target else ""},
    }
    for name, fields in said.items():
        if all(fields.values()):
            yield rule(name, **fields)


def _saved_table(language: str, table: str, columns: Sequence[str]) -> Iterator[str]:
    yield f"### `{table.replace('.', '/')}.csv`: {text(language, f'tables.{table}.title')}"
    yield text(language, f"tables.{table}.description")
    yield _markdown_table(
        [_word(language, name) for name in ("column", "name", "meaning")],
        [
            (f"`{name}`", *(saved_column_text(language, table, name, part) for part in ("title", "description")))
            for name in columns
        ],
    )


def saved_column_text(language: str, table: str, column: str, part: str) -> str:
    """Title or description of a column of a saved table.

    Parameters
    ----------
    language : {"id", "en"}
    table : str
        ``stage.table``.
    column : str
    part : {"title", "description"}

    Returns
    -------
    str
        The table's own text where it has one, else the text that all saved tables share.

    Raises
    ------
    KeyError
        If the column is not described.

    Examples
    --------
    >>> saved_column_text("en", "panel.province_cycle", "voted", "title")
    'Voted'
    """
    own = f"tables.{table}.columns.{column}.{part}"
    return text(language, own if own in locale_texts(language) else f"tables.processed.columns.{column}.{part}")


def _term_tables(language: str) -> Iterator[str]:
    sections = vocabulary_sections(language)
    for section, terms in sections.items():
        if section.endswith("_long"):
            continue
        longer = sections.get(f"{section}_long", {})
        heads = [
            _word(language, "code"),
            _word(language, "label"),
            *([_word(language, "explanation")] if longer else []),
        ]
        yield f"### `{section}`"
        yield _markdown_table(
            heads, [(f"`{term}`", name, *([longer[term]] if longer else [])) for term, name in terms.items()]
        )


def vocabulary_sections(language: str) -> dict[str, dict[str, str]]:
    """Labels of all controlled terms by section of ``vocabulary.toml``.

    Parameters
    ----------
    language : {"id", "en"}

    Returns
    -------
    dict of str to dict
        Term to label, in the order of the file.

    Examples
    --------
    >>> vocabulary_sections("id")["measure"]
    {'cases': 'kasus', 'persons': 'orang'}
    """
    sections: dict[str, dict[str, str]] = {}
    for key, words in locale_texts(language).items():
        topic, _, rest = key.partition(".")
        if topic == "vocabulary":
            section, _, term = rest.partition(".")
            sections.setdefault(section, {})[term] = words
    return sections


def _markdown_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
