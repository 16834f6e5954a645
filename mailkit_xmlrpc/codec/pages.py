"""Recognises what a web server sends in the place of an answer: an HTML page, or an error message of PHP.

Such a page is rarely well-formed XML, so the parser stops at any place in it and for any reason. This looks at how the
text of the document begins instead, which is why it is not part of `grammar`. It says nothing about a document whose
root element has begun well.
"""

from __future__ import annotations

import re

__all__ = ["page_problem"]

# What can stand before the root element. A comment of HTML may hold "--".
_MISC = re.compile(rb"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)

_HTML = rb"<(?:!doctype\s+html|html|head|body|title|meta|script|style|h[1-6]|div|center|p)(?![\w:.-])"

# PHP with html_errors writes "<br />\\n<b>Warning</b>:  ...", and without it "\\nWarning: ... in FILE on line 3".
_KIND = rb"(?:(?:Catchable |Recoverable )?Fatal error|Parse error|Warning|Notice|Deprecated|Strict Standards)"
_PHP = rb"(?:<br ?/?>\s*)?<b>%s</b>:|(?:PHP )?%s: .{1,4000}? on line [0-9]" % (_KIND, _KIND)

_PAGES = (
    (re.compile(_HTML, re.IGNORECASE), "the document is an HTML page instead of XML-RPC; check the URL"),
    (
        re.compile(_PHP, re.IGNORECASE | re.DOTALL),
        "the document begins with an error message of PHP instead of XML-RPC; the server has to be corrected",
    ),
)


def page_problem(beginning: bytes) -> str:
    """What is wrong with a document that begins so and cannot be read; "" if it begins like neither page."""
    at = 0
    while misc := _MISC.match(beginning, at):
        at = misc.end()
    return next((problem for pattern, problem in _PAGES if pattern.match(beginning, at)), "")
