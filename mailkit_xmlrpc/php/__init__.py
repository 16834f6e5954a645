"""PHP's xmlrpc functions, byte for byte: for programs that come from PHP, and for those that talk to it.

>>> from mailkit_xmlrpc import php
>>> php.xmlrpc_decode(php.xmlrpc_encode_request("m", [{"a": 1}, ["x", None, True]]))
[{'a': 1}, [b'x', b'', True]]

PHP has used two libraries for these functions. ``profile="bundled"`` is the one inside PHP up to 7.4, ``"debian"`` the
one that Debian's php-xmlrpc uses. Both corrupt some values; by default the worst of these are refused (`strict`).

Read `values` first (PHP's types and arrays in Python). Then, for writing, `options`, `escaping` and `encode`; for
reading, `elements`, `scalars` and `decode`. `types` has the functions that get and set a value's type, and `call`
sends an array through a `Client`.

xmlrpc_server_create and xmlrpc_parse_method_descriptions are missing; docs/from-php.md gives the reason.
"""

from .call import call
from .decode import xmlrpc_decode, xmlrpc_decode_request
from .encode import MojibakeWarning, xmlrpc_encode, xmlrpc_encode_request
from .types import xmlrpc_get_type, xmlrpc_is_fault, xmlrpc_set_type
from .values import Base64, Datetime

__all__ = [
    "Base64",
    "Datetime",
    "MojibakeWarning",
    "call",
    "xmlrpc_decode",
    "xmlrpc_decode_request",
    "xmlrpc_encode",
    "xmlrpc_encode_request",
    "xmlrpc_get_type",
    "xmlrpc_is_fault",
    "xmlrpc_set_type",
]
