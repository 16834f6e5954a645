"""Promise 4: the md5 and the URL's password are not shown anywhere, whatever a server does with them.

A hostile server knows both, because they were sent to it. It can put them anywhere in its answer, in upper or lower
case, and the end of an excerpt can cut them. Nothing that a program shows, logs or reports may contain a part of them.
"""

from __future__ import annotations

import base64
import contextlib
import io
import logging
import re
import urllib.parse
import xmlrpc.client
from dataclasses import dataclass
from typing import Any, Callable
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailkit_xmlrpc import Client, MailkitError, ServerProxy

from ..servers import CLIENT_ID, MD5, ScriptedServer, answer, http, then
from ..shown import shown

PASSWORD = "correct-horse-battery"
# A part of this length is harmless; the end of an excerpt may show a shorter one.
HARMLESS = 7
# The text around an echo. It has no part of a secret.
FILLER = st.text(st.sampled_from("zyxwvu ZYX<>&\n\tŽİ"), max_size=230)
NAMES = st.text(st.sampled_from("zyxwvu"), max_size=120)
MD5S = st.sampled_from([MD5, "f" * 32, "9f86d081884c7d659a2feaa0c55ad015", "ABCDEF0918273645abcdef9876543210"])
# There are many places; the long profile tries more examples for each.
FEW = settings(max_examples=max(10, settings().max_examples // 10))


@dataclass(frozen=True)
class Echo:
    """A secret in some form, and the text that a hostile server puts around it."""

    secret: str
    before: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.secret + self.after

    @property
    def xml(self) -> str:
        return escape(self.text)

    @property
    def line(self) -> str:
        """The echo for the head of an answer: UTF-8 that is read as latin-1."""
        return re.sub(r"[\t\n]", " ", self.text).encode().decode("latin-1")

    @property
    def name(self) -> str:
        """The echo for a place that needs a name; a secret that is not a name is left out."""
        secret = self.secret if re.fullmatch(r"[A-Za-z0-9._=-]+", self.secret) else ""
        return "n" + re.sub(r"[^A-Za-z0-9._-]", "", self.before + secret + self.after)


def param(xml: str) -> bytes:
    body = f"<?xml version='1.0'?><methodResponse><params><param><value>{xml}</value></param></params></methodResponse>"
    return http(body.encode())


def struct(**members: str) -> bytes:
    inner = "".join(f"<member><name>{name}</name><value>{xml}</value></member>" for name, xml in members.items())
    return param(f"<struct>{inner}</struct>")


PLACES: dict[str, Callable[[Echo], bytes]] = {
    "reason": lambda e: http(b"", status=f"500 {e.line}"),
    "reason of a redirect": lambda e: http(b"", status=f"302 {e.line}"),
    "header": lambda e: http(b"", f"X-Echo: {e.line}", status="500 x"),
    "header name": lambda e: http(b"", f"X-{e.name}: 1", status="404 x"),
    "body of 500": lambda e: http(e.text.encode(), status="500 x"),
    "body of 503": lambda e: http(e.text.encode(), "Retry-After: " + e.line, status="503 x"),
    "location": lambda e: http(b"", f"Location: https://h.example/{e.name}", status="302 x"),
    "location's credentials": lambda e: http(b"", f"location: https://{e.name}:{e.name}@h.example/", status="302 x"),
    "status line": lambda e: f"HTTP/1.1 {e.line}\r\n\r\n".encode(),
    "no HTTP": lambda e: f"{e.line}\r\n\r\n".encode(),
    "Content-Encoding": lambda e: http(b"", f"Content-Encoding: {e.line}"),
    "Content-Type": lambda e: http(b"x", f"Content-Type: text/xml; charset={e.name}"),
    "chunk size": lambda e: http(f"{e.line}\r\n".encode(), "Transfer-Encoding: chunked", length=False),
    "faultString": lambda e: http(xmlrpc.client.dumps(xmlrpc.client.Fault(4, e.text)).encode()),
    "faultCode": lambda e: http(xmlrpc.client.dumps(xmlrpc.client.Fault(e.text, "x")).encode()),
    "fault in a 500": lambda e: http(xmlrpc.client.dumps(xmlrpc.client.Fault(4, e.text)).encode(), status="500 x"),
    "bare string": lambda e: param(f"<string>{e.xml}</string>"),
    "known refusal": lambda e: param(f"<string>Missing {e.name}</string>"),
    "disallowed IP": lambda e: param(f"<string>Disallowed IP {e.name}</string>"),
    "struct's error": lambda e: struct(error_status="<i4>1</i4>", error=e.xml),
    "struct's message": lambda e: struct(error_status="<i4>0</i4>", message=e.xml, status=e.xml, more=e.xml),
    "error_status": lambda e: struct(error_status=e.xml),
    "error_status in an array": lambda e: struct(error_status=f"<array><data><value>{e.xml}</value></data></array>"),
    "before broken XML": lambda e: param(f"<string>{e.xml}</broken>"),
    "after broken XML": lambda e: param(f"</broken>{e.xml}"),
    "around broken XML": lambda e: param(f"{e.xml}</broken>{e.xml}"),
    "element": lambda e: param(f"<{e.name}/>"),
    "prefixed element": lambda e: param(f"<ex:{e.name}/>"),
    "attribute": lambda e: param(f"<int a='{e.name}'>x</int>"),
    "bad scalar": lambda e: param(f"<int>{e.xml}</int>"),
    "bad boolean": lambda e: param(f"<boolean>{e.xml}</boolean>"),
    "struct's name": lambda e: struct(**{"x": "<x/>", e.name: "x"}),
    "encoding": lambda e: http(f"<?xml version='1.0' encoding='{e.name}'?><a/>".encode()),
    "document type": lambda e: http(f"<!DOCTYPE {e.name} [<!ENTITY {e.name} '{e.name}'>]><a/>".encode()),
    "entity": lambda e: param(f"&{e.name};"),
    "root": lambda e: http(f"<{e.name}/>".encode()),
    "stray text": lambda e: http(f"<methodResponse>{e.xml}</methodResponse>".encode()),
    "not UTF-8": lambda e: http(e.text.encode() + b"\xff"),
    "half an answer": lambda e: http(e.text.encode(), "Content-Length: 99999", length=False),
}


def pieces_in(text: str, secrets: list[str]) -> list[str]:
    """The parts of `secrets` in `text` that are longer than is harmless."""
    low = text.lower()
    found = []
    for secret in secrets:
        for at in range(len(secret) - HARMLESS):
            piece = secret[at : at + HARMLESS + 1]
            if piece.lower() in low:
                found.append(piece)
    return found


def everything_shown(place: str, echo: Echo, *, md5: str = MD5, user: str = "") -> str:
    """Everything that is visible of two calls to a server that echoes: one by Client, one by ServerProxy."""
    parts: list[Any] = []
    log = logging.StreamHandler(io.StringIO())
    log.setFormatter(logging.Formatter("%(message)s %(args)s %(exc_info)s"))
    logger = logging.getLogger("mailkit_xmlrpc")
    printed = io.StringIO()
    level = logger.level
    logger.addHandler(log)
    logger.setLevel(logging.DEBUG)
    try:
        with ScriptedServer(ever_after=then(PLACES[place](echo))) as server, contextlib.redirect_stdout(printed):
            url = server.url.replace("//", f"//{user}")
            options = {"retry": None, "timeout": 5, "on_call": parts.append}
            with Client(CLIENT_ID, md5, url=url, **options) as client:
                seen_of(lambda: client.journeys.trigger("a", "b"), parts)
                parts.append(repr(client))
            if user:
                with ServerProxy(url, verbose=True, timeout=5) as proxy:
                    seen_of(lambda: proxy.test(CLIENT_ID), parts, result=False)
                    parts.append(repr(proxy))
    finally:
        logger.setLevel(level)
        logger.removeHandler(log)
    return "\n".join([*map(repr, parts), printed.getvalue(), log.stream.getvalue()])


def seen_of(call: Callable[[], Any], parts: list[Any], *, result: bool = True) -> None:
    """Add everything that a call shows. A value of ServerProxy belongs to the caller, and so does Result.value."""
    try:
        value = call()
    except MailkitError as error:
        parts.append(shown(error))
        return
    if result:
        parts += [str(value), repr(value), value.error, value.message, value.status]
        try:
            value.unwrap()
        except MailkitError as error:
            parts.append(shown(error))


@pytest.mark.parametrize("place", PLACES)
@FEW
@given(st.data())
def test_the_md5_is_not_shown(place, data):
    md5 = data.draw(MD5S, "md5")
    sent = data.draw(st.sampled_from([md5, md5.upper(), md5.lower()]), "echo")
    echo = Echo(sent, data.draw(FILLER | NAMES, "before"), data.draw(FILLER | NAMES, "after"))
    assert pieces_in(everything_shown(place, echo, md5=md5), [md5]) == []


@pytest.mark.parametrize("place", PLACES)
@FEW
@given(st.data())
def test_the_urls_password_is_not_shown(place, data):
    userinfo = f"zyx:{PASSWORD}"
    token = base64.b64encode(userinfo.encode()).decode()
    sent = data.draw(st.sampled_from([PASSWORD, userinfo, token, f"Basic {token}"]), "echo")
    echo = Echo(sent, data.draw(FILLER | NAMES, "before"), data.draw(FILLER | NAMES, "after"))
    assert pieces_in(everything_shown(place, echo, user=f"{userinfo}@"), [PASSWORD, token]) == []


# repr() changes quotes and backslashes, so a secret must be masked before it is quoted.
# Only ASCII: other characters are replaced in a header line, which leaves a part of the password.
ODD = st.text(st.sampled_from("abcdefgh'\"\\%@:/&<>+= "), min_size=HARMLESS + 1, max_size=40)


@given(st.sampled_from(sorted(PLACES)), ODD)
@example("reason", "abcdefghž")
@example("Content-Encoding", "a'b\\cdefghij'klm")
@example("error_status in an array", "abcdefgh'\"\\ijklmnop")
def test_a_password_of_odd_characters_is_not_shown(place, password):
    user = f"zyx:{urllib.parse.quote(password, safe='')}@"
    echo = Echo(password, "zyx ", " zyx")
    assert pieces_in(everything_shown(place, echo, user=user), [password]) == []


@pytest.mark.parametrize("cut", range(33))
def test_the_md5_is_not_shown_if_an_excerpt_cuts_it(cut):
    """An excerpt of a body ends after 200 characters; of unreadable XML it begins 60 bytes before the place."""
    echo = Echo(MD5, "z" * (200 - cut), "z" * 50)
    assert pieces_in(everything_shown("body of 500", echo), [MD5]) == []
    echo = Echo(MD5, "z" * 100, "z" * (60 - cut))
    assert pieces_in(everything_shown("before broken XML", echo), [MD5]) == []
    for place in ("after broken XML", "element", "encoding", "Content-Encoding"):
        assert pieces_in(everything_shown(place, Echo(MD5, "z" * (110 - cut), "z")), [MD5]) == []


def test_these_tests_would_notice():
    """Parts of a secret are found in a text, and the secret in an answer is really sent."""
    assert set(pieces_in(f"so {MD5[20:28]} it is", [MD5])) == {MD5[20:28]}
    assert pieces_in("nothing here", [MD5]) == []
    with ScriptedServer(answer(MD5)) as server, ServerProxy(server.url) as proxy:
        assert proxy.test() == MD5
