"""Runs a task's command as a pod of the tasks' image."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from kubernetes.client import models as k8s

if TYPE_CHECKING:
    from airflow.sdk import Context

    from common.settings import PodSettings
    from common.task import Size

# Where the provider's sidecar looks for a pod's result.
XCOM_RETURN_PATH = "/airflow/xcom/return.json"
SKIP = 99
# Seconds between SIGTERM and SIGKILL.
GRACE = 30
# A pod's name is a label of DNS.
NAME_LENGTH = 63

RESOURCES: Mapping[Size, k8s.V1ResourceRequirements] = {
    "small": k8s.V1ResourceRequirements(
        requests={"cpu": "100m", "memory": "256Mi"}, limits={"memory": "512Mi"}
    ),
    "large": k8s.V1ResourceRequirements(
        requests={"cpu": "1", "memory": "2Gi"}, limits={"memory": "3Gi"}
    ),
}


def pod_name(dag_id: str, task_id: str, run_id: str, attempt: int) -> str:
    """The same for the same attempt of a task: a worker that is back finds the pod it started."""
    digest = hashlib.sha256(f"{dag_id}/{task_id}/{run_id}/{attempt}".encode()).hexdigest()[:10]
    words = f"{dag_id}-{task_id}".lower().replace("_", "-").replace(".", "-")
    return f"{words[: NAME_LENGTH - len(digest) - 1].rstrip('-')}-{digest}"


class PodTaskOperator(KubernetesPodOperator):
    """A pod under the tasks' contract: its own name, and no argument that rendered to nothing."""

    def build_pod_request_obj(
        self, context: Context | None = None, *, dry_run: bool = False
    ) -> k8s.V1Pod:
        self.arguments: list[str] = [a for a in self.arguments if a]
        if context is not None:
            ti = context["ti"]
            self.name = pod_name(ti.dag_id, ti.task_id, ti.run_id, ti.try_number)
        return super().build_pod_request_obj(context, dry_run=dry_run)


def pod_task(pod: PodSettings, *, size: Size, **common: Any) -> PodTaskOperator:  # noqa: ANN401
    locked_down = k8s.V1SecurityContext(
        allow_privilege_escalation=False,
        read_only_root_filesystem=True,
        capabilities=k8s.V1Capabilities(drop=["ALL"]),
    )
    return PodTaskOperator(
        **common,
        image=pod.image,
        namespace=pod.namespace,
        random_name_suffix=False,
        labels={
            "app.kubernetes.io/name": "ratehouse",
            "app.kubernetes.io/component": common["arguments"][0],
        },
        service_account_name=pod.service_account,
        automount_service_account_token=False,
        env_from=[
            k8s.V1EnvFromSource(config_map_ref=k8s.V1ConfigMapEnvSource(name=pod.config_map)),
            k8s.V1EnvFromSource(secret_ref=k8s.V1SecretEnvSource(name=pod.secret)),
        ],
        env_vars={"XCOM_RETURN_PATH": XCOM_RETURN_PATH, "HOME": "/tmp"},  # noqa: S108
        # The root file system is read-only; tasks write below /tmp and nowhere else.
        volumes=[k8s.V1Volume(name="tmp", empty_dir=k8s.V1EmptyDirVolumeSource())],
        volume_mounts=[k8s.V1VolumeMount(name="tmp", mount_path="/tmp")],  # noqa: S108
        container_resources=RESOURCES[size],
        security_context=k8s.V1PodSecurityContext(
            run_as_non_root=True,
            run_as_user=10001,
            run_as_group=10001,
            fs_group=10001,
            seccomp_profile=k8s.V1SeccompProfile(type="RuntimeDefault"),
        ),
        container_security_context=locked_down,
        do_xcom_push=True,
        skip_on_exit_code=SKIP,
        termination_grace_period=GRACE,
        get_logs=True,
        deferrable=True,
        durable=True,
        on_finish_action="delete_pod",
    )
