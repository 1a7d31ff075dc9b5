"""What each date in a text is the date of: an event, a statement, a document, polling, a decree, a page."""

from __future__ import annotations

import re
from typing import NamedTuple

from netral_research.code.activities import CIRCULAR, PLEDGING, REMINDER, SESSIONS
from netral_research.code.findings import Findings
from netral_research.code.lexicon import Hit
from netral_research.code.written_dates import ROMAN_MONTHS, WrittenDate, resolve_year

EVENT, STATEMENT, DOCUMENT, PUBLICATION = "event", "statement", "document", "publication"
PERIOD, POLLING, DECREE, LETTER, PAGE = "period", "polling", "decree", "letter", "page"
GATHERINGS = frozenset({*SESSIONS, *PLEDGING, "apel", "kampanye"})
_NUMBER_TO_DAY, _NAMED_WITHIN, _DECIDES_WITHIN = 30, 8, 3
_NUMBERED_LETTER = 18
VILLAGE, _VILLAGE_WITHIN = "village", 4
_FAR, _DONE_WITHIN = 99, 3
_BEFORE_A_PERIOD = re.compile(
    r"(?:[Mm]asa kampanye(?: dimulai| mulai)?|kampanye(?: \w+){0,2} (?:dimulai|mulai)"
    r"|pendaftaran (?:calon|pasangan|bakal)[^.]{0,30}"
    r"|tahapan[^.]{0,15}|sebelum|\bjadwal[^.]{0,15}"
    r"|HUT[^.]{0,20}|lahir[^.]{0,20})\s*(?:pada|pada tanggal|tanggal|,)?\s*$"
)
_ON_ONE_OF_ITS_DAYS = re.compile(r"\b[Hh]ari (?:pertama|kedua|terakhir)\b")
_BOUNDS, _SINCE, _COMING = ("period",), "since", "coming"
_NUMBER_MONTH = re.compile(
    r"\b(?:[Nn]omor|No\b\.?|bernomor|SE\b)\s*[:.]?\s*[\w.\-/ ]{0,40}?/"
    r"(?:(X(?:I{1,2})?|IX|IV|VI{0,3}|I{1,3})|(0[1-9]|1[0-2]))/(?:[\w.\-]{1,15}/)?(20\d{2})\b"
)
_THE_LETTER, _THAT = re.compile(r"\s*[\"']?(?:[Ss]urat|[Ee]daran|SE)\b"), re.compile(r"\)?\s*(?:itu|tersebut)\b")
_BEGINS_NUMBER = frozenset({"nomor", "no", "bernomor", "se"})


class DatedMention(NamedTuple):
    """A date of a text and what it is the date of.

    Parameters
    ----------
    date : WrittenDate
    role : str
    sentence : int
    """

    date: WrittenDate
    role: str
    sentence: int


def role_of(findings: Findings, date: WrittenDate) -> str:
    """What a date in a text is the date of.

    Parameters
    ----------
    findings : Findings
    date : WrittenDate

    Returns
    -------
    {"event", "statement", "document", "publication", "period", "polling", "decree", "letter", "page"}
    """
    if date.stamped:
        return PAGE
    if _is_polling_day(findings, date):
        return POLLING
    text = findings.text
    word = text.plain.word_at(date.start)
    if text.marked_before("date_role", word, 3, PUBLICATION):
        return PUBLICATION
    written = _role_of_a_document(findings, date, word)
    if written:
        return written
    sentence_start = text.plain.sentence_span(text.plain.sentence_of(date.start))[0]
    leading = text.plain.text[sentence_start : date.start]
    bounds = _BEFORE_A_PERIOD.search(leading) and not _ON_ONE_OF_ITS_DAYS.search(leading)
    if date.weekday is None and (bounds or _is_for_the_election_commission(findings, date)):
        return PERIOD
    if text.marked_before("period", word, 1, *_BOUNDS, *([] if date.weekday is not None else [_SINCE])):
        return PERIOD
    if date.weekday is None and text.marked_after("period", text.plain.word_at(date.end), 1, _COMING):
        return PERIOD  # ``calon ditetapkan 24 Agustus mendatang``; an event to come is announced with its weekday
    if not date.day and date.month and text.marked_after("finished", text.plain.word_at(date.end), _DONE_WITHIN):
        return PERIOD  # ``Desember 2019 pihaknya telah menyurati bupati``
    if _is_after_the_page(findings, date):
        return PERIOD
    return STATEMENT if _is_spoken(findings, date, word) else EVENT


def _is_after_the_page(findings: Findings, date: WrittenDate) -> bool:
    """``posko dibuka 28 hari mulai 1 Desember 2020`` on a page of 30 November; what is announced has its weekday."""
    page = findings.published
    if page is None or page.precision != "day" or date.weekday is not None or not date.day or not date.year:
        return False
    return f"{date.year}-{date.month:02d}-{date.day:02d}" > page.latest.isoformat()


def _is_for_the_election_commission(findings: Findings, date: WrittenDate) -> bool:
    """``Pada 22 September 2024 KPU akan menetapkan pasangan calon``: a day of the election's own calendar."""
    text = findings.text
    after = text.plain.word_at(date.end)
    commission = any(one.type == "kpu" and one.first == after for one in findings.institutions)
    return commission and text.marked_after("planned", after, _DECIDES_WITHIN)


def _is_polling_day(findings: Findings, date: WrittenDate) -> bool:
    word = findings.text.plain.word_at(date.start)
    named = not date.day and findings.text.marked_before("election", word, _NAMED_WITHIN)
    if not date.day and findings.text.marked_before("election", word, 1):
        return True  # ``pilkada September 2020``: polling as it was planned, before it was put off
    for cycle in findings.registers.calendar.cycles.values():
        day = cycle.polling_day
        if named and date.month == day.month and date.year in {0, day.year}:
            return True  # ``pilkada November 2024``
        if (date.day, date.month) == (day.day, day.month) and date.year in {0, day.year}:
            return date.weekday is None or (date.year == day.year and date.weekday == day.weekday())
    village = findings.text.marked_before("election", word, _VILLAGE_WITHIN, VILLAGE)
    again = findings.text.marked_before("rerun", word, _NAMED_WITHIN)
    to_come = date.weekday is None or findings.text.marked_before("planned", word, _DECIDES_WITHIN, "future")
    return (again and to_come) or (village and date.weekday is None)


def _role_of_a_document(findings: Findings, date: WrittenDate, word: int) -> str:
    text = findings.text
    decree = _distance(findings, word, text.of("date_role", DECREE))
    year = date.year or (resolve_year(date, findings.published, findings.years) if date.day else 0)
    of_a_decree = bool(date.day) and f"{year}-{date.month:02d}-{date.day:02d}" in findings.registers.laws.values()
    if of_a_decree and (date.weekday is None or decree < _FAR):
        return DECREE
    if decree < _FAR and date.day and _is_the_day_of_a_joint_decree(findings, date):
        return DECREE  # ``SKB nomor 2 tahun 2022 yang diteken 22 September 2023``: a slip of the year
    if date.weekday is not None:
        return ""
    circular = _distance(findings, word, text.of("activity", CIRCULAR))
    dated = text.marked_before("document_date", word, 3)
    letter = _distance(
        findings, word, [hit for hit in text.of("letter") if hit.first not in text.marks("activity", CIRCULAR)]
    )
    issued = text.marked_before("issued", word, 4)
    if (
        dated
        and letter < min(circular, decree)
        and letter <= (_NUMBERED_LETTER if text.marked_before("numbered", word, _NUMBERED_LETTER) else 9)
    ):
        return DOCUMENT if _is_of_the_circular_before(findings, date) else LETTER
    if decree <= circular and (decree <= 3 or (decree <= 12 and dated) or (decree <= 15 and issued)):
        return DECREE
    numbered = circular <= 12 and text.marked_before("numbered", word, 12)
    if circular < _FAR and (dated or numbered or (circular < 20 and issued)):
        return DOCUMENT
    return ""


def _is_the_day_of_a_joint_decree(findings: Findings, date: WrittenDate) -> bool:
    day = f"-{date.month:02d}-{date.day:02d}"
    return any(law.startswith("SKB") and signed.endswith(day) for law, signed in findings.registers.laws.items())


def _is_of_the_circular_before(findings: Findings, date: WrittenDate) -> bool:
    """``Pj Wali Kota menerbitkan surat edaran. Surat tertanggal 25 September itu ...``: the circular's own date."""
    text = findings.text
    number = text.plain.sentence_of(date.start)
    begins = text.plain.sentence_span(number)[0]
    told = any(text.sentence(hit) == number - 1 for hit in text.of("activity", CIRCULAR))
    plain = text.plain.text
    return told and bool(_THE_LETTER.match(plain, begins)) and bool(_THAT.match(plain, date.end))


def _distance(findings: Findings, word: int, hits: list[Hit]) -> int:
    """Words between the nearest hit before a word, in its sentence, and the word; a far number where there is none."""
    sentences = findings.text.plain.sentences
    if word >= len(sentences):
        return _FAR
    return min(
        (word - hit.after for hit in hits if hit.after <= word and sentences[hit.first] == sentences[word]),
        default=_FAR,
    )


def _is_spoken(findings: Findings, date: WrittenDate, word: int) -> bool:
    """Whether the date is that of a statement: a verb of saying stands near and no gathering before it."""
    text = findings.text
    after = text.plain.word_at(date.end)
    if text.marked_before("that", word, 2):
        return False
    said_before = text.marked_before("date_role", word, 8, STATEMENT)
    if not said_before and not text.marked_after("date_role", after, 4, STATEMENT):
        return False
    sentence = text.plain.sentence_of(date.start)
    if text.plain.word_at(text.plain.sentence_span(sentence)[0]) in text.marks("event_noun"):
        return False  # ``Acara di aula, Rabu kemarin, itu mengingatkan``
    reach = word + 4 if said_before else word
    return not any(
        one.kind in GATHERINGS and one.sentence == sentence and one.hit.first < reach and one.weight > 0.3
        for one in findings.activities
    )


def date_mentions(findings: Findings) -> list[DatedMention]:
    """Every date of a text with its role, and the months that documents bear in their numbers."""
    plain = findings.text.plain
    found = [DatedMention(date, role_of(findings, date), plain.sentence_of(date.start)) for date in findings.dates]
    found += [DatedMention(date, DOCUMENT, plain.sentence_of(date.start)) for date in _numbered(findings, found)]
    return sorted(found, key=lambda mention: mention.date.start)


def _numbered(findings: Findings, dated: list[DatedMention]) -> list[WrittenDate]:
    """``Nomor 800/2185/BKPSDM/IX/2024``: a circular bears its month in its number, where no day stands behind it."""
    text, found = findings.text, []
    for match in text.plain.matches(_NUMBER_MONTH, _BEGINS_NUMBER):
        month = ROMAN_MONTHS.get(match.group(1) or "", 0) or int(match.group(2) or 0)
        word = text.plain.word_at(match.start())
        written = text.marked_before("letter", word, 9) or text.marked_before("activity", word, 9, CIRCULAR, REMINDER)
        begun = word in text.marks("activity", CIRCULAR)
        closer = any(
            mention.date.day and mention.role != POLLING and 0 <= mention.date.start - match.end() < _NUMBER_TO_DAY
            for mention in dated
        )
        if (written or begun) and not closer:
            found.append(WrittenDate(*match.span(), month=month, year=int(match.group(3))))
    return found
