"""MACD(12, 26, 9) by TA-Lib, the oracle of gold.macd.

Reads one JSON object a line: {"symbol": ..., "closes": ["1.5", ...]}, a symbol's closes in the
order of its bars. Writes one JSON object a line: {"symbol": ..., "macd": [...], "signal": [...],
"histogram": [...]}, one number a bar, null before the 34th. Numbers have every digit of the double
that TA-Lib computed.
"""

from __future__ import annotations

import json
import math
import sys
from typing import TextIO

import numpy
import numpy.typing
import talib


def numbers(values: numpy.typing.NDArray[numpy.float64]) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]


def macd(closes: list[str]) -> dict[str, list[float | None]]:
    values = numpy.array([float(close) for close in closes], dtype=numpy.float64)
    if len(values) == 0:
        return {"macd": [], "signal": [], "histogram": []}
    line, signal, histogram = talib.MACD(values, fastperiod=12, slowperiod=26, signalperiod=9)
    return {"macd": numbers(line), "signal": numbers(signal), "histogram": numbers(histogram)}


def main(lines: TextIO, answers: TextIO) -> None:
    for line in lines:
        asked = json.loads(line)
        answer = {"symbol": asked["symbol"], **macd(asked["closes"])}
        answers.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
