"""Making the page on which a person reviews proposals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from netral_research.errors import DataError, Problem, WorkflowError
from netral_research.files import Project, write_text
from netral_research.workflow.coded_inputs import (
    read_inputs,
    read_proposals,
    shown_path,
    source_details,
    standing_table,
)

PAGE, PAGE_ENDINGS = "review.html", (".html", ".htm")
MOST_PROPOSALS = 20_000  # beyond these a browser becomes slow


def write_review(root: Path, proposed: Path, articles: Path | None = None, output: Path | None = None) -> Path:
    """Write the page on which proposals are accepted, corrected or rejected.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    proposed : pathlib.Path
        The proposals; the record beside them tells where the articles are.
    articles : pathlib.Path, optional
        Folder or file of the articles, instead of the one that the record names.
    output : pathlib.Path, optional
        The page; ``review.html`` beside the proposals by default.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    NetralError
        If the proposals are not understood, the articles are not found, or the page's name is no page's.
    """
    from netral_research.clean.loading import load_reference
    from netral_research.code.review import ReviewContent, render_review

    page = output or proposed.with_name(PAGE)
    if page.suffix.lower() not in PAGE_ENDINGS:
        raise WorkflowError([Problem("review_output", file=shown_path(root, page))])
    project = Project(root)
    proposals = read_proposals(project, proposed)
    if len(proposals) > MOST_PROPOSALS:
        fields = {"found": str(len(proposals)), "most": str(MOST_PROPOSALS)}
        raise DataError([Problem("review_too_many", shown_path(root, proposed), fields=fields)])
    wanted = set(proposals["source_id"])
    inputs = read_inputs(proposed)
    inputs = replace(inputs, articles=articles or inputs.articles)
    if inputs.articles is None or not inputs.articles.exists():
        raise DataError([Problem("review_articles", file=shown_path(root, inputs.articles or proposed))])
    known = standing_table(project, "data/raw/sources.csv")
    rows = [{str(name): str(cell) for name, cell in row.items()} for row in known.to_dict("records")]
    sources = {row["source_id"]: row for row in rows if row["source_id"] in wanted}
    sources |= {source_id: row for source_id, (row, _) in source_details(inputs, wanted).items()}
    content = ReviewContent(
        proposals=proposals,
        texts=_texts(inputs.articles, wanted),
        sources=sources,
        events=standing_table(project, "data/raw/events.csv"),
        register=load_reference(project).register,
    )
    write_text(page, render_review(content))
    return page


def _texts(place: Path, wanted: Collection[str]) -> dict[str, str]:
    from netral_research.articles import Article, read_articles

    texts: dict[str, str] = {}
    for entry in read_articles(place):
        if isinstance(entry, Article) and entry.source_id in wanted:
            texts.setdefault(entry.source_id, entry.text)
            if len(texts) == len(wanted):
                break
    return texts
