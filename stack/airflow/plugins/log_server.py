"""Serves the logs of running tasks from the api-server itself.

Airflow's own log servers listen on every interface and are two processes more. The api-server
listens on loopback and is on the same machine; the reader's token is checked as they would.
"""

from __future__ import annotations

from collections.abc import Callable

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin
from airflow.utils.serve_logs.log_server import JWTAuthStaticFiles, create_app
from fastapi import FastAPI


def app() -> FastAPI:
    served = FastAPI()
    served.mount("/", JWTAuthStaticFiles(directory=conf.get("logging", "base_log_folder")))
    log_server: Callable[[], FastAPI] = create_app
    served.state.signer = log_server().state.signer
    return served


class LogServer(AirflowPlugin):
    name = "log_server"
    fastapi_apps = [{"app": app(), "url_prefix": "/log", "name": "log_server"}]  # noqa: RUF012
