"""docs/supported.md, whose table of methods is generated from the code: ``python -m tests.supported`` writes it."""
# ruff: noqa: E501  (a row of a table is one line)

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mailkit_xmlrpc.api.calls import calls
from mailkit_xmlrpc.api.catalogue import CATALOGUE, function
from mailkit_xmlrpc.call import MethodSpec
from mailkit_xmlrpc.cli.methods import signature

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).parents[1] / "docs" / "supported.md"

INTRODUCTION = """\
# Supported methods, types and features

This page lists all of Mailkit's methods, all types of XML-RPC, and the features of the transport. The table of methods
is generated from the code by `python -m tests.supported`; a test compares the two.

## Methods

Only about the first 2,000 characters of most of Mailkit's pages were available. Therefore the request of many methods
is known completely, but their answers and refusals only in part.

| certainty | source |
|---|---|
| documented | the whole page |
| partly documented | the beginning of the page; for the rest, Mailkit's PHP client or other clients, if the docstring says so |
| known from Mailkit's own PHP client | the PHP client; the page was not available |
| known by name only | the name in Mailkit's navigation or PHP client; the parameters are a guess |

If the outcome of a call is unknown, a method that only reads is retried. A method that changes something is not, unless
you pass `Retry(resend_unknown=True)`. If a method's answer is not documented, a string is a refusal, except for the
words that its docstring lists; a struct whose `error_status` is not 0 is a refusal too; any other answer is a success.
`Result.raw` always has the answer as it was received; of a refusal, with your secrets masked.

| method | arguments, besides `timeout` | only reads | certainty | page |
|---|---|---|---|---|
"""

AFTER = """
Mailkit's navigation lists about four more methods of campaigns, but their names were not available. `Client.call` calls
any method that is not in this table; `success=` lists the bare strings that are not refusals.

## Types of XML-RPC

| type | sent from | read as |
|---|---|---|
| int, i4 | int, within 32 bits | int |
| i8 | int, within 64 bits | int |
| i1, i2, biginteger | not sent | int; up to 4,300 digits for biginteger |
| boolean | bool | bool, from 0, 1, true and false |
| string, and a value without a type | str | str, unchanged |
| double | float, without an exponent; nan and infinity are refused | float; exponents, nan and infinity are accepted |
| float, bigdecimal | not sent | float, Decimal |
| dateTime.iso8601 | datetime without a time zone; fractions of a second are cut off | datetime, with a time zone if it has one; a text that is not a valid date and time stays a `DateTime` |
| base64 | bytes, bytearray, memoryview | bytes |
| struct | mapping with str keys | dict; a duplicate name is an error |
| array | list, tuple | list |
| nil, ex:nil | None, with `allow_none=True`; `Client` never sends nil | None |
| other extension types with a prefix, such as ex:i8 | not sent | as without the prefix |
| Apache's dom, serializable | not sent | error |

## Transport

| feature | supported |
|---|---|
| HTTP/1.1 and 1.0, keep-alive, chunked answers, interim answers (1xx) | yes |
| HTTP/2, HTTP/3 | no |
| TLS 1.2 and newer, with verification; your own SSL context, also with client certificates | yes |
| HTTP proxies with CONNECT, from `HTTPS_PROXY` and `NO_PROXY` or `proxy=`, with Basic authentication | yes |
| SOCKS proxies, proxies that use TLS themselves | no |
| gzip answers, with a limit on their size | yes |
| gzip requests, other content encodings of answers | no; an error |
| redirects | not followed; the error has the target |
| cookies | no |
| Basic authentication from the URL (`ServerProxy`) | yes |
| one deadline for a whole call | yes; it includes name resolution on asyncio, and not in threads |
| hosts with several addresses, IPv6 | yes, one address after another; they share the time that is left |
| threads, processes that are forked, exceptions from signal handlers | yes; a client stays usable |
| gevent, eventlet | yes, if `monkey.patch_all()` runs before the first call |
| copying and pickling of `Client`, `ServerProxy` and the transports | yes, without their connections; a `context=` of your own is a `ConfigError` |
| asyncio, uvloop, anyio on its asyncio backend | yes, with [`AsyncClient` and `AsyncServerProxy`](async.md) |
| Trio | no |
| `MultiCall` | yes, with `ServerProxy`, and not with `AsyncServerProxy`: `mailkit_xmlrpc.MultiCall` raises `FaultError`; that of `xmlrpc.client` works too, and raises `Fault` |

## Contradictions between the sources

Unless the table says otherwise, the newest page was followed.

| subject | the sources | our choice |
|---|---|---|
| email.unsubscribe, position of the options | third in an older English page, fourth in newer ones | fourth |
| mailinglist.adduser, confirm | a boolean in the pages, the words TRUE and FALSE in the PHP client | a boolean |
| mailinglist.adduser and edituser, status and gender | Base64 in the pages, plain in the older PHP client | Base64 |
| mailinglist.edituser, third parameter | empty in the pages, `keep_values` in the older PHP client | empty |
| mailinglist.edituser, success | "OK" in the pages, a struct with "OK" in one sample of the PHP client | both |
| campaigns.single.schedule, fifth parameter | empty in the newer pages, a condition in the Czech ones | empty |
| campaigns.schedule.timezones | the title says timezone, the samples call timezones | timezones |
| campaigns.list, USER_LIST | an array in JSON, one number in the XML sample | both; the value is a list |
| email.revalidate | discontinued at the end of 2020 in one copy, to be discontinued in a newer one | it can be called |
| email.revalidate, agreement | a boolean in the page, words in the PHP client | a boolean |
| email.wipe, refusal | "Invalid ID_email or email" and "Invalid_ID_email or email" | both are known |
| email.topics, sample | `<boolean>FALSE</boolean>`, which XML-RPC does not allow | a boolean, 0 or 1 |
| sendmail_mass | everything in Base64 in the older page, two members in the newer | two members |
| sendsms, recipient | Base64 in the text, plain in the samples | plain |
| mailinglist.unsubscribed, sample | `<i4>27,29,35</i4>` | read as a list of numbers |
| report.message.links | COUNT and ID_GROUP in a client of 2016, CLICK and ANCHOR in the pages | as in the pages |
| name of the ID of a mailing list | ID_user_list, mailinglist_id, ID_mailing_list | the name in the method's page |
| pages of rows | not documented whether a page starts with the ID that was asked for | a first row that was already returned is dropped |
"""


def page() -> str:
    """The whole page."""
    return "".join((INTRODUCTION, *map(_row, CATALOGUE.values()), *_totals(), AFTER))


def _row(spec: MethodSpec[Any]) -> str:
    arguments = signature(function(calls, spec.name))
    link = f"[page]({spec.doc.page})" if spec.doc.page else "–"
    return f"| `{spec.name}` | `{arguments}` | {'yes' if spec.reads else 'no'} | {spec.doc.certainty} | {link} |\n"


def _totals() -> Iterator[str]:
    yield f"\n{len(CATALOGUE)} methods.\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
