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
# As many regions as the three island groups have, within which the study's histories are shuffled.
GROUPS = np.repeat([0, 1, 2], [10, 9, 19])
KIND = ("spread", "rate_ratio", "treated", "draws")
SHARES = ("size", "size_in_groups", "coverage", "placebo_coverage")
COLUMNS = (*KIND, *SHARES, *(f"{share}_error" for share in SHARES))


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
        ``size_in_groups`` (the same with histories shuffled within three groups of regions, as the study does),
        ``coverage`` (share of printed intervals that hold it), ``placebo_coverage`` (share of the placebo's intervals
        that hold one), and the Monte Carlo error of each share.

    Examples
    --------
    >>> measure_coverage(draws=2, treated=[19])["rate_ratio"].tolist()
    [1.0, 0.7, 1.0, 0.7]
    """
    kinds = [(spread, ratio, number) for spread in SPREADS for ratio in RATIOS for number in treated]
    rows = []
    for kind in kinds:
        found = Parallel()(delayed(_one_panel)(*kind, SEED + draw) for draw in range(draws))
        shares = np.mean(found, axis=0)
        rows.append((*kind, draws, *shares, *np.sqrt(shares * (1 - shares) / draws)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _one_panel(spread: float, ratio: float, treated: int, seed: int) -> tuple[bool, ...]:
    random = np.random.default_rng(seed)
    shape = REGIONS, PERIODS
    events = random.poisson(np.exp(0.6 + random.normal(0, 0.5, (REGIONS, 1))), shape)
    events[random.permutation(REGIONS)[treated:]] = 0
    dose, size = np.log2(1 + events), random.normal(0, 0.7, (REGIONS, 1))
    risk = np.log(12) + random.normal(0, 0.5, (REGIONS, 1)) + random.normal(0, 0.5, PERIODS)
    counts = random.poisson(np.exp(risk + size + np.log(ratio) * dose + spread * random.normal(size=shape)))
    # Events of later on in the same regions, which counts do not depend on: the placebo.
    later = np.log2(1 + np.where(events.any(axis=1, keepdims=True), random.poisson(2, shape), 0))
    region, period = np.indices(shape).reshape(2, -1)
    offset = np.repeat(size[:, 0], PERIODS)
    sample = pd.DataFrame(
        {"region": region, "period": period, "count": counts.ravel(), "dose": dose.ravel(), "later": later.ravel(),
         "offset": offset}
    )  # fmt: skip
    effects = ["region", "period"]
    _, lower, upper = fit_within_provinces(sample, ["dose"], 2, effects, "offset").interval("dose", 0.95)
    beside = fit_within_provinces(sample, ["dose", "later"], 2, effects, "offset")
    _, placebo_lower, placebo_upper = beside.interval("later", 0.95)
    rejected = (
        permute_histories(
            counts.ravel(), dose, region, period, strata, None, [region, period],
            offset + np.log(ratio) * dose.ravel(), SHUFFLES, seed,
        ).p_statistic < 0.05
        for strata in (np.zeros(REGIONS), GROUPS)
    )  # fmt: skip
    return (*rejected, lower <= ratio <= upper, placebo_lower <= 1 <= placebo_upper)


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
    >>> shares = 0.041, 0.05, 0.972, 0.95, 0.01, 0.011, 0.008, 0.011
    >>> measured = pd.DataFrame([(0.0, 1.0, 5, 400, *shares)], columns=list(COLUMNS))
    >>> describe_coverage(measured, "en").splitlines()[-1].split()[3:7]
    ['400', '0.041', '(0.010)', '0.050']
    """
    styles = dict(zip(KIND, ("decimal_1", "decimal_1", "integer", "integer"), strict=True))
    lines = ["".join(f"{text(language, f'cli.bench.coverage_{name}'):>18}" for name in (*KIND, *SHARES))]
    for row in table.to_dict("records"):
        told = [format_number(row[name], style, language) for name, style in styles.items()]
        told += [
            f"{format_number(row[name], 'decimal_3', language)}"
            f" ({format_number(row[f'{name}_error'], 'decimal_3', language)})"
            for name in SHARES
        ]
        lines.append("".join(f"{number:>18}" for number in told))
    return "\n".join((text(language, "cli.bench.coverage_title"), *lines))
