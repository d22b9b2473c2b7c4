from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException
from common.local import LocalTaskOperator, task_environment
from support import ROOT, environment, program


def run(operator: LocalTaskOperator) -> Any:  # noqa: ANN401
    # What Airflow wraps around it refuses calls that no task runner made.
    execute: Any = LocalTaskOperator.execute
    return execute.__wrapped__(operator, {})


def operator(*arguments: str, grace: int = 30) -> LocalTaskOperator:
    return LocalTaskOperator(task_id="task", arguments=["command", *arguments], grace=grace)


def alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_for(what: str, seconds: float, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come in {seconds} s")
        time.sleep(0.05)


class LocalTask(unittest.TestCase):
    def test_result(self) -> None:
        """the JSON that a command leaves is the task's result; an empty argument is left out"""
        script = """import { writeFileSync } from 'node:fs';
            writeFileSync(process.env.XCOM_RETURN_PATH, JSON.stringify(process.argv.slice(2)))"""
        with program(script):
            self.assertEqual(run(operator("--a=1", "", "b c")), ["command", "--a=1", "b c"])

    def test_no_result(self) -> None:
        """a command that leaves none has no result"""
        with program(""):
            self.assertIsNone(run(operator()))

    def test_skip(self) -> None:
        """exit code 99 skips"""
        with program("process.exit(99)"), self.assertRaises(AirflowSkipException):
            run(operator())

    def test_failure(self) -> None:
        """a failure carries the last error that the command told"""
        script = """for (const message of ['first', 'last'])
              console.error(JSON.stringify({level: 'error', message}));
            console.error('noise'); process.exit(1)"""
        with program(script), self.assertRaises(AirflowException) as caught:
            run(operator())
        self.assertEqual(str(caught.exception), "command ended with code 1: last")
        self.assertNotIsInstance(caught.exception, AirflowFailException)

    def test_usage(self) -> None:
        """exit code 2 fails for good: no retry mends a wrong call"""
        with program("process.exit(2)"), self.assertRaises(AirflowFailException):
            run(operator())

    def test_progress(self) -> None:
        """progress is logged at its level, with its details; what is no progress, as it is"""
        script = """
            console.error(JSON.stringify({at: 'x', level: 'warn', message: 'slow', rows: 3}));
            console.error('{"half":'); console.error('[1]'); console.log('plain')"""
        with program(script), patch.object(LocalTaskOperator, "log", Mock()) as log:
            run(operator())
        told = {
            level: [
                str(each.args[0]) % each.args[1:] for each in getattr(log, level).call_args_list
            ]
            for level in ("warning", "info")
        }
        self.assertEqual(told["warning"], ["slow rows=3"])
        # Its two outputs are read through one pipe, in the order in which they were written to it.
        self.assertEqual(told["info"][1:], ['{"half":', "[1]", "plain"])

    def test_environment(self) -> None:
        """a command sees the settings of Ratehouse, and none of Airflow's"""
        script = """import { writeFileSync } from 'node:fs';
            writeFileSync(process.env.XCOM_RETURN_PATH, JSON.stringify(process.env))"""
        with (
            environment(RATEHOUSE_X="1", AIRFLOW__CORE__FERNET_KEY="secret", ELSEWHERE="secret"),
            program(script),
        ):
            seen = run(operator())
        self.assertEqual(seen["RATEHOUSE_X"], "1")
        self.assertEqual(
            {name for name in seen if not name.startswith("RATEHOUSE_")}
            - {"PATH", "HOME", "USER", "TZ", "LANG", "LC_ALL", "NODE_EXTRA_CA_CERTS"},
            {"TMPDIR", "XCOM_RETURN_PATH"},
        )
        self.assertNotIn("secret", json.dumps(task_environment(os.environ, Path("x"))))

    def test_folder(self) -> None:
        """what a command makes on its way is in a folder of its own, which goes with it"""
        script = """import { mkdtempSync, writeFileSync } from 'node:fs';
            import { tmpdir } from 'node:os';
            const made = mkdtempSync(tmpdir() + '/made-');
            writeFileSync(process.env.XCOM_RETURN_PATH, JSON.stringify(made));"""
        with program(script) as place, environment(RATEHOUSE_TASK_FOLDERS=str(place)):
            made = Path(run(operator()))
            self.assertEqual(made.parent.parent, place)
            self.assertFalse(made.parent.exists())

    def test_kill(self) -> None:
        """SIGTERM reaches a command, which may cancel what it started, and all below it"""
        script = """import { spawn } from 'node:child_process';
            import { writeFileSync } from 'node:fs';
            const below = spawn('sleep', ['60']);
            process.on('SIGTERM', () => {
              writeFileSync(process.env.RATEHOUSE_FOLDER + '/cancelled', '');
              process.exit(1);
            });
            setInterval(() => {}, 1000);
            writeFileSync(process.env.RATEHOUSE_FOLDER + '/below', String(below.pid));"""
        task = operator()
        with program(script) as folder:
            end = threading.Timer(0, lambda: wait_and(folder / "below", task.on_kill))
            end.start()
            with self.assertRaises(AirflowException):
                run(task)
            end.join()
            self.assertTrue((folder / "cancelled").exists())
            below = int((folder / "below").read_text(encoding="utf-8"))
            wait_for("the end of the process below", 5, lambda: not alive(below))

    def test_kill_hard(self) -> None:
        """what does not heed SIGTERM is killed after the grace"""
        script = """import { writeFileSync } from 'node:fs'; process.on('SIGTERM', () => {});
            setInterval(() => {}, 1000);
            writeFileSync(process.env.RATEHOUSE_FOLDER + '/below', '1');"""
        task = operator(grace=1)
        with program(script) as folder:
            end = threading.Timer(0, lambda: wait_and(folder / "below", task.on_kill))
            end.start()
            with self.assertRaises(AirflowException) as caught:
                run(task)
            end.join()
        self.assertIn("was ended by signal 9", str(caught.exception))

    def test_worker_killed(self) -> None:
        """a worker that is killed outright leaves no command behind"""
        script = """import { writeFileSync } from 'node:fs'; setInterval(() => {}, 1000);
            writeFileSync(process.env.RATEHOUSE_FOLDER + '/pid', String(process.pid));"""
        with program(script) as folder:
            code = (
                "from common.local import LocalTaskOperator as O\n"
                "O.execute.__wrapped__(O(task_id='t', arguments=['c']), {})"
            )
            path = {"PYTHONPATH": str(ROOT / "dags")}
            worker = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, **path})  # noqa: S603
            wait_for("the command", 30, lambda: (folder / "pid").exists())
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            pid = int((folder / "pid").read_text(encoding="utf-8"))
            wait_for("the end of the command", 5, lambda: not alive(pid))


def wait_and(file: Path, then: Callable[[], None]) -> None:
    # It is written in one piece: a file that is there may still be empty.
    wait_for(str(file), 20, lambda: file.exists() and file.stat().st_size > 0)
    then()
