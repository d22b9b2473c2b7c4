"""Runs moto's AWS Glue in the foreground, and remembers what it was told.

moto holds everything in memory. A catalog that forgets its tables would lose sight of the lake, so
each request that changed something is written to a journal before it is answered, and what the
journal holds is played again at the next start.

moto checks no login, and does not compare versions: two writers of one table may overwrite each
other's commit. It stands in for Glue with one writer to each table, and for nothing more.

Exit codes: 0 after SIGTERM or SIGINT, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast

HOST = "127.0.0.1"
# Requests of Glue's protocol that change nothing; any other is kept.
READS = re.compile(r"AWSGlue\.(Get|BatchGet|List|Search|Query|Check)")
SCOPE = re.compile(r"Credential=[^/]*/\d+/([a-z0-9-]+)/glue/")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
App = Callable[[Environ, StartResponse], Iterable[bytes]]


class Journal:
    """One JSON object a line: target, region, body. A line cut short was answered to nobody."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def entries(self) -> list[dict[str, str]]:
        if not self._path.exists():
            return []
        text = self._path.read_text(encoding="utf-8")
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            self._path.write_text(whole, encoding="utf-8")
        return [json.loads(line) for line in whole.splitlines()]

    def add(self, entry: dict[str, str]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())


class Remembering:
    """The application; the journal is written between a change and its answer."""

    def __init__(self, app: App, journal: Journal) -> None:
        self._app = app
        self._journal = journal
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        scope = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        if scope is None or not target.startswith("AWSGlue.") or READS.match(target):
            return self._app(environ, start_response)
        from werkzeug.wrappers import (  # type: ignore[import-not-found,unused-ignore]
            Request,
            Response,
        )

        body = Request(environ).get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        with self._lock:
            response = Response.from_app(self._app, environ, buffered=True)
            if response.status_code < 300:
                self._journal.add(
                    {"target": target, "region": scope.group(1), "body": body.decode()}
                )
        return cast(Iterable[bytes], response(environ, start_response))


def replay(app: App, journal: Journal) -> int:
    from werkzeug.test import Client  # type: ignore[import-not-found,unused-ignore]

    client = Client(app)
    entries = journal.entries()
    for entry in entries:
        credential = f"Credential=journal/20000101/{entry['region']}/glue/aws4_request"
        answer = client.post(
            "/",
            data=entry["body"],
            headers={
                "X-Amz-Target": entry["target"],
                "Content-Type": "application/x-amz-json-1.1",
                "Authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0",
            },
        )
        if answer.status_code >= 300:
            raise SystemExit(f"moto: the journal's {entry['target']} was answered {answer.status}")
    return len(entries)


def main() -> int:
    parser = argparse.ArgumentParser(description="Run moto's AWS Glue, with a journal.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--journal", type=Path, required=True, help="a file; made when it is not there"
    )
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.environ["MOTO_PORT"] = str(given.port)

    from moto.moto_server.werkzeug_app import (  # type: ignore[import-not-found,unused-ignore]
        DomainDispatcherApplication,
        create_backend_app,
    )
    from werkzeug.serving import run_simple  # type: ignore[import-not-found,unused-ignore]

    app = DomainDispatcherApplication(create_backend_app)
    journal = Journal(given.journal)
    count = replay(app, journal)
    print(f"moto: listening on {HOST}, port {given.port}; {count} changes replayed", flush=True)
    run_simple(HOST, given.port, Remembering(app, journal), threaded=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
