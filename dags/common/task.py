"""Makes a command of the program `ratehouse` a task: a pod, or a process of this machine."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from common import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow.sdk import BaseOperator

# Small enough for a task that only asks other engines to work; large runs an engine of its own.
Size = Literal["small", "large"]

# One writer of silver and gold at a time, over all DAGs and runs: a pool of one slot.
WRITERS = "writers"

# 30 s, 60 s, 120 s: an engine that was killed and takes a minute to be back is outlived.
DEFAULTS: dict[str, Any] = {
    "owner": "ratehouse",
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=2),
    # What has begun goes before what has not: a run that is half done ends before another begins.
    "weight_rule": "upstream",
}


def ratehouse_task(
    command: str,
    arguments: Sequence[str] = (),
    *,
    minutes: float,
    size: Size = "small",
    pool: str | None = None,
    doc: str,
) -> BaseOperator:
    """
    The task `command` with its arguments, which may be templates.

    An argument that renders to nothing is left out.

    The command's contract: exit 0 is success and its JSON result becomes the task's XCom, 99 is
    "nothing to do" and skips what comes after, anything else is a failure.

    :param minutes: how long it may take
    """
    common: dict[str, Any] = {
        "task_id": command.replace("-", "_"),
        "arguments": [command, *arguments],
        "execution_timeout": timedelta(minutes=minutes),
        "doc_md": doc,
        **({} if pool is None else {"pool": pool}),
    }
    # Each runner is imported when it is chosen: the provider's import takes seconds and memory.
    if settings.runner() == "local":
        from common.local import LocalTaskOperator

        return LocalTaskOperator(**common)
    from common.pod import pod_task

    return pod_task(settings.pod_settings(), size=size, **common)
