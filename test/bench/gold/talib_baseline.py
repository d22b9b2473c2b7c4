"""MACD(12, 26, 9) of all bars of gold.candles by TA-Lib: the baseline of a full refresh.

Reads the closes from ClickHouse and writes macd, signal and histogram back to the table
gold_talib.macd, in binary rows over HTTP, which is the fastest way that Python has to both.

Environment: BENCH_CLICKHOUSE_URL, BENCH_CLICKHOUSE_USER, BENCH_CLICKHOUSE_PASSWORD.
Prints the number of rows written.
"""

from __future__ import annotations

import http.client
import os
from collections.abc import Iterator
from urllib.parse import urlencode, urlparse

import numpy
import numpy.typing
import talib

SERIES = (
    "SELECT bar_interval, symbol, count() FROM gold.candles GROUP BY bar_interval, symbol"
    " ORDER BY bar_interval, symbol FORMAT TSV"
)
CLOSES = (
    "SELECT toInt64(toUnixTimestamp64Milli(window_start)), toFloat64(close) FROM gold.candles"
    " ORDER BY bar_interval, symbol, window_start FORMAT RowBinary"
)
INSERT = (
    "INSERT INTO gold_talib.macd (bar_interval, symbol, window_start, macd, signal, histogram)"
    " FORMAT RowBinary"
)
BAR = numpy.dtype([("start", "<i8"), ("close", "<f8")])


def ask(query: str, body: Iterator[bytes] | None = None) -> http.client.HTTPResponse:
    address = urlparse(os.environ["BENCH_CLICKHOUSE_URL"])
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=600)
    headers = {
        "X-ClickHouse-User": os.environ["BENCH_CLICKHOUSE_USER"],
        "X-ClickHouse-Key": os.environ["BENCH_CLICKHOUSE_PASSWORD"],
    }
    path = "/?" + urlencode({"query": query})
    connection.request("POST", path, body, headers, encode_chunked=body is not None)
    answer = connection.getresponse()
    if answer.status != http.client.OK:
        raise RuntimeError(answer.read().decode())
    return answer


def series() -> list[tuple[bytes, bytes, int]]:
    found = []
    for line in ask(SERIES).read().splitlines():
        interval, symbol, count = line.split(b"\t")
        found.append((interval, symbol, int(count)))
    return found


def text(value: bytes) -> bytes:
    return bytes([len(value)]) + value


def rows(interval: bytes, symbol: bytes, bars: numpy.typing.NDArray[numpy.void]) -> bytes:
    head = text(interval) + text(symbol)
    row = numpy.dtype(
        [("head", f"S{len(head)}"), ("start", "<i8"), ("m", "<f8"), ("s", "<f8"), ("h", "<f8")]
    )
    line, signal, histogram = talib.MACD(numpy.ascontiguousarray(bars["close"]), 12, 26, 9)
    made = numpy.empty(len(bars), dtype=row)
    made["head"] = head
    made["start"] = bars["start"]
    made["m"], made["s"], made["h"] = line, signal, histogram
    return bytes(made[33:].tobytes())


def main() -> None:
    bars = numpy.frombuffer(ask(CLOSES).read(), dtype=BAR)
    ask(
        "CREATE OR REPLACE TABLE gold_talib.macd (bar_interval String, symbol String,"
        " window_start DateTime64(3), macd Float64, signal Float64, histogram Float64)"
        " ENGINE = MergeTree ORDER BY (bar_interval, symbol, window_start)"
    ).read()

    def all_rows() -> Iterator[bytes]:
        at = 0
        for interval, symbol, count in series():
            yield rows(interval, symbol, bars[at : at + count])
            at += count

    ask(INSERT, all_rows()).read()
    print(ask("SELECT count() FROM gold_talib.macd").read().decode().strip())


if __name__ == "__main__":
    main()
