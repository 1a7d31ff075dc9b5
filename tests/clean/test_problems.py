"""The 68 problems found when these data were first tried: each is decided by a person, found as a class, or stands."""

from __future__ import annotations

import datetime as dt

import pytest

from netral_research.clean.merging import group_reports

# Problem number: rows that data/raw/decisions.csv decides.
DECIDED = {
    1: "OB0232 OB0233",
    2: "OA0063",
    3: "VIE043 VIE044 VIE045",
    4: "OB0001 OB0002 OB0003 OB0032 OB0033 OB0034 OB0035 OB0036 OB0037",
    5: "OA0694 OA0695 OA0696",
    7: "VX006",
    13: "OA0449 OA0450 OA0451",
    16: "OA0737",
    17: "VIE012 VIE013 VIE014 VIE015 VIE016",
    18: "OB0194 OB0195",
    19: "VW018",
    20: "VIE048",
    21: "VIE001",
    22: "VW038",
    23: "VX003 VX004 VX005 VX018 OA0677 OA0679 VX034 VX007 VX008 VX009 VX010 VX011 VX012 VX016",
    24: "OA0123",
    25: "EVE099",
    26: "EVE139",
    27: "EVW008",
    28: "EVW134 EVW135 EVW136 EVW137 EVW138",
    29: "EVW110 EVX081",
    36: "OA0766",
    40: "OA0512",
    49: "OB0189",
    54: "OA0144",
    55: "OB0012 OB0013",
    57: (
        "VX001 VX014 OA0083 OA0110 OA0513 OA0699 OB0082 OB0083 OB0136 OB0140 OB0145 OB0181 OB0221 OB0253 "
        "OA0409 OA0410 OA0411 OA0412 OA0413 OA0414 OA0111 OA0112 OA0113 OA0114 OA0115 OA0116 OA0117 OA0118 OA0119 "
        "OA0120 OA0514 OB0084 OB0085 OB0086 OB0087 OB0088 OB0089 OB0090 OB0091 OB0092 OB0093 OB0094 OB0095 OB0096 "
        "OB0097 OB0098 OB0099 OB0100 OB0101 OB0102 OB0103 OB0104 OB0182 OB0183 OB0184 OB0179 OA0519 OA0520 OA0521 "
        "OA0522 OA0523 OA0524 OA0547 OA0548 OA0549 OA0550 OA0551 OA0552 OA0553 OA0554 OA0669 OA0671 OA0670"
    ),
    58: "VIE008 OA0336 OA0339 OA0506 OB0203 OB0247 OA0672 OB0180 OB0135",
    59: (
        "OA0006 OA0159 OA0160 OA0161 OA0162 OA0163 OA0164 OA0165 OA0166 OA0167 OA0168 OA0469 OA0586 VW026 VW035 "
        "OA0667 OB0235"
    ),
    61: "VW011",
    63: "EVW007",
}

# Problem number: class of contradiction, and the rows that one contradiction of that class must name together.
FOUND = [
    (6, "far_before_polling", "VIE022"),
    (8, "cycle_after_polling", "EVE104"),
    (9, "cycle_before_previous_polling", "EVY053"),
    *((10, "cycle_after_polling", row) for row in ("EVW114", "EVE088", "EVE157", "EVE182", "EVW162")),
    *((11, "cycle_far_before_polling", row) for row in ("EVW012", "EVW225")),
    *(
        (12, "cycle_several_cycles", row)
        for row in (
            "EVW063", "EVW095", "EVW103", "EVW116", "EVW147", "EVE038", "EVE121", "EVP006", "EVP017", "EVP046",
            "EVP048", "EVP052", "EVP079", "EVQ001", "EVQ028", "EVQ034", "EVQ053", "EVQ054", "EVQ060", "EVQ066",
            "EVR013", "EVR021", "EVR024", "EVR027", "EVW107", "EVW108", "EVX022", "EVY020", "EVX061",
        )
    ),
    *(
        (29, "possible_repeat", pair)
        for pair in (
            "EVW146 EVW150", "EVE008 EVE011", "EVE111 EVE116", "EVE170 EVE183", "EVX070 EVX071", "EVW046 EVX021",
            "EVP028 EVP030", "EVQ001 EVW181", "EVW036 EVW037", "EVE046 EVQ062",
        )
    ),
    (30, "merged_regions_differ", "EVW165 EVW198"),
    (31, "merged_dates_differ", "EVE156 EVE173"),
    (32, "province_below_regencies", "VIE031 VIE033 VIE042"),
    (33, "province_below_regencies", "OA0226 OA0227 OA0234"),
    (34, "province_below_regencies", "OA0491 OA0493 OA0498"),
    (35, "province_below_regencies", "OA0091 OA0764"),
    (35, "falling_series", "OA0091 OA0770"),
    (37, "ranking_differs_from_total", "OA0085 OA0099"),
    (37, "ranking_short", "OA0101 OA0109"),
    (37, "unlisted_above_cut_off", "OA0769"),
    (37, "unlisted_above_cut_off", "OA0773"),
    *((37, "unlisted_above_cut_off", row) for row in ("OA0102", "OA0103", "OA0106", "OA0107", "OA0109")),
    (37, "same_day_differs", "OA0084 OA0122"),
    (38, "institutions_disagree", "OA0055 OA0697"),
    (39, "same_day_differs", "OA0590 OA0610"),
    (39, "same_day_differs", "OA0591 OA0611"),
    (39, "province_below_regencies", "OA0049 OA0615"),
    (42, "falling_series", "OA0641 OA0636"),
    (43, "falling_series", "OB0112 OB0273"),
    (44, "falling_series", "OA0532 OA0479"),
    (45, "falling_series", "OA0277 OA0303"),
    (45, "falling_series", "OA0277 OA0593"),
    (46, "institutions_disagree", "OB0053 OB0043"),
    (46, "institutions_disagree", "OB0055 OB0045"),
    (47, "falling_series", "OB0231 OA0060"),
    (47, "falling_series", "OB0231 OB0193"),
    (47, "falling_series", "OA0135 OA0062"),
    (50, "falling_series", "OB0253 OB0254"),
    (51, "falling_series", "OA0226 OA0309"),
    (52, "same_figure_other_stage", "OB0172 VW002"),
    (52, "same_figure_other_stage", "OB0172 VW007"),
    (52, "same_figure_other_stage", "VW002 VW007"),
    (52, "same_figure_other_stage", "OB0173 VW003"),
    (53, "same_figure_other_stage", "OA0467 OA0698"),
    (53, "same_figure_other_stage", "OA0698 VW024"),
    (54, "same_figure_other_measure", "OA0022 OA0038"),
    (54, "same_figure_other_measure", "OA0507 OA0510"),
    (60, "parts_above_whole", "OA0390 OA0391 OA0392"),
    (60, "parts_above_whole", "OA0310 OA0311 OA0313"),
    (60, "parts_above_whole", "OA0133 OA0134 OA0135"),
    *(
        (62, "region_did_not_vote", row)
        for row in ("VIE041", "VIE042", "OA0194", "OA0234", "OA0401", "OA0402", "OA0577", "OA0720")
    ),
    *((67, "region_not_yet_existing", row) for row in ("EVE163", "EVE169")),
]  # fmt: skip

# Identical rows that become one by themselves.
REPEATED = {
    14: ["VW022 OA0697"],
    15: ["VW029 OA0477"],
    23: [
        "VX002 OA0084", "VX027 OA0499", "VX028 OA0500", "VX029 OA0501", "VX030 OA0502", "VX031 OA0503", "VX032 OA0504",
        "OA0592 OA0612", "OA0594 OA0614", "OA0596 OA0616",
    ],
}  # fmt: skip

# Decided elsewhere, or looked at and left: what the tests further down say about each.
STANDS = {41, 48, 56, 64, 65, 66, 68}


def test_every_problem_is_dealt_with():
    dealt = {*DECIDED, *(number for number, _, _ in FOUND), *REPEATED, *STANDS}
    assert dealt == set(range(1, 69))


@pytest.mark.parametrize("number", sorted(DECIDED))
def test_the_rows_of_a_problem_are_decided(event_tables, number):
    decisions = event_tables.decisions
    assert set(decisions.loc[decisions["problem"] == str(number), "row_id"]) == set(DECIDED[number].split())


@pytest.fixture(scope="session")
def contradictions(cleaned_events, cleaned_violations):
    return [
        (row.kind, set(row.row_ids.split(";")))
        for results in (cleaned_events, cleaned_violations)
        for row in results["conflicts"].table.itertuples()
    ]


@pytest.mark.parametrize(("number", "kind", "rows"), FOUND, ids=[f"{number}-{rows}" for number, _, rows in FOUND])
def test_the_cleaning_finds_the_contradiction(contradictions, number, kind, rows):
    named = set(rows.split())
    assert any(found == kind and named <= ids for found, ids in contradictions), number


def test_every_count_where_nobody_voted_is_found_and_no_other(contradictions):
    found = {row for kind, ids in contradictions if kind == "region_did_not_vote" for row in ids}
    assert found == {"VIE041", "VIE042", "OA0194", "OA0234", "OA0401", "OA0402", "OA0577", "OA0720"}


def test_only_the_known_events_lie_after_polling_day(contradictions):
    found = {row for kind, ids in contradictions if kind == "cycle_after_polling" for row in ids}
    assert found == {"EVW114", "EVW162", "EVE088", "EVE104", "EVE157", "EVE182"}


@pytest.mark.parametrize("number", sorted(REPEATED))
def test_identical_rows_become_one_with_both_sources(cleaned_violations, violation_tables, number):
    kept = cleaned_violations["violations"].table.set_index("obs_id")["source_ids"]
    source = violation_tables.violations.set_index("obs_id")["source_id"]
    for pair in REPEATED[number]:
        ids = pair.split()
        (root,) = [row for row in ids if row in kept.index]
        assert {source[row] for row in ids} <= set(kept[root].split(";"))


def test_twelve_rows_repeat_another_one_besides_the_decided_merges(cleaned_violations, event_tables):
    decisions = event_tables.decisions
    decided = ((decisions["action"] == "merge") & (decisions["file"] == "violations.csv")).sum()
    merged = cleaned_violations["accounting"].table.set_index("file").at["data/raw/violations.csv", "merged"]
    assert (decided, merged - decided) == (34, 12)


SHORT = {
    "VA032": 8, "VA132": 8, "VA010": 7, "VA016": 9, "VA068": 5, "VA082": 2, "VA002": 9, "EE138": 2, "VA001": 1,
    "EE136": 10, "VA057": 4, "VA058": 5, "VA048": 5, "VA067": 10, "VA069": 10, "VA095": 5, "VA137": 5, "VA140": 13,
    "VA151": 8, "EW045": 1, "EW074": 1,
}  # fmt: skip


@pytest.mark.parametrize("source", sorted(SHORT))
def test_a_list_shorter_than_it_claims_is_found(cleaned_violations, source):
    lists = cleaned_violations["rankings"].table
    found = lists[(lists["source_ids"] == source) & (lists["usable"] == "short")]
    assert SHORT[source] in set(found["n_listed"])
    assert (found["n_listed"] < found["list_k"]).all()


@pytest.mark.parametrize(
    "rows",
    [
        "OA0290 OA0305", "OA0393 OA0402", "OA0626 OA0633", "OA0743 OA0747", "OB0161 OB0163", "OB0182 OB0184",
        "OB0218 OB0220", "VIE025 VIE028",
    ],
)  # fmt: skip
def test_a_complete_list_that_differs_from_its_total_is_found(contradictions, rows):
    named = set(rows.split())
    assert any(kind == "ranking_differs_from_total" and named <= ids for kind, ids in contradictions)


def test_the_best_date_of_linked_reports_is_used(cleaned_events):  # 31
    events = cleaned_events["events"].table
    of = {report: row for row in events.to_dict("records") for report in row["report_ids"].split(";")}
    assert of["EVE144"]["date_start"] == "2020-10-05"
    assert of["EVE086"]["date_start"] == "2024-09"
    assert of["EVE173"] is of["EVE156"]


def test_chains_of_links_end_in_one_event(event_tables, cleaned_events):
    events = cleaned_events["events"].table
    of = {report: row for row in events.itertuples() for report in row.report_ids.split(";")}
    links = event_tables.events.query("same_event_as != ''")
    for row in links.itertuples():
        assert of[row.event_id].event_id == of[row.same_event_as].event_id
    assert {of[row].event_id for row in ("EVQ058", "EVQ059", "EVW241", "EVW049", "EVE099")} == {"EVW049"}
    assert {of[row].event_id for row in ("EVQ063", "EVE051", "EVE050")} == {"EVE050"}


def test_the_number_of_distinct_events_is_that_of_the_links_and_decisions(event_tables, cleaned_events):
    raw, decisions = event_tables.events, event_tables.decisions
    coded = raw[~raw["source_id"].str.startswith("SEED")]
    linked = coded[coded["same_event_as"] != ""]
    links = list(zip(linked["event_id"], linked["same_event_as"], strict=True))
    merges = decisions[(decisions["file"] == "events.csv") & (decisions["action"] == "merge")]
    ids = coded["event_id"].tolist()
    assert (len(coded), len(set(group_reports(ids, links).values()))) == (807, 678)
    both = [*links, *zip(merges["row_id"], merges["value"], strict=True)]
    assert len(set(group_reports(ids, both).values())) == 667
    assert len(cleaned_events["events"].table) == 667 + 5


def test_no_count_of_a_part_of_the_time_is_a_total_so_far(cleaned_violations):  # 41, 56, 57
    counts = cleaned_violations["violations"].table.set_index("obs_id")
    published = counts[counts["origin"] == "published"]
    assert (published["count_kind"] == "period").sum() == (published["period_start"] != "").sum() == 145
    for row in ("OA0149", "OA0110", "OB0004", "OB0005", "OB0006", "OB0007", "OB0008", "OB0041", "OB0145"):
        assert published.at[row, "count_kind"] == "period"
    assert published.at["OA0085", "count_kind"] == "cumulative"


def test_figures_of_two_elections_together_are_out(cleaned_violations):  # 48, decided with 4
    rejects = set(cleaned_violations["rejects"].table["row_id"])
    assert {"OB0001", "OB0002"} <= rejects


def test_a_date_that_fits_the_text_stands_although_the_page_is_later(cleaned_violations):  # 64
    row = cleaned_violations["violations"].table.set_index("obs_id").loc["OB0145"]
    assert (row["as_of"], row["period_start"]) == ("2024-10-16", "2024-09-25")


def test_dates_stand_as_they_were_coded_or_decided(cleaned_violations, violation_tables):  # 65
    counts = cleaned_violations["violations"].table.query("origin == 'published'").set_index("obs_id")
    raw = violation_tables.violations.set_index("obs_id")["as_of"]
    decisions = violation_tables.decisions
    decided = set(decisions.loc[decisions["field"] == "as_of", "row_id"])
    assert decided == {"OB0233", "VP005"}
    same = counts.drop(index=list(decided))
    assert (same["as_of"] == raw[same.index]).all()
    lengths = same["as_of"].str.len().value_counts()
    assert set(lengths.index) == {0, 4, 7, 10}
    assert lengths[0] > 25
    assert lengths[4] > 50


def test_an_event_without_a_last_day_lasts_one_day(cleaned_events):  # 66
    events = cleaned_events["events"].table
    days = events[(events["date_precision"] == "day") & (events["date_end"] == "")]
    assert len(days) > 100
    assert (days["date_earliest"] == days["date_latest"]).all()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Kabupaten Fakfak", "92"), ("Kabupaten Tojo Una-Una", "72"), ("Kabupaten Tolitoli", "72"),
        ("Kota Baubau", "74"), ("Kota Lubuklinggau", "16"), ("Kota Padang Sidempuan", "12"),
        ("Kota Palangka Raya", "62"),
    ],
)  # fmt: skip
def test_names_that_only_the_aliases_know_have_their_codes(cleaned_violations, violation_tables, name, code):  # 68
    raw = violation_tables.violations
    ids = raw.loc[raw["regency"] == name, "obs_id"]
    counts = cleaned_violations["violations"].table.set_index("obs_id")
    found = set(counts.loc[counts.index.intersection(ids), "regency_code"])
    assert len(ids) > 0
    assert len(found) == 1
    assert found.pop().startswith(f"{code}.")


def test_rows_of_papua_selatan_in_2020_count_for_papua(cleaned_events):  # 67
    events = cleaned_events["events"].table.set_index("event_id")
    assert set(events.loc[["EVE163", "EVE169"], "province_codes"]) == {"91"}


def test_coded_cycles_that_the_text_settles_stand(cleaned_events):  # 9, 12
    events = cleaned_events["events"].table.set_index("event_id")
    assert events.at["EVY053", "election_cycle"] == "pemilu_2019"
    assert events.at["EVW227", "election_cycle"] == "pilkada_2024"
    assert dt.date.fromisoformat(events.at["EVW227", "date_start"]) == dt.date(2024, 4, 3)


def test_the_provincial_government_alone_is_not_the_province(cleaned_violations):  # 59
    counts = cleaned_violations["violations"].table
    own = counts[counts["geo_level"] == "provincial_government"]
    assert set(DECIDED[59].split()) >= set(own.loc[own["origin"] == "published", "obs_id"])
    assert (own["origin"] == "published").sum() == 17


def test_other_people_counted_in_make_an_upper_limit_only(cleaned_violations):  # 58
    counts = cleaned_violations["violations"].table.set_index("obs_id")
    for row in (
        "VIE008",
        "OA0336",
        "OA0506",
        "OB0203",
        "OB0247",
        "OA0672",
        "OB0180",
        "OA0083",
        "OB0118",
        "OB0119",
        "OB0140",
    ):
        assert (counts.at[row, "bound"], counts.at[row, "lower"]) == ("at_most", 0)
