"""Keeps the lake small and fast. No row of it changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from airflow.sdk import DAG, CronDataIntervalTimetable
from common.task import DEFAULTS, WRITERS, ratehouse_task

EXPIRY_DOC = """
### lake_expiry
Each commit to the lake adds a snapshot, and writes the table's metadata anew with all of them in
it: left alone it grows with the square of time. Every quarter of an hour `maintain_lake` expires
the snapshots that were replaced more than 40 minutes ago, and removes the metadata files that are
not current any more. Beside it `check_lake_sink` looks whether the Iceberg sink does its work.

What a run of `gold` still needs stays: the lake's history since the last validated run. When
`gold` fails for long, mend it: meanwhile the history grows.

Nothing to do: the run skips. A missed run needs nothing: the next one does its work.
"""

COMPACTION_DOC = """
### lake_compaction
Once a day the many small files of days that are over become few, the manifests one for each day,
and files that no snapshot names are removed when they are three days old. Late trades open their
day again, and it is compacted once more when enough of them have come.

Safe beside the Iceberg sink, Spark and readers: where another writer was faster, it plans anew.
"""

# What is due is in the lake, not in the calendar: runs that were missed are not made up for.
COMMON: dict[str, Any] = {
    "tags": ["ratehouse", "lake"],
    "default_args": DEFAULTS,
    "catchup": False,
    "start_date": datetime(2010, 1, 1, tzinfo=UTC),
    "max_active_runs": 1,
    # Until there is a lake.
    "is_paused_upon_creation": True,
}

with DAG(
    dag_id="lake_expiry",
    description="Expire the lake's old snapshots, and remove old metadata",
    doc_md=EXPIRY_DOC,
    schedule=CronDataIntervalTimetable("*/15 * * * *", timezone="UTC"),
    **COMMON,
) as expiry:
    ratehouse_task(
        "maintain-lake",
        ["--steps=expire,metadata"],
        minutes=14,
        doc="Snapshots and metadata files that nobody needs any more.",
    )
    # Not one after the other: either is needed most when the other fails.
    ratehouse_task(
        "check-lake-sink",
        minutes=5,
        doc="The failures in which the Iceberg sink says that it runs, and what to do.",
    )

with DAG(
    dag_id="lake_compaction",
    description="Make the files of the lake's closed days few",
    doc_md=COMPACTION_DOC,
    # Trades of a day may come until an hour after it.
    schedule=CronDataIntervalTimetable("15 1 * * *", timezone="UTC"),
    **COMMON,
) as compaction:
    ratehouse_task(
        "maintain-lake",
        ["--steps=compact,manifests,orphans"],
        minutes=120,
        # It rewrites files of silver, and so takes its turn with those who write it.
        pool=WRITERS,
        doc="Few files for each closed day, and none that no snapshot names.",
    )
