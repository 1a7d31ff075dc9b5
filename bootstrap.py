"""Prepare the Python environment of this folder in ``.venv``: ``python3 bootstrap.py``.

Needs nothing but Python 3.11, 3.12 or 3.13. Installs the versions of ``requirements.lock`` with their hashes,
then the package itself. With nothing changed it returns at once; interrupted, it starts over the next time.
It uses the standard library only and an old syntax, so that an old Python can say that a newer one is needed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, Iterator, List, NoReturn, Optional

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "bootstrap.json"
UNFINISHED = VENV / "bootstrap.unfinished"
WINDOWS = os.name == "nt"
VENV_PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
PACKAGE = "netral_research"
SUITABLE = ((3, 11), (3, 12), (3, 13))
# Settings of another environment that would make Python, pip or uv install somewhere else.
FOREIGN_SETTINGS = (
    "CONDA_PREFIX", "PIP_PREFIX", "PIP_TARGET", "PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH",
    "UV_PREFIX", "UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_TARGET", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__",
)  # fmt: skip


class BootstrapError(Exception):
    """Something only the user can mend; the message says what."""


def main() -> int:
    """Make the environment current and return the exit code."""
    if is_current():
        return 0
    began = time.monotonic()
    try:
        with only_one() as lock_descriptor:
            if not is_current():
                build(lock_descriptor)
                say("Lingkungan siap / environment ready ({:.0f} s)".format(time.monotonic() - began))
    except BootstrapError as error:
        print("\nbootstrap.py: {}".format(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nDihentikan; jalankan lagi / interrupted; run again to start over.", file=sys.stderr)
        return 130
    except OSError as error:
        print("\nbootstrap.py: berkas tidak dapat ditulis / cannot write: {}".format(error), file=sys.stderr)
        return 2
    return 0


def build(lock_descriptor: int) -> None:
    """Create or renew ``.venv``; the stamp is written last, so that only a finished environment has one."""
    run = Runner(lock_descriptor)
    with_pip = [str(VENV_PYTHON), "-m", "pip"]
    installer = [str(VENV_PYTHON), "-m", "uv", "pip", "install", "--python", str(VENV_PYTHON)]
    renewable, stamp = can_be_renewed(), stamped() or {}
    if renewable:
        say("[1/3] .venv diperbarui / renewing .venv")
        UNFINISHED.touch()
        STAMP.unlink()
    else:
        with_pip = create(run, with_pip)
    # Without a new lock only the package itself is installed again: no network is needed.
    if not (renewable and stamp.get("lock") == fingerprint()["lock"]):
        say("[2/3] memasang pustaka / installing the libraries of requirements.lock")
        installer = install_lock(run, with_pip)
    say("[3/3] memasang paket ini / installing {}".format(PACKAGE))
    editable = ["--quiet", "--no-deps", "--no-build-isolation", "--editable", "."]
    run([*installer, *editable], "install this package")
    run([str(VENV_PYTHON), "-c", "import {}".format(PACKAGE)], "import this package")
    partial = STAMP.with_suffix(".partial")
    partial.write_text(json.dumps(fingerprint(), indent=1) + "\n", encoding="utf-8")
    partial.replace(STAMP)
    UNFINISHED.unlink(missing_ok=True)


class Runner:
    """Runs commands in the project's folder with a clean environment, quietly unless they fail."""

    def __init__(self, lock_descriptor: int) -> None:
        self.environment = clean_environment()
        # A child that outlives a killed bootstrap keeps the lock: nobody rebuilds under its feet.
        self.kept_open = () if WINDOWS else (lock_descriptor,)

    def output(self, command: List[str]) -> "subprocess.CompletedProcess[str]":
        """Run a command and return its exit code with everything it said."""
        return subprocess.run(
            command, cwd=str(ROOT), env=self.environment, pass_fds=self.kept_open, check=False, text=True,
            errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def __call__(self, command: List[str], purpose: str) -> None:
        """Run a command that must succeed."""
        result = self.output(command)
        if result.returncode != 0:
            stop(
                "gagal / failed: {} (exit code {}). Perbaiki sebab di atas (jaringan?) lalu jalankan lagi / "
                "mend the cause shown above (network?) and run again.".format(purpose, result.returncode),
                result.stdout,
            )


def create(run: Runner, with_pip: List[str]) -> List[str]:
    """Make an empty ``.venv`` and return the pip command that installs into it."""
    python = suitable_python(run)
    say("[1/3] membuat .venv / creating .venv (Python {})".format(python_version(run, python)))
    remove_venv()
    # The link in .venv must name one version: /usr/bin/python3 becomes another with a system upgrade.
    python = os.path.realpath(python)
    begin_venv()
    made = run.output([python, "-m", "venv", str(VENV)])
    if made.returncode == 0:
        return with_pip
    remove_venv()
    begin_venv()
    made = run.output([python, "-m", "venv", "--without-pip", str(VENV)])
    if made.returncode == 0:
        with_pip = [python, "-m", "pip", "--python", str(VENV_PYTHON)]
        if run.output([*with_pip, "--version"]).returncode == 0:
            return with_pip
    remove_venv()
    return stop(
        "{0} tidak dapat membuat lingkungan dengan pip / cannot make an environment with pip.\n"
        "  Debian, Ubuntu: sudo apt install python{1}-venv\n"
        "  Fedora:         sudo dnf install python{1} python3-pip\n"
        "  lalu jalankan lagi / then run again.".format(python, python_version(run, python, 2)),
        made.stdout,
    )


def install_lock(run: Runner, with_pip: List[str]) -> List[str]:
    """Install exactly what the lock names, by uv or else by pip, and return the command that did."""
    uv = [str(VENV_PYTHON), "-m", "uv", "pip"]
    target = ["--python", str(VENV_PYTHON)]
    pin = VENV / "uv.lock.txt"
    pin.write_text(pinned("uv"), encoding="utf-8")
    options = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r"]
    if run.output([*with_pip, *options, str(pin)]).returncode == 0:
        index = run.output([*with_pip, "config", "get", "global.index-url"])
        if index.returncode == 0 and index.stdout.strip():
            run.environment.setdefault("UV_DEFAULT_INDEX", index.stdout.strip().splitlines()[-1])
        synced = run.output([*uv, "sync", *target, "--require-hashes", "--compile-bytecode", str(LOCK)])
        if synced.returncode == 0:
            return [*uv, "install", *target]
        say("\n".join(synced.stdout.strip().splitlines()[-5:]))
    say("      uv gagal; dengan pip perlu beberapa menit / uv failed; pip takes some minutes")
    run([*with_pip, *options, str(LOCK)], "install the libraries")
    return [*with_pip, "install"]


def pinned(name: str) -> str:
    """Return the block of the lock that pins one package, hashes included."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith(name + "==")), None)
    if start is None:
        stop("requirements.lock tanpa {0} / does not pin {0}: ambil aslinya / restore it.".format(name))
    end = next((i for i in range(start + 1, len(lines)) if not lines[i].startswith("    --hash")), len(lines))
    return "\n".join(lines[start:end]).rstrip("\\ ") + "\n"


def clean_environment() -> Dict[str, str]:
    """Return this process's environment without what belongs to another Python environment."""
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN_SETTINGS}
    environment["PIP_USER"] = "0"
    environment.setdefault("UV_SYSTEM_CERTS", "1")
    if os.environ.get("PIP_INDEX_URL"):
        environment.setdefault("UV_DEFAULT_INDEX", os.environ["PIP_INDEX_URL"])
    return environment


def fingerprint() -> Dict[str, str]:
    """Return what an environment depends on: its inputs, its interpreter and the folder its scripts name."""
    inputs = {"lock": LOCK, "pyproject": ROOT / "pyproject.toml", "bootstrap": ROOT / "bootstrap.py"}
    hashes = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in inputs.items()}
    return {**hashes, "python": os.path.realpath(str(VENV_PYTHON)), "folder": str(ROOT)}


def stamped() -> Optional[Dict[str, str]]:
    """Return the stamp of a finished environment, or nothing."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) else None


def is_current() -> bool:
    """Tell whether ``.venv`` is finished and made from the files as they are now."""
    return VENV_PYTHON.exists() and not UNFINISHED.exists() and stamped() == fingerprint()


def can_be_renewed() -> bool:
    """Tell whether ``.venv`` is a finished environment of this folder whose Python is still the same."""
    stamp, now = stamped() or {}, fingerprint()
    same = all(stamp.get(key) == now[key] for key in ("python", "folder"))
    return same and VENV_PYTHON.exists() and not UNFINISHED.exists()


def begin_venv() -> None:
    """Mark the new environment as ours and unfinished before anything else is in it."""
    VENV.mkdir()
    UNFINISHED.touch()


def remove_venv() -> None:
    """Delete an environment that cannot be used; a folder that is no environment is left alone."""
    discarded = ROOT / ".venv.discarded"
    if discarded.exists():
        shutil.rmtree(str(discarded))
    if not os.path.lexists(str(VENV)):
        return
    if VENV.is_symlink() or not ((VENV / "pyvenv.cfg").exists() or UNFINISHED.exists()):
        stop("bukan lingkungan Python, pindahkan / no Python environment, move it away: {}".format(VENV))
    # Moved aside in one step: a deletion that is interrupted leaves no half environment in the way.
    VENV.replace(discarded)
    shutil.rmtree(str(discarded))


def suitable_python(run: Runner) -> str:
    """Return the Python to build on: the one that runs this file, or the first suitable one on PATH."""
    if sys.version_info[:2] in SUITABLE and platform.python_implementation() == "CPython":
        return str(getattr(sys, "_base_executable", "") or sys.executable)
    for major, minor in SUITABLE:
        found = shutil.which("python{}.{}".format(major, minor))
        # A name on PATH may be a launcher that has no such version behind it.
        if found and python_version(run, found, 2) == "{}.{}".format(major, minor):
            return run.output([found, "-c", "import sys; print(sys.executable)"]).stdout.strip()
    return stop(
        "perlu Python 3.11, 3.12 atau 3.13; ini Python {0} dan tidak ada yang lain di PATH.\n"
        "  Needs Python 3.11, 3.12 or 3.13; this is Python {0} and PATH has no suitable one.\n"
        "  Pasang, lalu / install one, then: python3.12 bootstrap.py".format(platform.python_version())
    )


def python_version(run: Runner, python: str, parts: int = 3) -> str:
    """Return the version an interpreter says it has, or an empty text."""
    program = "import sys; print('.'.join(map(str, sys.version_info[:{}])))".format(parts)
    result = run.output([python, "-c", program])
    return result.stdout.strip() if result.returncode == 0 else ""


@contextlib.contextmanager
def only_one() -> Iterator[int]:
    """Let one bootstrap at a time work in this folder; the system frees the lock of one that died."""
    with (ROOT / ".bootstrap.lock").open("a+", encoding="utf-8") as handle:
        if not take(handle.fileno(), wait=False):
            say("Menunggu proses lain / waiting for another bootstrap in this folder")
            take(handle.fileno(), wait=True)
        yield handle.fileno()


def take(descriptor: int, wait: bool) -> bool:
    """Lock an open file; without waiting, tell whether it was free."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        if wait:
            stop("berkas kunci tidak dapat dipakai / cannot lock .bootstrap.lock in this folder")
        return False
    return True


def say(line: str) -> None:
    """Print a line of progress at once, also into a pipe."""
    print(line, flush=True)


def stop(message: str, details: str = "") -> NoReturn:
    """End with a message, the last lines of what a command said before it."""
    if details.strip():
        print("\n".join(details.strip().splitlines()[-15:]), file=sys.stderr)
    raise BootstrapError(message)


if __name__ == "__main__":
    sys.exit(main())
