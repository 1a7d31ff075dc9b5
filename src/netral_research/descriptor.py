"""The Frictionless descriptors of the raw and reference data, generated from the contracts that check them.

``title`` and ``description`` are Indonesian; ``title_en`` and ``description_en`` are their English counterparts, which
the Data Package standard (version 2.0) allows as further properties. Fields also carry ``unit``, ``source`` and, for
lists, ``separator`` and ``vocabulary``. Dates hold a day, a month or a year, so they are strings with a pattern: the
standard's type ``date`` would refuse a month.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

from netral_research.contracts import CONTRACTS, ColumnContract
from netral_research.data_dictionary import data_dictionary
from netral_research.files import Project, file_hash, find_project, write_text
from netral_research.language import label, locale_texts, text
from netral_research.tables import UNIQUE_KEYS, column_terms, foreign_keys, primary_key, table_contract

PROFILES = "https://datapackage.org/profiles/2.0"
FOLDERS = ("data/raw", "data/reference")
DICTIONARY = "docs/data_dictionary.md"
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
DATE_PATTERN = r"^\d{4}(-\d{2}(-\d{2})?)?$"
SEPARATOR = ";"


def data_package(project: Project, folder: str) -> dict[str, Any]:
    """Build the Data Package descriptor of a data folder.

    Parameters
    ----------
    project : Project
    folder : {"data/raw", "data/reference"}

    Returns
    -------
    dict
        Content of ``datapackage.json``: every table with its schema, size, SHA-256, licence and sources.

    References
    ----------
    Data Package standard, version 2.0, https://datapackage.org

    Examples
    --------
    >>> from netral_research.files import find_project
    >>> data_package(find_project(), "data/raw")["name"]
    'netral-research-raw'
    """
    kind = PurePosixPath(folder).name
    sources = [_source("package.sources." + kind)]
    if kind == "reference":
        sources.append({**_source("package.sources.geonames"), "path": "https://www.geonames.org/"})
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": f"netral-research-{kind}",
        **_both("title", f"package.{kind}.title"),
        **_both("description", f"package.{kind}.description"),
        "licenses": [LICENCE],
        "contributors": [{"title": "netral-research contributors", "roles": ["creator"]}],
        "sources": sources,
        "resources": [_resource(project, relative) for relative in CONTRACTS if relative.startswith(f"{folder}/")],
    }


def _both(name: str, key: str) -> dict[str, str]:
    return {name: text("id", f"tables.{key}"), f"{name}_en": text("en", f"tables.{key}")}


def _source(key: str) -> dict[str, str]:
    return _both("title", key)


def _resource(project: Project, relative: str) -> dict[str, Any]:
    path = project.path(relative)
    table = path.stem
    return {
        "$schema": f"{PROFILES}/dataresource.json",
        "name": table,
        "path": path.name,
        "type": "table",
        **_both("title", f"{table}.title"),
        **_both("description", f"{table}.description"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{file_hash(path)}",
        "dialect": {"$schema": f"{PROFILES}/tabledialect.json", "delimiter": ",", "header": True},
        "licenses": [LICENCE],
        "sources": [_source(f"{table}.source")],
        "schema": _table_schema(relative, table),
    }


def _table_schema(relative: str, table: str) -> dict[str, Any]:
    contracts = table_contract(relative)
    schema: dict[str, Any] = {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [_field(table, name, contract) for name, contract in contracts.items()],
        "missingValues": [""],
    }
    key = primary_key(table, contracts)
    if key:
        schema["primaryKey"] = list(key)
    if table in UNIQUE_KEYS:
        schema["uniqueKeys"] = [list(UNIQUE_KEYS[table])]
    references = [_foreign_key(table, name, target) for name, target in foreign_keys(table, contracts).items()]
    return schema | ({"foreignKeys": references} if references else {})


def _foreign_key(table: str, name: str, target: str) -> dict[str, Any]:
    resource, _, field = target.partition(".")
    # The standard names a table's own rows by leaving the resource out.
    where = {} if resource == table else {"resource": resource}
    return {"fields": [name], "reference": {**where, "fields": [field]}}


def _field(table: str, name: str, contract: ColumnContract) -> dict[str, Any]:
    key = f"{table}.columns.{name}"
    own_source = f"tables.{key}.source" in locale_texts("id")
    field: dict[str, Any] = {
        "name": name,
        "type": contract.type if contract.type in ("integer", "number") else "string",
        **({"format": "uri"} if contract.type == "uri" else {}),
        **_both("title", f"{key}.title"),
        **_both("description", f"{key}.description"),
        **_both("source", f"{key}.source" if own_source else f"{table}.source"),
    }
    if contract.unit:
        field |= {"unit": contract.unit, "unit_title": label("id", "unit", contract.unit)}
        field |= {"unit_title_en": label("en", "unit", contract.unit)}
    terms = column_terms(table, name, contract)
    if contract.type == "list":
        field["separator"] = SEPARATOR
    if terms:
        field["vocabulary" if contract.type == "list" else "categories"] = terms
    constraints = _constraints(contract)
    return field | ({"constraints": constraints} if constraints else {})


def _constraints(contract: ColumnContract) -> dict[str, Any]:
    limits = {"minimum": contract.minimum, "maximum": contract.maximum}
    whole = contract.type == "integer"
    constraints: dict[str, Any] = {
        **({"required": True} if contract.required else {}),
        **({"unique": True} if contract.unique else {}),
        **{name: int(limit) if whole else limit for name, limit in limits.items() if limit is not None},
    }
    if contract.terms and contract.type != "list":
        constraints["enum"] = list(contract.terms)
    pattern = _pattern(contract)
    return constraints | ({"pattern": pattern} if pattern else {})


def _pattern(contract: ColumnContract) -> str:
    if contract.type == "date":
        return DATE_PATTERN
    one = "" if contract.pattern is None else contract.pattern.pattern.removeprefix("^").removesuffix("$")
    if contract.type != "list":
        return f"^{one}$" if one else ""
    one = one or "|".join(contract.terms)
    return rf"^(?:{one})(?:\s*{SEPARATOR}\s*(?:{one}))*$" if one else ""


def write_descriptors(project: Project) -> tuple[str, ...]:
    """Write ``datapackage.json`` of both data folders and the data dictionary, as ``docs`` keeps it.

    Parameters
    ----------
    project : Project

    Returns
    -------
    tuple of str
        The files written, relative to the project.
    """
    contents = {f"{folder}/datapackage.json": descriptor_text(project, folder) for folder in FOLDERS}
    contents[DICTIONARY] = data_dictionary()
    for relative, content in contents.items():
        write_text(project.path(relative), content)
    return tuple(contents)


def descriptor_text(project: Project, folder: str) -> str:
    """Content of a folder's ``datapackage.json``, the same on every machine.

    Parameters
    ----------
    project : Project
    folder : {"data/raw", "data/reference"}

    Returns
    -------
    str
    """
    return json.dumps(data_package(project, folder), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    write_descriptors(find_project())
