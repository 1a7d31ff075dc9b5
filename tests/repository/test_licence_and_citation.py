"""What a person who cites or reuses the project reads."""

from __future__ import annotations

import tomllib
from pathlib import Path

import yaml

import netral_research

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_citation_names_the_version_of_the_package() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == PROJECT["version"] == netral_research.__version__


def test_citation_has_every_field_the_format_requires() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["authors"] == [{"name": author["name"]} for author in PROJECT["authors"]]
    assert citation["license"] == PROJECT["license"]


def test_licences_name_their_holder_and_what_comes_from_others() -> None:
    holder = PROJECT["authors"][0]["name"]
    code, data = ((ROOT / name).read_text(encoding="utf-8") for name in PROJECT["license-files"])
    assert code.startswith("MIT License")
    assert holder in code
    assert [part for part in (holder, "CC BY 4.0", "GeoNames") if part not in data] == []
