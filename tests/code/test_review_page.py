"""The review page: one file without a network, in which articles are text and never script, worked by keyboard."""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import io
import json
import re
import shutil
import subprocess

import pytest

from netral_research.code.decisions import DECISION_COLUMNS
from netral_research.code.proposals import (
    CODED_FIELDS,
    EVENT_COLUMNS,
    PROPOSED_COLUMNS,
    Cell,
    EventProposal,
    proposed_row,
)
from netral_research.code.review import script_json, shown_text
from netral_research.errors import DataError, WorkflowError
from netral_research.language import LANGUAGES, locale_texts
from netral_research.workflow import reviewing
from netral_research.workflow.accepting import accept_decisions
from netral_research.workflow.reviewing import write_review

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(
    not CHROMIUM, reason="no Chromium on this machine: the page is not tried in a browser"
)

HOSTILE = "</script><script>document.title='broken'</script><img src=x onerror=alert(1)> &lt;b&gt; \x00\u202egnp\u2028"
ASTRAL = "😀👩\u200d👧 Bawaslu Bali menggelar apel, Rabu (7/10/2020)\r\ndi Denpasar 😀, diikuti ASN."
DEFAULTS = {
    "date_start": "2020-10-07", "date_precision": "day", "province": "Bali", "scope": "province",
    "event_type": "apel", "pledge": "none", "mode": "unknown", "organiser": "bawaslu_provinsi",
    "election_cycle": "pilkada_2020",
}  # fmt: skip


def proposal(source, number, text, quotes, same_event_as="", **cells):
    """A proposal whose cells were read where their quote stands in the text."""
    told = {}
    for name in CODED_FIELDS:
        spans = tuple((found.start(), found.end()) for found in re.finditer(re.escape(quotes.get(name, "\0")), text))
        value = {**DEFAULTS, **cells}.get(name, "")
        told[name] = Cell(value, spans, "high" if spans else "low", "" if value else "not_stated")
    return proposed_row(source, number, EventProposal(told, "high"), same_event_as)


@pytest.fixture
def bench(copied_project):
    """A project with articles, their pages and proposals in one folder."""
    project = copied_project()
    folder = project.path("coding")
    (folder / "articles").mkdir(parents=True)
    texts = {"NEW1": ASTRAL, "NEW2": HOSTILE + " Bali", "NEW3": "Bali"}
    for source, text in texts.items():
        (folder / "articles" / f"{source}.txt").write_bytes(text.encode())
    quotes = {"date_start": "Rabu (7/10/2020)", "event_type": "apel", "province": "Bali", "organiser": "Bawaslu Bali"}
    rows = [
        proposal("NEW1", 1, ASTRAL, quotes),
        proposal("NEW2", 1, texts["NEW2"], {"province": "Bali"}, participants="<img src=x onerror=alert(2)>"),
        proposal("NEW1", 2, ASTRAL, quotes, event_type="deklarasi", pledge="ikrar"),
        proposal("NEW3", 1, "Bali", {"province": "Bali"}, same_event_as="NEW1-1"),
    ]
    write(folder / "proposed.csv", PROPOSED_COLUMNS, rows)
    pages = [
        {"source_id": "NEW1", "url": "https://example.go.id/a?b=1&c=2", "publisher": "Koran", "title": "Apel ASN"},
        {"source_id": "NEW2", "url": "javascript:alert(3)", "title": "=1+1</title><script>alert(4)</script>"},
        {"source_id": "NEW3", "url": "https://example.go.id/3", "published": "2020-10-08"},
    ]
    write(folder / "pages.csv", ("source_id", "url", "publisher", "title", "published"), pages)
    (folder / "coding.json").write_text(json.dumps({"articles": "articles", "sources": "pages.csv"}))
    return project


def write(path, columns, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def page_of(project, **places):
    return write_review(project.root, project.path("coding/proposed.csv"), **places).read_text("utf-8")


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="review-data">(.*?)</script>', page, re.DOTALL)[1])


def test_the_page_is_one_file_that_asks_for_nothing(bench):
    page = page_of(bench)
    outside = re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
    assert not re.search(r'\b(?:src|href)="(?!#)', outside)
    assert not re.search(r"@import|url\(|\bfetch\(|XMLHttpRequest|innerHTML|\bon\w+=\"", outside)
    assert "default-src 'none'" in html.unescape(outside)


def test_only_the_pages_own_style_and_script_may_run(bench):
    page = page_of(bench)
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_texts_and_cells_stand_in_the_page_as_data_alone(bench):
    page = page_of(bench)
    assert len(re.findall(r"<script", page)) == 2
    assert "onerror" not in re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
    data = data_of(page)
    assert data["articles"][1]["text"].startswith("</script><script>")
    assert [article["url"] for article in data["articles"]][1:] == ["", "https://example.go.id/3"]


def test_json_in_a_page_closes_no_tag():
    written = script_json({"a": "</script>&\u2028\u2029<!--"})
    assert not re.search("[<>&\u2028\u2029]", written)
    assert json.loads(written) == {"a": "</script>&\u2028\u2029<!--"}


def test_what_would_be_invisible_is_shown_and_keeps_its_place():
    assert shown_text("a\x00\r\n\tb\u202ec") == "a␀ \n\tb\ufffdc"
    assert len(shown_text(HOSTILE)) == len(HOSTILE)


def test_proposals_of_one_article_stand_next_to_each_other(bench):
    ids = [row["values"][0] for row in data_of(page_of(bench))["proposals"]]
    assert ids == ["NEW1-1", "NEW1-2", "NEW2-1", "NEW3-1"]


def test_the_same_input_gives_the_same_page(bench):
    first = page_of(bench)
    assert page_of(bench, output=bench.path("coding/other.html")) == first
    assert str(bench.root) not in first


def test_rows_of_the_same_source_are_told(bench):
    text = "Bali"
    standing = next(csv.DictReader(bench.path("data/raw/events.csv").open(encoding="utf-8")))
    (bench.path("coding/articles") / f"{standing['source_id']}.txt").write_text(text)
    write(bench.path("coding/proposed.csv"), PROPOSED_COLUMNS, [proposal(standing["source_id"], 1, text, {})])
    data = data_of(page_of(bench))
    assert data["events"][standing["source_id"]][0]["event_id"] == standing["event_id"]


def test_articles_may_be_named_and_must_exist(bench):
    bench.path("coding/coding.json").unlink()
    with pytest.raises(DataError) as raised:
        page_of(bench)
    assert [problem.key for problem in raised.value.problems] == ["review_articles"]
    table = bench.path("texts.csv")
    write(table, ("source_id", "text", "title"), [{"source_id": "NEW3", "text": "Teks lain", "title": "Judul"}])
    articles = {article["id"]: article for article in data_of(page_of(bench, articles=table))["articles"]}
    assert (articles["NEW3"]["text"], articles["NEW3"]["title"]) == ("Teks lain", "Judul")
    assert articles["NEW1"]["text"] is None


def test_a_text_that_has_become_shorter_is_told(bench):
    (bench.path("coding/articles") / "NEW1.txt").write_text("pendek")
    assert [article["changed"] for article in data_of(page_of(bench))["articles"]] == [True, False, False]


def test_proposals_that_are_none_and_far_too_many_are_refused(bench, monkeypatch):
    monkeypatch.setattr(reviewing, "MOST_PROPOSALS", 3)
    with pytest.raises(DataError) as raised:
        page_of(bench)
    assert [problem.key for problem in raised.value.problems] == ["review_too_many"]
    write(bench.path("coding/proposed.csv"), PROPOSED_COLUMNS, [])
    with pytest.raises(DataError) as raised:
        page_of(bench)
    assert [problem.key for problem in raised.value.problems] == ["accept_no_proposals"]


def test_a_page_overwrites_no_table(bench):
    before = bench.path("coding/proposed.csv").read_bytes()
    with pytest.raises(WorkflowError):
        page_of(bench, output=bench.path("coding/proposed.csv"))
    assert bench.path("coding/proposed.csv").read_bytes() == before


def test_every_text_that_the_page_asks_for_exists(bench):
    page = page_of(bench)
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)[0]
    asked = set(re.findall(r'data-(?:text|label)="([\w.]+)"', page)) | set(re.findall(r'say\("([\w.]+)"', script))
    for language in LANGUAGES:
        assert {key for key in asked if not key.endswith(".")} <= set(data_of(page)["words"][language]["page"])
    used = asked | set(re.findall(r'"((?:\w+)\.(?:\w+))"', script))
    families = ("state.", "filter.", "said.", "check.", "help.", "page.language_")
    unused = [
        key.removeprefix("review.")
        for key in locale_texts("id")
        if key.startswith("review.") and not key.startswith("review.accept.")
        and key.removeprefix("review.") not in used and not key.removeprefix("review.").startswith(families)
    ]  # fmt: skip
    assert unused == ["page.no_script"]


DRIVER = r"""
<script>
const blobs = [];
URL.createObjectURL = (blob) => { blobs.push(blob); return "#"; };
const press = (...keys) => keys.forEach((key) => {
  const target = document.activeElement;
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  if (target.dispatchEvent(event) && key === "Enter" && target.tagName === "BUTTON") target.click();
});
const field = (number) => document.querySelector(`#fields li:nth-child(${number}) .value`).focus();
const write = (written) => { document.activeElement.value = written; };
const look = () => ({
  position: document.getElementById("position").textContent,
  status: document.getElementById("status").textContent,
  title: document.getElementById("article-title").textContent,
  text: document.getElementById("text").textContent,
  marks: [...document.querySelectorAll("mark")].map((mark) => [mark.textContent, mark.dataset.fields, mark.className]),
  links: [...document.querySelectorAll("#article-source a")].map((link) => [link.href, link.rel]),
  problems: [...document.querySelectorAll(".problem")].map((problem) => problem.textContent),
  notice: document.getElementById("fields-notice").textContent,
});
(async () => {
  const seen = {};
  try { await drive(seen); } catch (fault) { seen.fault = String(fault); }
  seen.saved = await Promise.all(blobs.map((blob) => blob.text()));
  seen.images = document.querySelectorAll("img").length;
  document.title = "done";
  const result = document.createElement("pre");
  result.id = "result";
  result.textContent = JSON.stringify(seen);
  document.body.append(result);
})();
async function drive(seen) { STEPS }
</script>
</body>"""


def driven(page, tmp_path, steps):
    """What a browser shows after steps of a person; the page's own policy lets no driver in, so it is taken out."""
    open_page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    copy = tmp_path / "driven.html"
    copy.write_text(open_page.replace("</body>", DRIVER.replace("STEPS", steps)), "utf-8")
    dumped = dumped_page(copy, tmp_path)
    seen = json.loads(html.unescape(re.search(r'<pre id="result">(.*?)</pre>', dumped, re.DOTALL)[1]))
    assert "fault" not in seen, seen["fault"]
    return seen


def dumped_page(path, tmp_path):
    command = [
        *(CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"),
        *("--virtual-time-budget=4000", "--dump-dom", path.as_uri()),
    ]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=True).stdout


@needs_browser
def test_in_a_browser_a_person_accepts_corrects_rejects_undoes_and_saves_by_keyboard(bench, tmp_path):
    steps = r"""
      seen.first = look();
      press("a");                                            // NEW1-1 accepted, on to NEW1-2
      press("r", "u");                                       // rejected, and taken back
      field(7); press("e"); write("penandatanganan"); press("a"); press("Enter");
      seen.typing = look();
      press("a");                                            // NEW1-2 corrected
      seen.hostile = look();
      field(4); press("Enter"); write("Wakanda"); press("Enter"); press("a");
      seen.refused = look();
      press("e"); write("Bali"); press("Escape");
      press("e"); write(" Bali ;  Jawa  Timur"); press("Enter");
      field(1); press("e"); write("2020-10"); press("Enter");
      field(12); press("e"); write("=1+1"); press("Enter");
      seen.formula = look();
      press("e"); write("ASN; camat"); press("Enter");
      document.getElementById("note").value = '=cmd, "x"';
      document.getElementById("note").dispatchEvent(new Event("change"));
      document.getElementById("fields-heading").focus();
      press("a", "k", "j", "r", "s");                        // NEW2-1 corrected; NEW3-1 rejected
      seen.last = look();
      press("?");
      seen.help = document.getElementById("help").open;
    """
    seen = driven(page_of(bench), tmp_path, steps)
    assert seen["images"] == 0
    assert seen["help"]
    first = seen["first"]
    assert first["text"] == ASTRAL.replace("\r", " ")
    assert ["Rabu (7/10/2020)", "date_start", "strong"] in first["marks"]
    assert ["Bawaslu ", "organiser", ""] in first["marks"]
    assert ["Bali", "province organiser", ""] in first["marks"]
    assert first["links"] == [["https://example.go.id/a?b=1&c=2", "noopener noreferrer"]]
    assert "2 dari 4" in seen["typing"]["position"]
    assert seen["hostile"]["text"].startswith("</script><script>")
    assert (seen["hostile"]["links"], seen["hostile"]["title"][:4]) == ([], "=1+1")
    assert (len(seen["refused"]["problems"]), "3 dari 4" in seen["refused"]["position"]) == (1, True)
    assert len(seen["formula"]["problems"]) == 1
    rows = {row["event_id"]: row for row in csv.DictReader(io.StringIO(seen["saved"][0]))}
    assert list(rows["NEW1-1"]) == list(DECISION_COLUMNS)
    assert [row["action"] for row in rows.values()] == ["accept", "correct", "correct", "reject"]
    assert rows["NEW1-2"]["event_type"] == "penandatanganan"
    corrected = rows["NEW2-1"]
    assert (corrected["province"], corrected["participants"]) == ("Bali;Jawa Timur", "ASN;camat")
    assert (corrected["date_start"], corrected["date_precision"]) == ("2020-10", "month")
    assert corrected["note"] == '\'=cmd, "x"'


@needs_browser
def test_what_the_browser_saved_is_loaded_again_and_accepted(bench, tmp_path):
    page = page_of(bench)
    steps = r"""
      press("a", "r", "r", "a", "s");
      const kept = await blobs[0].text();
      document.getElementById("undo-button").click();
      const box = document.getElementById("load-file");
      const carried = new DataTransfer();
      carried.items.add(new File([kept], "decisions.csv"));
      box.files = carried.files;
      box.dispatchEvent(new Event("change"));
      for (let tries = 0; tries < 100 && !look().status.startsWith("4 "); tries += 1) {
        await new Promise((ready) => setTimeout(ready, 50));
      }
      seen.loaded = look();
      press("s");
      document.querySelector("[data-language=en]").click();
      seen.english = look();
    """
    seen = driven(page, tmp_path, steps)
    assert seen["saved"][0] == seen["saved"][1]
    assert seen["loaded"]["status"].startswith("4 ")
    assert seen["english"]["position"] == "Proposal 4 of 4"
    decisions = bench.path("coding/decisions.csv")
    decisions.write_text(seen["saved"][0], "utf-8", newline="")
    done = accept_decisions(bench.root, bench.path("coding/proposed.csv"), decisions)
    assert (done.accepted, done.rejected, done.added) == (2, 2, 2)
    last = list(csv.DictReader(bench.path("data/raw/events.csv").open(encoding="utf-8")))[-2:]
    assert [(row["event_id"], row["same_event_as"]) for row in last] == [("NEW1-1", ""), ("NEW3-1", "NEW1-1")]
    assert list(last[0]) == list(EVENT_COLUMNS)


@needs_browser
def test_the_page_works_under_its_own_policy(bench, tmp_path):
    page = page_of(bench)
    path = bench.path("coding/review.html")
    dumped = dumped_page(path, tmp_path)
    assert "Usulan 1 dari 4" in dumped
    assert re.search(r'<mark [^>]*data-fields="date_start" class="strong"', dumped)
    broken = path.with_name("broken.html")
    broken.write_text(page.replace("</body>", "<script>document.title = 'broken'</script></body>"), "utf-8")
    assert "<title>broken" not in dumped_page(broken, tmp_path)
