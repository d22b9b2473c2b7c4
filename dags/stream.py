"""The stream: feed -> Kafka -> Flink -> ClickHouse, and the lake beside it."""

from __future__ import annotations

from datetime import UTC, datetime

from airflow.sdk import DAG, Param
from common.settings import feeds
from common.task import DEFAULTS, ratehouse_task

DOC = """
### stream
Brings the stream up, or to what it should be: run it again to change the symbols. What is right
already is left alone, so a second run does no harm.

| parameter | |
|---|---|
| **feed** | a feed configured in `connectors/config` |
| **symbols** | one a line; the feed's own when none is given |

1. `start_stream`: topics, schemas, tables and connectors; ends when the first trades are in
2. `sync_flink`: the Flink jobs of `flink/`: started, left alone, or resumed from a savepoint
3. `wait_for_candles`: ends when candles are served from ClickHouse
"""

with DAG(
    dag_id="stream",
    description="Start the stream, or change its symbols",
    doc_md=DOC,
    tags=["ratehouse", "speed lane"],
    default_args=DEFAULTS,
    # By hand alone, so there is nothing to pause.
    schedule=None,
    is_paused_upon_creation=False,
    start_date=datetime(2010, 1, 1, tzinfo=UTC),
    max_active_runs=1,
    params={
        "feed": Param(
            "replay",
            type="string",
            enum=feeds(),
            title="Feed",
            description="Where the trades come from.",
        ),
        "symbols": Param(
            None,
            type=["null", "array"],
            items={"type": "string", "pattern": r"^[^\s,]+$"},
            title="Symbols",
            description="One a line, as the feed names them. Leave it empty for the feed's own.",
        ),
    },
) as dag:
    start_stream = ratehouse_task(
        "start-stream",
        [
            "--feed={{ params.feed }}",
            "{{ '--symbols=' ~ (params.symbols | join(',')) if params.symbols else '' }}",
        ],
        minutes=10,
        doc="Topics, schemas, tables and connectors; ends when the first trades are in.",
    )
    sync_flink = ratehouse_task(
        "sync-flink",
        minutes=10,
        doc="Brings the running Flink jobs to what flink/ says.",
    )
    wait_for_candles = ratehouse_task(
        "wait-for-candles",
        minutes=6,
        doc="Ends when candles are served from ClickHouse.",
    )
    start_stream >> sync_flink >> wait_for_candles
