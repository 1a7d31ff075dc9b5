"""Raw event rows of a simulated study: which events the searches found, as pages would tell them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from netral_research.clean.loading import Reference
from netral_research.contracts import CONTRACTS
from netral_research.robustness.simulated_choices import MARK, PUBLISHER, SimulationChoices
from netral_research.robustness.simulated_world import SimulatedWorld
from netral_research.vocabulary import FRAMES

# What is told of an event and how often, as among the real ones.
EVENT_TYPES = {
    "sosialisasi": ("none", 0.45), "deklarasi": ("deklarasi", 0.15), "apel": ("ikrar", 0.15),
    "rapat_koordinasi": ("none", 0.15), "surat_edaran": ("none", 0.10),
}  # fmt: skip
ORGANISERS = ("bawaslu_provinsi", "pemprov", "kasn", "bkpsdm_bkd")
REGENCY_SHARE, NATIONAL_EVENTS, PAGES_A_QUERY = 0.4, 2, 8
MISTAKEN = "SIM-E-SALAH"

Row = dict[str, str]


def event_tables(
    world: SimulatedWorld, choices: SimulationChoices, reference: Reference, random: np.random.Generator
) -> tuple[dict[str, pd.DataFrame], list[Row]]:
    """Search for the events that were held, round after round, and code what is found.

    Parameters
    ----------
    world : SimulatedWorld
    choices : SimulationChoices
    reference : Reference
    random : numpy.random.Generator

    Returns
    -------
    tables : dict of str to pandas.DataFrame
        Raw tables of events, decisions, queries and the frame of the sources.
    sources : list of dict
        Rows of ``sources.csv``.
    """
    told = [_told_event(world, number, choices, reference, random) for number in range(len(world.events))]
    found = random.uniform(size=(len(told), len(choices.coverage))) < np.array(choices.coverage)
    rows, frame, sources = [], [], []
    for number, (event, rounds) in enumerate(zip(told, found, strict=True), 1):
        first = ""
        for search in np.flatnonzero(rounds):
            name = f"{number:04d}-{search + 1}"
            page = {"source_id": f"SIM-P{name}", "event_id": f"SIM-E{name}", "same_event_as": first}
            rows.append(event | page)
            first = first or page["event_id"]
            sources.append(source_row(page["source_id"], event["event_type"], event["date_start"]))
            query = _query(world, world.events[number - 1].cell, int(search), reference)
            frame.append({"source_id": page["source_id"], "province_searched": event["province"], "query": query,
                          "frame": FRAMES[search]})  # fmt: skip
    extra = [*_national_events(world, reference), _mistaken_event(world, reference)]
    sources += [source_row(row["source_id"], row["event_type"], row["date_start"]) for row in extra]
    tables = {
        "data/raw/events.csv": text_table("data/raw/events.csv", rows + extra),
        "data/raw/source_frame.csv": text_table("data/raw/source_frame.csv", frame),
        "data/raw/queries.csv": text_table("data/raw/queries.csv", _queries(world, frame, choices, reference)),
        "data/raw/decisions.csv": text_table("data/raw/decisions.csv", [_decision()]),
    }
    return tables, sources


def text_table(relative: str, rows: list[Row]) -> pd.DataFrame:
    """Rows as a raw table of texts with all columns of its contract.

    Parameters
    ----------
    relative : str
        File, relative to the project.
    rows : list of dict
        Cells by column; those not named are empty.

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> text_table("data/raw/sources.csv", [{"source_id": "SIM-1"}]).iloc[0].tolist()
    ['SIM-1', '', '', '', '']
    """
    columns = list(CONTRACTS[relative])
    return pd.DataFrame([dict.fromkeys(columns, "") | row for row in rows], columns=columns, dtype="str")


def source_row(source_id: str, what: str, published: str) -> Row:
    """A page that does not exist, and says so.

    Examples
    --------
    >>> source_row("SIM-P1", "apel", "2020-09-01")["publisher"]
    'simulasi'
    """
    return {
        "source_id": source_id, "url": f"https://{PUBLISHER}.invalid/{source_id}", "publisher": PUBLISHER,
        "title": f"{MARK} {what}", "published": published,
    }  # fmt: skip


def _told_event(
    world: SimulatedWorld, number: int, choices: SimulationChoices, reference: Reference, random: np.random.Generator
) -> Row:
    cell = world.cells.iloc[world.events[number].cell]
    event_type = str(random.choice(list(EVENT_TYPES), p=[share for _, share in EVENT_TYPES.values()]))
    regency = _regency(cell, reference, random) if random.uniform() < REGENCY_SHARE else ""
    precise = random.uniform() < choices.day_precise
    day = world.events[number].day.isoformat()
    return _event_row(
        date_start=day if precise else day[:7],
        date_end=day if precise else "",
        date_precision="day" if precise else "month",
        province=reference.register.names[cell["province_code"]],
        regency=regency,
        scope="regency" if regency else "province",
        event_type=event_type,
        pledge=EVENT_TYPES[event_type][0],
        organiser="bawaslu_kabkota" if regency else str(random.choice(ORGANISERS)),
        election_cycle=str(cell["election_cycle"]),
    )


def _event_row(**cells: str) -> Row:
    usual = {"mode": "in_person", "pledge": "none", "themes": "pencegahan", "participants": "ASN", "confidence": "high"}
    return usual | cells


def _regency(cell: Mapping[str, object] | pd.Series, reference: Reference, random: np.random.Generator) -> str:
    """A regency of the province whose people voted."""
    province, name = str(cell["province_code"]), str(cell["election_cycle"])
    polling = reference.calendar.cycles[name].polling_day
    inside = reference.register.regencies_of(province, polling)
    voting = [code for code in inside if reference.calendar.voted(code, province, name)]
    return reference.register.names[voting[int(random.integers(len(voting)))]]


def _query(world: SimulatedWorld, cell: int, search: int, reference: Reference) -> str:
    place = world.cells.iloc[cell]
    cycle = str(place["election_cycle"]).replace("_", " ").capitalize()
    province = reference.register.names[place["province_code"]]
    return f"{PUBLISHER} sosialisasi netralitas ASN {province} {cycle} putaran {search + 1}"


def _queries(world: SimulatedWorld, frame: list[Row], choices: SimulationChoices, reference: Reference) -> list[Row]:
    found = pd.Series([row["query"] for row in frame], dtype="str").value_counts()
    rows = []
    for search in range(len(choices.coverage)):
        for cell in range(len(world.cells)):
            query = _query(world, cell, search, reference)
            pages = str(int(found.get(query, 0)))
            seen = str(max(PAGES_A_QUERY, int(pages)))
            rows.append({"query": query, "n_results": seen, "n_relevant": pages, "sources_added": pages,
                         "batch": f"events_{PUBLISHER}{search + 1}"})  # fmt: skip
    return rows


def _national_events(world: SimulatedWorld, reference: Reference) -> list[Row]:
    """Events for the whole country: they reach every province alike."""
    rows = []
    for name in dict.fromkeys(world.cells["election_cycle"]):
        start = reference.calendar.cycles[name].campaign_start
        for number in range(1, NATIONAL_EVENTS + 1):
            day = (start - dt.timedelta(days=10 * number)).isoformat()
            row = _event_row(date_start=day, date_end=day, date_precision="day", scope="national", event_type="webinar",
                             organiser="kasn", election_cycle=name, mode="virtual")  # fmt: skip
            rows.append(row | {"event_id": f"SIM-N-{name}-{number}", "source_id": f"SIM-PN-{name}-{number}"})
    return rows


def _mistaken_event(world: SimulatedWorld, reference: Reference) -> Row:
    """A row that does not belong here: a person's decision takes it out."""
    place = world.cells.iloc[0]
    day = (reference.calendar.cycles[place["election_cycle"]].campaign_start - dt.timedelta(days=5)).isoformat()
    row = _event_row(date_start=day, date_end=day, date_precision="day", scope="province", event_type="diskusi",
                     province=reference.register.names[place["province_code"]], organiser="other",
                     election_cycle=place["election_cycle"], confidence="low")  # fmt: skip
    return row | {"event_id": MISTAKEN, "source_id": "SIM-P-SALAH"}


def _decision() -> Row:
    return {
        "decision_id": "SIM-D001", "file": "events.csv", "row_id": MISTAKEN, "action": "exclude", "basis": "visible",
        "reason_id": "Simulasi: diskusi ini bukan tentang netralitas ASN.",
        "reason_en": "Simulated: this discussion is not about civil-servant neutrality.",
    }  # fmt: skip
