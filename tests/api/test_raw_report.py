"""`Client.report.raw`: pages of rows, and `rows` over all pages."""

from __future__ import annotations

import pytest

from ..servers import answer, serving
from .wire import sent, told

# A call, its method, its parameters.
CALLS = [
    (lambda raw: raw.messages(), "mailkit.report.raw.messages", []),
    (
        lambda raw: raw.messages(ID_message=1, ID_send=2, ID_send_message=3, limit=4),
        "mailkit.report.raw.messages",
        [1, 2, 3, 4],
    ),
    (lambda raw: raw.messages(limit=4), "mailkit.report.raw.messages", ["", "", "", 4]),
    (
        lambda raw: raw.responses(ID_message=1, ID_log=5, limit=10),
        "mailkit.report.raw.responses",
        [1, "", "", 5, 10],
    ),
    (lambda raw: raw.responses(ID_send_message=3), "mailkit.report.raw.responses", ["", "", 3]),
    (lambda raw: raw.bounces(ID_undelivered_log=6), "mailkit.report.raw.bounces", ["", "", 6]),
]

# A call, an answer, its value.
ANSWERS = [
    (
        lambda raw: raw.messages(),
        [{"ID_send_message": "3", "ID_user_list": "", "ID_template": "8", "email": "a@b.cz", "custom_1": "7"}],
        [{"ID_send_message": 3, "ID_user_list": None, "ID_template": 8, "email": "a@b.cz", "custom_1": "7"}],
    ),
    (
        lambda raw: raw.responses(),
        [{"ID_log": 5, "ID_url": "", "type": "open"}],
        [{"ID_log": 5, "ID_url": None, "type": "open"}],
    ),
    (
        lambda raw: raw.bounces(),
        [{"ID_UNDELIVERED_LOG": "6", "ID_SEND_MESSGE": "3", "STATUS": "5.1.1"}],
        [{"ID_UNDELIVERED_LOG": 6, "ID_SEND_MESSGE": 3, "STATUS": "5.1.1"}],
    ),
    (lambda raw: raw.messages(), "", []),
    (lambda raw: raw.messages(), {"ID_send_message": 3}, [{"ID_send_message": 3}]),
]

# A method with pages, the row's member with the id, and the positions of the id and the limit in the parameters.
PAGED = [
    ("messages", "ID_send_message", 2),
    ("responses", "ID_log", 3),
    ("bounces", "ID_UNDELIVERED_LOG", 2),
]


@pytest.mark.parametrize(("call", "method", "params"), CALLS)
def test_a_call_sends_exactly_this(call, method, params):
    assert sent(lambda client: call(client.report.raw)) == (method, params)


@pytest.mark.parametrize(("call", "reply", "value"), ANSWERS)
def test_an_answer_becomes_this_value(call, reply, value):
    result = told(lambda client: call(client.report.raw), reply)
    assert result.ok
    assert result.value == value


@pytest.mark.parametrize(("name", "key", "place"), PAGED)
def test_rows_request_the_next_page_from_the_last_id(name, key, place):
    pages = [[{key: 5}, {key: 6}], [{key: 6}, {key: 7}], [{key: 7}]]
    with serving(*map(answer, pages)) as (server, client):
        rows = getattr(client.report.raw, name).rows(ID_message=1, ID_send=2, start=5, limit=2)
        assert [row[key] for row in rows] == [5, 6, 7]
    params = [request.call[1][2:] for request in server.requests]
    assert [asked[:2] for asked in params] == [(1, 2)] * 3
    assert [asked[place] for asked in params] == [5, 6, 7]
    assert [asked[place + 1] for asked in params] == [2, 2, 2]
