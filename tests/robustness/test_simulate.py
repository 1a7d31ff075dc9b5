"""A simulated study passes every stage like the real one, holds the truth it was made with, and says what it is."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf

from netral_research.clean import clean_events, clean_violations, load_event_tables, load_violation_tables
from netral_research.files import Project, write_text
from netral_research.model.poisson import fit_within_provinces
from netral_research.model.sample import build_sample
from netral_research.panel import PanelTables, build_panel
from netral_research.robustness.simulate import simulate_study
from netral_research.robustness.simulated_choices import SimulationChoices
from netral_research.robustness.simulated_world import simulate_world
from netral_research.schemas import load_raw
from netral_research.storage import table_text

HEADCOUNT = "data/reference/asn_headcount.csv"
# Everything is found and told, all institutions agree: what the panel holds must be the truth itself.
CLEAR = {"coverage": (1.0,), "day_precise": 1.0, "publication": 1.0, "disagreement": 0.0}


@pytest.fixture(scope="module")
def headcounts(real_project):
    return load_raw(real_project, HEADCOUNT)


@pytest.fixture(scope="module")
def simulate(study, reference, headcounts):
    def run(**choices):
        return simulate_study(SimulationChoices(**choices), study, reference, headcounts)

    return run


@pytest.fixture(scope="module")
def stages(real_project, study, headcounts, tmp_path_factory):
    """Takes a simulated study through cleaning and panel, in a project of its own."""

    def run(simulated):
        project = Project(tmp_path_factory.mktemp("simulated"))
        for path in real_project.path("data/reference").glob("*.csv"):
            write_text(project.path(f"data/reference/{path.name}"), path.read_text("utf-8"))
        for relative, table in simulated.tables.items():
            write_text(project.path(relative), table_text(table))
        tables = load_event_tables(project)
        found = {result.name: result.table for result in clean_violations(load_violation_tables(project), study)}
        accounts = [found.pop("accounting")]
        found |= {result.name: result.table for result in clean_events(tables, study)}
        accounts.append(found["accounting"])
        panel_tables = PanelTables(
            found["events"], found["event_places"], found["search_effort"], found["violations"], headcounts,
            tables.reference,
        )  # fmt: skip
        found |= {result.name: result.table for result in build_panel(panel_tables, study)}
        return found | {"accounting": pd.concat(accounts)}

    return run


@pytest.fixture(scope="module")
def clear(simulate, stages):
    simulated = simulate(seed=5, rate_ratio=0.6, events_per_cell=6.0, region_cycle_deviation=0.2, **CLEAR)
    return simulated, stages(simulated)


@pytest.fixture(scope="module")
def clouded(simulate, stages):
    simulated = simulate(seed=6, targeting=0.8)
    return simulated, stages(simulated)


def by_unit(truth, column):
    return truth.groupby(["unit_code", "election_cycle"])[column].sum()


def test_every_row_is_accounted_for(clouded):
    accounts = clouded[1]["accounting"]
    assert (accounts["rows_in"] == accounts["clean"] + accounts["merged"] + accounts["rejected"]).all()
    assert accounts["rejected"].sum() == 1  # the row that a decision takes out


def test_events_found_in_full_are_the_events_held(clear):
    simulated, found = clear
    panel = found["province_cycle"].set_index(["unit_code", "election_cycle"])
    truth = by_unit(simulated.truth, "events_before_campaign")
    assert panel.loc[truth.index, "events_before_campaign"].tolist() == truth.tolist()
    assert set(panel.index[panel["voted"]]) == set(truth.index)


def test_last_counts_told_in_full_are_the_cases(clear, reference):
    simulated, found = clear
    told = found["violations"]
    polling = told["election_cycle"].map({name: one.polling_day.isoformat() for name, one in
                                          reference.calendar.cycles.items()})  # fmt: skip
    last = told[
        (told["institution"] == "bawaslu_provinsi") & (told["stage"] == "alleged") & (told["measure"] == "cases")
        & (told["bound"] == "exact") & (told["as_of"] > polling)
    ]  # fmt: skip
    truth = simulated.truth.set_index(["province_code", "election_cycle"])["cases"]
    exact = last.set_index(["province_code", "election_cycle"])["value"]
    assert len(exact) > 0.8 * len(truth)
    assert exact.tolist() == truth[exact.index].tolist()


def test_cumulative_counts_never_fall_and_stages_narrow(clouded):
    told = clouded[1]["violations"]
    own = told[
        (told["origin"] == "published") & (told["bound"] == "exact") & (told["institution"] == "bawaslu_provinsi")
    ]
    series = own.pivot_table(
        index=["province_code", "election_cycle", "measure", "as_of"], columns="stage", values="value"
    ).sort_index()
    steps = series.groupby(level=[0, 1, 2]).diff()
    assert not (steps < 0).any(axis=None)
    assert not (series["referred"] > series["alleged"]).any()
    assert not (series["proven"] > series["referred"]).any()


def test_national_totals_are_the_sums_where_institutions_agree(clear):
    simulated, found = clear
    told = found["violations"]
    national = told[(told["geo_level"] == "national") & (told["institution"] == "bawaslu_ri")
                    & (told["stage"] == "alleged") & (told["measure"] == "cases")]  # fmt: skip
    assert national.groupby("election_cycle")["value"].max().to_dict() == (
        simulated.truth.groupby("election_cycle")["cases"].sum().to_dict()
    )


def test_institutions_disagree_where_they_are_told_to(clouded):
    told = clouded[1]["violations"]
    cases = told[(told["geo_level"] == "province") & (told["stage"] == "alleged") & (told["measure"] == "persons")
                 & (told["bound"] == "exact") & (told["list_kind"] == "total")]  # fmt: skip
    both = cases.pivot_table(
        index=["province_code", "election_cycle", "as_of"], columns="institution_group", values="value"
    ).dropna()
    assert len(both) > 50
    assert 0.65 < both["kasn"].sum() / both["bawaslu"].sum() < 0.85


def test_rankings_bound_the_provinces_they_leave_out(clouded):
    found = clouded[1]
    assert (found["rankings"]["usable"] == "ok").mean() > 0.9
    unlisted = found["violations"][found["violations"]["origin"] == "unlisted"]
    of_polls = unlisted[unlisted["institution"] == "bawaslu_ri"].groupby("election_cycle")["province_code"].nunique()
    assert (of_polls > 20).all()
    assert set(found["province_cycle_outcome"]["status"]) >= {"exact", "interval", "not_applicable"}


def test_search_rounds_find_a_part_of_the_events_and_repeat_some(clouded):
    simulated, found = clouded
    events, rows = found["events"], simulated.tables["data/raw/events.csv"]
    share = (events["scope"] != "national").sum() / simulated.truth["events_held"].sum()
    assert share == pytest.approx(1 - 0.4 * 0.4, abs=0.05)
    assert 0.2 < (rows["same_event_as"] != "").mean() < 0.4
    effort = found["search_effort"]
    assert effort["n_queries"].sum() == 2 * len(simulated.truth)
    assert (effort["election_cycle"] != "").all()
    assert (effort["unit_code"] != "").all()


def raw_ratio(table):
    fit = smf.glm(
        "count ~ dose + C(election_cycle)", table, family=sm.families.Poisson(), offset=table["log_headcount"]
    )
    return float(np.exp(fit.fit().params["dose"]))


def test_targeting_alone_makes_a_raw_association_in_the_panel(clouded):
    found = clouded[1]
    told = found["violations"]
    last = told[(told["geo_level"] == "province") & (told["institution_group"] == "bawaslu")
                & (told["bound"] == "exact") & (told["stage"] == "alleged") & (told["measure"] == "cases")]  # fmt: skip
    last = last.sort_values("as_of").groupby(["unit_code", "election_cycle"], as_index=False).last()
    table = last.merge(found["province_cycle"], on=["unit_code", "election_cycle"])
    table = table.assign(
        count=table["value"], dose=np.log2(1 + table["exposure"]), log_headcount=np.log(table["headcount"])
    )
    assert len(table) > 120
    assert raw_ratio(table) > 1.3


@pytest.mark.parametrize(
    ("choices", "raw"),
    [({}, 1.0), ({"targeting": 0.8}, 1.85), ({"rate_ratio": 0.7}, 0.7), ({"reporting_ratio": 1.25}, 1.25)],
    ids=["nothing", "targeting", "effect", "reporting"],
)
def test_the_raw_association_mixes_effect_reporting_and_targeting(study, reference, headcounts, choices, raw):
    logs = []
    for seed in range(4):
        world = simulate_world(
            SimulationChoices(**choices), study, reference, headcounts, np.random.default_rng(seed)
        ).cells
        dose = np.log2(1 + world["events_before_campaign"])
        table = world.assign(count=world["cases"], dose=dose, log_headcount=np.log(world["headcount"]))
        logs.append(np.log(raw_ratio(table)))
    assert np.mean(logs) == pytest.approx(np.log(raw), abs=0.15)


def test_the_truth_is_recovered_within_provinces(clear, reference, study):
    found = clear[1]
    sample = build_sample(
        found["violations"], found["province_cycle"], found["province_cycle_snapshot"], reference, study
    ).table
    cases = sample[(sample["stage"] == "alleged") & (sample["measure"] == "cases")]
    fit = fit_within_provinces(
        cases, ["dose", "clock_early", "clock_late", "clock_after"], 10, ["unit_code", "election_cycle"]
    )
    estimate, lower, upper = fit.interval("dose", 0.95)
    assert lower < 0.6 < upper
    assert estimate == pytest.approx(0.6, abs=0.08)


def test_every_page_and_every_count_says_that_it_is_simulated(clouded):
    tables = clouded[0].tables
    sources = tables["data/raw/sources.csv"]
    assert (sources["publisher"] == "simulasi").all()
    assert sources["title"].str.startswith("[SIMULASI]").all()
    assert sources["url"].str.startswith("https://simulasi.invalid/").all()
    assert (tables["data/raw/violations.csv"]["note"] == "simulasi").all()
    assert tables["data/raw/queries.csv"]["query"].str.startswith("simulasi ").all()
    ids = pd.concat([tables["data/raw/events.csv"]["event_id"], tables["data/raw/violations.csv"]["obs_id"]])
    assert ids.map(lambda name: bool(re.match(r"SIM-", name))).all()


def test_the_seed_decides_every_byte(simulate):
    first, again, other = (
        {name: table_text(table) for name, table in simulate(seed=seed).tables.items()} for seed in (1, 1, 2)
    )
    assert first == again
    assert first["data/raw/violations.csv"] != other["data/raw/violations.csv"]


@pytest.mark.parametrize(
    "choices",
    [{"coverage": ()}, {"coverage": (0.5,) * 4}, {"coverage": (1.2,)}, {"rate_ratio": 0.0}, {"autocorrelation": 1.0},
     {"persons_per_case": 0.5}, {"list_length": 0}, {"disagreement": -0.1}, {"publication": float("nan")}],
)  # fmt: skip
def test_choices_that_no_world_could_have_are_refused(choices):
    with pytest.raises(ValueError, match="no world"):
        SimulationChoices(**choices)


def test_publication_can_depend_on_what_would_be_published(simulate):
    def mean_published(slope):
        told = simulate(seed=8, publication_slope=slope).tables["data/raw/violations.csv"]
        own = told[(told["institution"] == "bawaslu_provinsi") & (told["bound"] == "exact")]
        return own["value"].astype("int64").mean()

    assert mean_published(2.0) > 1.3 * mean_published(0.0)
