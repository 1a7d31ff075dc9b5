"""What every part of the report is written with: one language's texts, values, labels and saved tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from netral_research.figures import svg_text
from netral_research.language import format_day, format_number, label, locale_texts
from netral_research.regions import RegionRegister
from netral_research.report.blocks import Bullets, Column, FigureBlock, Paragraph, TableBlock
from netral_research.report.inline import Content, Inline
from netral_research.report.registry import ValueRegistry
from netral_research.results import Result
from netral_research.storage import StageResults
from netral_research.study import StudyParameters

NO_BREAK = "\N{NO-BREAK SPACE}"
Row = Mapping[str, object]
Cell = Callable[[Row], Content]


@dataclass(frozen=True)
class Writer:
    """Writes the report in one language from saved results.

    Parameters
    ----------
    language : {"id", "en"}
    registry : ValueRegistry
    stages : mapping of str to StageResults
    register : RegionRegister
    study : StudyParameters
    """

    language: str
    registry: ValueRegistry
    stages: Mapping[str, StageResults]
    register: RegionRegister
    study: StudyParameters

    def result(self, stage: str, name: str) -> Result:
        """A saved result."""
        return self.stages[stage].results[name]

    def table(self, stage: str, name: str) -> pd.DataFrame:
        """A saved table."""
        return self.result(stage, name).table

    def say(self, key: str, **fields: object) -> tuple[Inline, ...]:
        """A sentence of ``locales/*/report.toml`` as inline pieces; ``headline`` is what the maps and rates count."""
        headline = self.term("counted", self.study.outcome.counted)
        words = {
            "headline": headline,
            "headline_first": headline[:1].upper() + headline[1:],
            "measure": self.term("measure", self.study.outcome.headline_measure),
        }
        return self.registry.compose(self.language, locale_texts(self.language)[f"report.{key}"], **words, **fields)

    def word(self, key: str) -> str:
        """A plain text of ``locales/*/report.toml``."""
        return locale_texts(self.language)[f"report.{key}"]

    def paragraph(self, key: str, **fields: object) -> Paragraph:
        """A sentence as a paragraph."""
        return Paragraph(self.say(key, **fields))

    def bullets(self, *keys: str) -> Bullets:
        """Sentences as a list."""
        return Bullets(tuple(self.say(key) for key in keys))

    def term(self, vocabulary: str, name: object) -> str:
        """Label of a controlled term."""
        return label(self.language, vocabulary, str(name))

    def terms(self, vocabulary: str, names: object) -> str:
        """Labels of ``;`` joined terms."""
        return ", ".join(self.term(vocabulary, name) for name in str(names).split(";") if name)

    def number(self, value: object, style: str = "integer") -> str:
        """A number of a table as the language writes it."""
        return format_number(float(str(value)), style, self.language)

    def day(self, written: object) -> str:
        """A date of a table as the language writes it, day and month on one line; says so where there is none."""
        told = format_day(str(written), self.language) if written else self.word("missing.undated")
        return told.replace(" ", NO_BREAK, 1)

    def region(self, code: object) -> str:
        """Name of a province or regency."""
        return self.register.names.get(str(code), str(code))

    def value(self, identifier: str) -> Content:
        """A registered value for a cell or a large number."""
        return (self.registry.printed(identifier, self.language),)

    def has(self, identifier: str) -> bool:
        """Tell whether a value was computed."""
        entry = self.registry.entries.get(identifier)
        return entry is not None and entry.value.value is not None

    def chosen(self, identifier: str) -> str:
        """A word that code chose, such as the key of a sentence."""
        return str(self.registry.value(identifier).value.value)

    def rows(
        self,
        identifier: str,
        caption: Content,
        frame: pd.DataFrame,
        columns: Iterable[tuple[Column, Cell]],
        **more: object,
    ) -> TableBlock:
        """A table block: one row for every row of a frame, one cell for every column.

        Parameters
        ----------
        identifier : str
        caption : str or tuple of Inline
        frame : pandas.DataFrame
        columns : iterable of (Column, function of a row)
        **more : object
            Further fields of :class:`netral_research.report.blocks.TableBlock`.

        Returns
        -------
        TableBlock
        """
        pairs = list(columns)
        records = [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]
        cells = tuple(tuple(cell(record) for _, cell in pairs) for record in records)
        return TableBlock(identifier, caption, tuple(column for column, _ in pairs), cells, **more)  # type: ignore[arg-type]

    def figure(
        self, identifier: str, part: str, draw: Callable[[bool], Figure], result: Result, data: str, **more: Content
    ) -> FigureBlock:
        """A figure block with the titles and source of its part of the report.

        Parameters
        ----------
        identifier : str
        part : str
            ``section.prefix`` of its texts; ``prefix_subtitle`` must exist.
        draw : function of bool
            Draws it, for a phone or for a page.
        result : Result
            Carries the text alternative.
        data : str
            Address of the data file.
        **more : Content
            ``heading``, chosen by what the figure shows; ``source`` where it differs, and ``note``.

        Returns
        -------
        FigureBlock
        """
        section = part.partition(".")[0]
        note = more.get("note")
        return FigureBlock(
            id=identifier,
            heading=more["heading"],
            subtitle=self.say(f"{part}_subtitle"),
            svg=svg_text(draw(False)),
            alt=result.alt[self.language],
            narrow_svg=svg_text(draw(True)),
            notes=(note,) if note else (),
            source=more.get("source") or self.say(f"{section}.source"),
            data_address=data,
        )


def data_address(stage: str, table: str) -> str:
    """Address of a saved table beside the report, relative to one language's page.

    Examples
    --------
    >>> data_address("describe", "rates")
    '../data/describe/rates.csv'
    """
    return f"../data/{stage}/{table}.csv"
