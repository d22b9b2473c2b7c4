from __future__ import annotations

import time
import unittest
from datetime import timedelta
from typing import Any, cast

import pendulum
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowFailException
from support import DAGS, ROOT, environment, rendered


def order(dag: DAG) -> list[str]:
    sort: Any = dag.topological_sort
    return [task.task_id for task in sort()]


def interval(dag: DAG) -> timedelta:
    """How much time a run of the schedule stands for."""
    from airflow.serialization.serialized_objects import DagSerialization

    timetable: Any = DagSerialization.from_dict(DagSerialization.to_dict(dag)).timetable
    found = timetable.infer_manual_data_interval(
        run_after=pendulum.datetime(2026, 3, 29, 1, 7, 30, tz="UTC")
    )
    return cast("timedelta", found.end - found.start)


class Dags(unittest.TestCase):
    bag: DagBag
    seconds: float

    @classmethod
    def setUpClass(cls) -> None:
        began = time.monotonic()
        cls.bag = DagBag(DAGS)
        cls.seconds = time.monotonic() - began

    def test_import(self) -> None:
        """dags/ is read without an error, in under three seconds"""
        print(f"dags/ was read in {self.seconds:.2f} s")
        self.assertEqual(self.bag.import_errors, {})
        self.assertEqual(
            sorted(self.bag.dags), ["gold", "lake_compaction", "lake_expiry", "stream"]
        )
        self.assertLess(self.seconds, 3)

    def test_told(self) -> None:
        """every DAG and task says what it does, who owns it, and how long it may take"""
        for dag in self.bag.dags.values():
            self.assertTrue(dag.doc_md and dag.description and dag.tags)
            for task in dag.tasks:
                self.assertEqual(task.owner, "ratehouse")
                self.assertTrue(task.doc_md, task.task_id)
                self.assertIsNotNone(task.execution_timeout, task.task_id)

    def test_outlive(self) -> None:
        """the retries of a task outlive an engine that takes three minutes to be back"""
        for dag in self.bag.dags.values():
            for task in dag.tasks:
                # Declared as one or a number of seconds; held as one.
                delay, longest = (
                    cast("timedelta", each) for each in (task.retry_delay, task.max_retry_delay)
                )
                waits = [
                    min(delay * task.retry_exponential_backoff**attempt, longest)
                    for attempt in range(task.retries or 0)
                ]
                self.assertGreaterEqual(sum(waits, timedelta()), timedelta(minutes=3))

    def test_stream_order(self) -> None:
        """stream: the sources, then the Flink jobs, then the wait for candles; by hand alone"""
        dag = self.bag.dags["stream"]
        self.assertEqual(
            order(dag),
            ["start_stream", "sync_flink", "wait_for_candles"],
        )
        self.assertFalse(dag.timetable.can_be_scheduled)
        self.assertIs(dag.is_paused_upon_creation, False)

    def test_stream_feeds(self) -> None:
        """stream: a feed is one of those configured, and never an address"""
        feed = self.bag.dags["stream"].params.get_param("feed")
        configured = (ROOT / "connectors" / "config").glob("trades-*.json")
        self.assertEqual(
            feed.schema["enum"], sorted(f.stem.removeprefix("trades-") for f in configured)
        )
        with self.assertRaises(ValueError):
            feed.resolve("wss://example.org")

    def test_stream_symbols(self) -> None:
        """stream: symbols are handed on as one list, and left to the feed when there are none"""
        dag = self.bag.dags["stream"]
        self.assertEqual(rendered(dag, "start_stream"), ["start-stream", "--feed=replay"])
        self.assertEqual(
            rendered(dag, "start_stream", feed="finnhub", symbols=["A:B", "C"]),
            ["start-stream", "--feed=finnhub", "--symbols=A:B,C"],
        )
        with self.assertRaises(ValueError):
            dag.params.get_param("symbols").resolve(["A,B"])

    def test_gold_order(self) -> None:
        """gold: plan, Spark, dbt, validation, each in the one slot of the pool of writers"""
        dag = self.bag.dags["gold"]
        self.assertEqual(
            order(dag),
            ["plan_run", "run_spark_sql", "run_dbt", "validate_gold"],
        )
        self.assertEqual({t.pool for t in dag.tasks}, {"writers"})
        self.assertEqual(dag.max_active_runs, 1)

    def test_gold_schedule(self) -> None:
        """gold: five minutes in UTC, none made up for; paused until there is a stream"""
        dag = self.bag.dags["gold"]
        self.assertIs(dag.catchup, False)
        self.assertIs(dag.is_paused_upon_creation, True)
        from airflow.serialization.serialized_objects import DagSerialization
        from airflow.timetables.base import TimeRestriction

        timetable: Any = DagSerialization.from_dict(DagSerialization.to_dict(dag)).timetable
        first = timetable.infer_manual_data_interval(
            run_after=pendulum.datetime(2026, 3, 29, 1, 7, 30, tz="UTC")
        )
        self.assertEqual(first.end - first.start, timedelta(minutes=5))
        following = timetable.next_dagrun_info(
            last_automated_data_interval=first, restriction=TimeRestriction(None, None, True)
        )
        self.assertEqual(following.data_interval.start, first.end)

    def test_gold_run_id(self) -> None:
        """gold: every task gets the run's id, so a cleared run asks for the same input again"""
        dag = self.bag.dags["gold"]
        for task in dag.tasks:
            self.assertIn("--run-id=run 1", rendered(dag, task.task_id))

    def test_gold_new(self) -> None:
        """gold: a scheduled or manual run takes what is new in the lake"""
        dag = self.bag.dags["gold"]
        for run_type in ("scheduled", "manual"):
            self.assertEqual(rendered(dag, "plan_run", run_type), ["plan-run", "--run-id=run 1"])

    def test_gold_backfill(self) -> None:
        """gold: a run of a backfill takes its own interval as the window"""
        self.assertEqual(
            rendered(self.bag.dags["gold"], "plan_run", "backfill")[2:],
            ["--start=2013-11-25T10:00:00+00:00", "--end=2013-11-25T10:05:00+00:00"],
        )

    def test_gold_window(self) -> None:
        """gold: the parameters start and end are the window, also of a backfill, and go together"""
        dag = self.bag.dags["gold"]
        window = {"start": "2013-11-25T00:00:00Z", "end": "2013-11-26T00:00:00Z"}
        flags = ["--start=2013-11-25T00:00:00+00:00", "--end=2013-11-26T00:00:00+00:00"]
        for run_type in ("manual", "backfill"):
            self.assertEqual(rendered(dag, "plan_run", run_type, **window)[2:], flags)
        for wrong in (
            {"start": window["start"]},
            {"start": window["end"], "end": window["start"]},
            {"start": "yesterday", "end": "today"},
        ):
            with self.assertRaises(AirflowFailException):
                rendered(dag, "plan_run", "manual", **wrong)

    def test_lake_expiry(self) -> None:
        """lake_expiry: every quarter of an hour, and a look at the sink beside it"""
        dag = self.bag.dags["lake_expiry"]
        task = dag.get_task("maintain_lake")
        self.assertEqual(rendered(dag, task.task_id), ["maintain-lake", "--steps=expire,metadata"])
        self.assertEqual(rendered(dag, "check_lake_sink"), ["check-lake-sink"])
        self.assertEqual([t.upstream_task_ids for t in dag.tasks], [set(), set()])
        self.assertEqual(task.pool, "default_pool")
        self.assertEqual(interval(dag), timedelta(minutes=15))
        self.assertLess(cast("timedelta", task.execution_timeout), timedelta(minutes=15))

    def test_lake_compaction(self) -> None:
        """lake_compaction: once a day after an hour of it, taking its turn with the writers"""
        dag = self.bag.dags["lake_compaction"]
        (task,) = dag.tasks
        self.assertEqual(
            rendered(dag, task.task_id),
            ["maintain-lake", "--steps=compact,manifests,orphans"],
        )
        self.assertEqual(task.pool, "writers")
        self.assertEqual(interval(dag), timedelta(days=1))

    def test_lake_alone(self) -> None:
        """the lake's DAGs: one run at a time, none made up for, paused until there is a lake"""
        for name in ("lake_expiry", "lake_compaction"):
            dag = self.bag.dags[name]
            self.assertIs(dag.catchup, False)
            self.assertIs(dag.is_paused_upon_creation, True)
            self.assertEqual(dag.max_active_runs, 1)

    def test_kubernetes_settings(self) -> None:
        """without an image for its pods a DAG says what to set"""
        with environment(RATEHOUSE_TASK_RUNNER="kubernetes"):
            errors = list(DagBag(DAGS).import_errors.values())
        self.assertEqual(len(errors), 3)
        self.assertIn("RATEHOUSE_TASK_IMAGE is not set", errors[0])
