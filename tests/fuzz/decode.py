"""Coverage-guided fuzzing of the decoders: fast or plain, whole or in pieces, any bytes give the same result.

The result is a value, a fault or one of our errors, and both decoders agree on it, including the excerpt of an error.
Any other exception is a finding, and so is a difference. The decoders read small blocks here, so that inputs of a few
hundred bytes cross every boundary that real documents cross after 64 or 256 KiB.

The first byte of an input selects the options and the size of the pieces. The rest is the document.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

with atheris.instrument_imports(include=["mailkit_xmlrpc.codec"]):
    from mailkit_xmlrpc.codec import decode, fast, rows, scan

from mailkit_xmlrpc import conformance
from mailkit_xmlrpc.codec import Limits
from mailkit_xmlrpc.errors import ResponseError
from tests import plain
from tests.outcomes import outcome, pieces

decode.BLOCK, decode.LARGE = 192, 384
fast._READ_SIZE = 256
rows._COMPILING_COSTS = scan.MANY = 1

LIMITS = Limits(response_bytes=500, depth=4)
OPTIONS = [{}, {"use_builtin_types": False}, {"keep_bad_scalars": True}, {"limits": LIMITS}]
CHARSETS = [None, "utf-8", "windows-1250", "utf-16"]
SIZES = [1, 7, 128, 300]

# libFuzzer's dictionary.
NAMES = (
    "methodResponse methodCall methodName params param fault value array data struct member name "
    "string int i8 boolean double base64 nil"
)
ROW = "<value><struct><member><name>a</name><value>b</value></member></struct></value>"
WORDS = [
    *(f"<{slash}{name}>" for slash in ("", "/") for name in NAMES.split()),
    *["<dateTime.iso8601>", "</dateTime.iso8601>", "<ex:nil/>", "<value/>", "<array/>", "<?xml version='1.0'?>"],
    *["<!-- x -->", "<![CDATA[", "]]>", "<!DOCTYPE a>", "<?x y?>", "&amp;", "&#13;", "&e;", "encoding='UTF-16'"],
    *[
        "faultCode",
        "faultString",
        "20260102T03:04:05",
        ROW,
        ROW * 3,
        ROW[: len(ROW) // 2],
        "</member></struct></value>",
    ],
]


def ended(document: Any, decoder: Any, whole: bytes, **options: Any) -> Any:
    """The result for a document. An excerpt is left out if the document is not in UTF-8, because it depends on how much
    of the document was transcoded."""
    result = outcome(document, decoder, **options)
    foreign = options["charset"] not in (None, "utf-8") or b"encoding" in whole or not _utf8(whole)
    if isinstance(result, ResponseError) and foreign:
        result.excerpt = ""
    return result


def _utf8(document: bytes) -> bool:
    try:
        return "\0" not in document.decode("utf-8")
    except UnicodeDecodeError:
        return False


def one_input(data: bytes) -> None:
    """Test one input; libFuzzer calls this."""
    if not data:
        return
    document = data[1:]
    fast_decoder, plain_decoder = decode.ResponseDecoder, plain.ResponseDecoder
    options = {**OPTIONS[data[0] & 3], "charset": CHARSETS[data[0] >> 2 & 3]}
    if b"methodCall" in document:
        fast_decoder, plain_decoder = decode.RequestDecoder, plain.RequestDecoder
        options = {name: value for name, value in options.items() if name in ("charset", "limits")}
    expected = ended(document, plain_decoder, document, **options)
    assert ended(document, fast_decoder, document, **options) == expected, "fast and plain differ"
    cut = pieces(document, SIZES[data[0] >> 4 & 3])
    assert ended(cut, fast_decoder, document, **options) == expected, "differs in pieces"


def main() -> None:
    """Fuzz with libFuzzer's own options, starting from the vectors."""
    with tempfile.TemporaryDirectory() as folder:
        seeds, words = Path(folder, "seeds"), Path(folder, "words")
        seeds.mkdir()
        for number, case in enumerate([*conformance.answers(), *conformance.calls()]):
            if len(case.document) < 4000:
                Path(seeds, f"{number}").write_bytes(bytes([number % 64 & ~0b1100]) + case.document)
        lines = ['"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n' for word in WORDS]
        words.write_text("".join(lines), encoding="ascii")
        atheris.Setup([*sys.argv, f"-dict={words}", "-max_len=4000", str(seeds)], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
