"""Measure how time and memory grow: ``python -m tests.benchmarks.growth [--size N] [--piece N] [--alone] [WORD]``.

Every shape of `shapes` is read or written in two sizes, one twice the other, with this package and with
`xmlrpc.client`. A ratio near 2 means that the cost is proportional to the size, whatever the shape is. The time is the
CPU time, the least of several runs. The memory is the peak of what Python allocates, the result included. The last
column is the time of `xmlrpc.client` divided by ours. The shapes that grow faster, or that take more than twice the
time of `xmlrpc.client`, are listed again at the end.

WORD selects the shapes that have it in their name. A dash stands for a shape that the standard library refuses. Leave
the standard library out with --alone for tiny pieces: with expat before 2.6 it takes quadratic time for a long comment
in pieces of one byte.
"""

from __future__ import annotations

import argparse
import gc
import platform
import time
import tracemalloc
import xmlrpc.client
from dataclasses import dataclass
from typing import Any, Callable
from xml.parsers.expat import ExpatError

from mailkit_xmlrpc import codec
from mailkit_xmlrpc.errors import FaultError, ResponseError

from .shapes import ANSWERS, PARAMS

RUNS = 3
TOO_FAST, TOO_SLOW = 2.5, 0.5
# What the standard library raises for the answers that it refuses.
REFUSALS = (ExpatError, xmlrpc.client.Error, ValueError, LookupError, TypeError, AttributeError)

Run = Callable[[Any], Any]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how time and memory grow with the size.")
    parser.add_argument("word", nargs="?", default="")
    parser.add_argument("--size", type=int, default=1 << 20, help="bytes of the smaller document")
    parser.add_argument("--piece", type=int, default=65536, help="bytes that the decoder gets at a time")
    parser.add_argument("--alone", action="store_true", help="leave xmlrpc.client out")
    options = parser.parse_args()
    size, piece = options.size, options.piece
    print(f"Python {platform.python_version()}, {size:,} and {2 * size:,} bytes, in pieces of {piece:,} bytes\n")
    print("| shape | CPU ms | ratio | peak MiB | ratio | xmlrpc.client CPU ms | ratio | peak MiB | ratio | as fast |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    remarkable: list[str] = []

    def decode(document: bytes) -> Any:
        return _ours(document, piece)

    def standard_decode(document: bytes) -> Any:
        return _standard(document, piece)

    def row(name: str, once: Any, twice: Any, ours: Run, standard: Run) -> None:
        costs = _costs(once, twice, ours)
        theirs = None if options.alone else _standard_costs(once, twice, standard)
        times = theirs.seconds / costs.seconds if theirs else None
        last = [f"{times:.2f}"] if times else ["–"]
        line = f"| {name} | {' | '.join(costs.cells() + (theirs.cells() if theirs else ['–'] * 4) + last)} |"
        print(line, flush=True)
        if max(costs.growth, costs.memory_growth) > TOO_FAST or (times and times < TOO_SLOW):
            remarkable.append(line)

    for name, make in ANSWERS.items():
        if options.word in name:
            row(f"decode {name}", make(size), make(2 * size), decode, standard_decode)
    for name, parameters in PARAMS.items():
        if options.word in name:
            once, twice = parameters(size), parameters(2 * size)
            row(f"encode {name}", once, twice, _encode, _standard_encode)
            row(f"decode the call: {name}", _encode(once), _encode(twice), codec.decode_request, _standard_request)
    print(f"\n{len(remarkable)} shapes grow faster than {TOO_FAST}, or are less than {TOO_SLOW} times as fast:\n")
    print("\n".join(remarkable))


@dataclass(frozen=True)
class Costs:
    """What a document costs.

    Attributes:
        seconds: the CPU time for the larger document.
        growth: that, divided by the time for the smaller one.
        memory: the peak memory for the larger document, in bytes.
        memory_growth: that, divided by the peak for the smaller one.
    """

    seconds: float
    growth: float
    memory: float
    memory_growth: float

    def cells(self) -> list[str]:
        return [
            f"{self.seconds * 1000:.1f}",
            f"{self.growth:.2f}",
            f"{self.memory / 2**20:.1f}",
            f"{self.memory_growth:.2f}",
        ]


def _ours(document: bytes, piece: int) -> Any:
    decoder = codec.ResponseDecoder()
    try:
        for at in range(0, len(document), piece):
            decoder.feed(document[at : at + piece])
        return decoder.close()
    except (FaultError, ResponseError):
        return None


def _standard(document: bytes, piece: int) -> Any:
    parser, unmarshaller = xmlrpc.client.getparser(use_builtin_types=True)
    for at in range(0, len(document), piece):
        parser.feed(document[at : at + piece])
    parser.close()
    return unmarshaller.close()


def _encode(params: list[Any]) -> bytes:
    return codec.encode_request("m", params)


def _standard_encode(params: list[Any]) -> bytes:
    return xmlrpc.client.dumps(tuple(params), "m").encode()


def _standard_request(document: bytes) -> Any:
    return xmlrpc.client.loads(document, use_builtin_types=True)


def _standard_costs(once: Any, twice: Any, run: Run) -> Costs | None:
    try:
        return _costs(once, twice, run)
    except REFUSALS:
        return None


def _costs(once: Any, twice: Any, run: Run) -> Costs:
    first, second = _seconds(once, run), _seconds(twice, run)
    small, large = _peak(once, run), _peak(twice, run)
    return Costs(second, second / first, large, large / small)


def _seconds(document: Any, run: Run) -> float:
    seconds = []
    for _ in range(RUNS):
        gc.collect()
        began = time.process_time()
        run(document)
        seconds.append(time.process_time() - began)
    return min(seconds)


def _peak(document: Any, run: Run) -> float:
    gc.collect()
    tracemalloc.start()
    try:
        run(document)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


if __name__ == "__main__":
    main()
