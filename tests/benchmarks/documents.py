"""Documents as real services send them: a Python value, and the text that the service writes for it.

A kind is one service. Its value has realistic text (accents, entities, blanks, long, short and empty), and its layout
is the one of the library that the service uses: line ends, indentation and escapes included. The values are made from
a fixed seed, so the same number of rows gives the same document in every run.

==================  ==========================================================  ===============================
kind                value                                                       written by
==================  ==========================================================  ===============================
Odoo                ``search_read``: pairs, lists of ids, booleans, a float     Python, xmlrpc.client
WordPress           ``wp.getPosts``: terms, custom fields, dates, long HTML     PHP, IXR
rTorrent            ``d.multicall2``: arrays of 64-bit integers and floats      C, xmlrpc-c (CRLF)
Moodle              courses, sections, modules and files inside one another     PHP, phpxmlrpc
Mailkit             a report: Czech text, integers, empty texts                 Mailkit, as in fixtures/
small               one contact with two lists; the call is a trigger           Mailkit
==================  ==========================================================  ===============================
"""

from __future__ import annotations

import random
import xmlrpc.client
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Callable

from .layouts import IXR, MAILKIT, PHPXMLRPC, STANDARD, XMLRPC_C, Layout, Standard

__all__ = ["FAULT", "KINDS", "Kind", "fault"]

SEED = 14
METHOD = "mailkit.journeys.trigger"
FAULT = (-32500, "Neplatný přístup: uživatel „jana“ nemá právo <read> & <write> k modelu res.partner")

# fmt: off
WORDS = [
    "objednávka", "účet", "košík", "sleva", "novinky", "zákazník", "faktura", "dodání", "žluťoučký", "kůň",
    "příliš", "úpěl", "ďábelské", "ódy", "léto", "zima", "jaro", "nabídka", "kampaň", "odběratel", "štítek",
    "přehled", "zpráva", "vůz", "dům", "the", "of", "and", "order", "customer", "invoice", "shipping", "summer",
    "élégant", "façade", "naïve", "Größe", "Straße", "über", "niño", "señor", "año", "dům.", "výprodej,",
    "doprava:", "platba;", "a", "v", "na", "se", "je", "do", "ne", "s", "z", "k", "o",
]
# fmt: on
MARKUP = ["Tom & Jerry", "a < b", "R&D", '"quoted"', "it's", "5 > 3", "AT&T", "<b>tučně</b>"]
PEOPLE = [
    "Jana Nováková",
    "Petr Dvořák",
    "Žofie Černá",
    "Jiří O'Brien",
    "Łukasz Wójcik",
    "Zoë Müller",
    "Anna",
    "Bo Li",
    "Marie-Claire d'Été",
]


class Invention:
    """Invents values, always the same ones in the same order."""

    def __init__(self) -> None:
        self._random = random.Random(SEED)
        self.number = self._random.randrange
        self.choice = self._random.choice
        self.hex = lambda digits: f"{self._random.getrandbits(4 * digits):0{digits}X}"

    def text(self, least: int, most: int, markup: float = 0.1) -> str:
        """Words, some of them with markup."""
        words = (
            self.choice(MARKUP) if self._random.random() < markup else self.choice(WORDS)
            for _ in range(self.number(least, most + 1))
        )
        return " ".join(words)

    def maybe(self, value: Any, missing: Any, chance: float = 0.5) -> Any:
        return value if self._random.random() < chance else missing

    def float(self, most: float, digits: int) -> float:
        return round(self._random.random() * most, digits)

    def date(self) -> datetime:
        return datetime(2026, 1, 1) + timedelta(seconds=self.number(0, 30_000_000))

    def html(self) -> str:
        """Paragraphs, as an editor writes them."""
        return "\n\n".join(f'<p class="wp-block">{self.text(20, 60)}&nbsp;</p>' for _ in range(self.number(1, 6)))

    def rows(self, count: int, row: Callable[[Invention, int], Any]) -> Iterator[Any]:
        return (row(self, number) for number in range(1, count + 1))


def _partner(some: Invention, number: int) -> dict[str, Any]:
    """A row of `search_read`, in which False stands for an empty field and a pair for another record."""
    name = some.choice(PEOPLE)
    return {
        "id": number,
        "name": f"{name} {number}",
        "display_name": f"{some.text(1, 3)}, {name}",
        "email": some.maybe(f"user{number}@example.com", False, 0.8),
        "phone": some.maybe(f"+420 {some.number(600, 800)} {some.number(100, 1000)} 123", False),
        "is_company": some.maybe(True, False),
        "active": True,
        "parent_id": some.maybe([some.number(1, 9000), some.text(1, 3)], False),
        "country_id": [56, "Česká republika"],
        "user_id": [some.number(1, 30), some.choice(PEOPLE)],
        "category_id": [some.number(1, 90) for _ in range(some.number(0, 5))],
        "child_ids": [some.number(1, 99999) for _ in range(some.number(0, 8))],
        "credit_limit": some.float(100_000, 2),
        "comment": some.maybe(f"<p>{some.text(5, 40)}</p>", False, 0.3),
        "create_date": some.date().strftime("%Y-%m-%d %H:%M:%S"),
    }


def _term(some: Invention, number: int) -> dict[str, Any]:
    return {
        "term_id": str(some.number(1, 900)),
        "name": some.text(1, 2),
        "slug": f"stitek-{number}",
        "term_group": "0",
        "term_taxonomy_id": str(some.number(1, 900)),
        "taxonomy": some.choice(["category", "post_tag"]),
        "description": some.maybe(some.text(3, 12), "", 0.3),
        "parent": "0",
        "count": some.number(0, 50),
        "filter": "raw",
    }


def _field(some: Invention, number: int) -> dict[str, Any]:
    return {
        "id": str(some.number(1, 99999)),
        "key": some.choice(["_edit_last", "cena", "sku"]),
        "value": some.text(0, 3),
    }


def _post(some: Invention, number: int) -> dict[str, Any]:
    posted = some.date()
    return {
        "post_id": str(number),
        "post_title": some.text(2, 9),
        "post_date": posted,
        "post_date_gmt": posted - timedelta(hours=1),
        "post_modified": some.date(),
        "post_status": "publish",
        "post_type": "post",
        "post_name": f"clanek-{number}",
        "post_author": str(some.number(1, 20)),
        "post_password": "",
        "post_excerpt": some.maybe(some.text(10, 30), "", 0.4),
        "post_content": some.html(),
        "post_parent": "0",
        "link": f"https://example.com/?p={number}&lang=cs",
        "guid": f"https://example.com/?p={number}",
        "menu_order": 0,
        "comment_status": some.choice(["open", "closed"]),
        "sticky": some.maybe(True, False, 0.1),
        "post_thumbnail": [],
        "post_format": "standard",
        "terms": list(some.rows(some.number(1, 5), _term)),
        "custom_fields": list(some.rows(some.number(0, 4), _field)),
    }


def _download(some: Invention, number: int) -> list[Any]:
    size = some.number(1 << 20, 1 << 38)
    return [
        some.hex(40),
        f"{some.text(1, 4, 0.05)} [{number}].mkv",
        size,
        some.number(0, size),
        some.number(0, 1 << 42),
        some.number(0, 3_000_000),
        some.float(30, 3),
        some.float(1, 6),
        some.number(0, 2),
        1,
        some.maybe("", "Tracker: [Timed out]", 0.9),
        some.choice(["linux", "", "video"]),
        some.number(1_600_000_000, 1_800_000_000),
    ]


def _file(some: Invention, number: int) -> dict[str, Any]:
    return {
        "type": "file",
        "filename": f"prednaska_{number}.pdf",
        "filesize": some.number(1000, 90_000_000),
        "fileurl": f"https://example.com/pluginfile.php/{number}/content?forcedownload=1&rev=2",
        "timemodified": some.number(1_600_000_000, 1_800_000_000),
        "author": some.choice(PEOPLE),
    }


def _module(some: Invention, number: int) -> dict[str, Any]:
    return {
        "id": some.number(1, 99999),
        "name": some.text(1, 6),
        "modname": some.choice(["forum", "resource", "quiz"]),
        "visible": True,
        "completion": some.number(0, 3),
        "description": some.maybe(f"<p>{some.text(4, 20)}</p>", "", 0.5),
        "contents": list(some.rows(some.number(0, 4), _file)),
    }


def _section(some: Invention, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "name": some.text(1, 4),
        "summary": "",
        "modules": list(some.rows(some.number(1, 5), _module)),
    }


def _course(some: Invention, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "shortname": f"KURZ-{number}",
        "fullname": some.text(2, 6),
        "progress": some.float(100, 1),
        "hidden": False,
        "sections": list(some.rows(some.number(2, 6), _section)),
    }


def _recipient(some: Invention, number: int) -> dict[str, Any]:
    """A row of a report of Mailkit's, with 15 members."""
    first, _, last = some.choice(PEOPLE).partition(" ")
    return {
        "ID_SEND_MESSAGE": 90_000_000 + number,
        "ID_EMAIL": some.number(1, 2**31),
        "EMAIL": f"prijemce{number}@example.cz",
        "FIRST_NAME": first,
        "LAST_NAME": last,
        "COMPANY": some.maybe(some.text(1, 3, 0.3), ""),
        "CITY": some.choice(["Praha", "Brno", "Ústí nad Labem", "Frýdek & Místek", ""]),
        "SUBJECT": some.text(3, 9, 0.2),
        "NOTE": some.maybe(some.text(8, 30), "", 0.4),
        "CUSTOM_1": some.maybe(some.text(1, 2), "", 0.3),
        "CUSTOM_2": "",
        "DATE_SEND": some.date().strftime("%Y-%m-%d %H:%M:%S"),
        "OPENED": some.number(0, 9),
        "CLICKED": some.number(0, 3),
        "STATUS": some.choice(["delivered", "opened", "nedoručeno"]),
    }


def _contact(rows: int) -> dict[str, Any]:
    """An answer of about 1.5 KB with 3 rows: a contact with two lists."""
    some = Invention()
    lists = [
        {"ID_ML": number, "NAME": some.text(1, 2, 0.3), "ACTIVE": some.maybe(True, False)} for number in range(rows)
    ]
    return {
        "status": "OK",
        "error_status": 0,
        "email": "jana@example.com",
        "name": "Jana Nováková & syn",
        "lists": lists,
        "topics": list(range(rows)),
    }


def _trigger(rows: int) -> tuple[Any, ...]:
    """A call of about 1.5 KB with 3 rows: a trigger with the items of an order."""
    some = Invention()
    items = [{"sku": some.hex(8), "name": some.text(1, 4), "count": some.number(1, 9)} for _ in range(rows)]
    data = {"order": "A-17", "total": 1234.5, "vat": True, "note": "Nezvonit & nechat u sousedů", "items": items}
    event = {"email": "jana@example.com", "event_tag": "order_paid", "event_data": data}
    return (12345678, "abc123def456abc123def456abc12345", event)


def _list_of(row: Callable[[Invention, int], Any]) -> Callable[[int], Any]:
    return lambda rows: list(Invention().rows(rows, row))


@dataclass(frozen=True)
class Kind:
    """A kind of document.

    Attributes:
        name: the service, and what it sends.
        rows: the usual number of rows.
        value: the value of an answer of so many rows.
        layout: writes it as the service does.
        sent: the params of a call of so many rows, if they are not just the value.
    """

    name: str
    rows: int
    value: Callable[[int], Any]
    layout: Layout | Standard
    sent: Callable[[int], tuple[Any, ...]] | None = None

    def params(self, rows: int) -> tuple[Any, ...]:
        """The params of a call of so many rows."""
        return (self.value(rows),) if self.sent is None else self.sent(rows)

    def document(self, rows: int) -> bytes:
        """An answer of so many rows."""
        return self.layout.write_answer(self.value(rows))

    def call(self, rows: int) -> bytes:
        """A call of so many rows, in the same layout."""
        return self.layout.write_call(METHOD, self.params(rows))


KINDS = {
    "odoo": Kind("rows of Odoo's search_read", 1000, _list_of(_partner), STANDARD),
    "wordpress": Kind("posts of WordPress", 200, _list_of(_post), IXR),
    "rtorrent": Kind("arrays of rTorrent's d.multicall2", 2000, _list_of(_download), XMLRPC_C),
    "moodle": Kind("a tree of Moodle's courses", 30, _list_of(_course), PHPXMLRPC),
    "mailkit": Kind("rows of Czech text from Mailkit", 1000, _list_of(_recipient), MAILKIT),
    "small": Kind("one small nested document", 3, _contact, MAILKIT, _trigger),
}


def fault() -> bytes:
    """An answer that is the fault `FAULT`, as the standard library writes it."""
    return xmlrpc.client.dumps(xmlrpc.client.Fault(*FAULT)).encode()
