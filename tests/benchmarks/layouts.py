"""How the XML-RPC libraries of real services write a document: line ends, indentation, escapes.

The texts are from the libraries themselves: `tests/peers` runs xmlrpc-c, and IXR and phpxmlrpc were read. Mailkit's is
that of `fixtures/journeys.trigger`.
"""

from __future__ import annotations

import xmlrpc.client
from dataclasses import dataclass
from typing import Any

__all__ = ["IXR", "MAILKIT", "PHPXMLRPC", "STANDARD", "XMLRPC_C", "Layout", "Standard"]


@dataclass(frozen=True)
class Layout:
    """How a library writes a document. In every text, ``{}`` is what it holds.

    Attributes:
        answer: an answer; its value is written in the `value` element that stands here.
        call: a call: its method and its params.
        param: a param of a call.
        item: a value of an array.
        member: a member of a struct: its name and its value.
        array: an array as an element.
        struct: a struct as an element.
        integer: the type of an integer within 32 bits.
        long: the type of any other integer.
        escapes: what stands for a character of a text.
    """

    answer: str
    call: str
    param: str
    item: str
    member: str
    array: str
    struct: str
    integer: str
    long: str
    escapes: dict[str, str]

    def write_answer(self, value: Any) -> bytes:
        """An answer with this value."""
        return self.answer.format(self._element(value)).encode()

    def write_call(self, method: str, params: tuple[Any, ...]) -> bytes:
        """A call with these params."""
        return self.call.format(method, "".join(self.param.format(self._element(param)) for param in params)).encode()

    def _element(self, value: Any) -> str:
        if isinstance(value, dict):
            members = (self.member.format(self._escape(name), self._element(value[name])) for name in value)
            return self.struct.format("".join(members))
        if isinstance(value, list):
            return self.array.format("".join(self.item.format(self._element(item)) for item in value))
        tag, text = self._scalar(value)
        return f"<{tag}>{text}</{tag}>"

    def _scalar(self, value: Any) -> tuple[str, str]:
        if isinstance(value, str):
            return "string", self._escape(value)
        if isinstance(value, bool):
            return "boolean", str(int(value))
        if isinstance(value, int):
            return (self.integer if -(2**31) <= value < 2**31 else self.long), str(value)
        if isinstance(value, float):
            return "double", repr(value)
        return "dateTime.iso8601", value.strftime("%Y%m%dT%H:%M:%S")

    def _escape(self, text: str) -> str:
        return text.translate(str.maketrans(self.escapes))


_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

IXR = Layout(
    answer='<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse>\n  <params>\n    <param>\n      <value>\n      '
    "{}\n      </value>\n    </param>\n  </params>\n</methodResponse>\n",
    call='<?xml version="1.0"?>\n<methodCall>\n<methodName>{}</methodName>\n<params>\n{}</params></methodCall>',
    param="<param><value>{}</value></param>\n",
    item="  <value>{}</value>\n",
    member="  <member><name>{}</name><value>{}</value></member>\n",
    array="<array><data>\n{}</data></array>",
    struct="<struct>\n{}</struct>",
    integer="int",
    long="int",
    escapes={**_MARKUP, '"': "&quot;", "'": "&#039;"},
)

XMLRPC_C = Layout(
    answer='<?xml version="1.0" encoding="UTF-8"?>\r\n<methodResponse>\r\n<params>\r\n<param><value>{}</value></param>'
    "\r\n</params>\r\n</methodResponse>\r\n",
    call='<?xml version="1.0" encoding="UTF-8"?>\r\n<methodCall>\r\n<methodName>{}</methodName>\r\n<params>\r\n{}'
    "</params>\r\n</methodCall>\r\n",
    param="<param><value>{}</value></param>\r\n",
    item="<value>{}</value>\r\n",
    member="<member><name>{}</name>\r\n<value>{}</value></member>\r\n",
    array="<array><data>\r\n{}</data></array>",
    struct="<struct>\r\n{}</struct>",
    integer="i8",
    long="i8",
    escapes={**_MARKUP, "\r": "&#x0d;"},
)

PHPXMLRPC = Layout(
    answer='<?xml version="1.0" encoding="UTF-8" ?>\n<methodResponse>\n<params>\n<param>\n<value>{}</value>\n</param>\n'
    "</params>\n</methodResponse>",
    call='<?xml version="1.0" encoding="UTF-8" ?>\n<methodCall>\n<methodName>{}</methodName>\n<params>\n{}</params>\n'
    "</methodCall>",
    param="<param>\n<value>{}</value>\n</param>\n",
    item="<value>{}</value>\n",
    member="<member><name>{}</name>\n<value>{}</value>\n</member>\n",
    array="<array>\n<data>\n{}</data>\n</array>",
    struct="<struct>\n{}</struct>",
    integer="int",
    long="i8",
    escapes={**_MARKUP, '"': "&quot;", "'": "&apos;"},
)

MAILKIT = Layout(
    answer='<?xml version="1.0" encoding="utf-8"?>\n<methodResponse>\n<params>\n<param>\n<value>\n{}\n</value>\n'
    "</param>\n</params>\n</methodResponse>\n",
    call='<?xml version="1.0" encoding="UTF-8"?>\n<methodCall>\n<methodName>{}</methodName>\n<params>\n{}</params>\n'
    "</methodCall>\n",
    param="<param>\n<value>\n{}\n</value>\n</param>\n",
    item="<value>\n{}\n</value>\n",
    member="<member>\n<name>{}</name>\n<value>\n{}\n</value>\n</member>\n",
    array="<array>\n<data>\n{}</data>\n</array>",
    struct="<struct>\n{}</struct>",
    integer="i4",
    long="i8",
    escapes=_MARKUP,
)


class Standard:
    """The layout of `xmlrpc.client`, written by itself."""

    def write_answer(self, value: Any) -> bytes:
        return xmlrpc.client.dumps((value,), methodresponse=True).encode()

    def write_call(self, method: str, params: tuple[Any, ...]) -> bytes:
        return xmlrpc.client.dumps(params, method).encode()


STANDARD = Standard()
