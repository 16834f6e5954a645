"""docs/supported.md, its table of methods made from the code: ``python -m tests.supported`` writes it."""
# ruff: noqa: E501  (rows of tables stand in one line)

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
# What is supported, and how certain it is

Every method of Mailkit that is documented, every type of XML-RPC, and what the transport does and does not. The table
of methods is made from the code by `python -m tests.supported`; a test compares the two.

## Methods

Mailkit's pages could be read only as far as about their first 2,000 characters, so of many methods the request is known
in full and the answer or the refusals in part.

| how certain | what was seen |
|---|---|
| documented | the whole page |
| partly documented | the beginning of the page; the rest from Mailkit's PHP client or other clients, where its docstring says so |
| known from Mailkit's own PHP client | no page |
| known by name only | the name, in Mailkit's navigation or its PHP client: the parameters are a guess |

A method that only reads is tried again also where it is not known whether it was carried out; one that changes
something never is, unless `Retry(resend_unknown=True)` says so. Of an answer that is not documented, a struct, an array
or a number counts as success and a string as refusal, except for the words that the docstring names; `Result.raw` is
always what the wire held.

| method | arguments, beside `timeout` | reads | how certain | page |
|---|---|---|---|---|
"""

AFTER = """
Mailkit's navigation lists about four more methods of campaigns, whose names were not seen. Any method that is not here
is reached by `Client.call`, with `success=` for the bare strings that are not refusals.

## Types of XML-RPC

| type | sent | read |
|---|---|---|
| int, i4 | int, within 32 bits | int |
| i8 | int, within 64 bits | int |
| i1, i2, biginteger | no | int, of biginteger up to 4,300 digits |
| boolean | bool | bool: 0, 1, true, false |
| string, and a value without a type | str | str, kept to the letter |
| double | float, without an exponent; no nan, no infinity | float, with exponent, nan and infinity |
| float, bigdecimal | no | float, Decimal |
| dateTime.iso8601 | datetime without a time zone; fractions of a second are cut | datetime, with a zone if there is one; what is no moment stays a `DateTime` |
| base64 | bytes, bytearray, memoryview | bytes |
| struct | mapping with str keys | dict; a name twice is an error |
| array | list, tuple | list |
| nil, ex:nil | None, with `allow_none=True`; `Client` never sends it | None |
| the other extension types of any prefix | no | as without the prefix |
| Apache's dom, serializable | no | error |

## Transport

| feature | supported |
|---|---|
| HTTP/1.1 and 1.0, keep-alive, chunked answers, interim answers (1xx) | yes |
| HTTP/2, HTTP/3 | no |
| TLS 1.2 and newer, verified; a context of one's own, client certificates with it | yes |
| HTTP proxies by CONNECT, from `HTTPS_PROXY` and `NO_PROXY` or `proxy=`, with Basic authentication | yes |
| SOCKS proxies, proxies that speak TLS | no |
| answers in gzip, bounded | yes |
| requests in gzip; other codings of answers | no; an error |
| redirects | never followed; the error names where to |
| cookies | no |
| Basic authentication from the URL (`ServerProxy`) | yes |
| one deadline for a whole call; but name resolution cannot be bounded | yes |
| several addresses of a host, IPv6 | yes, one after another |
| `asyncio` | no; a client may be shared by threads |
| `xmlrpc.client.MultiCall` | yes, through `ServerProxy` |

## Where the sources contradict each other

The newest page counts, unless it is said otherwise.

| what | the sources | chosen |
|---|---|---|
| email.unsubscribe, place of the options | third in an older English page, fourth in newer ones | fourth |
| mailinglist.adduser, confirm | a boolean in the pages, the words TRUE and FALSE in the PHP client | a boolean |
| mailinglist.adduser and edituser, status and gender | Base64 in the pages, plain in the older PHP client | Base64 |
| mailinglist.edituser, third parameter | empty in the pages, `keep_values` in the older PHP client | empty |
| mailinglist.edituser, success | "OK" in the pages, a struct with "OK" in one sample of the PHP client | both |
| campaigns.single.schedule, fifth parameter | empty in the newer pages, a condition in the Czech ones | empty |
| campaigns.schedule.timezones | the title says timezone, the samples call timezones | timezones |
| campaigns.list, USER_LIST | an array in JSON, one number in the XML sample | both; the value is a list |
| email.revalidate | abolished at the end of 2020 in one copy, to be abolished in a newer one | it can be called |
| email.revalidate, agreement | a boolean in the page, words in the PHP client | a boolean |
| email.wipe, refusal | "Invalid ID_email or email" and "Invalid_ID_email or email" | both are known |
| email.topics, sample | `<boolean>FALSE</boolean>`, which XML-RPC does not have | a boolean, 0 or 1 |
| sendmail_mass | everything in Base64 in the older page, two members in the newer | two members |
| sendsms, recipient | Base64 in the text, plain in the samples | plain, as in the samples |
| mailinglist.unsubscribed, sample | `<i4>27,29,35</i4>` | read as the list of numbers that it is |
| report.message.links | COUNT and ID_GROUP in a client of 2016, CLICK and ANCHOR in the pages | as in the pages |
| names of a list's id | ID_user_list, mailinglist_id, ID_mailing_list | what the method's page says |
| pages of rows | nothing says whether a page begins with the id that is asked for | a first row that was given already is dropped |
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
