"""Runs one Spark SQL statement over the lake, as a job file says, here or on a cluster.

The job file is JSON, the fields of `Job` below. It holds no secret: credentials come from the
environment, where the AWS SDK looks for them. Progress and the result are JSON lines on stdout,
Spark's own log is on stderr.

Exit codes: 0 done; 1 failed, and the last line says why; 2 wrong usage.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 2.0
# What Iceberg throws when another writer was faster, or when the catalog's answer to a commit was
# lost. A statement leaves the same table however often it runs, so it is run again, over the table
# as it is now.
CONFLICTS = tuple(
    f"org.apache.iceberg.exceptions.{name}"
    for name in ("CommitFailedException", "CommitStateUnknownException", "ValidationException")
)
# In the summary of every snapshot that a run commits.
RUN_PROPERTY = "ratehouse.run-id"
MERGED = "spark.merge-into.num-target-rows-"
# Of Linux's prctl: the signal that a process gets when its parent dies.
PR_SET_PDEATHSIG = 1


class Row(Protocol):
    def __getitem__(self, name: str) -> Any: ...  # noqa: ANN401


class Frame(Protocol):
    def collect(self) -> Sequence[Row]: ...


class Session(Protocol):
    """What is used of pyspark's session; pyspark itself is not where this file is checked."""

    def sql(self, query: str, args: Mapping[str, str]) -> Frame: ...

    def stop(self) -> None: ...


class Throwable(Protocol):
    def getCause(self) -> Throwable | None: ...

    def toString(self) -> str: ...


@dataclass(frozen=True)
class Job:
    name: str
    run_id: str
    sql: str
    """Path of the .sql file: one statement, without its semicolon."""
    args: Mapping[str, str]
    """Values of the statement's named parameters, `:name` in its text."""
    target: str
    """The table that the statement changes, with its catalog."""
    conf: Mapping[str, str]
    """Spark's configuration; on a cluster what the submission does not say already."""
    secret_conf: Mapping[str, str] = field(default_factory=dict)
    """What of it is secret: by the name of the environment variable that holds the value."""
    ends_with_parent: bool = False
    """Whether to stop when the process that started this one is gone: nobody would know of it."""


@dataclass(frozen=True)
class Snapshot:
    id: int
    summary: Mapping[str, str]


def say(level: str, message: str, **fields: object) -> None:
    print(json.dumps({"level": level, "message": message, **fields}), flush=True)


def open_session(job: Job) -> Session:
    from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]

    builder = SparkSession.builder.appName(f"ratehouse {job.name} {job.run_id}")
    for key, value in job.conf.items():
        builder = builder.config(key, value)
    for key, variable in job.secret_conf.items():
        builder = builder.config(key, os.environ[variable])
    spark = builder.config(
        f"spark.sql.iceberg.snapshot-property.{RUN_PROPERTY}", job.run_id
    ).getOrCreate()
    spark.sparkContext.setLogLevel("WARN")
    return cast(Session, spark)


def snapshots(spark: Session, table: str) -> list[Snapshot]:
    """The table's snapshots, oldest first."""
    rows = spark.sql(
        "SELECT snapshot_id, summary FROM identifier(:snapshots) ORDER BY committed_at",
        args={"snapshots": f"{table}.snapshots"},
    ).collect()
    return [Snapshot(int(row["snapshot_id"]), dict(row["summary"])) for row in rows]


def throwables(error: BaseException) -> Iterator[str]:
    """What Java threw, from the outermost to its root cause, each as `class: message`."""
    at: Throwable | None = getattr(error, "_origin", None) or getattr(error, "java_exception", None)
    while at is not None:
        yield at.toString()
        at = at.getCause()


def is_conflict(error: BaseException) -> bool:
    return any(text.startswith(CONFLICTS) for text in throwables(error))


def root_cause(error: BaseException) -> str:
    # py4j's own errors, when there is nobody to talk to any more.
    if isinstance(error, ConnectionError) or type(error).__name__ == "Py4JNetworkError":
        return "Spark's JVM ended in the middle of the job: killed, or out of memory"
    innermost = [str(error), *throwables(error)][-1]
    # A failed stage has the trace of its task as text in its message.
    lines = [line.strip() for line in innermost.splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    return (causes[-1:] or lines[:1] or [type(error).__name__])[0][:1000]


def run_statement(spark: Session, job: Job) -> None:
    statement = Path(job.sql).read_text(encoding="utf-8")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            spark.sql(statement, args=job.args).collect()
            return
        except Exception as error:
            if attempt == ATTEMPTS or not is_conflict(error):
                raise
            pause = FIRST_PAUSE_SECONDS * 2 ** (attempt - 1) * random.uniform(0.5, 1.0)  # noqa: S311
            say(
                "warn",
                f"another writer was faster, trying again in {pause:.1f} s",
                attempt=attempt,
                reason=root_cause(error),
            )
            time.sleep(pause)


def merged(committed: Sequence[Snapshot], what: str) -> int:
    return sum(int(snapshot.summary.get(f"{MERGED}{what}", 0)) for snapshot in committed)


def run(job: Job) -> None:
    started = time.monotonic()
    spark = open_session(job)
    before = {snapshot.id for snapshot in snapshots(spark, job.target)}
    say("info", "Spark is up", seconds=round(time.monotonic() - started, 1))
    run_statement(spark, job)
    # Another writer's snapshots may stand between; a commit whose answer was lost may have made one
    # too many.
    committed = [
        snapshot
        for snapshot in snapshots(spark, job.target)
        if snapshot.id not in before and snapshot.summary.get(RUN_PROPERTY) == job.run_id
    ]
    say(
        "info",
        "done",
        # As text: a snapshot's id is beyond what JSON's readers hold as a number.
        snapshot_id=str(committed[-1].id) if committed else None,
        inserted=merged(committed, "inserted"),
        updated=merged(committed, "updated"),
        deleted=merged(committed, "deleted"),
    )
    spark.stop()


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: launcher.py JOB_FILE", file=sys.stderr)
        return 2
    job = Job(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    if job.ends_with_parent:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    try:
        run(job)
    except Exception as error:
        say("error", root_cause(error), conflict=is_conflict(error))
        return 1
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # What py4j leaves running must not hold up the end of a process whose work is done or failed.
    os._exit(code)
