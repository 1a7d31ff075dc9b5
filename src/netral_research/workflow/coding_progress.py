"""How far a long coding run is: a line that renews itself on a terminal, else a line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from netral_research.language import format_number, text

_SECONDS_BETWEEN_LINES = 10.0
_SECONDS_BETWEEN_CHANGES = 0.2


@contextmanager
def shown_count(language: str) -> Iterator[Callable[[int, int], None]]:
    """Show on the error stream how many articles are done while the block runs.

    Parameters
    ----------
    language : {"id", "en"}

    Yields
    ------
    callable
        To be told how many articles are done, and of how many.
    """
    from rich.console import Console

    console = Console(stderr=True)
    began = time.perf_counter()
    shown = began if not console.is_terminal else 0.0

    def line(done: int, total: int) -> str:
        speed = round(done / max(time.perf_counter() - began, 1e-9))
        numbers = {"done": done, "total": total, "speed": speed}
        written = {name: format_number(number, "integer", language) for name, number in numbers.items()}
        return text(language, "coding.told.progress", **written)

    def tell(done: int, total: int) -> None:
        nonlocal shown
        now = time.perf_counter()
        if now - shown < (_SECONDS_BETWEEN_CHANGES if console.is_terminal else _SECONDS_BETWEEN_LINES):
            return
        shown = now
        if status is not None:
            status.update(line(done, total))
        else:
            console.print(line(done, total), markup=False, highlight=False, soft_wrap=True)

    if not console.is_terminal:
        status = None
        yield tell
        return
    with console.status("") as status:
        yield tell
