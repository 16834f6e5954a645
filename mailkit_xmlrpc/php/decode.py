"""`xmlrpc_decode` and `xmlrpc_decode_request`: XML to the values that PHP's extension returns for it.

libxmlrpc does not check a grammar. It walks the elements and fills one value on the way. A scalar sets the value, and
the last one wins. struct, data, fault and (in a call) params turn it into an array and start a new value for each
child. A name sets its name. The children of any unknown element are walked as if the element were not there. So
fragments are decoded, i8 and nil become null, and hardly anything is an error. PHP then puts the values into arrays by
its own rules for keys.
"""

from __future__ import annotations

from typing import Any

from ..errors import ResponseError
from .elements import Element, elements
from .options import Profile, profile_of
from .scalars import SCALARS, index_of
from .values import text_key

__all__ = ["xmlrpc_decode", "xmlrpc_decode_request"]

# The root elements of the other protocols that PHP's extension reads.
_OTHER_PROTOCOLS = frozenset({"simpleRPC", "SOAP-ENV:Envelope"})


def xmlrpc_decode(xml: str | bytes, encoding: str | bytes = "iso-8859-1", *, profile: str = "bundled") -> Any:
    """PHP's xmlrpc_decode: the value of a document or of a fragment.

    Args:
        xml: the document; a str stands for its UTF-8 bytes.
        encoding: the charset that text is converted to. Text that does not fit it stays UTF-8.
        profile: "bundled" to read as PHP 7.4 and older do, "debian" as Debian's php-xmlrpc does.

    Returns:
        The value in the types of `mailkit_xmlrpc.php`. Strings are bytes, names are str or int. An array whose keys
        are 0, 1, 2 ... is a list, and so is an empty struct; any other array is a dict. A document that is not
        well-formed XML gives None.

    Raises:
        HostileXMLError: the document has a document type, or its elements are nested too deep.
        ResponseError: the document is SOAP or "simple" RPC.
    """
    return _read(xml, encoding, profile).value


def xmlrpc_decode_request(
    xml: str | bytes, encoding: str | bytes = "iso-8859-1", *, profile: str = "bundled"
) -> tuple[str | None, Any]:
    """PHP's xmlrpc_decode_request: method and parameters of a call. The method is None if the document is not a call.

    Arguments and errors are those of `xmlrpc_decode`. PHP stores the method in its second argument instead.
    """
    reader = _read(xml, encoding, profile)
    if not reader.is_call:
        return None, reader.value
    if reader.method is None:
        return None, None
    return text_key(reader.method), reader.value


def _read(xml: str | bytes, encoding: str | bytes, profile: str) -> _Reader:
    chosen = profile_of(profile)
    reader = _Reader()
    root = elements(xml, encoding, chosen)
    if root is not None:
        if root.tag in _OTHER_PROTOCOLS:
            raise ResponseError("the document is SOAP or simpleRPC, which is not supported")
        slot = _Slot()
        reader.walk(root, slot)
        reader.value = slot.to_php(chosen)
    return reader


class _Slot:
    """A value that is being filled."""

    __slots__ = ("items", "kind", "name", "scalar")

    def __init__(self) -> None:
        self.name = b""
        self.scalar: Any = None
        self.kind = ""  # "array" or "struct" once it is one
        self.items: list[_Slot] = []

    def become(self, kind: str) -> None:
        if not self.kind:
            self.items = []
        if not self.items:
            self.kind = kind

    def set(self, scalar: Any) -> None:
        self.scalar = scalar
        self.kind = ""

    def add(self, item: _Slot) -> None:
        # libxmlrpc does not add a value with a name to an array.
        if not (item.name and self.kind == "array"):
            self.items.append(item)

    def to_php(self, profile: Profile) -> Any:
        if not self.kind:
            return self.scalar
        pairs: dict[int | str, Any] = {}
        # The key for an item without a name: one more than the largest so far, and before PHP 8 at least 0.
        following = None if profile.php8 else 0
        for item in self.items:
            key = index_of(item.name, profile) if item.name else following or 0
            if key == 2**63:
                continue  # PHP loses a value that would follow the largest possible key
            value = item.to_php(profile)
            if isinstance(key, int):
                pairs[key] = value
                following = key + 1 if following is None else max(following, key + 1)
            else:
                pairs[text_key(key)] = value
        return list(pairs.values()) if list(pairs) == list(range(len(pairs))) else pairs


class _Reader:
    """Walks the elements of one document."""

    def __init__(self) -> None:
        self.value: Any = None
        self.method: bytes | None = None
        self.is_call = False

    def walk(self, root: Element, slot: _Slot) -> None:
        """Fill `slot` from `root`. A list of waiting work takes the place of recursion, because elements may be nested
        deeply."""
        waiting: list[tuple[Element | None, _Slot, _Slot]] = [(root, slot, slot)]
        while waiting:
            element, slot, target = waiting.pop()
            if element is None:
                target.add(slot)
                continue
            kind = self._container(element.tag)
            if kind:
                slot.become(kind)
                parts = _fault_parts(element) if element.tag == "fault" else element.children
                for child in reversed(parts):
                    item = _Slot()
                    waiting += ((None, item, slot), (child, item, item))
            elif not self._scalar(element, slot):
                waiting += ((child, slot, slot) for child in reversed(element.children))

    def _container(self, tag: str) -> str:
        if tag == "data" or (tag == "params" and self.is_call):
            return "array"
        return "struct" if tag in ("struct", "fault") else ""

    def _scalar(self, element: Element, slot: _Slot) -> bool:
        """Read the element itself. Returns whether its children must not be walked."""
        tag = element.tag
        if tag in SCALARS:
            slot.set(SCALARS[tag](element.text))
        elif tag == "value" and not element.children:
            slot.set(element.text)
        elif tag == "name":
            slot.name = element.text.partition(b"\0")[0]
        else:
            if tag in ("methodCall", "methodResponse"):
                self.is_call = tag == "methodCall"
            elif tag == "methodName":
                self.method = element.text.partition(b"\0")[0]
            return False
        return True


def _fault_parts(fault: Element) -> list[Element]:
    """The members of a fault: the children of the first element of its first element."""
    parts = fault.children[:1]
    return parts[0].children[0].children if parts and parts[0].children else []
