"""XML-RPC bytes <-> Python values, without I/O and without a word of Mailkit.

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

Reading, also: i1 i2 i4 (int), float (double), biginteger (int) and bigdecimal (Decimal).

To understand the codec, read `encode` and `grammar` with `scalars`, `charset` and `decode`: they are the rules.
`fast_encode` and `fast_decode` with `scan` do the same sooner and leave everything unusual to them; the tests
prove them equal.
"""

from .decode import RequestDecoder, decode_request
from .encode import encode_fault
from .fast_decode import ResponseDecoder, decode_response
from .fast_encode import PreparedRequest, encode_request, encode_response
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
