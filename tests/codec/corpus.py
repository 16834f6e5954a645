"""Ordinary documents, which the fast reader must read itself: ``python -m tests.codec.corpus`` counts them.

The documents are those of fixtures/, of our own encoder, of the standard library, of the services of
`tests.benchmarks.documents`, the recorded `SAMPLES`, and those of every library that `tests.peers` can run on this
machine. The table says how many of them the plain decoder had to read, and why.
"""

from __future__ import annotations

import platform
import tempfile
import xmlrpc.client
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mailkit_xmlrpc import codec
from mailkit_xmlrpc.errors import FaultError, ResponseError

from .. import vectors
from ..benchmarks.documents import KINDS, fault
from ..outcomes import pieces
from ..peers.peer import Broken, Peer, Refused
from ..peers.roster import ROSTER, Missing
from ..peers.values import VALUES
from .samples import SAMPLES

__all__ = ["UNUSUAL", "Document", "fell_back", "fixtures", "live", "own", "samples", "services", "standard"]

# The documents in fixtures/ that are about the unusual, by what is unusual about them. The plain decoder may read them.
UNUSUAL = {
    name: why
    for why, names in {
        "a comment": "untyped-comment-inside comment-inside comment-holding-markup cdata-comment-instruction-joined "
        "comment-before-element comments-and-instructions-around-element int-comment-inside nil-with-comment "
        "date-comment-inside base64-joined array-comments struct-comment-in-name answer-comments-everywhere "
        "comment-before-root-of-3000-bytes comment-before-root comment-after everything-after "
        "doctype-in-a-comment-is-nothing call-white-space-and-comments array-values-without-data",
        "CDATA": "untyped-cdata cdata cdata-mixed cdata-holding-an-xml-declaration int-cdata struct-cdata-in-name "
        "doctype-in-cdata-is-text call-method-cdata",
        "a processing instruction": "processing-instruction-inside int-instruction-inside instruction-before-root "
        "instruction-after",
        "an attribute": "attribute attribute-on-every-element attribute-value-with-markup-characters "
        "xsi-type-does-not-decide",
        "a namespace": "default-namespace ex-nil ex-nil-unbound prefix-x-nil prefix-i1 prefix-i2 prefix-i8 "
        "prefix-float prefix-biginteger prefix-bigdecimal call-extension-types",
        "a value before its name": "struct-value-first",
    }.items()
    for name in names.split()
}


@dataclass(frozen=True)
class Document:
    """A document of the corpus: who wrote it, what it is, its bytes, and the options to read it."""

    source: str
    name: str
    data: bytes
    options: dict[str, Any] = field(default_factory=dict)


def fell_back(document: bytes, size: int | None = None, **options: Any) -> str:
    """Why the plain decoder read an answer or a call, given in pieces of `size` bytes. "" if the fast reader read it.

    Raises:
        ResponseError: the document cannot be read.
    """
    kind = codec.RequestDecoder if b"<methodCall" in document[:4000] else codec.ResponseDecoder
    decoder: Any = kind(**options)
    for piece in [document] if size is None else pieces(document, size):
        decoder.feed(piece)
    with suppress(FaultError):
        decoder.close()
    assert isinstance(decoder.fell_back, str)
    return decoder.fell_back


def fixtures() -> Iterator[Document]:
    """The readable documents of fixtures/, the unusual ones included."""
    for param in vectors.answers():
        if param.values[0].expected.refusal is None:
            yield Document("fixtures/", param.id, param.values[0].document, param.values[0].options)
    call, answers = vectors.journeys_trigger()
    for name, answer in answers.items():
        yield Document("fixtures/", name, answer.document)
    yield Document("fixtures/", "call-request", call.document)
    for section in ("written", "read"):
        for param in vectors.calls(section):
            yield Document("fixtures/", f"call-{param.id}", param.values[0].document)


def own() -> Iterator[Document]:
    """Every value of the peers' table, written by our encoder."""
    for name, value in VALUES.items():
        yield Document("our encoder", name, codec.encode_response(value, allow_none=True))
        yield Document("our encoder", f"call-{name}", codec.encode_request("m", [value, 1], allow_none=True))
    yield Document("our encoder", "fault", codec.encode_fault(4, "Příliš & <málo>"))
    yield Document("our encoder", "no params", codec.encode_request("m", []))


def standard() -> Iterator[Document]:
    """Every value of the peers' table that the standard library can write."""
    for name, value in VALUES.items():
        with suppress(OverflowError):
            answer = xmlrpc.client.dumps((value,), methodresponse=True, allow_none=True)
            call = xmlrpc.client.dumps((value, 1), "m", encoding="utf-8", allow_none=True)
            yield Document("xmlrpc.client", name, answer.encode())
            yield Document("xmlrpc.client", f"call-{name}", call.encode())
    yield Document("xmlrpc.client", "fault", fault())
    yield Document("xmlrpc.client", "no params", xmlrpc.client.dumps((), "m").encode())


def services() -> Iterator[Document]:
    """The documents of real services, of several sizes."""
    for name, kind in KINDS.items():
        for rows in (0, 1, 20, kind.rows):
            yield Document("services", f"{name}, {rows} rows", kind.document(rows))
            yield Document("services", f"{name}, a call of {rows} rows", kind.call(rows))


def samples() -> Iterator[Document]:
    """The recorded documents of real libraries."""
    for name, document in SAMPLES.items():
        yield Document("recorded samples", name, document)


def live(peer: Peer) -> Iterator[Document]:
    """Every value of the peers' table that the peer can write and we can read."""
    for name, value in VALUES.items():
        with suppress(Refused, ResponseError):
            document = peer.encode(value)
            fell_back(document)
            yield Document(peer.name, name, document)


def _peers() -> Iterator[Document]:
    for entry in ROSTER.values():
        with tempfile.TemporaryDirectory() as folder:
            try:
                peer = Peer(entry, entry.prepare(Path(folder)))
            except Missing as missing:
                print(f"{entry.name}: {missing}")
                continue
            try:
                yield from live(peer)
            except Broken as broken:
                print(f"{entry.name}: {broken}")
            finally:
                peer.close()


def _count(documents: Iterator[Document]) -> None:
    tried: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {}
    for document in documents:
        unusual = UNUSUAL.get(document.name) if document.source == "fixtures/" else None
        source = f"{document.source}, about the unusual" if unusual else document.source
        tried[source] += 1
        why = fell_back(document.data, **document.options)
        if why:
            reasons.setdefault(source, Counter())[why] += 1
    print("| documents | tried | fallen back | why |\n|---|---|---|---|")
    for source, number in tried.items():
        why = reasons.get(source, Counter())
        print(
            f"| {source} | {number} | {sum(why.values())} | {', '.join(f'{w} ({n})' for w, n in why.most_common())} |"
        )


def _everything() -> Iterator[Document]:
    for documents in (fixtures(), own(), standard(), services(), samples(), _peers()):
        yield from documents


if __name__ == "__main__":
    print(f"Python {platform.python_version()}\n")
    _count(_everything())
