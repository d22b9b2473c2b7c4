"""The batch lane: exact candles from the lake, and what is computed from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from airflow.sdk import DAG, CronDataIntervalTimetable, Param
from common.task import DEFAULTS, WRITERS, ratehouse_task
from common.window import window_flag

DOC = """
### gold
Takes what came into the lake since the last validated run, and brings silver and gold up to it.
Late trades, missed runs and a run done twice need no special care.

1. `plan_run`: which symbol-minutes are due; skips the rest when nothing is new
2. `run_spark_sql`: their candles, computed from the lake
3. `run_dbt`: `gold.candles`, `gold.macd` and the rates, from the first bar that changed
4. `validate_gold`: the ledger, and every number computed a second way

The input is fixed by `plan_run` under the run's id: a cleared run asks again for the same.

**To compute a window again**, give `start` and `end`, or create a backfill, whose runs take their
own five minutes each. For a long window the parameters are quicker: one run.

Writers of silver and gold share the pool `writers`, which has one slot.
"""

MOMENT: dict[str, Any] = {"type": ["null", "string"], "format": "date-time"}
RUN_ID = "--run-id={{ run_id }}"

with DAG(
    dag_id="gold",
    description="Candles and MACD from the lake, validated",
    doc_md=DOC,
    tags=["ratehouse", "batch lane"],
    default_args=DEFAULTS,
    schedule=CronDataIntervalTimetable("*/5 * * * *", timezone="UTC"),
    # What is due is in the lake, not in the calendar: runs that were missed are not made up for.
    catchup=False,
    start_date=datetime(2010, 1, 1, tzinfo=UTC),
    max_active_runs=1,
    is_paused_upon_creation=True,
    user_defined_macros={"window_flag": window_flag},
    params={
        "start": Param(
            None,
            **MOMENT,
            title="Start",
            description="Start of a window to compute again (UTC). Empty: what is new in the lake.",
        ),
        "end": Param(
            None,
            **MOMENT,
            title="End",
            description="End of that window, which is not part of it.",
        ),
    },
) as dag:
    plan_run = ratehouse_task(
        "plan-run",
        [
            RUN_ID,
            "{{ window_flag('start', dag_run, params) }}",
            "{{ window_flag('end', dag_run, params) }}",
        ],
        minutes=5,
        pool=WRITERS,
        doc="Decides which symbol-minutes this run computes. Skips when nothing is new.",
    )
    run_spark_sql = ratehouse_task(
        "run-spark-sql",
        [RUN_ID, "--job=candles_1m"],
        minutes=30,
        size="large",
        pool=WRITERS,
        doc="`silver.candles_1m` of the lake: the planned minutes, computed from `bronze.trades`.",
    )
    run_dbt = ratehouse_task(
        "run-dbt",
        [RUN_ID],
        minutes=20,
        pool=WRITERS,
        doc="`gold.candles` and `gold.macd` in ClickHouse, with dbt's own tests.",
    )
    validate_gold = ratehouse_task(
        "validate-gold",
        [RUN_ID],
        minutes=10,
        pool=WRITERS,
        doc="Over lake and ClickHouse at once. Each check is a row of `gold.validations`.",
    )
    plan_run >> run_spark_sql >> run_dbt >> validate_gold
