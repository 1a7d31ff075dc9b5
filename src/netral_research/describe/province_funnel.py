"""The funnel of the study's own rates: one cycle, one group of institutions, counts whose day is named."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from netral_research.clean.loading import Reference
from netral_research.describe.funnel import LEVELS, Funnel, funnel_plot, level_name
from netral_research.describe.funnel_figure import WORDS, funnel_figure
from netral_research.describe.rates import PER, exact_province_counts
from netral_research.errors import CannotEstimateError
from netral_research.figures import alternatives
from netral_research.language import LANGUAGES, format_number, label, locale_texts
from netral_research.results import Result, Value
from netral_research.study import StudyParameters

FUNCTION = "netral_research.describe.province_funnel.reported_funnel"
COUNTED = ["election_cycle", "institution_group", "unit_code", "value", "as_of", "institution", "obs_id", "source_ids"]
WIDEST = level_name(max(LEVELS))


def reported_funnel(
    violations: pd.DataFrame,
    headcount: pd.DataFrame,
    reference: Reference,
    names: Mapping[str, str],
    study: StudyParameters,
) -> Result:
    """Which provinces reported more or less than the common rate, beyond chance and the spread all share.

    Only counts of the cycle and the group of institutions that cover most provinces, and only those whose day is named
    and lies in the campaign or later: earlier ones count what had hardly begun.

    Parameters
    ----------
    violations : pandas.DataFrame
        Clean rows of undivided units.
    headcount : pandas.DataFrame
        ``unit_code`` and ``headcount``.
    reference : Reference
    names : mapping of str to str
        Province names by code.
    study : StudyParameters

    Returns
    -------
    Result
        Table ``election_cycle``, ``institution_group``, ``unit_code``, ``value``, ``as_of``, ``institution``,
        ``headcount``, and the columns of :class:`netral_research.describe.funnel.Funnel` from ``expected`` on. Without
        rows, and values without a number, where fewer than three provinces or no case can be compared.

    References
    ----------
    Spiegelhalter (2005), Statistics in Medicine 24: 1185-1202.
    """
    counts = _comparable_counts(violations, reference, study).merge(
        headcount[["unit_code", "headcount"]], on="unit_code"
    )
    cells = counts.groupby(["election_cycle", "institution_group"]).size()
    if len(cells):
        cycle, group = cells.sort_values(kind="stable").index[-1]
        counts = counts[(counts["election_cycle"] == cycle) & (counts["institution_group"] == group)]
    counts = counts.sort_values("unit_code").reset_index(drop=True)
    try:
        funnel = saved_funnel(counts)
    except CannotEstimateError:
        table = counts[:0]
        return Result("funnel", table, _missing_values(), _no_alternative(), notes=("funnel_not_blame",))
    limits = funnel.table.loc[:, "expected":].reset_index(drop=True)
    table = pd.concat([counts, limits], axis=1)
    values = _values(funnel, table, names)
    return Result("funnel", table, values, _alternative(funnel, table), notes=("funnel_not_blame",))


def saved_funnel(table: pd.DataFrame) -> Funnel:
    """The funnel of counts and headcounts, as they stand in the saved table.

    Parameters
    ----------
    table : pandas.DataFrame
        ``unit_code``, ``value`` and ``headcount`` of one cycle and group of institutions.

    Returns
    -------
    Funnel
        Rates per 10,000 civil servants.

    Raises
    ------
    CannotEstimateError
        If there are fewer than three provinces, or no case.

    Examples
    --------
    >>> counts = pd.DataFrame({"unit_code": ["11", "12", "13"], "value": [3, 4, 5], "headcount": 20_000})
    >>> saved_funnel(counts).rate
    2.0
    """
    by_unit = table.set_index("unit_code")
    return funnel_plot(by_unit["value"], by_unit["headcount"] / PER)


def _comparable_counts(violations: pd.DataFrame, reference: Reference, study: StudyParameters) -> pd.DataFrame:
    counts = exact_province_counts(violations, study)
    starts = {name: cycle.campaign_start.isoformat() for name, cycle in reference.calendar.cycles.items()}
    in_time = (counts["as_of_earliest"] != "") & (counts["as_of_earliest"] >= counts["election_cycle"].map(starts))
    keys = ["election_cycle", "institution_group", "unit_code"]
    latest = counts[in_time].sort_values([*keys, "as_of_latest", "value", "obs_id"]).drop_duplicates(keys, keep="last")
    return latest[COUNTED]


def _values(funnel: Funnel, table: pd.DataFrame, names: Mapping[str, str]) -> tuple[Value, ...]:
    days = sorted(table["as_of"])
    cycle, group = table.loc[0, ["election_cycle", "institution_group"]]
    narrow, wide = sorted(LEVELS)
    above, below = _named(funnel, names)
    return (
        Value("describe.funnel_cycle", f"cycle:{cycle}", "label", "none", FUNCTION),
        Value("describe.funnel_institutions", f"institution_group:{group}", "label", "none", FUNCTION),
        Value("describe.funnel_provinces", len(table), "integer", "provinces", FUNCTION),
        Value("describe.funnel_first_day", days[0], "day", "none", FUNCTION),
        Value("describe.funnel_last_day", days[-1], "day", "none", FUNCTION),
        Value("describe.funnel_rate", funnel.rate, "decimal_2", "rate_per_10000", FUNCTION),
        Value("describe.funnel_dispersion", funnel.dispersion, "decimal_1", "ratio", FUNCTION),
        Value("describe.funnel_overdispersed", "wide" if funnel.overdispersed else "chance", "text", "none", FUNCTION),
        Value("describe.funnel_outside_exact", len(funnel.outside(wide, "exact")), "integer", "provinces", FUNCTION),
        Value("describe.funnel_outside", len(funnel.outside(wide)), "integer", "provinces", FUNCTION),
        Value("describe.funnel_outside_narrow", len(funnel.outside(narrow)), "integer", "provinces", FUNCTION),
        Value("describe.funnel_above", above, "text", "none", FUNCTION),
        Value("describe.funnel_below", below, "text", "none", FUNCTION),
        Value("describe.funnel_level", wide, "percent_1", "percent", FUNCTION),
        Value("describe.funnel_level_narrow", narrow, "percent_0", "percent", FUNCTION),
    )


def _named(funnel: Funnel, names: Mapping[str, str]) -> tuple[str | None, str | None]:
    place = funnel.table[f"widened_place_{WIDEST}"]
    sides = (", ".join(names[str(code)] for code in place.index[place == side]) for side in ("above", "below"))
    above, below = (side or None for side in sides)
    return above, below


def _missing_values() -> tuple[Value, ...]:
    return (
        Value("describe.funnel_provinces", None, "integer", "provinces", FUNCTION),
        Value("describe.funnel_dispersion", None, "decimal_1", "ratio", FUNCTION),
    )


def _no_alternative() -> dict[str, str]:
    return alternatives("funnel", {}, "alt_refused")


def _alternative(funnel: Funnel, table: pd.DataFrame) -> dict[str, str]:
    cycle = str(table.loc[0, "election_cycle"])
    numbers = {
        "provinces": (float(len(table)), "integer"),
        "rate": (funnel.rate, "decimal_2"),
        "dispersion": (funnel.dispersion, "decimal_1"),
        "exact": (float(len(funnel.outside(max(LEVELS), "exact"))), "integer"),
        "widened": (float(len(funnel.outside(max(LEVELS)))), "integer"),
        "level": (max(LEVELS), "percent_1"),
    }
    return alternatives("funnel", numbers, cycle={language: label(language, "cycle", cycle) for language in LANGUAGES})


def draw_funnel(
    table: pd.DataFrame, names: Mapping[str, str], counted: str, language: str, narrow: bool = False
) -> Figure:
    """Draw the saved funnel.

    Parameters
    ----------
    table : pandas.DataFrame
        Table ``funnel``, with rows.
    names : mapping of str to str
        Province names by code.
    counted : str
        What is counted, a term of the vocabulary ``counted``.
    language : {"id", "en"}
    narrow : bool
        Whether it is for a phone.

    Returns
    -------
    matplotlib.figure.Figure
    """
    told = label(language, "counted", counted)
    texts = locale_texts(language)
    words = {word: texts[f"figures.funnel.{word}"] for word in WORDS}
    axis = words["rate_axis"].format(counted=told)
    words["rate_axis"] = axis[:1].upper() + axis[1:]
    level = format_number(min(LEVELS), "percent_0", language)
    words["inside"] = words["inside"].format(level=level)
    return funnel_figure(saved_funnel(table), names, words, language, narrow)
