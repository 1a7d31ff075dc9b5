"""The page on which a person reviews proposals: one HTML file that needs no network and runs no script but its own.

What articles and cells say is data: it stands in the page as escaped JSON and is shown as text, never as markup.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import pandas as pd
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from netral_research.code.decisions import DECISION_COLUMNS, REPEATED_BY
from netral_research.code.proposals import CODED_FIELDS, CONFIDENCE, EVENT_COLUMNS, EVIDENCE, REASON
from netral_research.contracts import CONTRACTS, LAW, ColumnContract
from netral_research.dates import is_date
from netral_research.language import LANGUAGES, format_day, locale_texts, text
from netral_research.regions import RegionRegister
from netral_research.tables import vocabulary_of

EDITED_FIELDS = (*CODED_FIELDS, "confidence", "same_event_as")
# Always coded with low confidence: they do not make a proposal doubtful.
JUDGED_BY_EYE = ("co_organisers", "participants", "participants_n", "themes")
LONGEST_TEXT = 200_000
_AFTER_EVIDENCE = 1_000
# Signs that would be invisible, or would turn the order of what is read, get a sign of the same length.
_SHOWN_AS = (
    {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)}
    | {0x0D: 0x20, 0x7F: 0x2421}
    | dict.fromkeys(
        (*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)), 0xFFFD
    )
)
_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


@dataclass(frozen=True)
class ReviewContent:
    """What the page shows.

    Parameters
    ----------
    proposals : pandas.DataFrame
        :data:`netral_research.code.proposals.PROPOSED_COLUMNS` as text.
    texts : mapping of str to str
        Article texts by source id, as they were coded.
    sources : mapping of str to mapping
        Rows of ``sources.csv`` by source id.
    events : pandas.DataFrame
        ``events.csv`` as it stands.
    register : RegionRegister
    """

    proposals: pd.DataFrame
    texts: Mapping[str, str]
    sources: Mapping[str, Mapping[str, str]]
    events: pd.DataFrame
    register: RegionRegister


def render_review(content: ReviewContent) -> str:
    """Write the page.

    Parameters
    ----------
    content : ReviewContent

    Returns
    -------
    str
        The same text for the same content, on every machine and day.
    """
    style, script = _template_text("review.css"), _template_text("review.js")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string(_template_text("review.html.jinja")).render(
        style=Markup(style),  # noqa: S704 - a file of the package
        script=Markup(script),  # noqa: S704 - a file of the package
        data=Markup(script_json(review_data(content))),  # noqa: S704 - escaped for its place
        policy=_policy(style, script),
        words=lambda key: text("id", f"review.{key}"),
        english=lambda key: text("en", f"review.{key}"),
    )
    return page.strip() + "\n"


def _template_text(name: str) -> str:
    return resources.files("netral_research.code").joinpath("templates", name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    def hashed(content: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode() + "'"

    return (
        f"default-src 'none'; script-src {hashed(script)}; style-src {hashed(style)}; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def script_json(data: object) -> str:
    r"""JSON that no reader of HTML can take for a tag.

    Examples
    --------
    >>> print(script_json({"title": "</script><b>"}))
    {"title":"\u003c/script\u003e\u003cb\u003e"}
    """
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_IN_SCRIPT)


def shown_text(text_as_read: str) -> str:
    """A text in which nothing is invisible or turns the order of reading; every character keeps its place.

    Examples
    --------
    >>> shown_text("a" + chr(0) + "b" + chr(0x202E) + "c")
    'a␀b�c'
    """
    return text_as_read.translate(_SHOWN_AS)


def review_data(content: ReviewContent) -> dict[str, Any]:
    """What the page's script reads.

    Parameters
    ----------
    content : ReviewContent

    Returns
    -------
    dict
        Of plain JSON values.
    """
    rows = [{str(name): str(cell) for name, cell in row.items()} for row in content.proposals.to_dict("records")]
    ids = list(dict.fromkeys(row["source_id"] for row in rows))
    number_of = {source_id: number for number, source_id in enumerate(ids)}
    last = _last_evidence(rows)
    proposals = [
        _proposal(row, number_of[row["source_id"]]) for row in sorted(rows, key=lambda row: number_of[row["source_id"]])
    ]
    return {
        "key": hashlib.sha256(script_json(proposals).encode("utf-8")).hexdigest()[:20],
        "columns": list(EVENT_COLUMNS),
        "saved": list(DECISION_COLUMNS),
        "coded": list(CODED_FIELDS),
        "doubted": [name for name in CODED_FIELDS if name not in JUDGED_BY_EYE],
        "repeatedBy": list(REPEATED_BY),
        "fields": [_field(name, CONTRACTS["data/raw/events.csv"][name]) for name in EDITED_FIELDS],
        "law": LAW.pattern,
        "words": {language: _words(language) for language in LANGUAGES},
        "regions": _regions(content.register),
        "articles": [
            _article(source_id, content.texts.get(source_id), content.sources.get(source_id, {}), last[source_id])
            for source_id in ids
        ],
        "events": _standing(content.events, ids),
        "eventIds": sorted(str(cell) for cell in content.events["event_id"]),
        "proposals": proposals,
    }


def _last_evidence(rows: Iterable[Mapping[str, str]]) -> dict[str, int]:
    last: dict[str, int] = {}
    for row in rows:
        ends = [end for name in CODED_FIELDS for _, end in _spans(row[f"{name}_{EVIDENCE}"])]
        last[row["source_id"]] = max([last.get(row["source_id"], 0), *ends])
    return last


def _spans(written: str) -> list[list[int]]:
    """Passages as the proposals file tells them; what is no passage shows nothing."""
    found = (re.fullmatch(r"(\d{1,9})-(\d{1,9})", part.strip()) for part in written.split(";"))
    return [[int(match[1]), int(match[2])] for match in found if match and int(match[1]) < int(match[2])]


def _proposal(row: Mapping[str, str], article: int) -> dict[str, Any]:
    told = [
        [row[f"{name}_{CONFIDENCE}"], row[f"{name}_{REASON}"], _spans(row[f"{name}_{EVIDENCE}"])]
        for name in CODED_FIELDS
    ]
    return {"article": article, "values": [row[name] for name in EVENT_COLUMNS], "told": told}


def _field(name: str, contract: ColumnContract) -> dict[str, Any]:
    kind = "link" if contract.refers_to else name if name in ("province", "regency") else contract.type
    if contract.terms:
        kind = "terms" if contract.type == "list" else "term"
    elif contract.pattern is not None:
        kind = "laws"
    return {"name": name, "kind": kind, "required": contract.required, "terms": list(contract.terms)}


def _words(language: str) -> dict[str, Any]:
    texts = locale_texts(language)

    def section(prefix: str) -> dict[str, str]:
        return {key.removeprefix(prefix): words for key, words in texts.items() if key.startswith(prefix)}

    columns = {name: CONTRACTS["data/raw/events.csv"][name] for name in EDITED_FIELDS}
    sections = {name: vocabulary_of("events", name) for name, contract in columns.items() if contract.terms}
    return {
        "page": {key: words for key, words in section("review.").items() if not key.startswith("accept.")},
        "titles": {name: texts[f"tables.events.columns.{name}.title"] for name in EVENT_COLUMNS},
        "about": {name: texts[f"tables.events.columns.{name}.description"] for name in EDITED_FIELDS},
        "terms": {name: section(f"vocabulary.{found}.") for name, found in sections.items()},
        "reasons": section("code.reason."),
    }


def _regions(register: RegionRegister) -> dict[str, Any]:
    def lies_in(code: str) -> list[str]:
        today = register.parents[code]
        return sorted({today, *(split.old for split in register.splits if split.new == today)})

    return {
        "provinces": {code: register.names[code] for code in register.provinces},
        "provinceNames": {name: sorted(codes) for name, codes in sorted(register.province_names.items())},
        "regencies": {code: [register.names[code], lies_in(code)] for code in register.regencies},
        "regencyNames": {name: sorted(codes) for name, codes in sorted(register.regency_names.items())},
    }


def _article(source_id: str, written: str | None, source: Mapping[str, str], last: int) -> dict[str, Any]:
    published, address = source.get("published", ""), source.get("url", "")
    limit = max(LONGEST_TEXT, last + _AFTER_EVIDENCE)
    known_day = bool(published) and is_date(published)
    return {
        "id": source_id,
        "title": shown_text(source.get("title", "")),
        "publisher": shown_text(source.get("publisher", "")),
        "published": {name: format_day(published, name) if known_day else published for name in LANGUAGES},
        "url": address if _WEB_ADDRESS.fullmatch(address) else "",
        "text": None if written is None else shown_text(written[:limit]),
        "cut": written is not None and len(written) > limit,
        "changed": written is not None and last > len(written),
    }


def _standing(events: pd.DataFrame, source_ids: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """Rows of ``events.csv`` that come from the same pages."""
    wanted = set(source_ids)
    found: dict[str, list[dict[str, str]]] = {}
    for row in events[events["source_id"].isin(wanted)].to_dict("records"):
        found.setdefault(str(row["source_id"]), []).append(
            {name: str(row[name]) for name in ("event_id", *REPEATED_BY)}
        )
    return found
