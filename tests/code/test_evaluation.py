from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_research.code.confusions import compare_rows, count_confusions
from netral_research.code.evaluation import FIGURE_COLUMNS, MAIN_FIGURES, measure
from netral_research.code.links import LINK
from netral_research.code.matching import match_rows
from netral_research.code.tallies import FIELDS, ReadArticle, tally_article

ROW = {
    "date_start": "2020-10-15", "date_end": "", "date_precision": "day", "province": "Bali",
    "regency": "Kota Denpasar", "scope": "regency", "event_type": "webinar", "pledge": "none", "mode": "virtual",
    "organiser": "kasn", "co_organisers": "", "participants": "ASN", "participants_n": "", "legal_basis": "",
    "election_cycle": "pilkada_2020", "themes": "politik;sanksi",
}  # fmt: skip
OTHER = ROW | {"date_start": "2024-02-01", "event_type": "apel", "mode": "in_person", "province": "Aceh", "regency": ""}


def article(coded, proposed, name="EE001", sample="all"):
    return ReadArticle(name, sample, tuple(coded), tuple(proposed))


def figure(articles, field, name, sample="all"):
    table = measure(articles, draws=50)
    found = table[(table["field"] == field) & (table["figure"] == name) & (table["sample"] == sample)]
    return tuple(found[["value", "n"]].iloc[0]) if len(found) else None


def test_rows_are_paired_by_day_type_and_place_whatever_their_order():
    assert match_rows([ROW, OTHER], [OTHER, ROW]) == ((0, 1), (1, 0))


def test_pairs_are_chosen_for_all_rows_together():
    # The first proposal agrees well with either row; only together is it clear which of them it answers.
    muster = ROW | {"event_type": "apel"}
    assert match_rows([ROW, muster], [muster | {"mode": "hybrid"}, ROW]) == ((0, 1), (1, 0))


def test_what_has_no_partner_was_missed_or_is_false():
    articles = [article([ROW, OTHER], [ROW]), article([ROW], [ROW, OTHER], "EE002"), article([ROW], [], "EE003")]
    assert figure(articles, "event", "recall") == (pytest.approx(2 / 4), 4)
    assert figure(articles, "event", "precision") == (pytest.approx(2 / 3), 3)
    assert figure(articles, "event", "f1") == (pytest.approx(4 / 7), 5)


def test_articles_with_and_without_an_event_are_told_apart():
    articles = [article([ROW], [ROW]), article([], [ROW], "EE002"), article([], [], "EE003")]
    assert figure(articles, "event", "articles_with") == (1.0, 1)
    assert figure(articles, "event", "articles_without") == (0.5, 2)


def test_sets_count_every_term():
    articles = [article([ROW], [ROW | {"themes": "sanksi;integritas;kebijakan"}])]
    assert figure(articles, "themes", "recall") == (0.5, 2)
    assert figure(articles, "themes", "precision") == (pytest.approx(1 / 3), 3)
    assert figure(articles, "themes", "f1") == (pytest.approx(2 / 5), 4)
    assert figure(articles, "themes", "same") == (0.0, 1)


def test_sets_that_are_empty_on_both_sides_are_right_but_count_no_term():
    articles = [article([ROW], [ROW])]
    assert figure(articles, "legal_basis", "same") == (1.0, 1)
    assert figure(articles, "legal_basis", "f1") is None


def test_fields_of_events_that_were_missed_do_not_count_twice():
    assert figure([article([ROW], [ROW]), article([OTHER], [], "EE002")], "mode", "accuracy") == (1.0, 1)


@pytest.mark.parametrize(
    ("coded", "proposed", "name", "expected"),
    [
        (("2020-10-15", "day"), ("2020-10-15", "day"), "day_right", 1.0),
        (("2020-10-15", "day"), ("2020-10-16", "day"), "day_right", 0.0),
        (("2020-10-15", "day"), ("2020-10", "month"), "day_right", 0.0),
        (("2020-10", "month"), ("2020-10", "month"), "month_right", 1.0),
        (("2020-10", "month"), ("2020-10-01", "day"), "invented_day", 1.0),
        (("2020", "year"), ("2020", "year"), "year_right", 1.0),
        (("2020", "year"), ("", ""), "invented_day", 0.0),
        (("", ""), ("", ""), "unknown_right", 1.0),
        (("", ""), ("2020", "year"), "unknown_right", 0.0),
    ],
)
def test_dates_count_by_the_precision_they_are_coded_with(coded, proposed, name, expected):
    rows = [ROW | dict(zip(("date_start", "date_precision"), date, strict=True)) for date in (coded, proposed)]
    articles = [article(rows[:1], rows[1:])]
    assert figure(articles, "date_start", name) == (expected, 1)
    shown = set(measure(articles, draws=5).query("field == 'date_start'")["figure"])
    assert len(shown & {"day_right", "month_right", "year_right", "unknown_right"}) == 1


def test_a_last_day_that_repeats_the_first_is_none():
    assert figure([article([ROW | {"date_end": "2020-10-15"}], [ROW])], "date_end", "right") == (1.0, 1)


def test_a_number_of_participants_counts_where_it_is_stated():
    stated, silent = ROW | {"participants_n": "200"}, ROW
    articles = [article([stated], [stated]), article([stated], [silent], "EE002"), article([silent], [stated], "EE003")]
    assert figure(articles, "participants_n", "right") == (0.5, 2)
    assert figure(articles, "participants_n", "invented") == (1.0, 1)


def test_samples_are_counted_apart():
    articles = [article([ROW], [ROW], "EE001", "held_out"), article([ROW], [], "EE002", "development")]
    assert figure(articles, "event", "recall", "held_out") == (1.0, 1)
    assert figure(articles, "event", "recall", "development") == (0.0, 1)
    assert measure(articles, draws=5)["sample"].iloc[0] == "held_out"


def three_in_four(count):
    return [article([ROW], [ROW] if number % 4 else [], f"EE{number:04d}") for number in range(count)]


def test_intervals_have_the_width_that_is_known_of_a_share():
    row = measure(three_in_four(400)).query("field == 'event' and figure == 'recall'").iloc[0]
    assert row["lower"] <= row["value"] <= row["upper"]
    assert row["upper"] - row["lower"] == pytest.approx(2 * 1.96 * (0.75 * 0.25 / 400) ** 0.5, rel=0.1)


def test_rows_of_one_article_are_drawn_together():
    def width(rows):
        articles = [
            article([ROW] * rows, [ROW] * rows if number % 4 else [], f"E{number:04d}") for number in range(100)
        ]
        row = measure(articles).query("field == 'event' and figure == 'recall'").iloc[0]
        return row["upper"] - row["lower"]

    assert width(3) == pytest.approx(width(1))


def test_articles_that_are_held_out_are_never_shown():
    articles = [article([ROW], [OTHER], "EE001", "held_out"), article([ROW], [OTHER], "EE002", "development")]
    assert set(compare_rows(articles)["source_id"]) == {"EE002"}
    assert set(count_confusions(articles)["source_ids"]) == {"EE002"}


def test_confusions_tell_what_was_taken_for_what_and_where():
    wrong = ROW | {"mode": "unknown", "date_start": "2020-10-16", "themes": "politik", "province": "Aceh"}
    table = count_confusions([article([ROW], [wrong], name) for name in ("EE002", "EE001")])
    assert table.to_numpy().tolist() == [
        ["date_start", "day", "other_day", 2, "EE001;EE002"],
        ["province", "Bali", "Aceh", 2, "EE001;EE002"],
        ["mode", "virtual", "unknown", 2, "EE001;EE002"],
        ["themes", "sanksi", "", 2, "EE001;EE002"],
    ]


def test_the_comparison_shows_every_cell_of_every_pair():
    table = compare_rows([article([ROW | {"event_id": "EVE1"}], [ROW | {"event_id": "EE001-1", "mode": "hybrid"}])])
    assert list(table["field"]) == list(FIELDS)
    different = table[table["equal"] == "no"]
    assert different[["coded_event", "proposed_event", "field", "coded", "proposed"]].to_numpy().tolist() == [
        ["EVE1", "EE001-1", "mode", "virtual", "hybrid"]
    ]


def test_every_field_has_the_figure_that_stands_for_it():
    full = ROW | {"participants_n": "20", "co_organisers": "kpu", "legal_basis": "SE"}
    found = set(measure([article([full], [full])], draws=5)[["field", "figure"]].itertuples(index=False, name=None))
    assert set(MAIN_FIGURES.items()) - {(LINK, "f1")} <= found
    assert set(MAIN_FIGURES) == {*FIELDS, LINK}


def test_no_article_at_all_gives_no_figure():
    assert measure([]).empty
    assert tuple(measure([]).columns) == FIGURE_COLUMNS


cells = st.fixed_dictionaries(
    {
        "date_start": st.sampled_from(["2020-10-15", "2020-10-16", "2020-10", "2020", ""]),
        "event_type": st.sampled_from(["webinar", "apel", "seminar"]),
        "mode": st.sampled_from(["virtual", "in_person"]),
        "organiser": st.sampled_from(["kasn", "kpu", ""]),
        "province": st.sampled_from(["Bali", "Aceh", "Bali;Aceh", ""]),
    }
)
rows = st.lists(cells, max_size=3)
collections = st.lists(st.tuples(rows, rows, st.sampled_from(["held_out", "development"])), min_size=1, max_size=8)


def numbered(collection):
    return [article(coded, proposed, f"EE{i:03d}", sample) for i, (coded, proposed, sample) in enumerate(collection)]


@given(collections, st.randoms(use_true_random=False))
def test_the_order_of_articles_changes_nothing(collection, random):
    articles = numbered(collection)
    shuffled = random.sample(articles, len(articles))
    assert measure(shuffled, draws=20).equals(measure(articles, draws=20))
    assert count_confusions(shuffled).equals(count_confusions(articles))


@given(collections)
def test_proposals_that_are_the_coded_rows_are_perfect(collection):
    articles = numbered((coded, coded[::-1], sample) for coded, _, sample in collection)
    table = measure(articles, draws=20)
    perfect = table[~table["figure"].isin(["invented_day", "invented"])]
    assert (perfect[["value", "lower", "upper"]] == 1.0).all(axis=None)
    assert count_confusions(articles).empty


@given(collections)
def test_every_row_is_found_missed_or_false(collection):
    for one in numbered(collection):
        tally = tally_article(one)
        assert tally["event", "right"] + tally["event", "missed"] == len(one.coded)
        assert tally["event", "right"] + tally["event", "false"] == len(one.proposed)


def test_two_thousand_draws_of_all_articles_take_less_than_two_seconds():
    articles = [article([ROW], [ROW if number % 3 else OTHER], f"EE{number:04d}") for number in range(564)]
    began = time.perf_counter()
    measure(articles)
    assert time.perf_counter() - began < 2
