"""A crash leaves nothing that counts as done, and nothing that goes on working."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from netral_research.workflow.records import Reason
from netral_research.workflow.tasks import plan_tasks

from .conftest import STAGES, TinyProject

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")

SLOW = """
import os, pathlib, time
root = pathlib.Path(os.environ["NETRAL_PROJECT"])
(root / "data/processed/first/table.csv").write_text("half")
(root / "kernel.pid").write_text(str(os.getpid()))
time.sleep(120)
"""

RUN = """
import sys
from pathlib import Path
from netral_research.stages import Stage
from netral_research.workflow.runs import run_tasks
from netral_research.workflow.tasks import stage_tasks

class Silent:
    def skipped(self, task): pass
    def started(self, task, reasons): pass
    def finished(self, task, seconds): pass
    def failed(self, task, seconds): pass

root = Path(sys.argv[1])
stage = Stage("first", "first", "01_first", ("data/raw/a.csv",), (), ("table",))
run_tasks(root, stage_tasks([stage]), Silent(), folder=root / "src/tiny")
"""


def wait_for(happened: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.mark.parametrize("name", [signal.SIGKILL, signal.SIGINT])
def test_a_run_stopped_in_the_middle_is_done_again(project: TinyProject, name: signal.Signals) -> None:
    good = (project.root / "data/processed/first/table.csv").read_bytes()
    notebook = project.root / "notebooks/01_first.ipynb"
    fast = notebook.read_bytes()
    project.write_notebook(STAGES[0], SLOW)
    process = subprocess.Popen([sys.executable, "-c", RUN, str(project.root)], stderr=subprocess.DEVNULL)
    pid_file = project.root / "kernel.pid"
    wait_for(lambda: pid_file.is_file() and pid_file.read_text())
    kernel = int(pid_file.read_text())
    process.send_signal(name)
    assert process.wait(30) != 0
    wait_for(lambda: not is_alive(kernel), 10)

    notebook.write_bytes(fast)
    planned = plan_tasks(project.root, project.tasks, project.folder)
    assert planned["first"] == (Reason("never"),)
    assert "first" in project.run("first").ran
    assert (project.root / "data/processed/first/table.csv").read_bytes() == good
