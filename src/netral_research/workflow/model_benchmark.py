"""How fast the association is estimated, as ratios to what a user would pick instead; no test."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.language import format_number, text
from netral_research.model.fixed_effects import fit_fixed_effects
from netral_research.model.randomisation import permute_histories
from netral_research.workflow.multiverse_benchmark import MultiverseBenchmark, measure_multiverse

REGIONS, PERIODS, DRAWS = 514, 120, 999
# With dummies the time rises with the rows and the square of the columns: a smaller panel stands in for five minutes.
FEW_REGIONS, FEW_PERIODS = 100, 24


@dataclass(frozen=True)
class ModelBenchmark:
    """Seconds.

    Parameters
    ----------
    ours, pyfixest : float
        One fit of 514 regions and 120 months, pyfixest after its first call.
    dummies : float
        The same fit by statsmodels with dummies, extrapolated from a smaller panel.
    permutations, refits : float
        999 shuffled histories, ours in one step and by refitting with pyfixest (one refit, extrapolated).
    multiverse : MultiverseBenchmark
        200 specifications with 999 shuffled histories, on the same number of regions and months.
    """

    ours: float
    pyfixest: float
    dummies: float
    permutations: float
    refits: float
    multiverse: MultiverseBenchmark


def _panel(regions: int, periods: int) -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(20200910)
    region, period = np.indices((regions, periods)).reshape(2, -1)
    start = random.integers(0, periods, regions)
    dose = (np.arange(periods) >= start[:, None]) * random.random((regions, 1))
    offset = random.normal(scale=0.3, size=region.size)
    mean = np.exp(-0.3 + offset - 0.3 * dose.ravel() + random.normal(scale=0.5, size=regions)[region])
    frame = pd.DataFrame(
        {"count": random.poisson(mean), "dose": dose.ravel(), "region": region, "period": period, "offset": offset}
    )
    return frame, dose


def _work(regions: int, periods: int) -> float:
    return regions * periods * (regions + periods) ** 2


def _seconds(*calls: Callable[[], object], times: int = 3) -> list[float]:
    """Shortest time of each call; they take turns, so that whatever else the machine does burdens all alike."""
    found: list[list[float]] = [[] for _ in calls]
    for _ in range(times):
        for call, seconds in zip(calls, found, strict=True):
            begun = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - begun)
    return [min(seconds) for seconds in found]


def measure_model() -> ModelBenchmark:
    """Fit simulated panels with this package and with what else there is.

    Returns
    -------
    ModelBenchmark
    """
    # First, so that its memory is its own and not that of what it is compared with.
    multiverse = measure_multiverse(REGIONS, PERIODS, DRAWS)
    import pyfixest as pf
    import statsmodels.api as sm

    frame, dose = _panel(REGIONS, PERIODS)
    few, _ = _panel(FEW_REGIONS, FEW_PERIODS)

    def ours(rows: pd.DataFrame) -> object:
        return fit_fixed_effects(rows["count"], rows[["dose"]], [rows["region"], rows["period"]], rows["offset"])

    def theirs() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pf.fepois("count ~ dose | region + period", frame, offset="offset", vcov={"CRV1": "region"})

    def with_dummies() -> object:
        dummies = [
            pd.get_dummies(few[name], drop_first=place > 0, dtype=float)
            for place, name in enumerate(("region", "period"))
        ]
        design = np.column_stack([few["dose"], *dummies])
        return sm.GLM(few["count"], design, family=sm.families.Poisson(), offset=few["offset"]).fit()

    def shuffled() -> object:
        labels = [frame["region"], frame["period"]]
        return permute_histories(
            frame["count"], dose, frame["region"], frame["period"], np.zeros(REGIONS), None, labels, frame["offset"],
            DRAWS, 1,
        )  # fmt: skip

    theirs()  # its first call loads and compiles
    own, other = _seconds(lambda: ours(frame), theirs, times=9)
    (dummies,) = _seconds(with_dummies, times=1)
    (permuted,) = _seconds(shuffled)
    extrapolated = dummies * _work(REGIONS, PERIODS) / _work(FEW_REGIONS, FEW_PERIODS)
    return ModelBenchmark(own, other, extrapolated, permuted, other * DRAWS, multiverse)


def describe_model(benchmark: ModelBenchmark, language: str) -> str:
    """What was measured, as lines for the screen.

    Parameters
    ----------
    benchmark : ModelBenchmark
    language : {"id", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> multiverse = MultiverseBenchmark(specifications=200, draws=999, seconds=30.0, megabytes=500.0)
    >>> print(describe_model(ModelBenchmark(0.1, 0.6, 300.0, 0.2, 600.0, multiverse), "en").splitlines()[1])
      one fit, ratio to pyfixest                                6.0
    """
    rows = (
        ("fit", benchmark.pyfixest / benchmark.ours),
        ("dummies", benchmark.dummies / benchmark.ours),
        ("permutations", benchmark.refits / benchmark.permutations),
        ("multiverse", benchmark.multiverse.seconds),
        ("multiverse_refits", benchmark.refits * benchmark.multiverse.specifications / benchmark.multiverse.seconds),
        ("memory", benchmark.multiverse.megabytes),
    )
    lines = [
        f"  {text(language, f'cli.bench.model_{name}'):<48}{format_number(ratio, 'decimal_1', language):>13}"
        for name, ratio in rows
    ]
    return "\n".join((text(language, "cli.bench.model_title"), *lines))
