"""An attacker chooses the shape of an answer: whatever it is, twice the size is twice the work, and never much work.

The work is counted, not timed: the calls of functions, in Python and in C, and the text of the patterns that are
compiled. `python -m tests.benchmarks.growth` measures time and memory of the same shapes.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from mailkit_xmlrpc.codec import ResponseDecoder, decode_request, decode_response, encode_request, rows
from mailkit_xmlrpc.errors import EncodeError, FaultError, ResponseError

from ..benchmarks.shapes import ANSWERS, PARAMS, answer, array, struct
from ..outcomes import pieces

SIZE = 150_000
# The modules of `re`, by their names in all versions.
COMPILER = {"re", "re._compiler", "re._parser", "sre_compile", "sre_parse"}


class Work:
    """What a decoder or encoder did.

    Attributes:
        calls: how many functions were called, in Python or C, compiling left out.
        lessons: how many patterns were compiled.
        compiled: how many characters they have together.
    """

    def __init__(self) -> None:
        self.calls = 0
        self.lessons = 0
        self.compiled = 0

    def count(self, frame: FrameType, event: str, called: Any) -> None:
        """Called by the interpreter for every call and return."""
        if event in ("call", "c_call"):
            if frame.f_globals.get("__name__") not in COMPILER:
                self.calls += 1
            elif event == "c_call" and (called.__module__, called.__name__) == ("_sre", "compile"):
                self.lessons += 1
                self.compiled += len(frame.f_locals["pattern"])


@contextmanager
def counted() -> Iterator[Work]:
    work, before = Work(), sys.getprofile()
    sys.setprofile(work.count)
    try:
        yield work
    finally:
        sys.setprofile(before)


def decoding(document: bytes, size: int) -> Work:
    """The work of decoding an answer in pieces of `size` bytes."""
    with counted() as work:
        decoder = ResponseDecoder()
        try:
            for piece in pieces(document, size):
                decoder.feed(piece)
            decoder.close()
        except (FaultError, ResponseError):
            pass
    return work


@pytest.fixture(autouse=True)
def _imported() -> None:
    """Import what is imported at first use."""
    decode_response(b"<methodResponse><params><param><value><!-- --></value></param></params></methodResponse>")


def shapes(table: dict[str, Any]) -> Any:
    return pytest.mark.parametrize("make", table.values(), ids=table)


@shapes(ANSWERS)
def test_an_answer_of_twice_the_size_is_twice_the_work(make: Any) -> None:
    once, twice = make(SIZE), make(2 * SIZE)
    work, more = decoding(once, len(once)), decoding(twice, len(twice))
    assert more.calls <= 2.2 * work.calls + 500
    assert more.calls <= 2 * len(twice)
    assert more.compiled <= len(twice) / 32
    assert more.lessons <= len(twice) / 64 / 64  # a row of 64 characters, which is a short one, is learnt from 64


@shapes(ANSWERS)
def test_an_answer_in_tiny_pieces_is_the_same_work_beside_the_pieces(make: Any) -> None:
    once, twice = make(SIZE // 50), make(SIZE // 25)
    work, more = decoding(once, 1), decoding(twice, 1)
    assert more.calls <= 2.2 * work.calls + 500
    assert more.calls - decoding(twice, len(twice)).calls <= 8 * len(twice)


@shapes(PARAMS)
def test_a_call_of_twice_the_size_is_twice_the_work(make: Any) -> None:
    documents, encoding, decoding = [], [], []
    for size in (SIZE, 2 * SIZE):
        params = make(size)
        with counted() as work:
            document = encode_request("m", params)
        encoding.append(work)
        with counted() as work:
            decode_request(document)
        decoding.append(work)
        documents.append(document)
    for once, twice in (encoding, decoding):
        assert twice.calls <= 2.2 * once.calls + 500
        assert twice.calls <= 2 * len(documents[1])
        assert twice.compiled <= len(documents[1]) / 32


def test_a_call_that_is_refused_at_its_end_is_twice_the_work_too() -> None:
    works = []
    for size in (SIZE, 2 * SIZE):
        deep: Any = [{"n" * 1000: "x"}] * (size // 1000) + ["\x00"]
        for _ in range(100):
            deep = {"n" * (size // 100): deep}
        with counted() as work, pytest.raises(EncodeError):
            encode_request("m", [deep])
        works.append(work)
    assert works[1].calls <= 2.2 * works[0].calls + 500


def test_rows_of_one_shape_are_learnt_once_in_all_arrays_of_a_name() -> None:
    document = ANSWERS["rows of one shape"](4 * SIZE)
    work = decoding(document, len(document))
    assert work.lessons == 1
    # A row has four members, and is read as one token.
    assert work.calls < 3 * document.count(b"<struct>")


def test_short_arrays_are_not_worth_a_lesson() -> None:
    array = b"<value><array><data>%s</data></array></value>"
    row = b"<value><struct><member><name>a</name><value>x</value></member></struct></value>"
    document = b"<methodResponse><params><param>%s</param></params></methodResponse>" % (
        array % (array % (row * 2) * 900)
    )
    assert decoding(document, len(document)).lessons == 0


def test_a_small_answer_of_rows_is_not_worth_a_lesson() -> None:
    document = ANSWERS["rows of one shape"](10_000)
    assert decoding(document, len(document)).lessons == 0


def test_a_decoder_leaves_nothing_to_the_garbage_collector() -> None:
    """A cycle would keep the value and the patterns of an answer until the next collection."""
    document = ANSWERS["rows of one shape"](4 * SIZE)
    gc.collect()
    gc.disable()
    try:
        decode_response(document)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_the_patterns_of_the_program_stay_in_the_cache_of_re(monkeypatch: pytest.MonkeyPatch) -> None:
    """`re` keeps 512 patterns for the whole process and drops the oldest."""
    monkeypatch.setattr(rows, "_COMPILING_COSTS", 1)
    kept = re.compile("a pattern of the program")
    lessons = 0
    for number in range(600):
        document = answer(array(struct([f"n{number}"]) * 20))
        lessons += decoding(document, len(document)).lessons
    assert lessons > 512
    assert re.compile("a pattern of the program") is kept
