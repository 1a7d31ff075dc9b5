"""What notebooks show: the same at every run, and readable without seeing it."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.figure import Figure

from netral_research import display as display_module
from netral_research.display import show_figure, show_table, show_values
from netral_research.results import Result, Value


@pytest.fixture
def shown(monkeypatch) -> list[tuple[dict, dict]]:
    outputs: list[tuple[dict, dict]] = []
    monkeypatch.setattr(
        display_module, "display", lambda data, metadata=None, **_: outputs.append((data, metadata or {}))
    )
    return outputs


def test_a_table_has_its_caption_and_scopes_and_no_markup_of_its_cells(shown):
    show_table(pd.DataFrame({"<name>": ["<b>Aceh</b>"], "rate": [float("nan")]}), "Laju & <rates>")
    (data, _), *rest = shown
    assert not rest
    assert list(data) == ["text/html"]
    page = data["text/html"]
    assert "<caption>Laju &amp; &lt;rates&gt;</caption>" in page
    assert '<th scope="col">&lt;name&gt;</th>' in page
    assert '<th scope="row">&lt;b&gt;Aceh&lt;/b&gt;</th>' in page
    assert "nan" not in page


def test_values_are_shown_with_id_and_unit(shown):
    show_values(Result("rates", pd.DataFrame(), (Value("describe.x", 0.123456, "decimal_2", "ratio", "f"),)))
    assert "describe.x" in shown[0][0]["text/html"]
    assert "0.1235" in shown[0][0]["text/html"]


def test_a_figure_is_one_picture_with_its_alternative_and_the_same_twice(shown):
    for _ in range(2):
        figure = Figure(figsize=(2, 1))
        figure.subplots().plot([1, 2])
        show_figure(figure, "Garis naik dari satu ke dua.")
    assert shown[0] == shown[1]
    data, metadata = shown[0]
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == "Garis naik dari satu ke dua."
    assert metadata["image/png"]["alt"] == "Garis naik dari satu ke dua."
