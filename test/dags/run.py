"""Runs the tests of dags/ in an Airflow of their own; tells each result as a line of JSON."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import TextIO

HERE = Path(__file__).resolve().parent


class Telling(unittest.TestResult):
    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self.out = out
        self.began = 0.0

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self.began = time.monotonic()

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        wrong = [text for each, text in self.errors + self.failures if each is test]
        seconds = time.monotonic() - self.began
        name = test.shortDescription() or test.id()
        self.out.write(json.dumps({"name": name, "seconds": seconds, "wrong": wrong}) + "\n")
        self.out.flush()


def main() -> int:
    # Results have standard output to themselves; what Airflow prints goes beside it.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.path[:0] = [str(HERE), str(HERE.parents[1] / "dags")]
    with tempfile.TemporaryDirectory(prefix="ratehouse-dags-") as home:
        os.environ.update(
            AIRFLOW_HOME=home,
            AIRFLOW__CORE__LOAD_EXAMPLES="False",
            AIRFLOW__CORE__DAGS_FOLDER=str(HERE.parents[1] / "dags"),
            AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{home}/airflow.db",
            AIRFLOW__USAGE_DATA_COLLECTION__ENABLED="False",
            RATEHOUSE_TASK_RUNNER="local",
        )
        result = Telling(out)
        unittest.defaultTestLoader.discover(str(HERE), pattern="test_*.py").run(result)
        # What fails outside of a test, such as an import, is told as well.
        told = result.errors + result.failures
        for case, text in told:
            if not isinstance(case, unittest.TestCase) or case.id().startswith("unittest."):
                out.write(json.dumps({"name": str(case), "seconds": 0, "wrong": [text]}) + "\n")
        out.flush()
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
