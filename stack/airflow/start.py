"""Becomes one of Airflow's processes (`start.py scheduler`), after what Airflow leaves to others.

What an earlier process of the same engine left behind is ended: a scheduler that was killed leaves
its workers and their tasks; its successor runs those tasks again, so they must not go on beside it.
The api-server comes before the others, so it makes the database, or brings it to this version.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

STOP_SECONDS = 10.0
# One writer of silver and gold at a time, over all DAGs.
POOL = "writers"


def ancestors() -> set[int]:
    found = set()
    pid = os.getpid()
    while pid > 0:
        found.add(pid)
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        pid = int(stat.rpartition(")")[2].split()[1])
    return found


def left_behind() -> Iterator[int]:
    """Other processes that carry this engine's name and home in their environment."""
    keep = ancestors()
    marks = {
        f"{name}={os.environ[name]}".encode() for name in ("RATEHOUSE_HOME", "RATEHOUSE_ENGINE")
    }
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) in keep:
            continue
        try:
            environment = set((folder / "environ").read_bytes().split(b"\0"))
        except OSError:
            # It is gone, or another user's.
            continue
        if marks <= environment:
            yield int(folder.name)


def end_left_behind() -> None:
    deadline = time.monotonic() + STOP_SECONDS
    number = signal.SIGTERM
    while pids := list(left_behind()):
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        if number is signal.SIGTERM:
            print(f"ended {len(pids)} processes of an earlier {sys.argv[1]}", flush=True)
        while time.monotonic() < deadline and any(left_behind()):
            time.sleep(0.1)
        number = signal.SIGKILL
        deadline = time.monotonic() + STOP_SECONDS


def empty_task_folders() -> None:
    """Temporary folders of tasks that were killed together with their worker."""
    place = os.environ.get("RATEHOUSE_TASK_FOLDERS")
    for folder in Path(place).iterdir() if place else ():
        shutil.rmtree(folder, ignore_errors=True)


def migrate() -> None:
    """Costs seconds, so it is done once for each installed version."""
    done = Path(os.environ["AIRFLOW_HOME"]) / "migrated"
    if done.exists() and done.read_text(encoding="utf-8") == sys.prefix:
        return
    from airflow.models.pool import Pool
    from airflow.utils.db import upgradedb

    upgradedb()
    Pool.create_or_update_pool(
        POOL, slots=1, description="Writers of silver and gold", include_deferred=True
    )
    done.write_text(sys.prefix, encoding="utf-8")


def main() -> None:
    end_left_behind()
    empty_task_folders()
    if sys.argv[1] == "api-server":
        migrate()
    os.execv(sys.executable, [sys.executable, "-m", "airflow", *sys.argv[1:]])  # noqa: S606


main()
