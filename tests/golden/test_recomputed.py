"""The headline numbers a second time, in plain Python, straight from the raw files.

Nothing of the toolkit is used to get them.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections import Counter, defaultdict

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import integrate

CYCLES = ("pilkada_2018", "pemilu_2019", "pilkada_2020", "pemilu_2024", "pilkada_2024")
INSTITUTIONS = {"bawaslu_ri": "bawaslu", "bawaslu_provinsi": "bawaslu", "kasn": "kasn", "bkn": "kasn"}
STAGES, MEASURES = ("alleged", "referred", "proven"), ("cases", "persons")
SCOPES = ("national", "multi_province", "province", "regency", "district")
# Provinces that left another one, and when they began to work.
LEFT = {"93": ("91", "2022-11-11"), "94": ("91", "2022-11-11"), "95": ("91", "2022-11-11"), "96": ("92", "2022-12-09")}
SAME = ("institution", "as_of", "period_start", "election_cycle", "geo_level", "province", "regency", "measure",
        "stage", "value", "bound")  # fmt: skip


def rows_of(project, name: str) -> list[dict[str, str]]:
    with project.path(name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def decided(project, file: str, key: str) -> tuple[dict[str, dict[str, str]], list[tuple[str, str]]]:
    """Raw rows by id after people's decisions, and the rows they merged."""
    rows = {row[key]: row for row in rows_of(project, f"data/raw/{file}")}
    merges = []
    for decision in rows_of(project, "data/raw/decisions.csv"):
        if decision["file"] != file:
            continue
        if decision["action"] == "recode":
            rows[decision["row_id"]][decision["field"]] = decision["value"]
        elif decision["action"] == "merge":
            merges.append((decision["row_id"], decision["value"]))
        else:
            del rows[decision["row_id"]]
    return rows, merges


def grouped(ids: list[str], links: list[tuple[str, str]]) -> list[list[str]]:
    leader = {name: name for name in ids}

    def find(name: str) -> str:
        return name if leader[name] == name else find(leader[name])

    for one, two in links:
        leader[find(one)] = find(two)
    groups = defaultdict(list)
    for name in ids:
        groups[find(name)].append(name)
    return list(groups.values())


def span(written: str) -> tuple[str, str]:
    """First and last day a date can mean."""
    if len(written) == 4:
        return f"{written}-01-01", f"{written}-12-31"
    if len(written) == 7:
        first = dt.date(int(written[:4]), int(written[5:]), 1)
        last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
        return first.isoformat(), last.isoformat()
    return written, written


@pytest.fixture(scope="module")
def polls(real_project) -> dict[str, tuple[str, str]]:
    """Campaign's first day and polling day by cycle."""
    table = {row["election"]: row for row in rows_of(real_project, "data/reference/pilkada.csv")}
    return {name: (table[name]["campaign_start"], table[name]["polling_date"]) for name in CYCLES}


@pytest.fixture(scope="module")
def codes(real_project) -> dict[str, str]:
    """Province names, as the raw files write them, to today's code."""
    found = {
        row["alias"].lower(): row["code"]
        for row in rows_of(real_project, "data/reference/aliases.csv") if len(row["code"]) == 2
    }  # fmt: skip
    for row in rows_of(real_project, "data/reference/regions.csv"):
        if row["kind"] == "province":
            found[row["name"].lower()] = row["code"]
    return found


@pytest.fixture(scope="module")
def events(real_project, codes) -> list[dict[str, object]]:
    rows, merges = decided(real_project, "events.csv", "event_id")
    links = merges + [(name, row["same_event_as"]) for name, row in rows.items() if row["same_event_as"]]
    linking = {name for name, _ in links}
    found = []
    for members in grouped(list(rows), links):
        root = next((name for name in members if name not in linking), members[0])
        told = [rows[root], *(rows[name] for name in sorted(members) if name != root)]
        best_precision = max(len(row["date_start"]) for row in told)
        dated = [row for row in told if len(row["date_start"]) == best_precision]
        often = Counter(row["date_start"] for row in dated)
        dated.sort(key=lambda row: (-often[row["date_start"]], row is not told[0], row["date_start"]))
        start, end = dated[0]["date_start"], dated[0]["date_end"] or dated[0]["date_start"]
        places = {codes[name.strip().lower()] for row in told for name in row["province"].split(";") if name.strip()}
        found.append({
            "cycle": next((row["election_cycle"] for row in told if row["election_cycle"] != "none"), "none"),
            "national": any(row["scope"] == "national" for row in told),
            "units": {LEFT.get(code, (code, ""))[0] for code in places},
            "first": span(start)[0] if start else "", "last": max(span(start)[1], span(end)[1]) if start else "",
            "pledge": any(row["pledge"] != "none" for row in told),
        })  # fmt: skip
    return found


def test_distinct_events(events, values):
    assert len(events) == values["clean_events.distinct"].value
    assert sum(bool(event["national"]) for event in events) == values["clean_events.national"].value
    assert sum(event["cycle"] in CYCLES for event in events) == values["describe.exposure_events"].value
    pledged = sum(event["cycle"] in CYCLES and bool(event["pledge"]) for event in events)
    assert pledged == values["describe.exposure_pledges"].value


@pytest.fixture(scope="module")
def before(events, polls) -> Counter:
    """Located events wholly before the campaign, by unit and cycle."""
    told: Counter = Counter()
    for event in events:
        if (
            event["cycle"] in CYCLES
            and not event["national"]
            and event["last"]
            and event["last"] < polls[event["cycle"]][0]
        ):
            told.update((unit, event["cycle"]) for unit in event["units"])
    return told


def test_events_before_the_campaign_by_province_and_cycle(before, tables):
    panel = tables["panel"]["province_cycle"]
    computed = panel.set_index(["unit_code", "election_cycle"])["events_before_campaign"]
    assert {key: number for key, number in computed.items() if number} == dict(before)
    exposure = panel.set_index(["unit_code", "election_cycle"])["exposure"]
    assert (exposure == computed).all()


@pytest.fixture(scope="module")
def headcounts(real_project) -> dict[str, int]:
    units: dict[str, int] = defaultdict(int)
    seen = {}
    for row in rows_of(real_project, "data/reference/asn_headcount.csv"):
        if (
            row["kind"] == "pns_total"
            and row["as_of"] == "2023-12-31"
            and len(row["code"]) == 2
            and row["code"] != "ID"
        ):
            assert seen.setdefault(row["code"], row["value"]) == row["value"]
    for code, number in seen.items():
        units[LEFT.get(code, (code, ""))[0]] += int(number)
    return dict(units)


@pytest.fixture(scope="module")
def counts(real_project, codes, polls) -> list[dict[str, object]]:
    """Distinct exact cumulative counts of whole provinces, of the study's institutions and cycles."""
    rows, merges = decided(real_project, "violations.csv", "obs_id")
    merges = [(one, two) for one, two in merges if one in rows]
    gone = {one for one, _ in merges}
    same = defaultdict(list)
    for name, row in rows.items():
        same[tuple(row[field] for field in SAME)].append(name)
    links = merges + [(names[0], other) for names in same.values() for other in names[1:]]
    found = []
    for members in grouped(list(rows), links):
        row = rows[min(name for name in members if name not in gone)]
        whole = row["geo_level"] == "province" and row["bound"] == "exact" and not row["period_start"]
        if not whole or row["election_cycle"] not in CYCLES or row["institution"] not in INSTITUTIONS:
            continue
        code = codes[row["province"].lower()]
        # Once a part has left, neither the part nor the old name stands for the province of 2018.
        unit = LEFT.get(code, (code, ""))[0]
        if any(old == unit and polls[row["election_cycle"]][1] >= day for old, day in LEFT.values()):
            continue
        found.append({**row, "unit": unit, "count": int(row["value"])})
    return found


def test_pairs_of_province_and_cycle_with_an_exact_count_of_alleged_cases(counts, values):
    pairs = {
        (row["unit"], row["election_cycle"]) for row in counts if (row["stage"], row["measure"]) == ("alleged", "cases")
    }
    assert len(pairs) == values["describe.coverage_exact"].value == values["describe.rates_cells"].value
    assert values["describe.coverage_cells"].value - len(pairs) == values["describe.coverage_without_exact"].value


def test_the_highest_rate(counts, headcounts, values):
    told = [row for row in counts if (row["stage"], row["measure"]) == ("alleged", "cases")]
    cycle, _ = Counter(cycle for _, cycle in {(row["unit"], row["election_cycle"]) for row in told}).most_common(1)[0]
    latest: dict[object, tuple[str, int]] = {}
    for row in told:
        if row["election_cycle"] == cycle:
            day = span(row["as_of"])[1] if row["as_of"] else ""
            latest[row["unit"]] = max(latest.get(row["unit"], ("", -1)), (day, row["count"]))
    rates = {unit: count / headcounts[unit] * 10_000 for unit, (_, count) in latest.items()}
    assert max(rates.values()) == pytest.approx(values["describe.rates_top"].value)
    assert f"cycle:{cycle}" == values["describe.rates_cycle"].value
    assert len(rates) == values["describe.rates_cycle_provinces"].value
    middle = sorted(rates.values())
    assert (middle[(len(middle) - 1) // 2] + middle[len(middle) // 2]) / 2 == pytest.approx(
        values["describe.rates_cycle_median"].value
    )


@pytest.fixture(scope="module")
def compared(counts, polls) -> list[dict[str, object]]:
    """Counts told from the campaign on, of provinces that can be compared with themselves."""
    eligible = [
        row for row in counts
        if row["stage"] in STAGES and row["measure"] in MEASURES and row["as_of"]
        and span(row["as_of"])[0] >= polls[row["election_cycle"]][0]
    ]  # fmt: skip
    cycles, cases = defaultdict(set), Counter()
    for row in eligible:
        cycles[row["unit"]].add(row["election_cycle"])
        cases[row["unit"]] += row["count"]
    return [row for row in eligible if len(cycles[row["unit"]]) > 1 and cases[row["unit"]]]


def test_counts_that_enter_the_model(compared, values):
    assert len(compared) == values["model.counts"].value
    assert len({row["unit"] for row in compared}) == values["model.provinces"].value
    assert len({(row["unit"], row["election_cycle"]) for row in compared}) == values["model.province_cycles"].value


def dummies(rows: list[dict[str, object]], field: str) -> list[list[float]]:
    levels = sorted({str(row[field]) for row in rows})
    return [[float(row[field] == level) for row in rows] for level in levels]


def regress(rows: list[dict[str, object]], extra: list[list[float]], headcounts, before, polls):
    clock = []
    for row in rows:
        polling = dt.date.fromisoformat(polls[row["election_cycle"]][1])
        after = (dt.date.fromisoformat(span(row["as_of"])[1]) - polling).days
        clock.append([min(max(after, low), high) for low, high in ((-210, -60), (-60, 0), (0, 60))])
    rows = [{**row, "group": INSTITUTIONS[row["institution"]]} for row in rows]
    dose = [math.log2(1 + before[row["unit"], row["election_cycle"]]) for row in rows]
    columns = [dose, *extra, *zip(*clock, strict=True), *dummies(rows, "unit")]
    for field in ("election_cycle", "group", "stage", "measure"):
        columns += dummies(rows, field)[1:]
    x = np.array(columns, dtype=float).T
    y = np.array([row["count"] for row in rows], dtype=float)
    offset = np.log([headcounts[row["unit"]] for row in rows])
    return sm.GLM(y, x, family=sm.families.Poisson(), offset=offset).fit(tol=1e-12, maxiter=200)


def fit(rows: list[dict[str, object]], extra: list[list[float]], headcounts, before, polls) -> np.ndarray:
    return regress(rows, extra, headcounts, before, polls).params


def eigenvalues_and_scale(fitted, units: np.ndarray) -> tuple[np.ndarray, float]:
    """Of the squared jackknife error of the first coefficient, with all dummies and every row written out."""
    x, mean = fitted.model.exog, fitted.fittedvalues
    information = x.T @ (x * mean[:, None])
    inverse = np.linalg.inv(information)
    residual_maker = np.eye(len(mean)) - (x * mean[:, None]) @ inverse @ x.T
    moves = []
    for unit in sorted(set(units)):
        own = units == unit
        without = np.linalg.pinv(information - x[own].T @ (x[own] * mean[own, None]), rcond=1e-10, hermitian=True)
        moves.append(without[0] @ x[own].T @ residual_maker[own])
    spread = (np.array(moves) * mean) @ np.array(moves).T
    expected = (1 - 1 / len(moves)) * np.trace(spread)
    return np.linalg.eigvalsh(spread) / np.trace(spread), math.sqrt(expected / inverse[0, 0])


def beyond(reach: float, weights: np.ndarray) -> float:
    """Probability that a normal variable squared exceeds ``reach**2`` weighted chi-squared ones (Imhof 1961)."""
    terms = np.array([1.0, *(-(reach**2) * weights)])

    def wave(u: float) -> float:
        return math.sin(np.arctan(terms * u).sum() / 2) / (u * np.prod((1 + (terms * u) ** 2) ** 0.25))

    return 0.5 + integrate.quad(wave, 0, np.inf, epsabs=1e-10, limit=500)[0] / math.pi


def test_the_headline_rate_ratio(compared, headcounts, before, polls, values):
    ratio = math.exp(fit(compared, [], headcounts, before, polls)[0])
    assert ratio == pytest.approx(values["model.rate_ratio"].value, abs=1e-7)


def test_the_headline_interval(compared, headcounts, before, polls, values):
    fitted = regress(compared, [], headcounts, before, polls)
    whole = fitted.params[0]
    weights, scale = eigenvalues_and_scale(fitted, np.array([str(row["unit"]) for row in compared]))
    units = sorted({str(row["unit"]) for row in compared})
    refits = [fit([row for row in compared if row["unit"] != unit], [], headcounts, before, polls)[0] for unit in units]
    number = len(units)
    error = math.sqrt((number - 1) / number * sum((refit - whole) ** 2 for refit in refits))
    for limit in (values["model.lower"].value, values["model.upper"].value):
        outside = beyond((math.log(limit) - whole) * scale / error, weights)
        assert outside == pytest.approx(1 - values["model.confidence"].value, abs=1e-6)


def test_the_placebo(compared, events, headcounts, before, polls, values):
    later = []
    for row in compared:
        day = span(row["as_of"])[1]
        number = sum(
            event["cycle"] == row["election_cycle"] and row["unit"] in event["units"] and not event["national"]
            and day < event["first"] <= polls[row["election_cycle"]][1]
            for event in events
        )  # fmt: skip
        later.append(math.log2(1 + number))
    ratio = math.exp(fit(compared, [later], headcounts, before, polls)[1])
    assert ratio == pytest.approx(values["model.placebo_rate_ratio"].value, abs=1e-7)
