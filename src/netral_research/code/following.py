"""One article followed step by step: what is found in it, as tables, and what becomes of that."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from netral_research.articles import Article
from netral_research.code.coder import Coder
from netral_research.code.confusions import compare_rows
from netral_research.code.date_roles import date_mentions
from netral_research.code.findings import Findings, gather_findings
from netral_research.code.proposals import CODED_FIELDS, CodedArticle, Span
from netral_research.code.readings import CodingTables, pair_readings, propose_rows
from netral_research.language import LANGUAGES, text

BETWEEN_PASSAGES = " … "


def follow(coder: Coder, article: Article) -> Findings:
    """Find everything that an article names, before anything is decided.

    Parameters
    ----------
    coder : Coder
    article : Article

    Returns
    -------
    Findings
    """
    return gather_findings(article, coder.read(article.text), coder.read(article.title), coder.registers)


def found_dates(findings: Findings) -> pd.DataFrame:
    """Dates as written, with what each is the date of.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    pandas.DataFrame
        Columns ``written``, ``sentence``, ``year``, ``month``, ``day`` (empty where not written) and ``role``.
    """
    rows = [
        (
            _written(findings, (one.date.start, one.date.end)),
            one.sentence + 1,
            *_parts(one.date.year, one.date.month, one.date.day),
            one.role,
        )
        for one in date_mentions(findings)
    ]
    return pd.DataFrame(rows, columns=["written", "sentence", "year", "month", "day", "role"])


def _parts(*numbers: int) -> tuple[str, ...]:
    return tuple(str(number) if number else "" for number in numbers)


def found_places(findings: Findings) -> pd.DataFrame:
    """Regions as the text names them, with the region that each name means.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    pandas.DataFrame
        Columns ``written``, ``region``, ``announced_by`` (the kind of word before it) and ``role``.
    """
    official = findings.registers.gazetteer.official
    rows = [
        (_written(findings, findings.text.plain_span(one)), official.get(one.code, one.code), one.cue, one.role)
        for one in findings.places
    ]
    return pd.DataFrame(rows, columns=["written", "region", "announced_by", "role"])


def found_institutions(findings: Findings) -> pd.DataFrame:
    """Institutions as the text names them.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    pandas.DataFrame
        Columns ``written``, ``sentence``, ``type``, ``level`` and ``region`` (the one named with it).
    """
    official = findings.registers.gazetteer.official
    rows = [
        (
            _written(findings, _span(findings, one.first, one.after)),
            one.sentence + 1,
            one.type,
            one.level,
            official.get(one.place.code, "") if one.place else "",
        )
        for one in findings.institutions
    ]
    return pd.DataFrame(rows, columns=["written", "sentence", "type", "level", "region"])


def found_activities(findings: Findings) -> pd.DataFrame:
    """Phrases that name an activity, the weightiest first.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    pandas.DataFrame
        Columns ``written``, ``sentence``, ``event_type`` and ``weight``.
    """
    rows = [
        (_written(findings, findings.text.span(one.hit)), one.sentence + 1, one.kind, one.weight)
        for one in sorted(findings.activities, key=lambda one: (-one.weight, one.hit.first))
    ]
    return pd.DataFrame(rows, columns=["written", "sentence", "event_type", "weight"])


def _span(findings: Findings, first: int, after: int) -> Span:
    return findings.text.plain.starts[first], findings.text.plain.ends[after - 1]


def _written(findings: Findings, span: Span) -> str:
    return passage(findings.article.text, (span,))


def passage(whole: str, spans: Sequence[Span]) -> str:
    """The words of a text that evidence points to.

    Parameters
    ----------
    whole : str
    spans : sequence of (int, int)

    Returns
    -------
    str

    Examples
    --------
    >>> passage("Apel digelar di Kota Bima.", ((0, 4), (16, 25)))
    'Apel … Kota Bima'
    """
    return BETWEEN_PASSAGES.join(" ".join(whole[start:end].split()) for start, end in spans)


def proposed_cells(article: Article, coded: CodedArticle) -> pd.DataFrame:
    """Every proposed cell with the passages it was read from, or the reason why it is empty.

    Parameters
    ----------
    article : Article
    coded : CodedArticle

    Returns
    -------
    pandas.DataFrame
        Columns ``field``, ``event``, ``value``, ``passage``, ``confidence`` and ``reason`` (told in words by
        :func:`told_reasons`).
    """
    rows = [
        (name, number, cell.value, passage(article.text, cell.evidence), cell.confidence, cell.reason)
        for number, event in enumerate(coded.events, start=1)
        for name, cell in ((name, event.cells[name]) for name in CODED_FIELDS)
    ]
    return pd.DataFrame(rows, columns=["field", "event", "value", "passage", "confidence", "reason"])


def told_reasons(coded: CodedArticle) -> pd.DataFrame:
    """What the reasons of a proposal, or of an article without one, mean.

    Parameters
    ----------
    coded : CodedArticle

    Returns
    -------
    pandas.DataFrame
        Columns ``reason`` (the key) and, by language, ``id`` and ``en``.

    Examples
    --------
    >>> told_reasons(CodedArticle("EE001", skipped="no_words"))["en"].item()
    'the text holds no words'
    """
    given = dict.fromkeys(event.cells[name].reason for name in CODED_FIELDS for event in coded.events)
    keys = [("reason", reason) for reason in given if reason]
    keys += [("skipped", coded.skipped)] if coded.skipped else []
    rows = [(key, *(text(language, f"code.{section}.{key}") for language in LANGUAGES)) for section, key in keys]
    return pd.DataFrame(rows, columns=["reason", *LANGUAGES])


def evidence_spans(coded: CodedArticle) -> dict[Span, str]:
    """All passages that a proposal points to, with the fields read from each.

    Parameters
    ----------
    coded : CodedArticle

    Returns
    -------
    dict of (int, int) to str

    Examples
    --------
    >>> evidence_spans(CodedArticle("EE001", skipped="opinion", evidence=((0, 5),)))
    {(0, 5): ''}
    """
    fields: dict[Span, list[str]] = {span: [] for span in coded.evidence}
    for event in coded.events:
        for name in CODED_FIELDS:
            for span in event.cells[name].evidence:
                fields.setdefault(span, []).append(name)
    return {span: ", ".join(dict.fromkeys(names)) for span, names in sorted(fields.items())}


def beside_coded(tables: CodingTables, coded: CodedArticle) -> pd.DataFrame:
    """What people coded of an article beside the proposals that answer it, field by field.

    Parameters
    ----------
    tables : CodingTables
    coded : CodedArticle

    Returns
    -------
    pandas.DataFrame
        Columns ``field``, ``coded``, ``proposed`` and ``equal``; no rows for an article that is held out.
    """
    read = pair_readings(propose_rows([coded]), tables.events, tables.sample)
    return compare_rows(read)[["field", "coded", "proposed", "equal"]]
