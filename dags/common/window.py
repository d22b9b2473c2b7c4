"""The window that a run was asked for, if it was asked for one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, Protocol

from airflow.sdk.exceptions import AirflowFailException


class Run(Protocol):
    @property
    def run_type(self) -> str: ...
    @property
    def data_interval_start(self) -> datetime | None: ...
    @property
    def data_interval_end(self) -> datetime | None: ...


def window_flag(edge: Literal["start", "end"], run: Run, params: Mapping[str, str | None]) -> str:
    """
    `--start=...` or `--end=...`, or nothing: then the run's input is what is new in the lake.

    A run with the parameters `start` and `end` asks for that window, a backfill for its interval.
    """
    start, end = (_moment(name, params) for name in ("start", "end"))
    if (start is None) != (end is None):
        raise AirflowFailException("A window needs both, start and end.")
    if start is None and run.run_type == "backfill":
        start, end = run.data_interval_start, run.data_interval_end
    if start is None or end is None:
        return ""
    if start >= end:
        raise AirflowFailException(f"The window ends at {end} and begins at {start}, not before.")
    return f"--{edge}={(start if edge == 'start' else end).isoformat()}"


def _moment(name: str, params: Mapping[str, str | None]) -> datetime | None:
    given = params.get(name)
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise AirflowFailException(f"{name} is no time in ISO 8601: {given}") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
