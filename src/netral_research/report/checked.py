"""Two parts of the national report: what all published counts say together, and what the association hangs on."""

from __future__ import annotations

from netral_research.report.blocks import Column, Section
from netral_research.report.writer import Cell, Writer, data_address

# Predicted totals so much above the published ones say that provinces with few cases go unpublished.
EXCEEDS = 1.1
COMPARED = ("persons_cases", "referred_alleged", "proven_alleged")
ALIKE = 0.05


def measured(writer: Writer) -> Section:
    """What the measurement model determines: ratios between ways of counting, and provinces that differ."""
    if not writer.has("model.measurement_counts"):
        return Section("measured", writer.say("measured.heading"), (writer.paragraph("measured.refused"),))
    table = writer.table("model", "measurement_differences")
    named = table[table["named"].astype("str").str.lower() == "true"].sort_values("ratio", ascending=False)
    columns: list[tuple[Column, Cell]] = [
        (
            Column(writer.word("measured.col_province"), is_row_header=True, share=5),
            lambda r: writer.region(r["unit_code"]),
        ),
        (Column(writer.word("measured.col_ratio"), "end", share=3), lambda r: writer.number(r["ratio"], "decimal_1")),
        (
            Column(writer.say("measured.col_interval"), "end", share=4),
            lambda r: f"{writer.number(r['lower'], 'decimal_1')}–{writer.number(r['upper'], 'decimal_1')}",
        ),
        (
            Column(writer.word("measured.col_rank"), "end", share=3),
            lambda r: f"{writer.number(r['rank_lower'])}–{writer.number(r['rank_upper'])}",
        ),
    ]
    block = writer.rows(
        "differences-table",
        writer.say("measured.caption"),
        named,
        columns,
        notes=(writer.say("measured.note"),),
        source=writer.say("related.source"),
        data_address=data_address("model", "measurement_differences"),
    )
    compared = all(writer.has(f"model.measured_{name}") for name in COMPARED)
    keys = [*(["ratios"] if compared else []), *_totals(writer)]
    if writer.has("model.measured_rate_ratio"):
        following = ["dose_next"] if writer.has("model.measured_next_cycle") else []
        keys += ["dose", *following, "dose_targeting", *_beside(writer)]
    return Section(
        "measured",
        writer.say("measured.heading"),
        (
            writer.paragraph("measured.first"),
            block,
            writer.paragraph("measured.unnamed"),
            *([writer.bullets(*(f"measured.{key}" for key in keys))] if keys else []),
        ),
    )


def _beside(writer: Writer) -> list[str]:
    """That two ratios of one association do not contradict each other: both intervals hold one, and both say so."""
    told = [writer.chosen(name) for name in ("model.sentence", "model.measured_sentence")]
    return ["dose_beside"] if told == ["cannot_tell", "cannot_tell"] else []


def _totals(writer: Writer) -> list[str]:
    """The test on national totals; why provinces alone say too much, only where they do."""
    if not writer.has("model.totals_inside"):
        return []
    return [
        "totals_exceeded"
        if _number(writer, "model", "measurement_totals", "model.totals_ratio") > EXCEEDS
        else "totals"
    ]


def _number(writer: Writer, stage: str, result: str, identifier: str) -> float:
    return float(str(writer.result(stage, result).value(identifier).value))


def _space(writer: Writer) -> str:
    """Whether neighbours are more alike than chance has it, by either kind of neighbour."""
    names = ("robustness.moran_p_adjacent", "robustness.moran_p_nearest_seats")
    alike = any(writer.has(name) and _number(writer, "robustness", "space", name) < ALIKE for name in names)
    return "space_alike" if alike else "space"


def _third_factor(writer: Writer) -> str:
    """Whether a third factor would be needed at all for an interval without one."""
    if not writer.has("robustness.e_value_limit"):
        return "third_factor"
    limit = _number(writer, "robustness", "reporting", "robustness.e_value_limit")
    return "third_factor" if limit > 1 else "third_factor_idle"


def checked(writer: Writer) -> Section:
    """What the association hangs on."""
    present = {
        "tests": "model.p_shuffled_histories",
        "cycles": "robustness.without_cycle_lowest",
        "choices": "robustness.specifications_median",
        "reporting": "robustness.identified_from",
        _third_factor(writer): "robustness.e_value",
        _space(writer): "robustness.moran_p_adjacent",
        "completeness": "robustness.completeness_lowest",
        "more": "robustness.detectable_regencies",
    }
    keys = [f"checked.{key}" for key, value in present.items() if writer.has(value)]
    return Section("checked", writer.say("checked.heading"), (writer.paragraph("checked.first"), writer.bullets(*keys)))
