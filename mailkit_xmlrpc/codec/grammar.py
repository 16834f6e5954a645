"""XML-RPC's grammar as a table, and the `Builder` that applies it to the parser's events.

Nothing is guessed: every value is read exactly, or the whole document is an error. An element's text is collected up
to the next tag and checked there, so the result does not depend on how the document was cut into pieces.
"""

from __future__ import annotations

import xmlrpc.client
from typing import Any, Callable

from ..errors import FaultError, HostileXMLError, ResponseError
from ..errors.redaction import is_token
from .encode import METHOD_NAME
from .faults import fault_error
from .scalars import EXTENSIONS, SCALARS, WHITESPACE, Scalar

__all__ = ["Builder", "Element", "method_name"]

_VALUE = frozenset(SCALARS) | {"array", "struct"}

# The children that an element may have.
_CHILDREN: dict[str, frozenset[str]] = {
    "methodCall": frozenset({"methodName", "params"}),
    "methodResponse": frozenset({"params", "fault"}),
    "params": frozenset({"param"}),
    "param": frozenset({"value"}),
    "fault": frozenset({"value"}),
    "value": _VALUE,
    "array": frozenset({"data", "value"}),
    "data": frozenset({"value"}),
    "struct": frozenset({"member"}),
    "member": frozenset({"name", "value"}),
}
# Elements with any number of children, and elements with each child once. All others have one child at most: so has
# the <params> of an answer, but not that of a call.
_REPEATING = {
    "methodCall": frozenset({"params", "data", "struct"}),
    "methodResponse": frozenset({"data", "struct"}),
}
_EACH_CHILD_ONCE = frozenset({"methodCall", "member"})
# Elements whose text is read. The text of a value is its content unless a child follows; then it must be white space.
_TEXT_ELEMENTS = frozenset(SCALARS) | {"value", "name", "methodName"}

_ELEMENTS = frozenset(_CHILDREN).union(*_CHILDREN.values())


class Element:
    """An open element.

    Attributes:
        text: the pieces of its text; None where text has no meaning.
        has_stray_text: whether text that is not white space stands where it has no meaning.
        child_tags: which children it has so far, except in elements with any number of children.
        items: the values of its children.
    """

    __slots__ = ("child_tags", "has_stray_text", "items", "tag", "text")

    def __init__(self, tag: str) -> None:
        self.tag: str = tag
        self.text: list[str] | None = [] if tag in _TEXT_ELEMENTS else None
        self.has_stray_text: bool = False
        self.child_tags: list[str] = []
        self.items: list[Any] = []


class Builder:
    """Builds the values of a document. The parser calls `start`, `data` and `end`."""

    def __init__(self, root: str, scalars: dict[str, Scalar], depth: int) -> None:
        self.result: Element | None = None
        self._root = root
        self._repeating = _REPEATING[root]
        self._ends = _ENDS[root]
        self._scalars = scalars
        self._max_depth = depth
        self._depth = 0
        self._stack: list[Element] = []

    @property
    def has_root(self) -> bool:
        """Whether the root element has begun, and is the one that is wanted."""
        return bool(self._stack) or self.result is not None

    @property
    def in_fault(self) -> bool:
        """Whether the fault of an answer is open."""
        return len(self._stack) > 1 and self._stack[1].tag == "fault"

    def resume(self, params: list[Any], containers: list[Any]) -> None:
        """Continue a document of which another reader has read the beginning. The open elements have started already.

        Args:
            params: the complete values. The last one belongs to the open param if no container is open.
            containers: the open lists and dicts with what was read of them, the outermost first.
        """
        opened = iter(containers)
        for element, inner in zip(self._stack, [*self._stack[1:], None]):
            if element.tag in ("param", "fault") and element.items:
                element.items = params[-1:]
                params = params[:-1]
            elif element.tag == "struct":
                element.items = list(next(opened).items())
            elif element.tag == "array":
                items = next(opened)
                if inner is not None and inner.tag == "data":
                    inner.items = items
                elif items:
                    element.items, element.child_tags = items, ["value"]
        for element in self._stack:
            if element.tag == "params":
                element.items = params

    def start(self, tag: str, attributes: object) -> None:
        """Open an element. Raises ResponseError if the grammar does not allow it here."""
        prefix, _, local = tag.rpartition(":")
        if prefix and local in EXTENSIONS:
            tag = local
        if self._stack:
            self._check_child(self._stack[-1], tag)
        elif tag != self._root:
            raise ResponseError(f"the document's root element is not <{self._root}>")
        if tag in ("array", "struct"):
            self._depth += 1
            if self._depth > self._max_depth:
                raise HostileXMLError(f"more than {self._max_depth} arrays and structs inside one another")
        self._stack.append(Element(tag))

    def _check_child(self, parent: Element, tag: str) -> None:
        if tag not in _CHILDREN.get(parent.tag, ()):
            raise ResponseError(f"<{_shown(tag)}> cannot stand in <{parent.tag}>{_unused_dispatch(tag)}")
        if parent.tag == "methodCall" and tag == "params" and not parent.items:
            raise ResponseError(_NO_NAME)
        if parent.child_tags and not _can_follow(tag, parent):
            raise ResponseError(f"<{tag}> is one too many in <{parent.tag}>")
        if parent.text is not None:
            parent.has_stray_text = not _is_blank("".join(parent.text))
            parent.text = None
        self._refuse_stray_text(parent)
        if parent.tag not in self._repeating and tag not in parent.child_tags:
            parent.child_tags.append(tag)

    def data(self, text: str) -> None:
        """Add text to the innermost element."""
        element = self._stack[-1]
        if element.text is not None:
            element.text.append(text)
        elif not _is_blank(text):
            element.has_stray_text = True

    def end(self, tag: str) -> None:
        """Close the innermost element and add its value to the element around it."""
        element = self._stack.pop()
        self._refuse_stray_text(element)
        if element.tag in ("array", "struct"):
            self._depth -= 1
        value = self._scalar(element) if element.tag in self._scalars else self._ends[element.tag](element)
        if self._stack:
            self._stack[-1].items.append(value)
        else:
            self.result = element

    def _refuse_stray_text(self, element: Element) -> None:
        if element.has_stray_text:
            raise ResponseError(f"there is text beside the elements of <{element.tag}>")

    def _scalar(self, element: Element) -> Any:
        text = "".join(element.text or ())
        try:
            return self._scalars[element.tag].read(text)
        except ValueError as error:
            problem = str(error)
        raise ResponseError(f"<{element.tag}> {problem}")


def _is_blank(text: str) -> bool:
    """Whether there is nothing but white space. Of the characters that XML allows, ASCII has no other white space."""
    return not text or (text.isspace() and text.isascii())


def _can_follow(tag: str, parent: Element) -> bool:
    """Whether `parent` may have this child after those that it has."""
    if parent.tag == "array":  # rTorrent leaves <data> out
        return tag == "value" and parent.child_tags == ["value"]
    return parent.tag in _EACH_CHILD_ONCE and tag not in parent.child_tags


def _shown(tag: str) -> str:
    """The element's name, if it may be shown in an error."""
    return tag if is_token(tag) else "..."


def _unused_dispatch(tag: str) -> str:
    """A hint for a caller who taught xmlrpc.client this element; empty otherwise."""
    # The standard library ignores prefixes. All entries of its own are elements of the grammar.
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
    return element.items[0] if element.child_tags == ["data"] else element.items


def _end_member(element: Element) -> tuple[str, Any]:
    if len(element.items) != 2:
        raise ResponseError("a <member> needs one <name> and one <value>")
    name, value = element.items if element.child_tags[0] == "name" else reversed(element.items)
    return name, value


def _end_struct(element: Element) -> dict[str, Any]:
    struct: dict[str, Any] = {}
    for name, value in element.items:
        if name in struct:
            raise ResponseError("a <struct> has two members of the same name")
        struct[name] = value
    return struct


def _end_items(element: Element) -> list[Any]:
    return element.items


def _end_answer(element: Element) -> None:
    if not element.items:
        raise ResponseError("the answer has neither params nor a fault")


_NO_NAME = "a <methodCall> must begin with a <methodName>"


def _end_call(element: Element) -> None:
    if not element.items:
        raise ResponseError(_NO_NAME)


def _end_method_name(element: Element) -> str:
    return method_name(_end_text(element))


def method_name(text: str) -> str:
    """The name of the method in a call. Raises ResponseError if the rules do not allow it."""
    name = text.strip(WHITESPACE)
    if not METHOD_NAME.fullmatch(name):
        raise ResponseError("a method name is one word of printable ASCII without quotes, <, > and &")
    return name


def _end_fault(element: Element) -> FaultError:
    return fault_error(_end_one(element))


_END: dict[str, Callable[[Element], Any]] = {
    "methodCall": _end_call,
    "methodResponse": _end_answer,
    "params": _end_items,
    "param": _end_one,
    "fault": _end_fault,
    "value": _end_value,
    "array": _end_array,
    "data": _end_items,
    "struct": _end_struct,
    "member": _end_member,
    "name": _end_text,
    "methodName": _end_method_name,
}
_ENDS = {"methodCall": _END, "methodResponse": {**_END, "params": _end_one}}
