"""What the tests of dags/ share. run.py has put dags/ on the path and made an Airflow home."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from airflow.sdk import DAG

ROOT = Path(__file__).resolve().parents[2]
DAGS = ROOT / "dags"


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def program(script: str) -> Iterator[Path]:
    """A bundle that does as the script says, in a folder for what it leaves behind."""
    with TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle.mjs"
        bundle.write_text(script, encoding="utf-8")
        with environment(RATEHOUSE_BUNDLE=str(bundle), RATEHOUSE_FOLDER=folder):
            yield Path(folder)


def rendered(
    dag: DAG, task_id: str, run_type: str = "scheduled", **params: str | list[str] | None
) -> list[str]:
    """The arguments of a task in a run, as its command gets them."""
    run = SimpleNamespace(
        run_type=run_type,
        data_interval_start=datetime(2013, 11, 25, 10, 0, tzinfo=UTC),
        data_interval_end=datetime(2013, 11, 25, 10, 5, tzinfo=UTC),
    )
    context: Any = {
        "run_id": "run 1",
        "dag_run": run,
        "params": {**dag.params.dump(), **params},
    }
    task: Any = dag.get_task(task_id).prepare_for_execution()
    task.render_template_fields(context, jinja_env=dag.get_template_env())
    return [argument for argument in task.arguments if argument]
