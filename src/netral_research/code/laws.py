"""Laws, joint decrees and circulars that a text names as what an event rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from netral_research.code.activities import CIRCULAR
from netral_research.code.event_dates import EventDate
from netral_research.code.findings import Findings
from netral_research.code.kinds import Focus
from netral_research.code.lexicon import MOST_HITS, Reading
from netral_research.code.proposals import Cell, Span

_LAW = re.compile(
    r"\b(?P<kind>UU|U\.U|undang\s?-?\s?undang|PP|peraturan pemerintah|Perpp?u|Perbawaslu"
    r"|(?:per)?aturan (?:Bawaslu|Badan Pengawas)|PKPU|(?:per)?aturan (?:KPU|Komisi)|Perpres|peraturan Presiden"
    r"|Permendagri|peraturan (?:Mendagri|Menteri Dalam Negeri)|Permen ?PAN[- ]?RB"
    r"|peraturan Menteri (?:PAN|Pendayagunaan Aparatur Negara)|peraturan)\b\.?"
    r"(?:\s+\(?(?:ASN|Pemilu|Pilkada|RI|R\.I\.?|Republik Indonesia|Aparatur Sipil Negara|Pemilihan(?: Umum)?|Disiplin"
    r"|PNS|Desa|Kepegawaian|tentang|yaitu|yakni|UU|PP|PKPU|Perbawaslu|Permendagri|KPU|Bawaslu"
    r"|dan Reformasi Birokrasi|PAN[- ]?RB)\)?)*"
    r"\s*(?:nomor|no\.?|nomer)?\s*[:.]?\s*(?P<number>\d{1,3})\s*(?:/|,?\s*tah?un(?: tahun)?|thn\.?|th\.?)\s*"
    r"(?P<year>(?:19|20)\d{2})\b(?P<matter>,?(?: tentang| soal| mengenai)?"
    r" (?:disiplin|manajemen|kode etik|(?:pembinaan )?jiwa|ASN|aparatur sipil|desa|pemilihan (?:umum|gubernur|kepala)"
    r"|pemilu|pilkada))?",
    re.IGNORECASE,
)
_SAME_KIND = re.compile(
    r"\s*(?:,|,?\s*(?:dan|serta|jo\.?|juncto))\s*(?:[Nn]o(?:mor|\.)?\s*)?(?P<number>\d{1,3})\s*(?:/|[Tt]ahun)\s*"
    r"(?P<year>(?:19|20)\d{2})\b(?P<matter>)"
)
_LAW_WITHOUT_YEAR = re.compile(
    r"\b(?P<kind>UU|PP|[Uu]ndang-[Uu]ndang|[Pp]eraturan [Pp]emerintah)"
    r"(?:\s+(?:ASN|Pemilu|Pilkada|Disiplin|\((?:UU|PP)\)))?"
    r"\s*(?:[Nn]omor|[Nn]o\.?)?\s*(?P<number>\d{1,3})\b(?!\s*(?:/|[Tt]ahun|[Tt]h))"
)
# ``Perubahan Kedua atas UU 1/2015 tentang Penetapan Perppu 1/2014``: part of the name of the law before it.
_AMENDED = re.compile(
    r"\b(?:[Pp]erubahan(?: \w+)? [Aa]tas|[Tt]entang [Pp]erubahan(?: \w+)?|[Pp]encabutan(?: [Aa]tas)?|[Pp]engganti"
    r"|[Pp]enetapan(?: [Pp]eraturan [Pp]emerintah)?"
    r"|[Mm]engubah|[Mm]enggantikan)\s*$"
)
_AMENDED_REACH = 40
# ``PP 11/2017 sebagaimana telah diubah dengan PP 17/2020``: the first is named, the other only tells its state.
_AMENDING = re.compile(r"\bdiubah(?: \w+){0,3} dengan\s+$")
_TOLD_BY_WHAT_THEY_AMEND = frozenset({"PP", "Perppu"})
# ``Undang-undang Pemilu Pasal 93``: by one of its articles, without a number.
_ELECTIONS_ACT = re.compile(
    r"\b(?:UU|[Uu]ndang-[Uu]ndang) [Pp]emilu,? [Pp]asal"
    r"|\b[Pp]asal \d{1,3}(?: ayat \(?\w\)?)? (?:UU|[Uu]ndang-[Uu]ndang) [Pp]emilu\b"
)
_SINCE_THE_ELECTIONS_ACT = "2017-08-16"
# ``UU ASN tahun 2014``: named by its matter and year alone.
_CIVIL_SERVICE_LAW = re.compile(
    r"\b(?:UU|[Uu]ndang-[Uu]ndang)(?: tentang)? (?:ASN|[Aa]paratur [Ss]ipil [Nn]egara)(?: \(ASN\))?,? (?:[Tt]ahun )?"
    r"(?P<year>2014|2023)\b"
)
_CIVIL_SERVICE_LAWS = {"2014": "UU 5/2014", "2023": "UU 20/2023"}
# ``Cuti kampanye tidak boleh diajukan, walaupun PP 18/2013 memungkinkannya``: what is set aside is no basis.
_SET_ASIDE = re.compile(r"\b(?:[Ww]alau(?:pun)?|[Mm]eski(?:pun)?|[Kk]endati(?:pun)?)\s+$")
_AND_SO = re.compile(r"\s*(?:,|dan|jo\.?|juncto)\s*(?=(?:UU|PP|[Uu]ndang|[Pp]eraturan)\b)")
# How each kind of law begins, in small letters, and how the codebook writes it; the first that fits counts.
_LAW_KINDS = (
    ("uu", "UU"), ("u.u", "UU"), ("undang", "UU"), ("pp", "PP"), ("peraturan pemerintah", "PP"), ("perppu", "Perppu"),
    ("perpu", "Perppu"),
    ("perbawaslu", "Perbawaslu"), ("peraturan ba", "Perbawaslu"), ("aturan ba", "Perbawaslu"), ("pkpu", "PKPU"),
    ("peraturan k", "PKPU"), ("aturan k", "PKPU"), ("perpres", "Perpres"), ("peraturan presiden", "Perpres"),
    ("permendagri", "Permendagri"), ("peraturan menteri p", "PermenPANRB"), ("peraturan men", "Permendagri"),
    ("permen", "PermenPANRB"),
    ("peraturan", ""),
)  # fmt: skip
_BEGINS_LAW = frozenset({
    "uu", "u", "undang", "undangundang", "pp", "peraturan", "perppu", "perpu", "perbawaslu", "pkpu", "perpres",
    "permendagri", "permen", "permenpan", "permenpanrb", "aturan",
})  # fmt: skip
# Laws that are named everywhere, and often with a slip, by a word of their title.
_LAWS_BY_MATTER = (
    ("disiplin", ("PP 53/2010", "PP 94/2021")), ("jiwa", ("PP 42/2004",)), ("kode etik", ("PP 42/2004",)),
    ("asn", ("UU 5/2014", "UU 20/2023")), ("aparatur", ("UU 5/2014", "UU 20/2023")), ("desa", ("UU 6/2014",)),
    ("gubernur", ("UU 10/2016",)), ("kepala", ("UU 10/2016",)), ("pilkada", ("UU 10/2016",)),
    ("umum", ("UU 7/2017",)), ("pemilu", ("UU 7/2017",)),
)  # fmt: skip
_JOINT_DECREE = re.compile(
    r"(?<!edung )\bSKB\b|\b(?:[Kk]eputusan|SK)(?: \((?:SK|KB)\))? [Bb]ersama\b|\b[Pp]edoman [Bb]ersama\b"
    r"|\bKEPUTUSAN BERSAMA\b|\b[Kk]eputusan (?:lima|5|empat|tiga) (?:lembaga|kementerian|menteri|pimpinan)\b"
    r"|\b[Pp]eraturan [Bb]ersama [Nn]o(?:mor)?\b|\b[Pp]eraturan (?:bersama )?lima (?:lembaga|kementerian)\b"
    r"|\b[Pp]eraturan bersama (?:para )?[Mm]en\w*\b|\b[Kk]esepakatan [Bb]ersama (?:Men\w+|Kemen\w+|lima|5)\b"
)
_DECREE_BY_TITLE = re.compile(r"\b[Pp]edoman (?:[Pp]embinaan dan )?[Pp]engawasan [Nn]etralitas\b")
# The decree of 2022 is on fostering and supervising neutrality, the one of 2020 on supervising it.
_OF_2022 = re.compile(r"[Pp]embinaan(?: dan|,) [Pp]engawasan")
_DECREE_NAME = 400
_DECREE_YEAR = re.compile(r"(?:(?:[Tt]ahun|[Ss]eptember|[Bb]ersama|SKB|thn\.?|th\.?)\s|/)\s?(2020|2022)\b(?!-)")
_CIRCULAR = re.compile(
    r"\b[Ss]urat (?:[Ee]daran|[Ii]nstruksi)\b|\bSURAT EDARAN\b|\b[Ee]daran(?:nya)?\b"
    r"|\bSE\b(?!-|[.,]{0,2}\s?M\.?(?:Si|SI|si|M|AP|H|Pd)\b)"
)
_CENTRAL_LETTER = re.compile(
    r"\b[Ss]urat (?:KASN|[Kk]omisi (?:ASN|Aparatur Sipil Negara)|Men(?:pan|teri|dagri)\w*|Kemen\w+|BKN"
    r"|Badan Kepegawaian Negara"
    r"|[Gg]ubernur|[Bb]upati|[Ww]ali ?[Kk]ota|[Ss]ekda)\b[^.;]{0,40}?"
    r"\b(?:(?:ber)?[Nn]omor|[Nn]o\.|tanggal|tertanggal|bertanggal|bulan)"
    r"|\b[Ii]mbauan tertulis\b"
)
_MINISTERS_LETTER = re.compile(r"\b[Ss]urat (?:KASN|BKN|[Mm]en(?:pan|teri|dagri| ?PAN)[-\w]*)(?!\w)")
# ``suratnya bernomor B/2677/M.PAN-RB/7/2014``: how ministries and commissions number what they send to all.
_NUMBERED_LETTER = re.compile(r"\b[Ss]urat(?:nya)?\b[^.;]{0,120}?\bB[-/]\d[\d/.A-Z-]*(?:M\.|KASN|BKN)")
# ``tengah merampungkan surat edaran``, ``sedang menyusun keputusan bersama``.
_BEING_DRAWN_UP = re.compile(
    r"\b(?:sedang|tengah|masih)(?: \w+)? me(?:nyusun|rampungkan|nyiapkan|rancang|nggodok|mpersiapkan|matangkan)"
    r"(?: (?:sebuah|draf|konsep))?(?: surat)? $"
)
# ``pemda nanti menurunkan surat edaran``; not ``akan mengacu surat edaran``.
_TO_BE_MADE = re.compile(
    r"\b(?:akan|bakal|segera|hendak|nanti)(?: juga| kembali)? "
    r"me(?:nurunkan|nyebarkan|ngedarkan|nyampaikan|ngirim|ngirimkan|layangkan|nyusulkan)(?: \w+)? $"
)
_WILL_BE_SIGNED = re.compile(
    r"\b(?:akan|bakal|segera)(?: segera| kembali)? "
    r"(?:di(?:terbitkan|keluarkan|muat|tandatangani|teken)|me(?:nerbitkan|ngeluarkan|nyelesaikan|nandatangani|neken))"
    r"(?: dalam| melalui| lewat)?(?: [Ss]urat)? $"
)
_NOT_SEEN = re.compile(r"\b(?:belum|tidak)(?: ada| menerima| mendapat| memperoleh) $")
_AGAIN = re.compile(r"\s*(?:\(SE\)\s*)?(?:itu|tersebut)\b")
_OF_THE_SAME = re.compile(r"\s*[\"']?(?:[Ss]urat [Ee]daran|SE|[Ee]daran|[Ss]urat)(?: \(SE\))? (?:itu|tersebut|ini)\b")
_BEGINS_DECREE = frozenset({"skb", "keputusan", "sk", "pedoman", "peraturan", "kesepakatan"})
_BEGINS_CIRCULAR, _BEGINS_LETTER = frozenset({"surat", "se", "edaran", "edarannya"}), frozenset({"surat", "imbauan"})
_LETTER_SENT = re.compile(r"\b[Ss]urat (?:per tanggal|kepada|soal|tentang|perihal|mengenai)\b")
_HAS_BEEN_ISSUED = re.compile(
    r"(?:nya)?(?: \w+){0,4} (?:telah|sudah) (?:di(?:terbitkan|keluarkan|buat|edarkan|kirim|sebar)\w*|beredar)\b"
)
_HAS_ISSUED = re.compile(r"\b(?:telah|sudah) (?:\w+ ){0,3}(?:menerbitkan|mengeluarkan|memberikan|membuat) $")
_ASKED_TO_ISSUE = re.compile(
    r"\b(?:meminta|mengimbau|menghimbau|mendorong|mendesak|menyarankan|diminta)\b"
    r"(?:(?!\b(?:dengan|lewat|melalui)\b)[^.;]){0,40} (?:menerbitkan|mengeluarkan|membuat) $"
)
_ISSUED_REACH, _LIST_OF_LAWS = 60, 300
_CENTRAL = frozenset({"kemenpanrb", "kemendagri", "kasn", "bkn"})
_PLANNED_WITHIN, _ASKED_WITHIN, _NOT = 5, 4, frozenset({"tidak", "belum", "tanpa"})
_AND = re.compile(r"(?:,|\b(?:serta|dan|maupun))\s+$")
_SECOND_DECREE = "2022-09-22"


def read_laws(findings: Findings, focus: Focus, date: EventDate) -> Cell:
    """Laws, government regulations, the joint decrees and circulars that a text names.

    Parameters
    ----------
    findings : Findings
    focus : Focus
    date : EventDate

    Returns
    -------
    Cell
    """
    found = _numbered_laws(findings)
    article = _ELECTIONS_ACT.search(findings.text.plain.text)
    if article is not None and _day(findings, date) >= _SINCE_THE_ELECTIONS_ACT:
        found.setdefault("UU 7/2017", article.span())
    decrees = findings.text.plain.matches(_JOINT_DECREE, _BEGINS_DECREE)
    if not decrees and focus.kind != CIRCULAR:  # circulars bear such titles themselves
        decrees = findings.text.plain.matches(_DECREE_BY_TITLE, _BEGINS_DECREE)
    if decrees and not _is_yet_to_be_signed(findings.text, decrees[0].start()):
        found.setdefault(_decree(findings, decrees, date), decrees[0].span())
    circular = _circular_named(findings, focus)
    if circular is not None:
        found.setdefault("SE", circular)
    if focus.further:
        found = _of_a_further_event(findings, focus, found)
    if not found:
        return Cell("", (), "medium", "not_stated")
    return Cell(";".join(found), tuple(found.values()))


def _of_a_further_event(findings: Findings, focus: Focus, found: dict[str, Span]) -> dict[str, Span]:
    """A circular is a further event's own only where it is told; so is every law where the event is a circular."""
    plain = findings.text.plain
    own = focus.sentences | {one for one in range(len(plain.sentence_starts)) if _goes_on(findings, one)}
    return {
        law: span
        for law, span in found.items()
        if plain.sentence_of(span[0]) in own or (law != "SE" and focus.kind != CIRCULAR)
    }


def _goes_on(findings: Findings, sentence: int) -> bool:
    """``Surat edaran itu juga berpedoman pada SKB``: the sentence behind a circular that speaks of it."""
    plain = findings.text.plain
    if sentence >= len(plain.sentence_starts):
        return False
    return _OF_THE_SAME.match(plain.text, plain.sentence_starts[sentence]) is not None


def _numbered_laws(findings: Findings) -> dict[str, Span]:
    """Laws with their number: ``UU Nomor 5 Tahun 2014``, ``PP 53/2010``, ``Perbawaslu 6 Tahun 2018``."""
    found: dict[str, Span] = {}
    plain, known = findings.text.plain, findings.registers.laws
    text = plain.text
    set_aside = -1
    for match in plain.matches(_LAW, _BEGINS_LAW):
        kind = _kind_of_law(match, known)
        if not kind or _AMENDED.search(text, max(0, match.start() - _AMENDED_REACH), match.start()):
            continue
        if match.start() == set_aside or _SET_ASIDE.search(text, max(0, match.start() - _AMENDED_REACH), match.start()):
            joined = _AND_SO.match(text, match.end())
            set_aside = joined.end() if joined else -1
            continue
        if kind in _TOLD_BY_WHAT_THEY_AMEND and _AMENDING.search(
            text, max(0, match.start() - _AMENDED_REACH), match.start()
        ):
            continue
        named: re.Match[str] | None = match
        while named is not None:
            found.setdefault(_law_meant(kind, named, known), named.span())
            named = _SAME_KIND.match(text, named.end())
    for match in plain.matches(_CIVIL_SERVICE_LAW, _BEGINS_LAW):
        found.setdefault(_CIVIL_SERVICE_LAWS[match["year"]], match.span())
    for match in plain.matches(_LAW_WITHOUT_YEAR, _BEGINS_LAW):
        kind = "UU" if match.group("kind").lower().startswith("u") else "PP"
        fitting = [law for law in known if law.startswith(f"{kind} {int(match.group('number'))}/")]
        if len(fitting) == 1:
            found.setdefault(fitting[0], match.span())
    return found


def _law_meant(kind: str, named: re.Match[str], known: Mapping[str, str]) -> str:
    """The law as written, unless its matter shows a slip: ``PP 53/2015 tentang disiplin`` is the one of 2010."""
    number, year = str(int(named.group("number"))), named.group("year")
    written = f"{kind} {number}/{year}"
    other = f"{'PP' if kind == 'UU' else 'UU'} {number}/{year}"
    if written in known:
        return written
    if other in known:
        return other
    if kind == "PP":
        slips = [law for law in known if law.startswith(f"PP {number}/") and _differ_by_a_digit(law[-4:], year)]
        if len(slips) == 1:
            return slips[0]
    matter = (named.group("matter") or "").lower()
    meant = next((laws for word, laws in _LAWS_BY_MATTER if word in matter), ())
    fitting = [law for law in meant if number == law.split()[1].split("/")[0] or year == law.split("/")[1]]
    return fitting[0] if len(fitting) == 1 else written


def _differ_by_a_digit(one: str, other: str) -> bool:
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _kind_of_law(match: re.Match[str], known: Mapping[str, str]) -> str:
    """A law by its name; ``Peraturan Presiden 94/2021 tentang disiplin PNS`` is the PP of this number and matter."""
    kind = next(name for begins, name in _LAW_KINDS if match.group("kind").lower().startswith(begins))
    as_regulation = f"PP {int(match.group('number'))}/{match.group('year')}"
    if kind in {"", "Perpres"} and (match.group("matter") or as_regulation in known):
        return "PP"
    return kind


def _circular_named(findings: Findings, focus: Focus) -> Span | None:
    """A circular that the text rests on or reports; one that is only spoken of (``edaran akan menyusul``) is none."""
    text, to_come = findings.text, False
    for match in text.plain.matches(_CIRCULAR, _BEGINS_CIRCULAR)[:MOST_HITS]:
        if focus.further and focus.kind == CIRCULAR and text.plain.sentence_of(match.start()) not in focus.sentences:
            continue
        word, after = text.plain.word_at(match.start()), text.plain.word_at(match.end())
        if match.group() == "SE" and word not in text.plain.shouted:
            continue  # a degree behind a name
        bracket = text.plain.text[match.start() - 1] == "("  # ``akan membuat surat edaran (SE)``
        repeated = to_come and (bracket or _AGAIN.match(text.plain.text, match.end()) is not None)
        to_come = repeated or _is_to_come(text, word) or text.marked_after("planned", after, 2)
        if (
            to_come
            or text.marked_before("spoken_of", word, 2)
            or _NOT_SEEN.search(text.plain.text, max(0, match.start() - _ISSUED_REACH), match.start())
        ):
            continue
        bare = match.group().lower().startswith("edaran")
        rests = text.marked_before("resting", word, 4) or text.marked_after("numbered", after, 4)
        rests = rests or _ends_a_list_of_laws(findings, match)
        dated = text.marked_after("document_date", after, 5)
        issued = any(one.first == after for one in findings.institutions) or _is_told_to_be_issued(findings, match)
        if not bare or focus.kind == CIRCULAR or rests or dated or issued:
            return match.span()
    letters = text.plain.matches(_CENTRAL_LETTER, _BEGINS_LETTER)
    if letters:
        return letters[0].span()
    listed = text.plain.matches(_MINISTERS_LETTER, _BEGINS_LETTER)
    last = next((match.span() for match in listed if _ends_a_list_of_laws(findings, match)), None)
    if last:
        return last
    numbered = text.plain.matches(_NUMBERED_LETTER, _BEGINS_CIRCULAR | {"suratnya"})
    if numbered:
        return numbered[0].span()
    sent = text.plain.matches(_LETTER_SENT, _BEGINS_LETTER)
    return next((match.span() for match in sent if _is_of_a_central_body(findings, match)), None)


def _is_told_to_be_issued(findings: Findings, match: re.Match[str]) -> bool:
    """``edaran netralitas sudah dikeluarkan``, ``telah menerbitkan edaran``."""
    plain = findings.text.plain
    sentence = plain.sentence_span(plain.sentence_of(match.start()))
    if _HAS_BEEN_ISSUED.match(plain.text, match.end(), sentence[1]) is not None:
        return True
    return _HAS_ISSUED.search(plain.text, max(sentence[0], match.start() - _ISSUED_REACH), match.start()) is not None


def _is_of_a_central_body(findings: Findings, match: re.Match[str]) -> bool:
    """``Kemenpan RB sudah menerbitkan surat per tanggal 27 Desember``."""
    text = findings.text
    word = text.plain.word_at(match.start())
    central = any(
        one.type in _CENTRAL and one.first < word and one.sentence == text.plain.sentences[word]
        for one in findings.institutions
    )
    return central and text.marked_before("issued", word, 1)


def _ends_a_list_of_laws(findings: Findings, match: re.Match[str]) -> bool:
    """``PP 94/2021 tentang disiplin PNS, serta edaran bupati``: the last of what an event rests on."""
    plain = findings.text.plain
    begins = plain.sentence_span(plain.sentence_of(match.start()))[0]
    before = plain.text[max(begins, match.start() - _LIST_OF_LAWS) : match.start()]
    return _AND.search(before) is not None and _LAW.search(before) is not None


def _is_to_come(text: Reading, word: int) -> bool:
    """``akan membuat surat edaran``, ``diminta untuk menerbitkan edaran``, ``memilih tidak mengeluarkan SE``."""
    start = text.plain.starts[word]
    if _is_being_drawn_up(text, start) or _TO_BE_MADE.search(text.plain.text, max(0, start - _ISSUED_REACH), start):
        return True
    made = text.marked_before("issued", word, 2) or text.marked_before("organising", word, 1, "active")
    return made and (
        text.marked_before("planned", word, _PLANNED_WITHIN)
        or _ASKED_TO_ISSUE.search(text.plain.text, max(0, start - _ISSUED_REACH), start) is not None
        or text.marked_before("purpose", word, _ASKED_WITHIN)
        or not _NOT.isdisjoint(text.plain.words[max(0, word - 2) : word])
    )


def _day(findings: Findings, date: EventDate) -> str:
    """The event's day, else the page's; of the year of an election nothing but the year is known."""
    day = date.start or (findings.published.latest.isoformat() if findings.published else "")
    return day or (str(max(findings.years)) if findings.years else "")


def _is_being_drawn_up(text: Reading, start: int) -> bool:
    return _BEING_DRAWN_UP.search(text.plain.text, max(0, start - _ISSUED_REACH), start) is not None


def _is_yet_to_be_signed(text: Reading, start: int) -> bool:
    """``akan segera menerbitkan SKB``, ``akan dimuat melalui SKB``: nothing can rest on it."""
    to_come = _WILL_BE_SIGNED.search(text.plain.text, max(0, start - _ISSUED_REACH), start) is not None
    return to_come or _is_being_drawn_up(text, start)


def _decree(findings: Findings, decrees: Sequence[re.Match[str]], date: EventDate) -> str:
    """The joint decree of 2020 or of 2022: by the year behind its name, else by the event's date."""
    text = findings.text.plain.text
    named = [text[match.start() : match.end() + _DECREE_NAME].split(". ")[0] for match in decrees[:MOST_HITS]]
    year = next((found for name in named if (found := _DECREE_YEAR.search(name))), None)
    if year:
        return f"SKB {year.group(1)}"
    day = _day(findings, date)
    if not day and any(_OF_2022.search(name) for name in named):
        return "SKB 2022"
    if not day or day < "2020-09-10"[: len(day)]:
        return "SKB"
    return "SKB 2022" if day >= _SECOND_DECREE[: len(day)] else "SKB 2020"
