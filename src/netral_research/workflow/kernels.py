"""Kernels that run the interpreter of this very environment, and that can be stopped from outside."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

PROJECT_VARIABLE = "NETRAL_PROJECT"
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_LONGEST_SOCKET = 90

_running: set[Any] = set()
_running_guard = threading.Lock()


def kernel_environment(root: Path) -> dict[str, str]:
    """Environment of all that computes for a project, so that one machine's habits do not change a number.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.

    Returns
    -------
    dict of str to str
        Variables to set on top of the present environment.
    """
    fixed = {
        PROJECT_VARIABLE: str(root),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    return fixed | dict.fromkeys(_ONE_THREAD, "1")


def stop_kernels() -> None:
    """Kill every kernel that this process has started and that still runs."""
    with _running_guard:
        managers = list(_running)
    for manager in managers:
        _kill(manager)


def _kill(manager: Any) -> None:
    process = getattr(getattr(manager, "provisioner", None), "process", None)
    if process is not None:
        with suppress(OSError):
            process.kill()


@contextmanager
def own_kernels(root: Path, scratch: Path) -> Iterator[type]:
    """A kernel manager that starts this very interpreter, whatever kernels the user has installed.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    scratch : pathlib.Path
        A folder for the kernel's sockets and profile; the user's own profile is not read.

    Yields
    ------
    type
        A kernel manager class. Kernels it has started are dead when the block ends.
    """
    environment = kernel_environment(root) | {"IPYTHONDIR": str(scratch / "ipython")}
    started: list[Any] = []
    try:
        yield _manager_class(environment, str(scratch / "k.json"), started)
    finally:
        for manager in started:
            _kill(manager)
            with _running_guard:
                _running.discard(manager)


def _manager_class(environment: dict[str, str], connection_file: str, started: list[Any]) -> type:
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from traitlets import default

    # Unix sockets where the path allows: no port race between two kernels, and no message about encryption.
    transport = "ipc" if os.name == "posix" and len(connection_file) < _LONGEST_SOCKET else "tcp"

    class OwnKernelSpecManager(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002 - one answer for every name
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=command, display_name="Python 3", language="python", env=environment)

    class OwnKernelManager(AsyncKernelManager):
        @default("transport")
        def _default_transport(self) -> str:
            return transport

        @default("connection_file")
        def _default_connection_file(self) -> str:
            return connection_file

        @default("kernel_spec_manager")
        def _default_kernel_spec_manager(self) -> KernelSpecManager:
            return OwnKernelSpecManager()

        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            started.append(self)
            with _running_guard:
                _running.add(self)

    return OwnKernelManager
