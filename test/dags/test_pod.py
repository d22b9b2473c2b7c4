from __future__ import annotations

import unittest
from types import SimpleNamespace
from typing import Any

from airflow.dag_processing.dagbag import DagBag
from common.pod import PodTaskOperator, pod_name
from kubernetes.client import ApiClient
from support import DAGS, environment


def pods() -> dict[str, PodTaskOperator]:
    with environment(RATEHOUSE_TASK_RUNNER="kubernetes", RATEHOUSE_TASK_IMAGE="ratehouse:1"):
        bag = DagBag(DAGS)
    found: dict[str, Any] = {
        f"{dag_id}.{task.task_id}": task for dag_id, dag in bag.dags.items() for task in dag.tasks
    }
    return found


def specification(task: PodTaskOperator) -> dict[str, Any]:
    """The pod as Kubernetes gets it."""
    hook = SimpleNamespace(
        get_xcom_sidecar_container_image=lambda: None,
        get_xcom_sidecar_container_resources=lambda: None,
        get_xcom_sidecar_container_security_context=lambda: None,
    )
    task.__dict__["hook"] = hook
    built: dict[str, Any] = ApiClient().sanitize_for_serialization(
        task.build_pod_request_obj(dry_run=True)
    )
    return built


class Pods(unittest.TestCase):
    tasks: dict[str, PodTaskOperator]

    @classmethod
    def setUpClass(cls) -> None:
        cls.tasks = pods()

    def test_all(self) -> None:
        """with that runner every task is a pod of the tasks' image, and the DAGs are the same"""
        self.assertEqual(
            sorted(self.tasks),
            [
                "gold.plan_run",
                "gold.run_dbt",
                "gold.run_spark_sql",
                "gold.validate_gold",
                "lake_compaction.maintain_lake",
                "lake_expiry.check_lake_sink",
                "lake_expiry.maintain_lake",
                "stream.start_stream",
                "stream.sync_flink",
                "stream.wait_for_candles",
            ],
        )
        for task in self.tasks.values():
            self.assertIsInstance(task, PodTaskOperator)
            self.assertEqual(task.image, "ratehouse:1")

    def test_least_privilege(self) -> None:
        """a pod is no root, writes nowhere but /tmp, and has no token of the cluster"""
        for task in self.tasks.values():
            spec = specification(task)["spec"]
            self.assertIs(spec["securityContext"]["runAsNonRoot"], True)
            self.assertEqual(spec["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
            self.assertIs(spec["automountServiceAccountToken"], False)
            base = spec["containers"][0]
            self.assertIs(base["securityContext"]["readOnlyRootFilesystem"], True)
            self.assertIs(base["securityContext"]["allowPrivilegeEscalation"], False)
            self.assertEqual(base["securityContext"]["capabilities"], {"drop": ["ALL"]})
            self.assertIn({"name": "tmp", "mountPath": "/tmp"}, base["volumeMounts"])  # noqa: S108

    def test_settings(self) -> None:
        """a pod takes its settings from a config map and a secret, and holds none itself"""
        for task in self.tasks.values():
            base = specification(task)["spec"]["containers"][0]
            self.assertEqual(
                base["envFrom"],
                [
                    {"configMapRef": {"name": "ratehouse-tasks"}},
                    {"secretRef": {"name": "ratehouse-tasks"}},
                ],
            )
            self.assertEqual({each["name"] for each in base["env"]}, {"XCOM_RETURN_PATH", "HOME"})

    def test_contract(self) -> None:
        """a pod's result, its exit code for a skip and its time to cancel follow the contract"""
        for name, task in self.tasks.items():
            self.assertTrue(task.do_xcom_push, name)
            self.assertTrue(task.deferrable, name)
            self.assertIn(99, task.skip_on_exit_code)
            spec = specification(task)["spec"]
            env = {each["name"]: each["value"] for each in spec["containers"][0]["env"]}
            self.assertEqual(env["XCOM_RETURN_PATH"], "/airflow/xcom/return.json")
            self.assertEqual(spec["terminationGracePeriodSeconds"], 30)
            self.assertEqual(spec["restartPolicy"], "Never")

    def test_resources(self) -> None:
        """a pod asks for what it needs, and Spark's for more"""
        memory = {
            name: specification(task)["spec"]["containers"][0]["resources"]["limits"]["memory"]
            for name, task in self.tasks.items()
        }
        self.assertEqual(memory.pop("gold.run_spark_sql"), "3Gi")
        self.assertEqual(set(memory.values()), {"512Mi"})

    def test_labels(self) -> None:
        """a pod is labelled by its command"""
        labels = specification(self.tasks["gold.run_dbt"])["metadata"]["labels"]
        self.assertEqual(labels["app.kubernetes.io/name"], "ratehouse")
        self.assertEqual(labels["app.kubernetes.io/component"], "run-dbt")

    def test_arguments(self) -> None:
        """an argument that rendered to nothing is left out"""
        with environment(RATEHOUSE_TASK_RUNNER="kubernetes", RATEHOUSE_TASK_IMAGE="ratehouse:1"):
            task: Any = DagBag(DAGS).dags["stream"].get_task("start_stream")
        task.arguments = ["start-stream", "--feed=replay", ""]
        base = specification(task)["spec"]["containers"][0]
        self.assertEqual(base["args"], ["start-stream", "--feed=replay"])

    def test_name(self) -> None:
        """a pod's name is a DNS label, the same for the same attempt, and another for each other"""
        run = "scheduled__2026-11-27T06:45:00+00:00"
        name = pod_name("gold", "run_spark_sql", run, 1)
        self.assertEqual(name, pod_name("gold", "run_spark_sql", run, 1))
        self.assertRegex(name, r"^gold-run-spark-sql-[0-9a-f]{10}$")
        others = {pod_name("gold", "run_spark_sql", run, 2), pod_name("gold", "run_dbt", run, 1)}
        self.assertEqual(len(others | {name}), 3)
        self.assertLessEqual(len(pod_name("d" * 60, "t" * 60, run, 1)), 63)
