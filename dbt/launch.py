"""Becomes dbt, and ends with the process that started it.

A task that is killed leaves no dbt behind that goes on writing.

Usage: launch.py DBT ARGUMENT...
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # It may have died before that took effect.
    if os.getppid() == parent:
        os.execv(arguments[0], arguments)  # noqa: S606 - the task names the program


if __name__ == "__main__":
    main(sys.argv[1:])
