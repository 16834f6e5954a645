"""Measure raw reports: ``python -m tests.benchmarks.raw_report [--rounds N] [--pages N]``.

There are two figures. The first is the CPU time of a page of 25,000 rows from the socket to the caller, compared with
the time of the codec alone for the same bytes in chunks of 64 KiB. The second is the peak memory while a million rows
are read over 40 pages, compared with that of one page. The server of fixed pages is a separate process, and so is each
reader.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mailkit_xmlrpc import Client
from mailkit_xmlrpc.api.raw_report import RawMessage

from .work import CREDENTIALS, our_decode

ROWS = 25_000
PAGES = 40
INTS = ("ID_message", "ID_send", "ID_send_message", "ID_email")
FILLED = (
    "email",
    "email_date",
    "message_date",
    "date_sent",
    "message_status",
    "domain",
    "tld",
    "first_name",
    "last_name",
)


def page_of(first: int, rows: int = ROWS) -> bytes:
    """A page whose rows have the ids from `first` on."""
    members = []
    for name in RawMessage.__annotations__:
        if name == "ID_send_message":
            value = "<i4>%d</i4>"
        elif name in INTS:
            value = "<i4>17</i4>"
        else:
            value = f"<string>{f'some {name} here' if name in FILLED else ''}</string>"
        members.append(f"<member>\n<name>{name}</name>\n<value>{value}</value>\n</member>\n")
    row = f"<value>\n<struct>\n{''.join(members)}</struct>\n</value>\n"
    head = '<?xml version="1.0" encoding="utf-8"?>\n<methodResponse>\n<params>\n<param>\n<value>\n<array>\n<data>\n'
    tail = "</data>\n</array>\n</value>\n</param>\n</params>\n</methodResponse>\n"
    return (head + "".join([row % number for number in range(first, first + rows)]) + tail).encode()


def serve(pages: int) -> None:
    """Answer every call with the page that starts with the id in its fifth parameter. Prints the port."""
    import socket
    import xmlrpc.client

    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    end = b"</methodCall>"
    while True:
        connection, _ = listener.accept()
        with connection:
            request = b""
            while piece := connection.recv(65536):
                request += piece
                if not request.endswith(end):
                    continue
                params, _ = xmlrpc.client.loads(request.partition(b"\r\n\r\n")[2])
                start = int(params[4]) if len(params) > 4 else 1
                body = page_of(start, ROWS) if start <= ROWS * pages else page_of(start, 1)
                head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
                connection.sendall(head.encode() + body)
                request = b""


@contextmanager
def serving(pages: int) -> Iterator[str]:
    """The URL of such a server."""
    command = [sys.executable, "-c", f"from tests.benchmarks.raw_report import serve; serve({pages})"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/rpc.fcgi"
        finally:
            server.kill()


def one_page(url: str) -> list[Any]:
    """A page, from the socket to its rows."""
    with Client(*CREDENTIALS, url=url, timeout=600) as client:
        return client.report.raw.messages(ID_send_message=1).unwrap()


def all_rows(url: str) -> int:
    """The number of rows on all pages."""
    with Client(*CREDENTIALS, url=url, timeout=600) as client:
        last = count = 0
        for row in client.report.raw.messages.rows(start=1):
            assert row["ID_send_message"] == last + 1
            last, count = row["ID_send_message"], count + 1
        return count


def peak(call: str, url: str) -> tuple[int, float]:
    """The memory that a call adds to the peak, in KiB, and its seconds, measured in a separate process."""
    program = f"""
import pathlib, time
from tests.benchmarks import raw_report
from mailkit_xmlrpc import codec, Client

def high():
    return int(pathlib.Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])

before, began = high(), time.perf_counter()
print({call})
print(high() - before, time.perf_counter() - began)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, encoding="utf-8")
    kibibytes, seconds = ended.stdout.splitlines()[-1].split()
    return int(kibibytes), float(seconds)


def ratios(url: str, rounds: int) -> list[float]:
    """For each round, the CPU time of a page from the socket, divided by that of the codec alone."""
    document = page_of(1)
    assert len(one_page(url)) == len(our_decode(document)) == ROWS
    found = []
    for _ in range(rounds):
        began = time.process_time()
        our_decode(document)
        middle = time.process_time()
        one_page(url)
        found.append((time.process_time() - middle) / (middle - began))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure raw reports.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--pages", type=int, default=PAGES)
    options = parser.parse_args()
    members, size = len(RawMessage.__annotations__), len(page_of(1)) / 1e6
    print(f"Python {platform.python_version()}; a page has {ROWS:,} rows of {members} members, {size:.0f} MB\n")
    with serving(options.pages) as url:
        found = ratios(url, options.rounds)
        spread = f"{min(found):.3f} to {max(found):.3f}"
        print(f"from the socket to rows, times the codec alone: {statistics.median(found):.3f} ({spread})")
        page, _ = peak(f"len(raw_report.one_page({url!r}))", url)
        print(f"peak memory of one page: {page / 1024:.0f} MiB")
        rows, seconds = peak(f"raw_report.all_rows({url!r})", url)
        read = f"{ROWS * options.pages:,} rows over {options.pages} pages in {seconds:.0f} s"
        print(f"peak memory of {read}: {rows / 1024:.0f} MiB, {rows / page:.3f} times one page")


if __name__ == "__main__":
    main()
