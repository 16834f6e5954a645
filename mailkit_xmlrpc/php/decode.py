"""`xmlrpc_decode` and `xmlrpc_decode_request`: XML to the values that PHP's extension made of it.

libxmlrpc follows no grammar. It walks the elements and fills one value as it goes: a scalar sets it, the last one
wins; struct, data, fault and (in a call) params make it an array and begin a new value for each child; a name
names it; and any element it does not know is looked through. That is why fragments decode, why i8 and nil are
null, and why nothing here is ever an error. PHP then puts the values into its arrays by PHP's rules for keys.
"""

from __future__ import annotations

import re
from typing import Any, Callable

from ..errors import ResponseError
from .elements import Element, elements
from .moments import datetime_of
from .options import Profile, profile_of
from .values import Base64, text_key

__all__ = ["xmlrpc_decode", "xmlrpc_decode_request"]
