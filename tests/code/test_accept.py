"""Accepted proposals are appended to the raw data, checked and whole, or nothing is written."""

from __future__ import annotations

import csv
import json

import pytest

from netral_research import clean
from netral_research.code.decisions import DECISION_COLUMNS
from netral_research.code.linking import link_rows
from netral_research.code.proposals import CODED_FIELDS, PROPOSED_COLUMNS, Cell, EventProposal, proposed_row
from netral_research.descriptor import descriptor_text
from netral_research.errors import DataError, WorkflowError
from netral_research.files import write_bytes
from netral_research.language import LANGUAGES
from netral_research.workflow import accepting
from netral_research.workflow.accepting import accept_decisions
from netral_research.workflow.holding import held_project
from netral_research.workflow.jobs import account_for_rows

EVENTS, SOURCES = "data/raw/events.csv", "data/raw/sources.csv"
DEFAULTS = {
    "date_start": "2020-10-07", "date_precision": "day", "province": "Bali", "scope": "province",
    "event_type": "sosialisasi", "pledge": "none", "mode": "unknown", "organiser": "kasn",
    "election_cycle": "pilkada_2020",
}  # fmt: skip


def write_csv(path, columns, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def bench(copied_project, monkeypatch):
    # Counts take most of the check's time and have no part in what is accepted; test_review_page.py runs it in full.
    monkeypatch.setattr(clean, "load_violation_tables", lambda _: None)
    monkeypatch.setattr(clean, "clean_violations", lambda *_: ())
    return Bench(copied_project())


class Bench:
    """A copied project with proposals of new sources beside it."""

    def __init__(self, project):
        self.project, self.root = project, project.root
        self.folder = self.root / "coding"
        self.rows = {}
        for source, number, cells in (
            ("NEW1", 1, {}),
            ("NEW1", 2, {"date_start": "2020-10-08", "event_type": "apel", "pledge": "ikrar"}),
            ("NEW2", 1, {"same_event_as": "NEW1-1"}),
            ("NEW3", 1, {"same_event_as": "NEW1-1", "regency": "Kota Denpasar", "scope": "regency"}),
        ):
            self.add(source, number, **cells)
        sources = [
            {
                "source_id": "NEW1",
                "url": "https://example.go.id/1",
                "title": "=HYPERLINK(1)",
                "published": "2020-10-08",
            },
            {"source_id": "NEW2", "url": "", "publisher": "Koran, Pagi", "published": "2020-10-08T07:00:00"},
        ]
        write_csv(self.folder / "pages.csv", ("source_id", "url", "publisher", "title", "published", "own"), sources)
        self.record(articles=None, sources="pages.csv")

    def record(self, **content):
        (self.folder / "coding.json").write_text(json.dumps(content))

    def add(self, source, number, **cells):
        link = cells.pop("same_event_as", "")
        told = {name: Cell(cells.get(name, DEFAULTS.get(name, ""))) for name in CODED_FIELDS}
        row = proposed_row(source, number, EventProposal(told, "high"), link)
        self.rows[row["event_id"]] = row
        self.proposed = write_csv(self.folder / "proposed.csv", PROPOSED_COLUMNS, self.rows.values())

    def decide(self, *decisions, columns=DECISION_COLUMNS):
        """Each decision: event id, action, changed cells."""
        rows = [
            {**self.rows.get(event_id, {}), "event_id": event_id, "action": action, "note": "", **changed}
            for event_id, action, changed in ((*decision, {})[:3] for decision in decisions)
        ]
        return write_csv(self.folder / "decisions.csv", columns, rows)

    def accept(self, *decisions):
        return accept_decisions(self.root, self.proposed, self.decide(*decisions))

    def refused(self, *decisions):
        before = self.contents()
        with pytest.raises(DataError) as raised:
            self.accept(*decisions)
        assert self.contents() == before
        for language in LANGUAGES:
            assert raised.value.describe(language)
        return raised.value.problems

    def contents(self):
        return {path.name: path.read_bytes() for path in self.project.path("data/raw").iterdir()}

    def appended(self, relative):
        return list(csv.DictReader(self.project.path(relative).open(encoding="utf-8", newline="")))


def test_accepted_and_corrected_rows_are_appended_and_rejected_ones_are_not(bench):
    before = bench.contents()
    done = bench.accept(("NEW1-1", "accept"), ("NEW1-2", "correct", {"event_type": "deklarasi"}), ("NEW2-1", "reject"))
    assert (done.accepted, done.corrected, done.rejected, done.undecided) == (1, 1, 1, 1)
    assert (done.added, done.sources) == (2, 1)
    after = bench.contents()
    for name in ("events.csv", "sources.csv"):
        assert after[name].startswith(before[name])
    first, second = bench.appended(EVENTS)[-2:]
    assert (first["event_id"], first["date_start"], first["event_type"]) == ("NEW1-1", "2020-10-07", "sosialisasi")
    assert (second["event_id"], second["event_type"]) == ("NEW1-2", "deklarasi")
    account_for_rows(bench.root)
    assert json.loads(after["datapackage.json"]) == json.loads(descriptor_text(bench.project, "data/raw"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_message_tells_all_counts(bench, language):
    told = bench.accept(("NEW1-1", "accept"), ("NEW2-1", "reject")).describe(language)
    assert "data/raw/events.csv" in told
    assert "netral report" in told


def test_sources_come_with_what_is_known_of_them_and_no_formula(bench):
    bench.accept(("NEW1-1", "accept"), ("NEW2-1", "accept"), ("NEW3-1", "accept"))
    first, second, third = bench.appended(SOURCES)[-3:]
    assert (first["url"], first["title"]) == ("https://example.go.id/1", "'=HYPERLINK(1)")
    assert (second["publisher"], second["published"]) == ("Koran, Pagi", "2020-10-08")
    assert third == {"source_id": "NEW3", "url": "", "publisher": "", "title": "", "published": ""}


def test_the_table_of_articles_tells_what_the_sources_file_does_not(bench):
    articles = [{"source_id": "NEW1", "text": "…", "title": "Dari artikel"}]
    write_csv(bench.folder / "articles.csv", ("source_id", "text", "title"), articles)
    bench.record(articles="articles.csv", sources="pages.csv")
    bench.accept(("NEW1-1", "accept"))
    row = bench.appended(SOURCES)[-1]
    assert (row["title"], row["url"]) == ("Dari artikel", "https://example.go.id/1")


def test_a_source_without_any_record_gets_its_id_alone(bench):
    (bench.folder / "coding.json").unlink()
    bench.accept(("NEW1-1", "accept"))
    assert bench.appended(SOURCES)[-1] == {
        "source_id": "NEW1", "url": "", "publisher": "", "title": "", "published": "",
    }  # fmt: skip


def test_a_broken_record_is_told(bench):
    (bench.folder / "coding.json").write_text("[")
    assert [problem.key for problem in bench.refused(("NEW1-1", "accept"))] == ["review_record"]


def test_accepting_twice_changes_nothing(bench):
    decisions = (("NEW1-1", "accept"), ("NEW1-2", "correct", {"mode": "virtual"}))
    bench.accept(*decisions)
    before = bench.contents()
    again = bench.accept(*decisions)
    assert (again.added, again.present, again.sources) == (0, 2, 0)
    assert bench.contents() == before


def test_a_review_that_goes_on_adds_only_what_is_new(bench):
    bench.accept(("NEW1-1", "accept"))
    done = bench.accept(("NEW1-1", "accept"), ("NEW1-2", "accept"))
    assert (done.added, done.present) == (1, 1)


def test_an_interruption_between_sources_and_events_is_completed_by_running_again(bench, monkeypatch):
    original = bench.contents()
    monkeypatch.setattr(accepting, "write_bytes", lambda path, content: _stop_at_events(path, content, bench.root))
    with pytest.raises(KeyboardInterrupt):
        bench.accept(("NEW1-1", "accept"))
    assert bench.contents()["events.csv"] == original["events.csv"]
    assert [row["source_id"] for row in bench.appended(SOURCES)].count("NEW1") == 1
    monkeypatch.undo()
    assert bench.accept(("NEW1-1", "accept")).added == 1
    assert [row["source_id"] for row in bench.appended(SOURCES)].count("NEW1") == 1


def _stop_at_events(path, content, root):
    if path == root / EVENTS:
        raise KeyboardInterrupt
    write_bytes(path, content)


def test_line_ends_and_a_missing_last_one_are_kept(bench):
    path = bench.project.path(EVENTS)
    before = path.read_bytes().replace(b"\n", b"\r\n").removesuffix(b"\r\n")
    path.write_bytes(before)
    bench.accept(("NEW1-1", "accept"))
    after = path.read_bytes()
    assert after.startswith(before + b"\r\nNEW1-1,")
    assert after.endswith(b"\r\n")
    assert b"\n" not in after.replace(b"\r\n", b"")


def test_rows_follow_the_order_of_the_files_own_columns(bench):
    path = bench.project.path(SOURCES)
    rows = bench.appended(SOURCES)
    write_csv(path, ("url", "published", "title", "publisher", "source_id"), rows)
    bench.accept(("NEW1-1", "accept"))
    assert bench.appended(SOURCES)[-1]["published"] == "2020-10-08"


def test_another_run_holds_the_project(bench):
    with held_project(bench.root), pytest.raises(WorkflowError):
        bench.accept(("NEW1-1", "accept"))


@pytest.mark.parametrize(
    ("decision", "key", "column", "nearest"),
    [
        (("NEW1-9", "accept"), "accept_unknown_proposal", "event_id", "NEW1-2"),
        (("NEW1-1", "acept"), "accept_action", "action", "accept"),
        (("NEW1-1", ""), "accept_action", "action", ""),
        (("NEW1-1", "accept", {"mode": "virtual"}), "accept_differs", "mode", "unknown"),
        (("NEW1-1", "correct", {"source_id": "EE001"}), "accept_source", "source_id", "NEW1"),
        (("NEW1-1", "correct", {"province": "Balli"}), "region_unknown", "province", "Bali"),
        (("NEW1-1", "correct", {"regency": "Kota Bandung"}), "region_unknown", "regency", ""),
        (("NEW1-1", "correct", {"date_start": "2020-10"}), "date_precision", "date_precision", "month"),
        (("NEW1-1", "correct", {"date_end": "2020-10-01"}), "date_order", "date_end", ""),
        (("NEW1-1", "correct", {"same_event_as": "NEW1-1"}), "link_to_itself", "same_event_as", ""),
        (("NEW1-1", "correct", {"same_event_as": "EVW99"}), "reference_unknown", "same_event_as", "EVW199"),
        (("NEW1-1", "correct", {"participants": "=1+1"}), "cell_formula", "participants", ""),
    ],
)
def test_a_wrong_decision_is_told_with_its_line_and_nothing_is_written(bench, decision, key, column, nearest):
    (problem,) = bench.refused(("NEW1-2", "accept"), decision)
    assert (problem.key, problem.file, problem.row, problem.column) == (key, "coding/decisions.csv", 3, column)
    assert not nearest or problem.nearest == nearest


def test_all_cells_that_break_the_contract_are_told_at_once(bench):
    wrong = {"event_type": "sosialisai", "date_start": "2020-02-31", "scope": ""}
    found = {problem.column: problem for problem in bench.refused(("NEW1-2", "accept"), ("NEW1-1", "correct", wrong))}
    keys = {"event_type": "cell_term", "date_start": "cell_date", "scope": "cell_missing"}
    assert {column: problem.key for column, problem in found.items()} == keys
    assert {(problem.file, problem.row) for problem in found.values()} == {("coding/decisions.csv", 3)}
    assert found["event_type"].nearest == "sosialisasi"


def test_a_decision_told_twice_is_refused(bench):
    (problem,) = bench.refused(("NEW1-1", "accept"), ("NEW1-1", "reject"))
    assert (problem.key, problem.row, problem.value) == ("cell_twice", 3, "NEW1-1")


def test_two_proposals_with_one_id_are_refused(bench):
    rows = [*bench.rows.values(), bench.rows["NEW1-1"]]
    write_csv(bench.proposed, PROPOSED_COLUMNS, rows)
    (problem,) = bench.refused(("NEW1-1", "accept"))
    assert (problem.key, problem.file, problem.row) == ("cell_twice", "coding/proposed.csv", 6)


def test_an_accepted_row_may_leave_its_cells_to_the_proposal(bench):
    empty = dict.fromkeys(DECISION_COLUMNS[3:], "")
    bench.accept(("NEW1-1", "accept", empty))
    assert bench.appended(EVENTS)[-1]["province"] == "Bali"


def test_a_missing_column_and_a_missing_file_are_told(bench):
    decisions = bench.decide(("NEW1-1", "accept"), columns=DECISION_COLUMNS[:-1])
    with pytest.raises(DataError) as raised:
        accept_decisions(bench.root, bench.proposed, decisions)
    assert [(problem.key, problem.column) for problem in raised.value.problems] == [("column_missing", "confidence")]
    with pytest.raises(DataError) as raised:
        accept_decisions(bench.root, bench.proposed, bench.folder / "none.csv")
    assert [problem.key for problem in raised.value.problems] == ["accept_file_missing"]
    with pytest.raises(DataError) as raised:
        accept_decisions(bench.root, bench.proposed, bench.decide())
    assert [problem.key for problem in raised.value.problems] == ["accept_no_decisions"]


def test_a_source_with_a_wrong_address_is_told_where_it_stands(bench):
    write_csv(bench.folder / "pages.csv", ("source_id", "url"), [{"source_id": "NEW1", "url": "javascript:alert(1)"}])
    (problem,) = bench.refused(("NEW1-1", "accept"))
    assert (problem.key, problem.file, problem.row) == ("cell_uri", "coding/pages.csv", 2)


def test_an_event_that_its_source_has_already_is_refused_with_the_row(bench):
    standing = bench.appended(EVENTS)[0]
    bench.add(standing["source_id"], 1, **{name: standing[name] for name in CODED_FIELDS})
    (problem,) = bench.refused((f"{standing['source_id']}-1", "accept"))
    assert (problem.key, problem.fields["other"], problem.fields["line"]) == (
        "accept_repeated",
        standing["event_id"],
        "2",
    )


def test_a_report_of_an_event_that_stands_under_another_id_links_to_that_row(bench):
    standing = bench.appended(EVENTS)[0]
    repeat = f"{standing['source_id']}-1"
    bench.add(standing["source_id"], 1, **{name: standing[name] for name in CODED_FIELDS})
    bench.add("NEW4", 1, same_event_as=repeat)
    bench.accept((repeat, "reject"), ("NEW4-1", "accept"))
    assert bench.appended(EVENTS)[-1]["same_event_as"] == standing["event_id"]


def test_two_accepted_rows_of_one_source_may_not_be_the_same_event(bench):
    same = {"date_start": "2020-10-07", "event_type": "sosialisasi"}
    (problem,) = bench.refused(("NEW1-1", "accept"), ("NEW1-2", "correct", same))
    assert (problem.key, problem.row, problem.fields["other"]) == ("accept_repeated", 3, "NEW1-1")


def test_a_row_that_was_accepted_before_with_other_content_is_refused(bench):
    bench.accept(("NEW1-1", "accept"))
    (problem,) = bench.refused(("NEW1-1", "correct", {"mode": "virtual"}))
    assert (problem.key, problem.fields["columns"]) == ("accept_there", "mode")
    (problem,) = bench.refused(("NEW1-1", "reject"))
    assert problem.key == "accept_rejected_there"


def test_a_link_to_an_undecided_proposal_waits_for_its_decision(bench):
    (problem,) = bench.refused(("NEW2-1", "accept"))
    assert (problem.key, problem.row, problem.value) == ("accept_link_open", 2, "NEW1-1")


def test_reports_that_named_a_rejected_proposal_stay_together(bench):
    done = bench.accept(("NEW1-1", "reject"), ("NEW3-1", "accept"), ("NEW2-1", "accept"))
    assert done.relinked == 2
    links = {row["event_id"]: row["same_event_as"] for row in bench.appended(EVENTS)[-2:]}
    assert links == {"NEW2-1": "", "NEW3-1": "NEW2-1"}


def test_the_first_that_stands_already_keeps_the_others(bench):
    bench.accept(("NEW1-1", "reject"), ("NEW3-1", "accept"))
    done = bench.accept(("NEW1-1", "reject"), ("NEW3-1", "accept"), ("NEW2-1", "accept"))
    assert (done.added, done.present) == (1, 1)
    assert bench.appended(EVENTS)[-1]["same_event_as"] == "NEW3-1"


@pytest.mark.parametrize(
    ("links", "rejected", "expected"),
    [
        ({"A": "", "B": "A", "C": "B"}, "B", {"A": "", "C": "A"}),
        ({"A": "B", "B": "A", "C": "A"}, "A", {"B": "", "C": "B"}),
        ({"A": "B", "B": "A", "C": "A", "D": "B"}, "AB", {"C": "", "D": "C"}),
        ({"A": "A", "B": "A"}, "A", {"B": ""}),
    ],
)
def test_links_lead_past_rejected_proposals(links, rejected, expected):
    proposed = {name: {"same_event_as": target} for name, target in links.items()}
    actions = {name: "reject" if name in rejected else "accept" for name in links}
    taken = {name: row for name, row in proposed.items() if name not in rejected}
    rows, open_links = link_rows(taken, proposed, actions, ())
    assert {name: row["same_event_as"] for name, row in rows.items()} == expected
    assert open_links == {}


def test_a_new_study_may_begin_with_headers_alone(bench):
    for relative in (EVENTS, SOURCES):
        header = bench.project.path(relative).read_text("utf-8").splitlines()[0]
        bench.project.path(relative).write_text(header)
    # The other raw tables name sources and rows that are gone: the check tells them, and nothing is written.
    problems = bench.refused(("NEW1-1", "accept"))
    assert all(problem.file != "coding/decisions.csv" for problem in problems)
