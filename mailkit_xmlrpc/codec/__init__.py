"""XML-RPC bytes to Python values and back, without I/O and without anything that is specific to Mailkit.

=============================================  =========================================================
Python                                         wire
=============================================  =========================================================
bool                                           boolean
int                                            int within 32 bits, i8 within 64
float                                          double
str                                            string
bytes, bytearray, memoryview, Binary           base64
naive datetime, DateTime                       dateTime.iso8601
None                                           nil, with allow_none=True
list, tuple                                    array
Mapping with str keys                          struct
=============================================  =========================================================

A value of another type is refused, or converted by the caller's `convert`. The decoder also reads i1, i2 and i4 (int),
float (double), biginteger (int) and bigdecimal (Decimal).

Writing: `encode`, with `elements` and `unwritable`. Reading: `decode` gives a document to `fast` (with `scan`, `tokens`
and `rows`), which leaves the unusual ones to `plain` (with `grammar`). The tests compare the two. Both use `charset`,
`parser`, `scalars` and `source`.
"""

from .decode import RequestDecoder, ResponseDecoder, decode_request, decode_response
from .encode import PreparedRequest, encode_fault, encode_request, encode_response
from .limits import Limits

__all__ = [
    "Limits",
    "PreparedRequest",
    "RequestDecoder",
    "ResponseDecoder",
    "decode_request",
    "decode_response",
    "encode_fault",
    "encode_request",
    "encode_response",
]
