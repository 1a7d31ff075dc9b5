"""How often printed p-values err and printed intervals hold the truth, on panels with a known one; no test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from netral_research.language import format_number, text
from netral_research.model.poisson import fit_within_provinces
from netral_research.model.randomisation import permute_histories

REGIONS, PERIODS, TREATED = 38, 7, (5, 19, 33)
DRAWS, SHUFFLES, SEED = 400, 399, 20200910
RATIOS, SPREADS = (1.0, 0.7), (0.0, 0.4)
COLUMNS = ("spread", "rate_ratio", "treated", "draws", "size", "coverage")


def measure_coverage(draws: int = DRAWS, treated: Sequence[int] = TREATED) -> pd.DataFrame:
    """Simulate panels without targeting, and count rejections at 5 % and intervals of 95 % that hold the truth.

    Parameters
    ----------
    draws : int
        Panels of each kind.
    treated : sequence of int
        Regions with events.

    Returns
    -------
    pandas.DataFrame
        ``spread`` (standard deviation of the log risk of a region and cycle; zero: Poisson), ``rate_ratio`` (the true
        one), ``treated``, ``draws``, ``size`` (share of p-values below 0.05 when shuffled histories test the truth),
        ``coverage`` (share of printed intervals that hold it).

    Examples
    --------
    >>> measure_coverage(draws=2, treated=[19])["rate_ratio"].tolist()
    [1.0, 0.7, 1.0, 0.7]
    """
    kinds = [(spread, ratio, number) for spread in SPREADS for ratio in RATIOS for number in treated]
    rows = []
    for kind in kinds:
        found = Parallel()(delayed(_one_panel)(*kind, SEED + draw) for draw in range(draws))
        rows.append((*kind, draws, *np.mean(found, axis=0)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _one_panel(spread: float, ratio: float, treated: int, seed: int) -> tuple[bool, bool]:
    random = np.random.default_rng(seed)
    shape = REGIONS, PERIODS
    events = random.poisson(np.exp(0.6 + random.normal(0, 0.5, (REGIONS, 1))), shape)
    events[random.permutation(REGIONS)[treated:]] = 0
    dose, size = np.log2(1 + events), random.normal(0, 0.7, (REGIONS, 1))
    risk = np.log(12) + random.normal(0, 0.5, (REGIONS, 1)) + random.normal(0, 0.5, PERIODS)
    counts = random.poisson(np.exp(risk + size + np.log(ratio) * dose + spread * random.normal(size=shape)))
    region, period = np.indices(shape).reshape(2, -1)
    offset = np.repeat(size[:, 0], PERIODS)
    sample = pd.DataFrame(
        {"region": region, "period": period, "count": counts.ravel(), "dose": dose.ravel(), "offset": offset}
    )
    _, lower, upper = fit_within_provinces(sample, ["dose"], 2, ["region", "period"], "offset").interval("dose", 0.95)
    shuffled = permute_histories(
        counts.ravel(), dose, region, period, np.zeros(REGIONS), None, [region, period],
        offset + np.log(ratio) * dose.ravel(), SHUFFLES, seed,
    )  # fmt: skip
    return shuffled.p_statistic < 0.05, lower <= ratio <= upper


def describe_coverage(table: pd.DataFrame, language: str) -> str:
    """What was measured, as lines for the screen.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`measure_coverage` gives it.
    language : {"id", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> measured = pd.DataFrame([(0.0, 1.0, 5, 400, 0.041, 0.972)], columns=list(COLUMNS))
    >>> describe_coverage(measured, "en").splitlines()[-1].split()
    ['0.0', '1.0', '5', '400', '0.041', '0.972']
    """
    styles = ("decimal_1", "decimal_1", "integer", "integer", "decimal_3", "decimal_3")
    lines = ["".join(f"{text(language, f'cli.bench.coverage_{name}'):>16}" for name in COLUMNS)]
    for row in table.itertuples(index=False):
        told = (format_number(number, style, language) for number, style in zip(row, styles, strict=True))
        lines.append("".join(f"{number:>16}" for number in told))
    return "\n".join((text(language, "cli.bench.coverage_title"), *lines))
