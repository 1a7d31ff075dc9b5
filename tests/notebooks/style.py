"""What a notebook of this project looks like, checked without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from netral_research.errors import NotebookError
from netral_research.workflow.parameters import declared_parameters

MOST_CODE_CELLS = 12
MOST_LINES = 8
IGNORED = "nbval-ignore-output"
NETWORK = {"aiohttp", "ftplib", "http", "httpx", "requests", "socket", "urllib", "urllib3"}
WRITERS = {"chdir", "open", "savefig", "to_csv", "to_excel", "to_json", "to_parquet", "write_bytes", "write_text"}
INDONESIAN = {"apa", "apakah", "bagaimana", "berapa", "dan", "di", "mana", "mengapa", "tidak", "yang"}
ENGLISH = {"and", "does", "how", "is", "not", "of", "the", "what", "where", "which", "why"}
METADATA = {"kernelspec", "language_info"}

_ABSOLUTE = re.compile(r"^(?:/|~|[A-Za-z]:[\\/]|file:)")
_OUTPUT_PATH = re.compile(r"(?<![\w./<])/(?:home|Users|tmp|root|var|usr|opt|mnt)/")
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
_STATEMENTS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.AsyncFor, ast.While)


def notebook_faults(name: str, notebook: Any) -> list[str]:
    """Everything about a notebook that breaks a rule, each with its place."""
    return [
        *_frame_faults(notebook),
        *_parameter_faults(name, notebook),
        *_size_faults(notebook),
        *(f"cell {number}: {fault}" for number, cell in _code_cells(notebook) for fault in _code_faults(cell.source)),
        *(f"cell {number}: {fault}" for number, cell in _code_cells(notebook) for fault in _output_faults(cell)),
    ]


def _code_cells(notebook: Any) -> list[tuple[int, Any]]:
    return [(number, cell) for number, cell in enumerate(notebook.cells) if cell.cell_type == "code"]


def _speaks_both(source: str) -> bool:
    words = set(re.findall(r"[a-z]+", source.lower()))
    return len(words & INDONESIAN) > 1 and len(words & ENGLISH) > 1


def _frame_faults(notebook: Any) -> Iterator[str]:
    first, last = notebook.cells[0], notebook.cells[-1]
    if first.cell_type != "markdown" or not first.source.startswith("# "):
        yield "the first cell is no title"
    elif first.source.count("?") < 2 or not _speaks_both(first.source):
        yield "the first cell does not ask its question in Indonesian and English"
    if last.cell_type != "markdown" or not _speaks_both(last.source):
        yield "the last cell does not say what the results mean, in Indonesian and English"
    if set(notebook.metadata) != METADATA or set(notebook.metadata.get("language_info", {})) != {"name"}:
        yield "metadata of a run or of an editor is stored"
    calls = [cell.source.count("save_results(") for _, cell in _code_cells(notebook)]
    if sum(calls) != 1:
        yield "save_results is not called exactly once"


def _parameter_faults(name: str, notebook: Any) -> Iterator[str]:
    tagged = [number for number, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    code = [number for number, _ in _code_cells(notebook)]
    if len(tagged) != 1 or tagged != code[:1]:
        yield "the first code cell is not the one cell tagged “parameters”"
    try:
        declared_parameters(name, notebook)
    except NotebookError:
        yield "the parameters cell holds more than literals"
    if any("injected-parameters" in cell.metadata.get("tags", []) for cell in notebook.cells):
        yield "a cell with injected parameters is stored"


def _size_faults(notebook: Any) -> Iterator[str]:
    cells = _code_cells(notebook)
    if len(cells) > MOST_CODE_CELLS:
        yield f"{len(cells)} code cells, at most {MOST_CODE_CELLS}"
    counts = [cell.execution_count for _, cell in cells]
    if counts != list(range(1, len(cells) + 1)):
        yield f"the execution counts are {counts}: run all cells in order"
    for number, cell in cells:
        lines = [line for line in cell.source.splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            yield f"cell {number}: {len(lines)} lines, at most {MOST_LINES}"


def _code_faults(source: str) -> Iterator[str]:
    magic = [line for line in source.splitlines() if line.lstrip().startswith(("%", "!"))]
    if magic:
        yield f"magic or shell command: {magic[0]}"
        return
    for node in ast.walk(ast.parse(source)):
        yield from _node_faults(node)


def _node_faults(node: ast.AST) -> Iterator[str]:
    if isinstance(node, _STATEMENTS):
        yield f"{type(node).__name__} belongs in the package"
    elif isinstance(node, ast.Import | ast.ImportFrom):
        modules = [name.name for name in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        if {module.split(".")[0] for module in modules} & NETWORK:
            yield f"network import {modules[0]}"
    elif isinstance(node, ast.keyword) and node.arg == "inplace":
        yield "inplace= changes nothing in a copy"
    elif isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in WRITERS:
            yield f"{called}() belongs in the package"
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _ABSOLUTE.match(node.value):
        yield f"absolute path {node.value}"


def _output_faults(cell: Any) -> Iterator[str]:
    ignored = IGNORED in cell.metadata.get("tags", [])
    kinds = [set(output.get("data", {})) for output in cell.outputs]
    images = [kind for kind in kinds if any(name.startswith("image/") for name in kind)]
    if len(images) > 1:
        yield "more than one figure"
    if images and not ignored:
        yield f"a figure without the tag {IGNORED}"
    if ignored and (not images or len(images) != len(cell.outputs)):
        yield f"the tag {IGNORED} hides an output that is no figure"
    for output in cell.outputs:
        if output.output_type == "error" or output.get("name") == "stderr":
            yield f"stored {output.get('name', 'error')}"
    told = str([output.get("text", "") or {k: v for k, v in output.get("data", {}).items() if k[:6] != "image/"}
                for output in cell.outputs])  # fmt: skip
    if _ADDRESS.search(told):
        yield "an output holds a memory address"
    if _OUTPUT_PATH.search(told):
        yield "an output holds a path of one machine"
