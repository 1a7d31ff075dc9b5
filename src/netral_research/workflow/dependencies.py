"""What a notebook or a package depends on, read from the source without running it.

A stage must run again when any module it uses has changed, however many imports away, and only then.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = "netral_research"
LOCALES = "locales"
ANY_TOPIC = "*"
SCREEN_TOPIC = "cli"
_TOPIC = re.compile(r"^([a-z_]+)\.")


@dataclass(frozen=True)
class Import:
    """One imported module, with the names taken from it.

    Parameters
    ----------
    module : str
        Dotted name.
    names : tuple of str or None
        Names taken from it; None where the module is taken as a whole.
    """

    module: str
    names: tuple[str, ...] | None


@dataclass(frozen=True)
class Source:
    """What one module says about its dependencies.

    Parameters
    ----------
    imports : tuple of Import
    reexports : bool
        True where the module only imports names for others, as a package's ``__init__`` does.
    bound : tuple of (str, Import)
        Which import gives each name.
    topics : frozenset of str
        Words before the first dot of its texts: topics of the locale files it may ask for; ``*`` where it
        asks for texts by keys that it does not spell out.
    """

    imports: tuple[Import, ...]
    reexports: bool
    bound: tuple[tuple[str, Import], ...]
    topics: frozenset[str]


def package_folder() -> Path:
    """Folder of the package's modules.

    Examples
    --------
    >>> package_folder().name
    'netral_research'
    """
    return Path(__file__).resolve().parent.parent


def notebook_code(path: Path) -> str:
    """Code of a notebook as one module, without its outputs; lines that are no Python are left out.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    str
    """
    cells = json.loads(path.read_text("utf-8")).get("cells", [])
    sources = ["".join(cell["source"]) for cell in cells if cell.get("cell_type") == "code"]
    return "\n".join(source for source in sources if _parses(source))


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def notebook_modules(path: Path, folder: Path | None = None) -> dict[str, Path]:
    """Files of the package that a notebook depends on.

    Parameters
    ----------
    path : pathlib.Path
        The notebook.
    folder : pathlib.Path, optional
        Folder of the package; this package's by default.

    Returns
    -------
    dict of str to pathlib.Path
        Modules, locale files and package data by their name from the package's parent folder, sorted.
    """
    folder = folder or package_folder()
    source = _read_source(notebook_code(path), folder.name)
    return _closure(source.imports, folder)


def stage_modules(*packages: str, folder: Path | None = None) -> dict[str, Path]:
    """Files of the package that some of its packages or modules depend on, themselves included.

    Parameters
    ----------
    *packages : str
        Names below the package, for instance ``clean`` or ``report.build``.
    folder : pathlib.Path, optional
        Folder of the package; this package's by default.

    Returns
    -------
    dict of str to pathlib.Path

    Examples
    --------
    >>> "netral_research/language.py" in stage_modules("errors")
    True
    """
    folder = folder or package_folder()
    return _closure((Import(f"{folder.name}.{name}", None) for name in packages), folder)


def _closure(roots: Iterable[Import], folder: Path) -> dict[str, Path]:
    """Follow imports until nothing new is found; a re-exporting ``__init__`` is followed name by name."""
    todo, seen, files = list(roots), set[Import](), dict[str, Path]()
    topics: set[str] = set()
    while todo:
        wanted = todo.pop()
        if wanted in seen:
            continue
        seen.add(wanted)
        path = _module_file(wanted.module, folder)
        if path is None:
            continue
        for parent in _parents(path, folder):
            files[_name(parent, folder)] = parent
        source = _file_source(path, folder.name, path.stat().st_mtime_ns)
        files[_name(path, folder)] = path
        topics |= source.topics
        todo += _followed(wanted, source, folder)
    return dict(sorted((files | _package_data(files, topics, folder)).items()))


def _followed(wanted: Import, source: Source, folder: Path) -> Iterator[Import]:
    names = wanted.names or ()
    for name in names:
        if _module_file(f"{wanted.module}.{name}", folder) is not None:
            yield Import(f"{wanted.module}.{name}", None)
    if wanted.names is None or not source.reexports:
        yield from source.imports
        return
    bound = dict(source.bound)
    yield from (bound[name] for name in names if name in bound)


def _module_file(module: str, folder: Path) -> Path | None:
    parts = module.split(".")
    if parts[0] != folder.name:
        return None
    place = folder.joinpath(*parts[1:])
    for candidate in (place / "__init__.py", place.with_suffix(".py")):
        if candidate.is_file():
            return candidate
    # A package still without an __init__ is a namespace: nothing to hash, its modules are named on their own.
    return None


def _parents(path: Path, folder: Path) -> Iterator[Path]:
    for parent in path.parents:
        if parent.is_relative_to(folder) and (parent / "__init__.py").is_file():
            yield parent / "__init__.py"


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder.parent).as_posix()


def _package_data(files: dict[str, Path], topics: set[str], folder: Path) -> dict[str, Path]:
    """Locale files of the topics asked for, and the data files in the folders of the packages used."""
    found = [path for path in folder.glob(f"{LOCALES}/*/*.toml") if _asked(path.stem, topics)]
    packages = {path.parent for path in files.values() if path.parent != folder}
    for package in packages:
        found += [
            path
            for path in package.rglob("*")
            if path.is_file() and path.suffix not in (".py", ".pyc") and not path.name.startswith(".")
        ]
    return {_name(path, folder): path for path in found}


def _asked(topic: str, topics: set[str]) -> bool:
    # Texts of the commands appear on the screen only: no result holds one.
    return topic in topics or (ANY_TOPIC in topics and topic != SCREEN_TOPIC)


@cache
def _file_source(path: Path, package: str, changed: int) -> Source:  # noqa: ARG001 - a changed file is read again
    module = ".".join([package, *_below(path, package)])
    return _read_source(path.read_text("utf-8"), package, module, path.name == "__init__.py")


def _below(path: Path, package: str) -> list[str]:
    parts = list(path.with_suffix("").parts)
    parts = parts[len(parts) - 1 - parts[::-1].index(package) + 1 :]
    return parts[:-1] if parts[-1:] == ["__init__"] else parts


def _read_source(code: str, package: str, module: str = "", is_package: bool = False) -> Source:
    tree = ast.parse(code)
    imports: list[Import] = []
    bound: list[tuple[str, Import]] = []
    for node in _running_nodes(tree):
        for name, found in _imports_of(node, package, module, is_package):
            imports.append(found)
            bound.append((name, found))
    reexports = is_package and all(_only_passes_on(statement) for statement in tree.body)
    topics = _topics(tree) | (frozenset([ANY_TOPIC]) if _asks_for_any_topic(tree, bound, package) else frozenset())
    return Source(tuple(dict.fromkeys(imports)), reexports, tuple(bound), topics)


def _running_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for other in node.orelse:
                yield other
                yield from _running_nodes(other)
            continue
        yield node
        yield from _running_nodes(node)


def _imports_of(node: ast.AST, package: str, module: str, is_package: bool) -> Iterator[tuple[str, Import]]:
    if isinstance(node, ast.Import):
        for name in node.names:
            if name.name.split(".")[0] == package:
                yield (name.asname or name.name.split(".")[0], Import(name.name, None))
    elif isinstance(node, ast.ImportFrom):
        origin = node.module or ""
        if node.level:
            steps = module.split(".")
            kept = steps[: len(steps) - node.level + int(is_package)]
            origin = ".".join([*kept, *([node.module] if node.module else [])])
        if origin.split(".")[0] == package:
            for name in node.names:
                names = None if name.name == "*" else (name.name,)
                yield (name.asname or name.name, Import(origin, names))


def _only_passes_on(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return True
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    names = statement.targets if isinstance(statement, ast.Assign) else []
    return bool(names) and all(isinstance(name, ast.Name) and name.id.startswith("__") for name in names)


def _topics(tree: ast.AST) -> frozenset[str]:
    """Beginnings of texts such as ``"report.title"`` or ``f"errors.{key}"``."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    found = (_TOPIC.match(value) for value in texts if isinstance(value, str))
    return frozenset(match.group(1) for match in found if match)


def _asks_for_any_topic(tree: ast.AST, bound: Iterable[tuple[str, Import]], package: str) -> bool:
    language = f"{package}.language"
    if any(found == Import(language, ("locale_texts",)) for _, found in bound):
        return True
    askers = {name for name, found in bound if found == Import(language, ("text",))}
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) > 1)
    return any(
        isinstance(call.func, ast.Name) and call.func.id in askers and not _spelt_out(call.args[1]) for call in calls
    )


def _spelt_out(key: ast.expr) -> bool:
    if isinstance(key, ast.JoinedStr) and key.values:
        key = key.values[0]
    return isinstance(key, ast.Constant) and isinstance(key.value, str) and "." in key.value
