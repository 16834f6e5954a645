"""Never run: what a type checker knows of the public names. The check of types reads it with the package."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from mailkit_xmlrpc import (
    AsyncClient,
    AsyncServerProxy,
    Call,
    Client,
    MultiCall,
    RefusedError,
    Result,
    ServerProxy,
    calls,
    webhooks,
)
from mailkit_xmlrpc.api.delivery import SendmailAnswer
from mailkit_xmlrpc.api.fields import RecipientRow
from mailkit_xmlrpc.api.journeys import TriggerAnswer
from mailkit_xmlrpc.api.mailinglist import AddedRecipient, CreatedList, MailingListRow
from mailkit_xmlrpc.api.raw_report import RawMessage
from mailkit_xmlrpc.api.report import LinkRow, VisitorRow

if TYPE_CHECKING:
    from typing_extensions import assert_type


def methods(client: Client) -> None:
    assert_type(client.journeys.trigger("jane@example.com", "order_paid"), Result[TriggerAnswer])
    assert_type(client.mailinglist.list(), Result[list[MailingListRow]])
    assert_type(client.mailinglist.create("vip").unwrap(), CreatedList)
    assert_type(client.mailinglist.create("vip").unwrap()["data"], int)
    assert_type(client.mailinglist.adduser(5, email="a@b.cz", city="Brno", custom={1: "x"}), Result[AddedRecipient])
    assert_type(client.mailinglist.getstatus.rows(5), Iterator[RecipientRow])
    row = client.mailinglist.getstatus(5).unwrap()[0]
    assert_type((row["EMAIL"], row.get("ID_MAILING_LIST")), "tuple[str, int | None]")
    assert_type(client.email.move(7, 5), Result[bool])
    assert_type(client.email.unsubscribe("a@b.cz").value, "int | None")
    assert_type(client.email.unsubscribe.getstatus(7).unwrap(), bool)
    assert_type(client.sendmail(5, 3, send_to="a@b.cz", first_name="Jana").unwrap(), SendmailAnswer)
    assert_type(client.report.message.links(7).unwrap(), list[LinkRow])
    assert_type(client.report.message.links.visitors(7, 9).unwrap(), list[VisitorRow])
    assert_type(client.report.raw.messages.rows(ID_message=1), Iterator[RawMessage])
    assert_type(client.campaigns.create(name="x", ID_allow_email=1).unwrap(), int)
    assert_type(client.call("mailkit.x", 1, success=["OK"]), Result[Any])


async def async_methods(client: AsyncClient) -> None:
    assert_type(await client.journeys.trigger("jane@example.com", "order_paid"), Result[TriggerAnswer])
    assert_type((await client.mailinglist.create("vip")).unwrap()["data"], int)
    assert_type(client.mailinglist.getstatus.rows(5), AsyncIterator[RecipientRow])
    assert_type([row["EMAIL"] async for row in client.mailinglist.getstatus.rows(5)], list[str])
    assert_type((await client.email.unsubscribe.getstatus(7, timeout=5)).unwrap(), bool)
    assert_type(await client.sendmail(5, 3, send_to="a@b.cz", first_name="Jana"), Result[SendmailAnswer])
    assert_type(await client.call("mailkit.x", 1, success=["OK"]), Result[Any])
    assert_type(await client.send(calls.email.move(7, 5)), Result[bool])
    async with AsyncClient.from_env(timeout=5) as opened:
        assert_type(opened, AsyncClient)


async def async_proxy(proxy: AsyncServerProxy) -> None:
    assert_type(await proxy.system.listMethods(), Any)
    async with AsyncServerProxy("http://127.0.0.1/", None, "utf-8", pool_size=8, convert=str) as opened:
        assert_type(opened, AsyncServerProxy)


def options() -> None:
    Client(1, "0" * 32, convert=str)
    Client.from_env(convert=lambda value: value)
    ServerProxy("http://127.0.0.1/", convert=str)


def stored_calls(client: Client) -> None:
    call = calls.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"})
    assert_type(call, Call[TriggerAnswer])
    assert_type(client.send(call), Result[TriggerAnswer])
    assert_type(client.send(calls.mailinglist.getstatus(5), timeout=5).unwrap(), list[RecipientRow])
    assert_type(calls.email.unsubscribe.getstatus(7), Call[bool])
    assert_type(calls.mailinglist.adduser(5, email="a@b.cz", city="Brno"), Call[AddedRecipient])


def errors(error: RefusedError, proxy: ServerProxy) -> None:
    assert_type(error.method, "str | None")
    MultiCall(proxy)


def mistakes(client: Client) -> None:
    """Each of these must be an error: strict checking complains of an ignore that is not needed."""
    calls.nonsense  # type: ignore[attr-defined]  # noqa: B018
    calls.email.move(7, 5, timeout=5)  # type: ignore[call-arg]
    client.send("mailkit.email.move")  # type: ignore[arg-type]
    client.nonsense  # type: ignore[attr-defined]  # noqa: B018
    client.email.nonsense  # type: ignore[attr-defined]  # noqa: B018
    client.mailinglist.adduser(5, email="a@b.cz", frst_name="x")  # type: ignore[call-arg]
    client.mailinglist.adduser(5)  # type: ignore[call-arg]
    client.mailinglist.create("vip").unwrap()["dta"]  # type: ignore[typeddict-item]
    client.email.move("7", 5)  # type: ignore[arg-type]


async def async_mistakes(client: AsyncClient, proxy: AsyncServerProxy) -> None:
    client.journeys.trigger("a@b.cz", "x")  # type: ignore[unused-coroutine]
    client.send(calls.email.move(7, 5))  # type: ignore[unused-coroutine]
    client.close()  # type: ignore[unused-coroutine]
    proxy.system.listMethods()  # type: ignore[unused-coroutine]
    client.journeys.trigger("a@b.cz", "x").ok  # type: ignore[attr-defined]  # noqa: B018
    await client.email.move("7", 5)  # type: ignore[arg-type]
    await client.mailinglist.adduser(5, email="a@b.cz", frst_name="x")  # type: ignore[call-arg]
    for _ in client.mailinglist.getstatus.rows(5):  # type: ignore[attr-defined]
        pass
    with client:  # type: ignore[attr-defined]
        pass
    AsyncServerProxy("http://127.0.0.1/", pool=8)  # type: ignore[call-arg]


def events(event: webhooks.Subscribed | webhooks.Unsubscribed) -> None:
    if isinstance(event, webhooks.Unsubscribed):
        assert_type(event.method, "webhooks.UnsubscribeMethod | str")
    else:
        assert_type(event.custom.get(1), "str | None")
