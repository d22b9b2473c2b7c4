"""Runs ClickHouse in the foreground, from the shared library that the chdb packages carry.

The library's only way to open ClickHouse's own HTTP and native servers is the command line of
`clickhouse local`, so this process plays its terminal: the session reads a pseudo terminal, starts
both listeners and then waits for input that comes only once, as `exit`, at SIGTERM.

Exit codes: 0 after SIGTERM or SIGINT; 1 when the engine ended, did not answer in time, or stopped
answering; 2 for wrong usage. A supervisor starts it again on any of them.
"""

from __future__ import annotations

import argparse
import ctypes
import http.client
import os
import re
import signal
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

HOST = "127.0.0.1"
BOOT_SECONDS = 120.0
STOP_SECONDS = 20.0
PING_EVERY_SECONDS = 5.0
PING_TIMEOUT_SECONDS = 10.0
# A machine under load may miss one answer; a minute without any is a server that is gone.
PINGS_MISSED_AT_MOST = 6
# The engine parses and plans on the stack of the thread that entered it, and asks for 8 MiB.
STACK_BYTES = 32 * 1024 * 1024
# `system` lives in memory, and its logs with it, unless it is on disk before the first start.
SYSTEM_DATABASE = "ATTACH DATABASE _ UUID '00000000-0000-4000-8000-00000000c11c'\nENGINE = Atomic\n"
ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|[\r\x00-\x08]")


@dataclass(frozen=True)
class Options:
    library: Path
    data: Path
    config: Path
    http_port: int
    tcp_port: int


def parse(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(description="Run the embedded ClickHouse server.")
    parser.add_argument("--lib", type=Path, required=True, help="path of libchdb.so")
    parser.add_argument("--data", type=Path, required=True, help="directory of the data")
    parser.add_argument("--config", type=Path, required=True, help="XML configuration with users")
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--tcp-port", type=int, required=True)
    found = parser.parse_args(arguments)
    for path in (found.lib, found.config):
        if not path.is_file():
            parser.error(f"no such file: {path}")
    return Options(
        library=found.lib.resolve(),
        data=found.data.resolve(),
        config=found.config.resolve(),
        http_port=found.http_port,
        tcp_port=found.tcp_port,
    )


def command_line(options: Options) -> list[str]:
    return [
        "clickhouse",
        f"--config-file={options.config}",
        f"--path={options.data}",
        f"--http_port={options.http_port}",
        f"--tcp_port={options.tcp_port}",
        f"--listen_host={HOST}",
        "--log-level=error",
        "--progress=off",
        "--disable_suggestion",
        "--interactive",
        "--query=SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP",
        # What follows the two dashes is configuration: the users are in the same file.
        "--",
        f"--users_config={options.config}",
    ]


def prepare_data(data: Path) -> None:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    metadata = data / "metadata"
    metadata.mkdir(mode=0o700, exist_ok=True)
    system = metadata / "system.sql"
    if not system.exists():
        system.write_text(SYSTEM_DATABASE, encoding="utf-8")


class Terminal:
    """The session's terminal: keeps its last output, for a failed start only, and types into it."""

    def __init__(self) -> None:
        self._master, slave = os.openpty()
        os.dup2(slave, 0)
        os.dup2(slave, 1)
        os.close(slave)
        self._last: deque[bytes] = deque(maxlen=64)
        threading.Thread(target=self._drain, name="terminal", daemon=True).start()

    def _drain(self) -> None:
        # A terminal that nobody reads fills up and stops the engine at its next prompt.
        while True:
            try:
                self._last.append(os.read(self._master, 4096))
            except OSError:
                return

    def type(self, line: str) -> None:
        os.write(self._master, line.encode() + b"\n")

    def text(self) -> str:
        return ESCAPES.sub(b"", b"".join(self._last)).decode(errors="replace").strip()


class Engine(threading.Thread):
    """The engine's own main loop; the thread ends when the session does."""

    def __init__(self, options: Options) -> None:
        super().__init__(name="engine", daemon=True)
        self.error = ""
        self._arguments = [part.encode() for part in command_line(options)]
        self._library = ctypes.CDLL(str(options.library))
        self._library.chdb_query_cmdline.restype = ctypes.c_void_p
        self._library.chdb_query_cmdline.argtypes = [
            ctypes.c_int,
            ctypes.POINTER(ctypes.c_char_p),
        ]
        self._library.chdb_result_error.restype = ctypes.c_char_p
        self._library.chdb_result_error.argtypes = [ctypes.c_void_p]

    def run(self) -> None:
        count = len(self._arguments)
        values = (ctypes.c_char_p * (count + 1))(*self._arguments, None)
        result = self._library.chdb_query_cmdline(count, values)
        if result:
            self.error = (self._library.chdb_result_error(result) or b"").decode(errors="replace")


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=PING_TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/ping")
        # Read to the end: the engine logs a reader who hangs up early as a broken pipe.
        return connection.getresponse().read() == b"Ok.\n"
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def accepts(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), PING_TIMEOUT_SECONDS).close()
    except OSError:
        return False
    return True


def taken(port: int) -> bool:
    """Whether somebody else listens there, whose answers would be taken for the engine's own."""
    with socket.socket() as probe:
        # As the engine does: connections of an earlier run may still linger on the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def say(text: str) -> None:
    os.write(2, f"clickhouse: {text}\n".encode())


def leave(code: int, text: str) -> NoReturn:
    """Ends at once: the engine's threads do not survive an orderly exit of the interpreter."""
    say(text)
    os._exit(code)


class Supervised:
    def __init__(self, options: Options) -> None:
        self._options = options
        self._stop = threading.Event()
        self._terminal = Terminal()
        self._engine = Engine(options)

    def run(self) -> NoReturn:
        self._take_signals()
        self._engine.start()
        self._boot()
        # The engine installs handlers of its own while it starts.
        self._take_signals()
        self._watch()
        self._shut_down()

    def _take_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _boot(self) -> None:
        deadline = time.monotonic() + BOOT_SECONDS
        while not (answers(self._options.http_port) and accepts(self._options.tcp_port)):
            if self._stop.is_set():
                leave(0, "stopped while it started")
            if not self._engine.is_alive():
                leave(1, f"the engine ended while it started: {self._last_words()}")
            if time.monotonic() > deadline:
                leave(1, f"no answer after {BOOT_SECONDS:.0f} s: {self._last_words()}")
            time.sleep(0.1)
        say(f"listening on {HOST}, http {self._options.http_port}, tcp {self._options.tcp_port}")

    def _watch(self) -> None:
        missed = 0
        next_ping = time.monotonic() + PING_EVERY_SECONDS
        while not self._stop.wait(0.25):
            if not self._engine.is_alive():
                leave(1, f"the engine ended: {self._last_words()}")
            if time.monotonic() < next_ping:
                continue
            missed = 0 if answers(self._options.http_port) else missed + 1
            if missed >= PINGS_MISSED_AT_MOST:
                leave(1, f"the engine did not answer {missed} times in a row")
            next_ping = time.monotonic() + PING_EVERY_SECONDS

    def _shut_down(self) -> NoReturn:
        self._terminal.type("exit")
        self._engine.join(STOP_SECONDS)
        if self._engine.is_alive():
            leave(1, f"the engine did not stop within {STOP_SECONDS:.0f} s")
        leave(0, "stopped")

    def _last_words(self) -> str:
        return self._engine.error or self._terminal.text() or "it gave no reason"


def main() -> NoReturn:
    options = parse(sys.argv[1:])
    for port in (options.http_port, options.tcp_port):
        if taken(port):
            leave(1, f"port {port} of {HOST} is taken by another process")
    prepare_data(options.data)
    # Timestamps without a zone are UTC, whatever the machine's zone is.
    os.environ["TZ"] = "UTC"
    threading.stack_size(STACK_BYTES)
    Supervised(options).run()


if __name__ == "__main__":
    main()
