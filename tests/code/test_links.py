"""Links between reports of one event are compared pair by pair, whatever row stands for the group."""

from __future__ import annotations

import pandas as pd
import pytest

from netral_research.code.confusions import count_confusions
from netral_research.code.evaluation import measure
from netral_research.code.links import LINK, group_links, with_decided_links
from netral_research.code.tallies import ReadArticle

PLACE = {"province": "Bali", "regency": "", "scope": "province", "organiser": "pemprov", "election_cycle": "none"}
ROW = PLACE | {"date_start": "2024-10-14", "date_end": "", "date_precision": "day", "event_type": "apel"}


def articles(links, sample="development", changes=()):
    """One article a letter: the letter its row links to as coded and as proposed; ``None`` where nobody looked."""
    changes = dict(changes)
    for name, (coded, proposed) in links.items():
        row = ROW | {"pledge": "ikrar", "source_id": name, "event_id": f"E{name}", "mode": "in_person"}
        told = row if coded is None else row | {LINK: f"E{coded}" if coded else ""}
        answer = row | {"event_id": f"{name}-1", LINK: f"{proposed}-1" if proposed else ""} | changes.get(name, {})
        yield ReadArticle(name, sample, (told,), (answer,))


def figures(read):
    table = measure(read, draws=200)
    return table[table["field"] == LINK].set_index(["sample", "figure"])["value"].round(3).to_dict()


def test_pairs_are_counted_over_whole_groups_however_they_are_chained():
    links = {"A": ("", ""), "B": ("A", "A"), "C": ("B", "A"), "D": ("A", ""), "E": ("", "D"), "F": ("", "")}
    # Coded: all six pairs of A to D. Proposed: the three pairs of A to C, and D with E.
    found = figures(articles(links))
    assert found == {
        ("development", "recall"): 0.5,
        ("development", "precision"): 0.75,
        ("development", "f1"): 0.6,
    }


def test_which_report_stands_for_the_event_does_not_matter():
    links = {"A": ("B", ""), "B": ("", "A"), "C": ("B", "A")}
    assert figures(articles(links))["development", "f1"] == 1.0


def test_a_link_to_a_row_outside_the_articles_still_holds_its_reports_together():
    links = {"A": ("Z", "Y"), "B": ("Z", "Y"), "C": ("", "")}
    assert figures(articles(links))["development", "f1"] == 1.0


@pytest.mark.parametrize("coded", ["", None])
def test_where_nobody_coded_a_link_there_is_no_figure(coded):
    assert figures(articles({"A": (coded, ""), "B": (coded, "A")})) == {}


def test_rows_for_which_nobody_looked_for_repeats_are_left_out():
    links = {"A": ("", ""), "B": ("A", "A"), "C": (None, "A")}
    assert figures(articles(links))["development", "precision"] == 1.0


def test_intervals_draw_whole_groups():
    links = {}
    for number in range(30):
        links |= {f"A{number}": ("", ""), f"B{number}": (f"A{number}", f"A{number}" if number % 3 else "")}
    table = measure(articles(links), draws=2000)
    row = table[(table["field"] == LINK) & (table["figure"] == "recall")].iloc[0]
    assert row["n"] == 30
    assert row["value"] == pytest.approx(2 / 3)
    assert row["upper"] - row["lower"] == pytest.approx(2 * 1.96 * (2 / 9 / 30) ** 0.5, rel=0.15)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"province": "Aceh"}, "other_place"),
        ({"date_start": "2024-10-20"}, "other_day"),
        ({"date_start": "", "date_precision": ""}, "no_day"),
        ({"event_type": "sosialisasi"}, "other_type"),
        ({"organiser": "kpu"}, "other_organiser"),
        ({}, "alike"),
    ],
)
def test_a_missed_pair_tells_what_kept_its_proposals_apart(change, told):
    read = articles({"A": ("", ""), "B": ("A", ""), "C": ("A", "A")}, changes={"B": change})
    table = count_confusions(read)
    shown = table[table["field"] == LINK].to_numpy().tolist()
    assert [LINK, "same_event", told, 1, "B"] in shown or [LINK, "same_event", told, 2, "B;C"] in shown


def test_a_false_pair_tells_in_what_its_coded_rows_differ_and_held_out_pairs_are_never_shown():
    read = list(articles({"A": ("", ""), "B": ("A", "A"), "C": ("", "A")}))
    shown = count_confusions(read)
    assert shown[shown["field"] == LINK][["coded", "proposed", "n"]].to_numpy().tolist() == [["alike", "same_event", 2]]
    hidden = [ReadArticle(one.source_id, "held_out", one.coded, one.proposed) for one in read]
    assert count_confusions(hidden).empty


def test_people_may_merge_rows_that_bear_no_link():
    events = pd.DataFrame({"event_id": ["A", "B", "C", "D"], LINK: ["", "A", "", ""]})
    columns = ["file", "row_id", "action", "value"]
    merged = [("events.csv", "C", "merge", "B"), ("violations.csv", "D", "merge", "A")]
    decided = [*merged, ("events.csv", "D", "exclude", "")]
    linked = with_decided_links(events, pd.DataFrame(decided, columns=columns))
    assert linked[LINK].tolist() == ["", "A", "A", ""]


def test_links_that_go_round_end():
    assert len(set(group_links([("A", "B"), ("B", "C"), ("C", "A")]).values())) == 1
