"""Fingerprints of files and folders, by content alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

MISSING = "-"


def content_hash(path: Path) -> str:
    """SHA-256 of a file's content, or of the names and contents of all files in a folder.

    Parameters
    ----------
    path : pathlib.Path
        Hidden files in a folder do not count.

    Returns
    -------
    str
        In hexadecimal digits; a dash where there is nothing.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "EE001.txt").write_text("Apel netralitas ASN")
    ...     before = content_hash(Path(folder))
    ...     _ = Path(folder, "EE001.txt").rename(Path(folder, "EE002.txt"))
    ...     before == content_hash(Path(folder))
    False
    """
    if not path.is_dir():
        try:
            return hashlib.sha256(path.read_bytes()).hexdigest()
        except FileNotFoundError:
            return MISSING
    total = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path)
        if file.is_file() and not any(part.startswith(".") for part in name.parts):
            total.update(f"{name.as_posix()}\0{content_hash(file)}\n".encode())
    return total.hexdigest()
