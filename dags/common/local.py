"""Runs a task's command as a process of this machine, under the contract that a pod gives it."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

from common import settings

if TYPE_CHECKING:
    from airflow.sdk import Context

SKIP = 99
USAGE = 2
# Seconds between SIGTERM, in which a task cancels what it started elsewhere, and SIGKILL.
GRACE = 30

# All that a task sees of Airflow's environment, beside RATEHOUSE_*: never Airflow's own secrets.
ALLOWED = frozenset({"PATH", "HOME", "USER", "TZ", "LANG", "LC_ALL", "NODE_EXTRA_CA_CERTS"})

# Outlives this process, which may be killed before the grace is over.
KILL_AFTER_GRACE = """
i=0
while [ $i -lt "$2" ]; do kill -s 0 -- "-$1" 2>/dev/null || exit 0; sleep 1; i=$((i + 1)); done
kill -s KILL -- "-$1" 2>/dev/null
"""

PR_SET_PDEATHSIG = 1
_prctl: Callable[[int, int], int] = ctypes.CDLL(None).prctl


def task_environment(environment: Mapping[str, str], xcom: Path) -> dict[str, str]:
    allowed = {
        name: value
        for name, value in environment.items()
        if name in ALLOWED or name.startswith("RATEHOUSE_")
    }
    # What the task makes on its way goes with its folder, however the task ends.
    return {**allowed, "TMPDIR": str(xcom.parent), "XCOM_RETURN_PATH": str(xcom)}


def _die_with_parent() -> None:
    """A worker that is killed outright takes its task along, which is asked to stop and cancels."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class LocalTaskOperator(BaseOperator):
    """
    One command of the program, as a process in a group of its own.

    Exit 0: done, and the JSON in the file named by XCOM_RETURN_PATH is the task's result.
    99: skipped. 2: wrong usage or configuration, which no retry mends.
    Anything else: failed, with the task's own last error.
    """

    template_fields: Sequence[str] = ("arguments",)
    ui_color = "#e8f4f0"

    def __init__(self, *, arguments: list[str], grace: int = GRACE, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        self.arguments = arguments
        self.grace = grace
        self._process: subprocess.Popen[str] | None = None

    def execute(self, context: Context) -> Any:  # noqa: ANN401, ARG002
        # Emptied when the scheduler starts: a worker that is killed leaves its folder.
        place = os.environ.get("RATEHOUSE_TASK_FOLDERS")
        with tempfile.TemporaryDirectory(prefix="ratehouse-", dir=place) as folder:
            xcom = Path(folder) / "return.json"
            code, error = self._run(xcom)
            if code == SKIP:
                raise AirflowSkipException(f"{self.arguments[0]}: there was nothing to do")
            if code != 0:
                how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
                message = f"{self.arguments[0]} {how}: {error or 'it gave no reason'}"
                raise (AirflowFailException if code == USAGE else AirflowException)(message)
            return json.loads(xcom.read_text(encoding="utf-8")) if xcom.exists() else None

    def _run(self, xcom: Path) -> tuple[int, str | None]:
        """Runs the command to its end; returns its exit code and the last error it told."""
        argv = [settings.node(), str(settings.bundle()), *(a for a in self.arguments if a)]
        self.log.info("Running %s", " ".join(argv))
        error = None
        self._process = subprocess.Popen(  # noqa: S603
            argv,
            env=task_environment(os.environ, xcom),
            cwd=xcom.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
            encoding="utf-8",
            errors="replace",
        )
        for line in self._process.stdout or ():
            error = self._tell(line.rstrip()) or error
        return self._process.wait(), error

    def _tell(self, line: str) -> str | None:
        """Logs a line of the command's; returns its message when it is an error."""
        try:
            told = json.loads(line)
            level, message = told.pop("level"), told.pop("message")
        except (ValueError, KeyError, TypeError, AttributeError):
            # Not progress of the program's own: a warning of Node's, say.
            self.log.info("%s", line)
            return None
        told.pop("at", None)
        details = "".join(f" {name}={value}" for name, value in told.items())
        log = {"warn": self.log.warning, "error": self.log.error}.get(level, self.log.info)
        log("%s%s", message, details)
        return str(message) if level == "error" else None

    def on_kill(self) -> None:
        """SIGTERM to the command's whole group, SIGKILL to what is left of it after the grace."""
        process = self._process
        if process is None:
            return
        try:
            os.killpg(process.pid, signal.SIGTERM)
        except ProcessLookupError:
            return
        self.log.info("Sent SIGTERM to the task's processes; SIGKILL follows in %d s", self.grace)
        subprocess.Popen(  # noqa: S603
            ["/bin/sh", "-c", KILL_AFTER_GRACE, "kill", str(process.pid), str(self.grace)],
            env={},
            start_new_session=True,
        )
        end = time.monotonic() + self.grace + 2
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
