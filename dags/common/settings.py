"""How this Airflow runs tasks: from its environment, which the embedded stack or a chart sets."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Runner = Literal["local", "kubernetes"]


@dataclass(frozen=True)
class PodSettings:
    image: str
    namespace: str
    service_account: str
    # Names of the config map and the secret that hold the tasks' settings.
    config_map: str
    secret: str


def runner() -> Runner:
    value = os.environ.get("RATEHOUSE_TASK_RUNNER", "kubernetes")
    match value:
        case "local" | "kubernetes":
            return value
    raise ValueError(f"RATEHOUSE_TASK_RUNNER must be local or kubernetes; found {value}.")


def root() -> Path:
    """The folder that holds dags/, connectors/ and tasks/."""
    return Path(os.environ.get("RATEHOUSE_ROOT") or Path(__file__).resolve().parents[2])


def node() -> str:
    return os.environ.get("RATEHOUSE_NODE") or "node"


def bundle() -> Path:
    given = os.environ.get("RATEHOUSE_BUNDLE")
    return Path(given) if given else root() / "tasks" / "dist" / "ratehouse.mjs"


def pod_settings() -> PodSettings:
    image = os.environ.get("RATEHOUSE_TASK_IMAGE")
    if not image:
        raise ValueError(
            "RATEHOUSE_TASK_IMAGE is not set: the image that the tasks' pods run. "
            "Set it, or RATEHOUSE_TASK_RUNNER=local to run them as processes."
        )
    return PodSettings(
        image=image,
        namespace=os.environ.get("RATEHOUSE_TASK_NAMESPACE", "ratehouse"),
        service_account=os.environ.get("RATEHOUSE_TASK_SERVICE_ACCOUNT", "ratehouse-tasks"),
        config_map=os.environ.get("RATEHOUSE_TASK_CONFIG_MAP", "ratehouse-tasks"),
        secret=os.environ.get("RATEHOUSE_TASK_SECRET", "ratehouse-tasks"),
    )


def feeds() -> list[str]:
    """The feeds a person may choose: as RATEHOUSE_FEEDS says, or those in connectors/config."""
    given = os.environ.get("RATEHOUSE_FEEDS")
    if given:
        return sorted(given.split(","))
    files = (root() / "connectors" / "config").glob("trades-*.json")
    return sorted(file.stem.removeprefix("trades-") for file in files)
