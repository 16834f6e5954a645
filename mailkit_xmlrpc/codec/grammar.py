"""XML-RPC's grammar as a table, and one small class that follows it.

The decoder refuses to guess: a value either reads exactly or the whole document is an error. Text is gathered
until an element's next tag and judged there, so that a document means the same however it was cut into pieces.
"""

from __future__ import annotations

import xmlrpc.client
from typing import Any, Callable

from ..errors import HostileXMLError, ResponseError
from ..redaction import is_token
from .scalars import EXTENSIONS, SCALARS, WHITE

__all__ = ["Builder", "Element"]

_VALUE = frozenset(SCALARS) | {"array", "struct"}

# What may stand in what.
_CHILDREN: dict[str, frozenset[str]] = {
    "methodCall": frozenset({"methodName", "params"}),
    "methodResponse": frozenset({"params", "fault"}),
    "params": frozenset({"param"}),
    "param": frozenset({"value"}),
    "fault": frozenset({"value"}),
    "value": _VALUE,
    "array": frozenset({"data"}),
    "data": frozenset({"value"}),
    "struct": frozenset({"member"}),
    "member": frozenset({"name", "value"}),
}
# Of these any number of children; of those each child once; everywhere else one child at most.
_MANY = frozenset({"params", "data", "struct"})
_PARTS = frozenset({"methodCall", "member"})
# Elements whose text counts. In a value it counts until a child shows that it was only white space.
_TEXTUAL = frozenset(SCALARS) | {"value", "name", "methodName"}

_ELEMENTS = frozenset(_CHILDREN).union(*_CHILDREN.values())


class Element:
    """An element that is open."""

    __slots__ = ("items", "stray", "tag", "tags", "text")

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.text: list[str] | None = [] if tag in _TEXTUAL else None
        self.stray = False
        self.tags: list[str] = []
        self.items: list[Any] = []


class Builder:
    """Follows the grammar; its methods are what the parser calls."""

    def __init__(self, root: str, scalars: dict[str, Callable[[str], Any]], depth: int, keep_bad: bool) -> None:
        self.result: Element | None = None
        self._root = root
        self._scalars = scalars
        self._max_depth = depth
        self._keep_bad = keep_bad
        self._depth = 0
        self._stack: list[Element] = []

    def xml(self, encoding: object, standalone: object) -> None:
        """The standard library's parser announces a document with this; there is nothing to do."""

    def resume(self, containers: list[Any], value: Any) -> None:
        """Go on in a document of which something was read before: `containers` are the values so far of those
        that are open, the outermost first; where none is open, `value` is complete."""
        if not containers:
            self._stack[-1].items = [value]
        open_ones = [element for element in self._stack if element.tag in ("struct", "data")]
        for element, container in zip(open_ones, containers):
            element.items = list(container.items()) if element.tag == "struct" else container

    def start(self, tag: str, attributes: object) -> None:
        """Open an element, if it may stand here."""
        prefix, _, local = tag.rpartition(":")
        if prefix and local in EXTENSIONS:
            tag = local
        if self._stack:
            self._enter(self._stack[-1], tag)
        elif tag != self._root:
            raise ResponseError(f"the document is no {self._root}")
        if tag in ("array", "struct"):
            self._depth += 1
            if self._depth > self._max_depth:
                raise HostileXMLError(f"more than {self._max_depth} arrays and structs inside one another")
        self._stack.append(Element(tag))

    def _enter(self, parent: Element, tag: str) -> None:
        if tag not in _CHILDREN.get(parent.tag, ()):
            raise ResponseError(f"<{_name(tag)}> cannot stand in <{parent.tag}>{_unused_dispatch(tag)}")
        if parent.tags and (parent.tag not in _PARTS or tag in parent.tags):
            raise ResponseError(f"<{tag}> is one too many in <{parent.tag}>")
        if parent.text is not None:
            parent.stray = bool("".join(parent.text).strip(WHITE))
            parent.text = None
        self._no_stray_text(parent)
        if parent.tag not in _MANY:
            parent.tags.append(tag)

    def data(self, text: str) -> None:
        """Take some text of the innermost element."""
        element = self._stack[-1]
        if element.text is not None:
            element.text.append(text)
        elif text.strip(WHITE):
            element.stray = True

    def end(self, tag: str) -> None:
        """Close the innermost element and hand its value to the one around it."""
        element = self._stack.pop()
        self._no_stray_text(element)
        if element.tag in ("array", "struct"):
            self._depth -= 1
        if not self._stack:
            self.result = element
        elif element.tag in self._scalars:
            self._stack[-1].items.append(self._scalar(element))
        else:
            self._stack[-1].items.append(_END[element.tag](element))

    def _no_stray_text(self, element: Element) -> None:
        if element.stray:
            raise ResponseError(f"text beside the elements of <{element.tag}>")

    def _scalar(self, element: Element) -> Any:
        text = "".join(element.text or ())
        try:
            return self._scalars[element.tag](text)
        except ValueError as error:
            problem = str(error)
        if self._keep_bad:
            return text
        raise ResponseError(f"<{element.tag}> {problem}")


def _name(tag: str) -> str:
    """An element's name as it may be shown."""
    return tag if is_token(tag) else "..."


def _unused_dispatch(tag: str) -> str:
    """A hint for a caller who taught xmlrpc.client this element; empty otherwise."""
    # The standard library ignores a prefix, and all its own entries are elements of the grammar.
    local = tag.rpartition(":")[2]
    if local in xmlrpc.client.Unmarshaller.dispatch and local not in _ELEMENTS:
        return "; xmlrpc.client's Unmarshaller.dispatch is not used"
    return ""


def _end_value(element: Element) -> Any:
    return "".join(element.text) if element.text is not None else element.items[0]


def _end_text(element: Element) -> str:
    return "".join(element.text or ())


def _end_one(element: Element) -> Any:
    if not element.items:
        raise ResponseError(f"<{element.tag}> is empty")
    return element.items[0]


def _end_array(element: Element) -> list[Any]:
    return element.items[0] if element.items else []


def _end_member(element: Element) -> tuple[str, Any]:
    if len(element.items) != 2:
        raise ResponseError("a <member> needs one <name> and one <value>")
    name, value = element.items if element.tags[0] == "name" else reversed(element.items)
    return name, value


def _end_struct(element: Element) -> dict[str, Any]:
    struct: dict[str, Any] = {}
    for name, value in element.items:
        if name in struct:
            raise ResponseError("a <struct> holds one name twice")
        struct[name] = value
    return struct


def _end_items(element: Element) -> list[Any]:
    return element.items


_END: dict[str, Callable[[Element], Any]] = {
    "params": _end_items,
    "param": _end_one,
    "fault": _end_one,
    "value": _end_value,
    "array": _end_array,
    "data": _end_items,
    "struct": _end_struct,
    "member": _end_member,
    "name": _end_text,
    "methodName": _end_text,
}
