"""Raw counts of a simulated study: cumulative snapshots, rankings and totals by institutions that disagree."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from netral_research.clean.loading import Reference
from netral_research.robustness.simulated_choices import PUBLISHER, SimulationChoices
from netral_research.robustness.simulated_events import Row, source_row, text_table
from netral_research.robustness.simulated_world import SimulatedWorld

# Days after polling on which counts are published, and the share of the cases that had come in by then.
SNAPSHOTS = {-100: 0.30, -50: 0.50, -15: 0.75, 21: 1.00}
STAGES = ("alleged", "referred", "proven")
# Some figures are told as “more than” the next lower ten, and a few regencies tell their own.
ROUNDED_SHARE, REGENCY_SHARE = 0.1, 0.05


@dataclass(frozen=True)
class _Counts:
    """Cumulative counts by cell and snapshot, one array a stage and measure, as an institution sees them."""

    institution: str
    values: dict[tuple[str, str], np.ndarray]


def count_tables(
    world: SimulatedWorld, choices: SimulationChoices, reference: Reference, random: np.random.Generator
) -> tuple[dict[str, pd.DataFrame], list[Row]]:
    """Let each institution count the reported cases and publish what it publishes.

    Parameters
    ----------
    world : SimulatedWorld
    choices : SimulationChoices
    reference : Reference
    random : numpy.random.Generator

    Returns
    -------
    tables : dict of str to pandas.DataFrame
        Raw tables of violations, breakdowns and the vulnerability index.
    sources : list of dict
        Rows of ``sources.csv``.
    """
    provincial = _count(world, choices, random)
    national = _seen_by("bawaslu_ri", provincial, _shares(world, choices, 1.0, random), random)
    kasn = _seen_by("kasn", provincial, _shares(world, choices, choices.kasn_ratio, random), random)
    desk = _Desk(world, reference)
    told = _publication_chances(world, choices)
    for number in range(len(SNAPSHOTS)):
        for counts, key in ((national, ("alleged", "cases")), (kasn, ("alleged", "persons"))):
            desk.publish_ranking(counts, key, number, choices.list_length)
        desk.publish_totals(national, number, [(stage, "cases") for stage in STAGES] + [("alleged", "persons")])
        desk.publish_totals(kasn, number, [("alleged", "persons"), ("proven", "persons")])
        for cell in range(len(world.cells)):
            for key in provincial.values:
                if random.uniform() < told[cell]:
                    rounded = random.uniform() < ROUNDED_SHARE
                    desk.publish_province(provincial, key, cell, number, rounded)
            if random.uniform() < told[cell]:
                desk.publish_province(kasn, ("alleged", "persons"), cell, number, rounded=False)
    desk.publish_regencies(provincial, random)
    tables = {
        "data/raw/violations.csv": text_table("data/raw/violations.csv", desk.rows),
        "data/raw/breakdowns.csv": text_table("data/raw/breakdowns.csv", desk.breakdowns()),
        "data/raw/vulnerability_index.csv": text_table("data/raw/vulnerability_index.csv", desk.index()),
    }
    return tables, [source_row(*page) for page in desk.pages.values()]


def _count(world: SimulatedWorld, choices: SimulationChoices, random: np.random.Generator) -> _Counts:
    cases = world.cells["cases"].to_numpy()
    steps = np.diff([0.0, *SNAPSHOTS.values()])
    alleged = random.multinomial(cases, steps / steps.sum())
    referred = random.binomial(alleged, choices.referred_share)
    proven = random.binomial(referred, choices.proven_share)
    others = random.poisson((choices.persons_per_case - 1) * alleged)
    others_referred = random.binomial(others, choices.referred_share)
    others_proven = random.binomial(others_referred, choices.proven_share)
    arrivals = {
        ("alleged", "cases"): alleged, ("referred", "cases"): referred, ("proven", "cases"): proven,
        ("alleged", "persons"): alleged + others, ("referred", "persons"): referred + others_referred,
        ("proven", "persons"): proven + others_proven,
    }  # fmt: skip
    return _Counts("bawaslu_provinsi", {key: new.cumsum(axis=1) for key, new in arrivals.items()})


def _shares(world: SimulatedWorld, choices: SimulationChoices, ratio: float, random: np.random.Generator) -> np.ndarray:
    """Share of the cases that an institution counts, by cell."""
    apart = choices.disagreement * random.normal(size=len(world.cells))
    # What is already nearly complete can only fall behind.
    return np.minimum(ratio * np.exp(apart if ratio < 1 else -np.abs(apart)), 1.0)


def _seen_by(institution: str, counts: _Counts, shares: np.ndarray, random: np.random.Generator) -> _Counts:
    """Each newly arrived case is counted or not, once and for all: a cumulative count never falls."""
    seen = {}
    for key, told in counts.values.items():
        arrivals = np.diff(told, axis=1, prepend=0)
        seen[key] = random.binomial(arrivals, shares[:, None]).cumsum(axis=1)
    return _Counts(institution, seen)


def _publication_chances(world: SimulatedWorld, choices: SimulationChoices) -> np.ndarray:
    """Chance that a cell's counts are told; where it rises with the rate, what is published is no fair sample."""
    rate = np.log((world.cells["cases"].to_numpy() + 0.5) / world.cells["headcount"].to_numpy())
    level = (rate - rate.mean()) / rate.std() if rate.std() > 0 else rate * 0
    chance: np.ndarray = special.expit(special.logit(choices.publication) + choices.publication_slope * level)
    return chance


class _Desk:
    """Writes rows of published counts, and keeps the pages they stand on."""

    def __init__(self, world: SimulatedWorld, reference: Reference) -> None:
        self.world = world
        self.reference = reference
        self.rows: list[Row] = []
        self.pages: dict[str, tuple[str, str, str]] = {}
        self.names = [reference.register.names[code] for code in world.cells["province_code"]]
        self.cycles = world.cells["election_cycle"].tolist()
        self.of_cycle = {
            str(name): group.index.to_numpy() for name, group in world.cells.groupby("election_cycle", sort=False)
        }

    def _page(self, name: str, day: str) -> str:
        source_id = f"SIM-V-{name.replace(' ', '-')}"
        self.pages[source_id] = (source_id, f"rekap pelanggaran {name}", day)
        return source_id

    def _day(self, cycle: str, number: int) -> str:
        after = list(SNAPSHOTS)[number]
        return (self.reference.calendar.cycles[cycle].polling_day + dt.timedelta(days=after)).isoformat()

    def _add(self, institution: str, key: tuple[str, str], cycle: str, number: int, value: int, **cells: str) -> None:
        day = self._day(cycle, number)
        usual = {"geo_level": "province", "bound": "exact", "list_kind": "total"} | cells
        place = usual.get("regency") or usual.get("province") or ""
        author = f"{institution}-{place}" if usual["list_kind"] == "total" and place else institution
        self.rows.append({
            "obs_id": f"SIM-V{len(self.rows) + 1:05d}", "source_id": self._page(f"{author}-{cycle}-{day}", day),
            "institution": institution, "as_of": day, "election_cycle": cycle, "measure": key[1], "stage": key[0],
            "value": str(value), "note": PUBLISHER, **usual,
        })  # fmt: skip

    def publish_ranking(self, counts: _Counts, key: tuple[str, str], number: int, length: int) -> None:
        """The provinces with most cases; those without any are never listed."""
        told = counts.values[key][:, number]
        for cycle, cells in self.of_cycle.items():
            listed = [cell for cell in sorted(cells, key=lambda cell: (-told[cell], cell))[:length] if told[cell] > 0]
            for cell in listed:
                self._add(counts.institution, key, cycle, number, int(told[cell]), province=self.names[cell],
                          list_kind="top_k", list_k=str(len(listed)))  # fmt: skip

    def publish_totals(self, counts: _Counts, number: int, keys: list[tuple[str, str]]) -> None:
        """Sums over the nation."""
        for cycle, cells in self.of_cycle.items():
            for key in keys:
                total = int(counts.values[key][cells, number].sum())
                self._add(counts.institution, key, cycle, number, total, geo_level="national")

    def publish_province(self, counts: _Counts, key: tuple[str, str], cell: int, number: int, rounded: bool) -> None:
        """One province's count, exact or as “more than” a round number."""
        value = int(counts.values[key][cell, number])
        cycle = self.cycles[cell]
        # More than 20 is 21 or more.
        bound, value = ("at_least", value // 10 * 10) if rounded and value >= 10 else ("exact", value)
        self._add(counts.institution, key, cycle, number, value, province=self.names[cell], bound=bound)

    def publish_regencies(self, counts: _Counts, random: np.random.Generator) -> None:
        """Some regencies tell their share of the province's last count."""
        register, calendar, last = self.reference.register, self.reference.calendar, len(SNAPSHOTS) - 1
        for cell, place in enumerate(self.world.cells.to_dict("records")):
            province, cycle = str(place["province_code"]), str(place["election_cycle"])
            inside = register.regencies_of(province, calendar.cycles[cycle].polling_day)
            voting = [code for code in inside if calendar.voted(code, province, cycle)]
            cases = counts.values["alleged", "cases"][cell, last]
            parts = random.multinomial(cases, np.full(len(voting), 1 / len(voting)))
            for code, value in zip(voting, parts, strict=True):
                if random.uniform() < REGENCY_SHARE:
                    self._add("bawaslu_kabkota", ("alleged", "cases"), cycle, last, int(value), geo_level="regency",
                              province=self.names[cell], regency=register.names[code])  # fmt: skip

    def breakdowns(self) -> list[Row]:
        """Shares by position of the last national count of each cycle."""
        rows = []
        for cycle in self.of_cycle:
            day = self._day(cycle, len(SNAPSHOTS) - 1)
            page = self._page(f"rincian-{cycle}-{day}", day)
            for category, share in (("functional", "60"), ("administrator", "40")):
                rows.append({"source_id": page, "institution": "kasn", "as_of": day, "election_cycle": cycle,
                             "dimension": "position", "category": category, "category_id": f"{category} ({PUBLISHER})",
                             "share_percent": share})  # fmt: skip
        return rows

    def index(self) -> list[Row]:
        """An index that knows the provinces' risk before the last cycle."""
        cycle, cells = list(self.of_cycle.items())[-1]
        known = self.world.cells["known_risk"].iloc[cells]
        day = (self.reference.calendar.cycles[cycle].campaign_start - dt.timedelta(days=30)).isoformat()
        page = self._page(f"indeks-{cycle}", day)
        low, span = float(known.min()), float(np.ptp(known)) or 1.0
        order = known.sort_values(ascending=False)
        return [
            {"source_id": page, "index_name": f"indeks {PUBLISHER}", "edition": day[:4], "published": day,
             "geo_level": "province", "province": self.names[int(cell)], "score": f"{100 * (risk - low) / span:.2f}",
             "rank": str(rank), "aggregate": "own"}
            for rank, (cell, risk) in enumerate(zip(order.index, order, strict=True), 1)
        ]  # fmt: skip
