"""How long a multiverse of 200 specifications with shuffled histories takes, and how much memory; no test."""

from __future__ import annotations

import os
import platform
import sys
import time
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from joblib import Parallel, delayed, effective_n_jobs

from netral_research.model.cluster_errors import cluster_robust
from netral_research.model.fixed_effects import fit_fixed_effects
from netral_research.robustness.estimates import Estimate
from netral_research.robustness.joint_test import joint_permutation_test
from netral_research.robustness.multiverse import run_multiverse
from netral_research.robustness.shuffles import shuffle_histories
from netral_research.robustness.specifications import DIMENSIONS, Specification, specification_grid
from netral_research.workflow.processes import usual_processes

WORKERS, REACH = 2, 1.96
# Two institutions, two stages, five exposures, five windows and two decays: 200 specifications.
OPTIONS = {
    "institution": ("first", "second"), "stage": ("alleged", "proven"),
    "exposure": ("events", "any", "logarithm", "at_most_3", "every_other"), "window": ("3", "6", "9", "12", "24"),
    "decay": ("even", "fading"),
}  # fmt: skip
_SHARES = {"first": 1.0, "second": 0.7, "alleged": 1.0, "proven": 0.6}


@dataclass(frozen=True)
class MultiverseBenchmark:
    """What the multiverse took.

    Parameters
    ----------
    specifications : int
        Those that were estimated.
    draws : int
        Shuffled histories behind each.
    seconds : float
        Estimates and joint test, with the start of the processes.
    megabytes : float
        Largest memory of the main process and of all workers, added up; missing where the system does not tell it.
    """

    specifications: int
    draws: int
    seconds: float
    megabytes: float


@dataclass(frozen=True)
class _World:
    """Counts and events of every region and month, from which each specification takes its sample."""

    codes: tuple[str, ...]
    counts: dict[tuple[str, str], np.ndarray]
    events: np.ndarray
    log_headcount: np.ndarray

    def sample(self, one: Specification) -> pd.DataFrame:
        regions, months = self.events.shape
        return pd.DataFrame(
            {
                "unit_code": np.repeat(self.codes, months), "election_cycle": np.tile(np.arange(months), regions),
                "count": self.counts[one.institution, one.stage].ravel(), "dose": self._dose(one).ravel(),
                "log_headcount": np.repeat(self.log_headcount, months),
            }
        )  # fmt: skip

    def _dose(self, one: Specification) -> np.ndarray:
        window = int(one.window)
        weights = np.exp(-np.arange(window) / window) if one.decay == "fading" else np.ones(window)
        events = self.events * (np.indices(self.events.shape).sum(axis=0) % 2) if one.exposure == "every_other" else (
            np.minimum(self.events, 3) if one.exposure == "at_most_3" else self.events
        )  # fmt: skip
        summed = np.stack([np.convolve(row, np.r_[0.0, weights])[: len(row)] for row in events])
        if one.exposure == "any":
            return (summed > 0).astype("float64")
        return np.log2(1 + summed) if one.exposure == "logarithm" else summed


def _world(regions: int, months: int) -> _World:
    random = np.random.default_rng(20200910)
    log_headcount = random.normal(scale=0.5, size=regions)
    mean = np.exp(log_headcount + random.normal(scale=0.5, size=regions))[:, None] * np.ones(months)
    alleged = random.poisson(mean)
    counts = {
        (institution, stage): random.binomial(alleged, _SHARES[institution] * _SHARES[stage]).astype("float64")
        for institution, stage in product(OPTIONS["institution"], OPTIONS["stage"])
    }
    events = random.poisson(0.15, (regions, months)).astype("float64")
    return _World(tuple(f"{number:03d}" for number in range(regions)), counts, events, log_headcount)


def _estimate(sample: pd.DataFrame, one: Specification) -> Estimate:
    del one
    labels = [sample["unit_code"], sample["election_cycle"]]
    fit = fit_fixed_effects(sample["count"], sample[["dose"]], labels, sample["log_headcount"])
    centre, error = float(fit.coefficients[0]), float(np.sqrt(cluster_robust(fit, sample["unit_code"])[0, 0]))
    return Estimate(*np.exp([centre, centre - REACH * error, centre + REACH * error]).tolist())


def measure_multiverse(regions: int, months: int, draws: int) -> MultiverseBenchmark:
    """Estimate 200 specifications of a simulated panel and test them together.

    The work goes through joblib: where a backend is set by ``joblib.parallel_config``, as for a Dask cluster, it runs
    there; otherwise in two processes.

    Parameters
    ----------
    regions, months, draws : int

    Returns
    -------
    MultiverseBenchmark

    Examples
    --------
    >>> measure_multiverse(12, 30, 9).specifications
    200
    """
    world = _world(regions, months)
    main = {name: {"main": {"en": "the only one here"}} for name in DIMENSIONS}
    chosen = {name: {option: {"en": "another way"} for option in options} for name, options in OPTIONS.items()}
    grid = specification_grid(main | chosen)
    with usual_processes(WORKERS):
        begun = time.perf_counter()
        table = run_multiverse(grid, world.sample, _estimate)
        joint_permutation_test(grid, world.sample, shuffle_histories(world.codes, draws, seed=1))
        seconds = time.perf_counter() - begun
        peaks = Parallel()(delayed(_peak)(number) for number in range(4 * effective_n_jobs(None)))
    everyone = dict([_peak(-1), *peaks])
    return MultiverseBenchmark(int((table["refusal"] == "").sum()), draws, seconds, sum(everyone.values()))


def _peak(_: int) -> tuple[tuple[str, int], float]:
    """Machine and number of the process and its largest memory so far, in megabytes."""
    time.sleep(0.1)  # so that no worker answers for all
    process = platform.node(), os.getpid()
    if sys.platform == "win32":
        return process, float("nan")
    import resource

    unit = 2**20 if sys.platform == "darwin" else 2**10
    return process, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
