"""Reports of one event are linked to the first of them; other events of the same place are not."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from netral_research.code.duplicates import SeenEvents, event_key, text_digest
from netral_research.code.links import LinkedRow, link_tallies, with_decided_links
from netral_research.code.readings import DECISIONS, EVENTS
from netral_research.schemas import load_raw

from .conftest import APEL

RAW = Path(__file__).resolve().parents[2] / "data/raw"
APEL_IN_BALI = {
    "date_start": "2024-10-14", "date_end": "", "province": "Bali", "regency": "", "scope": "province",
    "event_type": "apel", "organiser": "pemprov", "pledge": "ikrar", "election_cycle": "pilkada_2024",
}  # fmt: skip
BRIEFING = {"event_type": "sosialisasi", "pledge": "none"}
MEETING = {"event_type": "rapat_koordinasi", "pledge": "none", "organiser": "bawaslu_ri"}
JAKARTA = {"province": "DKI Jakarta"}
PART_OF_JAKARTA = JAKARTA | {"regency": "Kota Administrasi Jakarta Utara", "organiser": "pemkab_pemkot"}
REGENCY = {"regency": "Kabupaten Badung", "scope": "regency", "organiser": "pemkab_pemkot"}


def links(*changes: dict[str, str]) -> list[str]:
    seen = SeenEvents()
    rows = [APEL_IN_BALI | change for change in changes]
    return [seen.root_of(f"E{number}", f"S{number}", event_key(row)) for number, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({}, {"organiser": "bkpsdm_bkd"}),
        ({}, {"event_type": "penandatanganan", "organiser": "kesbangpol"}),
        ({}, {"event_type": "sosialisasi"}),
        ({"date_start": "2024-10-13", "date_end": "2024-10-15"}, {}),
        ({"province": "Bali;Aceh", "scope": "multi_province"}, {"province": "Aceh;Bali", "scope": "multi_province"}),
        ({"scope": "national"}, {"scope": "national", "province": "DKI Jakarta"}),
        ({"event_type": "surat_edaran"}, {"event_type": "surat_edaran"}),
        ({}, {"date_start": "2024-10"}),
        ({"date_start": "2024-10"}, {}),
        (REGENCY, REGENCY | {"date_start": "2024"}),
        (REGENCY | {"date_start": "2024"}, REGENCY | {"event_type": "deklarasi"}),
        ({"event_type": "surat_edaran", "date_start": "2024"}, {"event_type": "surat_edaran", "date_start": "2024-09"}),
        ({}, {"date_start": "2024-10-15", "event_type": "deklarasi"}),
        ({}, {"organiser": "kesbangpol", "event_type": "sosialisasi"}),
        (BRIEFING | {"date_start": "2024"}, BRIEFING),
        (BRIEFING, BRIEFING | {"date_start": ""}),
        (BRIEFING | {"date_start": ""}, BRIEFING | {"date_start": "2024-10"}),
        ({"date_start": ""}, {"pledge": "pakta_integritas", "event_type": "deklarasi"}),
        (MEETING | {"scope": "national"}, MEETING),
        (MEETING, MEETING | {"scope": "national", "province": "Riau"}),
        (JAKARTA, PART_OF_JAKARTA),
        (PART_OF_JAKARTA, JAKARTA | {"pledge": "pakta_integritas"}),
    ],
)
def test_two_reports_of_one_event_are_linked(first, second):
    assert links(first, second) == ["", "E0"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"date_start": "2024-10-16"}),
        ({}, {"date_start": "2024-10-15", "pledge": "deklarasi"}),
        ({}, {"date_start": "2024-10-15", "organiser": "kesbangpol"}),
        (BRIEFING, BRIEFING | {"date_start": "2024-10-15"}),
        ({}, {"province": "Aceh"}),
        ({}, REGENCY),
        ({}, {"event_type": "sosialisasi", "organiser": "kpu"}),
        ({"event_type": "surat_edaran"}, {"event_type": "surat_edaran", "organiser": "bawaslu_provinsi"}),
        ({"event_type": "surat_edaran"}, {}),
        ({"date_start": ""}, {"date_start": ""}),
        ({"date_start": "", "election_cycle": "pilkada_2020"}, {}),
        ({"date_start": "", "election_cycle": "none"}, {"election_cycle": "none"}),
        (BRIEFING | {"date_start": "", "organiser": "kpu"}, BRIEFING),
        (BRIEFING | {"date_start": "", "pledge": "ikrar"}, BRIEFING),
        ({"event_type": "imbauan_langsung", "date_start": ""}, {"event_type": "imbauan_langsung"}),
        (MEETING | {"scope": "national", "date_start": ""}, MEETING | {"scope": "national"}),
        (MEETING, MEETING | {"province": "Riau"}),
        (MEETING | {"scope": "national"}, MEETING | {"event_type": "sosialisasi"}),
        ({"scope": "national"}, {"organiser": "pemprov"}),
        (JAKARTA, PART_OF_JAKARTA | BRIEFING),
        (PART_OF_JAKARTA, PART_OF_JAKARTA | {"regency": "Kota Administrasi Jakarta Pusat"}),
        ({"date_start": "2024-10", "organiser": ""}, {"organiser": ""}),
        (REGENCY, REGENCY | {"date_start": "2023"}),
    ],
)
def test_other_events_are_not_linked(first, second):
    assert links(first, second) == ["", ""]


def test_every_report_points_to_the_first_and_never_to_another_report():
    assert links({}, {"event_type": "deklarasi"}, {"event_type": "penandatanganan"}, {}) == ["", "E0", "E0", "E0"]


def test_of_several_events_of_a_day_the_most_alike_is_chosen():
    rows = ({"event_type": "sosialisasi"}, {"event_type": "apel", "organiser": "kpu"}, {"organiser": "kesbangpol"})
    assert links(*rows) == ["", "", "E1"]


def test_a_less_exact_date_is_linked_only_where_one_event_fits():
    days = [BRIEFING | {"date_start": f"2024-10-{day}"} for day in (14, 21)]
    assert links(*days, BRIEFING | {"date_start": "2024"}) == ["", "", ""]
    assert links(BRIEFING | {"date_start": ""}, *days, days[0]) == ["", "E0", "", "E0"]
    assert links(BRIEFING | {"date_start": "2024-10"}, *days) == ["", "E0", ""]
    assert links(days[0], BRIEFING | {"date_start": ""}, days[1]) == ["", "E0", ""]


def test_events_of_one_article_are_never_linked_to_each_other():
    seen = SeenEvents()
    key = event_key(APEL_IN_BALI)
    assert [seen.root_of(f"S1-{number}", "S1", key) for number in (1, 2)] == ["", ""]
    assert seen.root_of("S2-1", "S2", key) == "S1-1"


def test_an_event_without_a_date_is_linked_only_where_the_text_is_the_same():
    seen = SeenEvents()
    key = event_key(APEL_IN_BALI | {"date_start": ""})
    reports = [("S1", "Apel netralitas."), ("S2", "apel  NETRALITAS."), ("S3", "Apel lain.")]
    found = [seen.root_of(f"{source}-1", source, key, text_digest(text), 0) for source, text in reports]
    assert found == ["", "S1-1", ""]
    assert seen.root_of("S4-2", "S4", key, text_digest("Apel netralitas."), 1) == ""


def test_the_links_that_people_coded_are_found_from_their_rows(real_project):
    events = with_decided_links(load_raw(real_project, EVENTS), load_raw(real_project, DECISIONS))
    seen = SeenEvents()
    rows = []
    for row in events.to_dict("records"):
        name = row["event_id"]
        root = seen.root_of(name, row["source_id"], event_key(row)) or name
        rows.append(LinkedRow(row, row, row["same_event_as"] or name, root))
    total = sum(link_tallies(rows), Counter())
    right, missed, false = (total["same_event_as", name] for name in ("right", "missed", "false"))
    assert right / (right + false) > 0.92
    assert right / (right + missed) > 0.88


def test_accepted_events_go_before_proposals(coded, project, texts):
    run = coded(texts(S1=APEL, S2=APEL + " Lagi.")).check(2)
    assert [row["same_event_as"] for row in run.proposed] == ["EVE001", "EVE001"]
    with project.path("data/raw/events.csv").open("r+", encoding="utf-8", newline="") as stream:
        kept = [line for line in stream if "Kalimantan Barat" not in line]
        stream.seek(0)
        stream.truncate()
        stream.writelines(kept)
    assert [row["same_event_as"] for row in coded(texts()).check(2).proposed] == ["", "S1-1"]


def test_accepted_rows_of_the_articles_themselves_are_left_aside(coded, project, texts):
    folder = texts(EE001=(RAW / "articles/EE001.txt").read_bytes(), EE002=(RAW / "articles/EE002.txt").read_bytes())
    linked = {row["event_id"]: row["same_event_as"] for row in coded(folder).check(2).proposed}
    with project.path("data/raw/events.csv").open(encoding="utf-8", newline="") as stream:
        own = {row["event_id"] for row in csv.DictReader(stream) if row["source_id"] in {"EE001", "EE002"}}
    assert own
    assert not own & set(linked.values())


@pytest.mark.parametrize("left", ["nothing", "header"])
def test_a_project_without_accepted_events_links_proposals_only(coded, project, texts, left):
    path = project.path("data/raw/events.csv")
    header = path.read_text("utf-8").splitlines()[0]
    path.unlink()
    if left == "header":
        path.write_text(header + "\n")
    run = coded(texts(S1=APEL, S2=APEL + " Lagi.")).check(2)
    assert [row["same_event_as"] for row in run.proposed] == ["", "S1-1"]
