"""Work of many draws runs where whoever calls wants it: in threads, one after another, or on a Dask cluster."""

from __future__ import annotations

import joblib
import numpy as np
import pandas as pd
import pytest
from joblib._parallel_backends import SequentialBackend, ThreadingBackend

from netral_research.model.randomisation import permute_histories
from netral_research.model.simex import simex
from netral_research.robustness.estimates import Estimate
from netral_research.robustness.multiverse import run_multiverse
from netral_research.robustness.panel_design import staggered_design
from netral_research.robustness.power import compare_designs, power_curve
from netral_research.robustness.specifications import DIMENSIONS, specification_grid
from netral_research.workflow.coverage_benchmark import measure_coverage
from netral_research.workflow.multiverse_benchmark import measure_multiverse
from netral_research.workflow.processes import usual_processes


class Counted(ThreadingBackend):
    """Threads that tell how much work they were given, and with how many workers."""

    submitted = 0
    workers: set[int] = set()  # noqa: RUF012

    def submit(self, func, callback=None):
        type(self).submitted += 1
        return super().submit(func, callback)

    def configure(self, n_jobs=1, parallel=None, **others):
        type(self).workers.add(n_jobs)
        return super().configure(n_jobs, parallel, **others)


@pytest.fixture
def counted():
    Counted.submitted, Counted.workers = 0, set()
    joblib.register_parallel_backend("counted", Counted)
    yield Counted
    joblib.parallel.BACKENDS.pop("counted")


def histories():
    random = np.random.default_rng(1)
    place = np.indices((20, 5)).reshape(2, -1)
    found = permute_histories(
        random.poisson(9, 100), random.random((20, 5)), *place, np.arange(20) % 2, None, place, None, 599, 1
    )
    return np.concatenate([found.coefficients, found.statistics])


def slope(level, draw):
    return 1 / (1 + level) + draw.normal(scale=0.01), 0.001


def extrapolated():
    return simex(slope, (0.5, 1.0, 1.5, 2.0), 5, seed=2).path.to_numpy()


DESIGN = {"shock_deviation": 0.3, "autocorrelation": 0.5}


def designs():
    chosen = {str(regions): staggered_design(regions, 3, 20.0, 0.5, seed=1, **DESIGN) for regions in (10, 12)}
    return compare_designs(chosen, draws=10, seed=1)[["detectable_ratio"]].to_numpy()


def curve():
    return power_curve(staggered_design(10, 3, 20.0, 0.5, seed=1, **DESIGN), [0.5, 0.8], draws=10, seed=1).to_numpy()


def sample_of(_):
    return pd.DataFrame({"unit_code": ["11", "12"], "count": [3.0, 4.0]})


def ratio_of(_, one):
    return Estimate(0.5 + len(one.stage) / 10)


def choices():
    options = {name: {"main": {"en": "usual"}} for name in DIMENSIONS}
    options["stage"] = {"alleged": {"en": "first"}, "proven": {"en": "last"}}
    return run_multiverse(specification_grid(options), sample_of, ratio_of)[["rate_ratio"]].to_numpy()


def panels():
    return measure_coverage(draws=2, treated=[19]).to_numpy(dtype="float64")


WORK = (histories, extrapolated, designs, curve, choices, panels)


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__)
def test_the_callers_backend_is_given_the_work_and_gives_the_same_numbers(work, counted):
    alone = work()
    with joblib.parallel_config("counted", n_jobs=3):
        shared = work()
    assert counted.submitted
    assert counted.workers == {3}
    np.testing.assert_array_equal(shared, alone)


def test_a_benchmark_with_workers_of_its_own_leaves_the_callers_backend_and_number(counted):
    with joblib.parallel_config("counted", n_jobs=3):
        assert measure_multiverse(8, 26, 3).specifications == 200
    assert counted.submitted
    assert counted.workers == {3}


@pytest.mark.parametrize(("chosen", "workers"), [({}, 2), ({"n_jobs": 1}, 1), ({"n_jobs": 5}, 5)])
def test_a_benchmark_takes_two_processes_only_where_nobody_has_said_how_many(chosen, workers):
    with joblib.parallel_config(**chosen), usual_processes(2):
        assert joblib.effective_n_jobs(None) == workers


def test_one_piece_after_another_stays_so():
    with joblib.parallel_config("sequential"), usual_processes(2):
        assert isinstance(joblib.parallel.get_active_backend()[0], SequentialBackend)
        assert joblib.effective_n_jobs(None) == 1


# Panels call joblib again within each piece, which wants workers that are processes of their own.
@pytest.mark.parametrize("work", WORK[:-1], ids=lambda work: work.__name__)
def test_a_dask_cluster_gives_the_same_numbers(work):
    distributed = pytest.importorskip("distributed", reason="dask and distributed are not installed")
    alone = work()
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, processes=False) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config("dask"),
        usual_processes(1),
    ):
        assert joblib.effective_n_jobs(None) == 2
        shared = work()
    np.testing.assert_array_equal(shared, alone)
