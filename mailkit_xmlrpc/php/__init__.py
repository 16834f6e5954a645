"""PHP's xmlrpc functions, byte for byte: for programs that come from PHP, and for those that talk to it.

>>> from mailkit_xmlrpc import php
>>> php.xmlrpc_decode(php.xmlrpc_encode_request("m", [{"a": 1}, ["x", None, True]]))
[{'a': 1}, [b'x', b'', True]]

Two libraries stood behind the functions: ``profile="bundled"`` is the one inside PHP up to 7.4, ``"debian"`` the one
that Debian's php-xmlrpc uses. Both spoil some values; by default the worst of it is refused (`strict`).

To read it: `values` (PHP's types and its arrays), then `options`, `text` and `encode` on the way out, `elements`,
`scalars`, `moments` and `decode` on the way in; `types` asks and sets types, `call` sends an array with a `Client`.

There is no xmlrpc_server_create and no xmlrpc_parse_method_descriptions: see docs/from-php.md.
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
