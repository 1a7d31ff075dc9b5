"""What depends on what is read from the source, through every import and no further."""

from __future__ import annotations

from pathlib import Path

import pytest

from netral_research.workflow.dependencies import notebook_modules, stage_modules

from .conftest import TinyProject


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    files = {
        "__init__.py": "",
        "language.py": "def text(language, key):\n    return key\n",
        "errors.py": "from pack.language import text\n\n\ndef tell(key):\n    return text('en', f'errors.{key}')\n",
        "stage/__init__.py": "from pack.stage.one import a\nfrom pack.stage.two import b\n__all__ = ['a', 'b']\n",
        "stage/one.py": "from ..deep import thing\n\n\ndef a():\n    return thing\n",
        "stage/two.py": "def b():\n    from pack.late import late\n    return late\n",
        "deep.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pack.typed import T\nthing = 1\n",
        "late.py": "late = 1\n",
        "typed.py": "T = int\n",
        "report/__init__.py": "",
        "report/build.py": "from pack.language import text\n\n\ndef build(key):\n    return text('en', key)\n",
        "report/page.py": "def page():\n    return 'page.title'\n",
        "report/templates/page.html": "<p>",
        "locales/en/errors.toml": "",
        "locales/id/errors.toml": "",
        "locales/en/page.toml": "",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def names(found: dict) -> set[str]:
    return {name.removeprefix("pack/") for name in found}


def test_imports_are_followed_through_helpers_functions_and_relative_names(package: Path) -> None:
    found = names(stage_modules("stage.one", "stage.two", folder=package))
    assert found == {"__init__.py", "stage/__init__.py", "stage/one.py", "stage/two.py", "deep.py", "late.py"}


def test_imports_for_the_type_checker_alone_are_left_out(package: Path) -> None:
    assert "typed.py" not in names(stage_modules("deep", folder=package))


def test_a_name_taken_from_a_package_leads_only_to_its_own_module(package: Path, tmp_path: Path) -> None:
    notebook = tmp_path / "n.ipynb"
    notebook.write_text('{"cells": [{"cell_type": "code", "source": ["from pack.stage import a"]}]}')
    found = names(notebook_modules(notebook, package))
    assert {"stage/one.py", "deep.py"} <= found
    assert not {"stage/two.py", "late.py"} & found


def test_a_package_taken_as_a_whole_leads_to_all_it_gives(package: Path, tmp_path: Path) -> None:
    notebook = tmp_path / "n.ipynb"
    notebook.write_text('{"cells": [{"cell_type": "code", "source": ["from pack import stage"]}]}')
    assert {"stage/one.py", "stage/two.py", "late.py"} <= names(notebook_modules(notebook, package))


def test_locale_files_count_where_their_topic_is_asked_for(package: Path) -> None:
    found = names(stage_modules("errors", folder=package))
    assert {"locales/en/errors.toml", "locales/id/errors.toml"} <= found
    assert "locales/en/page.toml" not in found
    assert "locales/en/page.toml" in names(stage_modules("report.page", folder=package))


def test_a_text_asked_for_by_a_computed_key_counts_every_locale_file(package: Path) -> None:
    assert "locales/en/errors.toml" in names(stage_modules("report.build", folder=package))


def test_templates_count_for_their_package(package: Path) -> None:
    assert "report/templates/page.html" in names(stage_modules("report.page", folder=package))
    assert "report/templates/page.html" not in names(stage_modules("stage", folder=package))


def test_what_a_notebook_reads_matches_what_python_loads(project: TinyProject) -> None:
    found = notebook_modules(project.root / "notebooks/03_alone.ipynb", project.folder)
    assert list(found) == ["tiny/__init__.py", "tiny/alone.py", "tiny/plain.py", "tiny/writing.py"]


def test_every_module_of_this_package_can_be_read() -> None:
    assert "netral_research/workflow/tasks.py" in stage_modules("cli")
