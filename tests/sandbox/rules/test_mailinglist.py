"""The sandbox's mailing lists: adding, changing, importing and exporting recipients."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import FaultError
from mailkit_xmlrpc.sandbox.rules.base import INVALID_PARAMS

MISSING = object()


@pytest.fixture
def vip(mailkit):
    """The id of a list."""
    return mailkit.mailinglist.create("vip", description="the best").unwrap()["data"]


def addresses(mailkit, list_id, **options):
    return [row["EMAIL"] for row in mailkit.mailinglist.getstatus(list_id, **options).unwrap()]


def test_a_list_is_created_listed_and_deleted(mailkit, vip):
    row = {"NAME": "vip", "ID_USER_LIST": vip, "STATUS": "enabled", "DESCRIPTION": "the best"}
    assert mailkit.mailinglist.list().value == [row]
    assert mailkit.mailinglist.delete(vip).value == {"data": "OK"}
    assert mailkit.mailinglist.list().value == []


def test_ids_of_lists_are_not_used_again(mailkit, vip):
    mailkit.mailinglist.delete(vip)
    assert mailkit.mailinglist.create("vip").unwrap()["data"] > vip


def test_a_list_that_is_kept_loses_its_recipients(mailkit, vip):
    mailkit.mailinglist.adduser(vip, email="jane@example.com")
    assert mailkit.mailinglist.delete(vip, keep_list=True).ok
    assert len(mailkit.mailinglist.list().value) == 1
    assert addresses(mailkit, vip) == []


def test_a_recipient_is_inserted_and_then_updated(mailkit, vip):
    first = mailkit.mailinglist.adduser(vip, email="Jane@example.com", first_name="Žofie", custom={7: "x"})
    second = mailkit.mailinglist.adduser(vip, email="jane@EXAMPLE.com", last_name="N")
    assert (first.value["status"], second.value["status"]) == (1, 0)
    assert first.value["data"] == second.value["data"]
    (row,) = mailkit.mailinglist.getstatus(vip).unwrap()
    assert (row["EMAIL"], row["FIRST_NAME"], row["LAST_NAME"], row["CUSTOM_7"]) == (
        "Jane@example.com",
        "Žofie",
        "N",
        "x",
    )
    assert row["STATUS"] == "enabled"


def test_a_recipient_that_has_not_confirmed_is_not_in_the_list(mailkit, sandbox, vip):
    mailkit.mailinglist.adduser(vip, email="jane@example.com", first_name="Jane", confirm=True)
    assert addresses(mailkit, vip) == []
    (recipient,) = sandbox.confirm("jane@example.com")
    (row,) = mailkit.mailinglist.getstatus(vip).unwrap()
    assert (row["ID_EMAIL"], row["FIRST_NAME"], row["STATUS"]) == (recipient, "Jane", "enabled")


def test_an_unsubscribed_recipient_stays_unsubscribed(mailkit, vip):
    mailkit.mailinglist.adduser(vip, email="jane@example.com")
    mailkit.email.unsubscribe("jane@example.com")
    assert mailkit.mailinglist.adduser(vip, email="jane@example.com").value["status"] == 3
    other = mailkit.mailinglist.create("other").unwrap()["data"]
    assert mailkit.mailinglist.adduser(other, email="jane@example.com", status="enabled").value["status"] == 2
    assert [row["STATUS"] for row in mailkit.email.getstatus("jane@example.com").unwrap()] == ["unsubscribe"] * 2


def test_edituser_changes_the_given_fields_and_clears_empty_ones(mailkit, vip):
    recipient = mailkit.mailinglist.adduser(vip, email="jane@example.com", first_name="Jane", city="Brno").unwrap()[
        "data"
    ]
    assert mailkit.mailinglist.edituser(vip, "jane@example.com", first_name="", zip="602 00").ok
    assert mailkit.mailinglist.edituser(vip, recipient, custom={2: "y"}).ok
    (row,) = mailkit.mailinglist.getstatus(vip).unwrap()
    assert (row["FIRST_NAME"], row["CITY"], row["ZIP"], row["CUSTOM_2"]) == ("", "Brno", "602 00", "y")


def test_a_recipient_of_another_list_is_not_edited(mailkit, vip):
    other = mailkit.mailinglist.create("other").unwrap()["data"]
    recipient = mailkit.mailinglist.adduser(other, email="jane@example.com").unwrap()["data"]
    assert mailkit.mailinglist.edituser(vip, recipient, city="Brno").error == "Invalid ID_email"


def test_an_import_returns_its_counts(mailkit, vip):
    mailkit.mailinglist.adduser(vip, email="old@example.com")
    rows = [
        {"email": "new@example.com", "custom": {1: "x"}},
        {"email": "old@example.com", "city": "Brno"},
        {"email": "x"},
        {},
    ]
    assert mailkit.mailinglist.import_(vip, rows).value == {
        "invalid_emails": ["x", ""],
        "count_all": 4,
        "count_new": 1,
        "count_updated": 1,
        "count_bad": 2,
    }
    assert addresses(mailkit, vip) == ["old@example.com", "new@example.com"]


def test_recipients_are_found_by_status_and_by_when_they_changed(mailkit, vip):
    mailkit.mailinglist.import_(vip, [{"email": "a@example.com"}, {"email": "b@example.com", "status": "disabled"}])
    assert addresses(mailkit, vip, status="disabled") == ["b@example.com"]
    assert addresses(mailkit, vip, change_date="2000-01-01 00:00:00") == ["a@example.com", "b@example.com"]
    assert addresses(mailkit, vip, change_date="2100-01-01 00:00:00") == []


def test_recipients_come_in_pages_from_an_id_on(mailkit, vip):
    mailkit.mailinglist.import_(vip, [{"email": f"u{number}@example.com"} for number in range(7)])
    assert addresses(mailkit, vip, ID_email=3, limit=2) == ["u2@example.com", "u3@example.com"]
    for limit in (2, 3, 7, 8, None):
        rows = list(mailkit.mailinglist.getstatus.rows(vip, limit=limit))
        assert [row["EMAIL"] for row in rows] == [f"u{number}@example.com" for number in range(7)]
    assert [row["ID_EMAIL"] for row in mailkit.mailinglist.getstatus.rows(vip, start=5, limit=2)] == [5, 6, 7]


def test_no_page_has_more_rows_than_mailkit_gives(mailkit, sandbox, vip):
    sandbox._state.store.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001) "
        "INSERT INTO recipient (list, email, status, added, changed, data) "
        "SELECT ?, 'u' || i, 'enabled', '', '', '{}' FROM n",
        vip,
    )
    assert len(mailkit.mailinglist.getstatus(vip, limit=99999).unwrap()) == 10_000
    assert sum(1 for _ in mailkit.mailinglist.getstatus.rows(vip)) == 10_001


def test_a_score_is_the_share_of_messages_that_were_opened(mailkit, sandbox, vip):
    campaign = mailkit.campaigns.create(name="c", ID_allow_email=1).unwrap()
    first, second = (mailkit.sendmail(vip, campaign, send_to="jane@example.com").unwrap()["data3"] for _ in range(2))
    mailkit.mailinglist.adduser(vip, email="eva@example.com")
    sandbox.open_message(first)
    sandbox.open_message(first)
    assert [row["SCORE"] for row in mailkit.mailinglist.engagement(vip).unwrap()] == [50.0, 0.0]
    sandbox.open_message(second)
    assert [row["SCORE"] for row in mailkit.mailinglist.engagement.rows(vip, limit=2)] == [100.0, 0.0]


def test_the_unsubscribed_of_the_account_are_listed(mailkit, vip):
    mailkit.mailinglist.adduser(vip, email="jane@example.com")
    mailkit.email.unsubscribe("jane@example.com")
    (row,) = mailkit.mailinglist.unsubscribed("2000-01-01").unwrap()
    assert (row["EMAIL"], row["ID_UNSUBSCRIBE_GROUP"]) == ("jane@example.com", [])
    assert mailkit.mailinglist.unsubscribed("2100-01-01").value == []


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("adduser", [1, False]),
        ("adduser", [1, False, [], {}, {}]),
        ("adduser", [1, False, {}, {}]),
        ("edituser", [1, 1, "", {}, [], {}]),
        ("import", [1, "x"]),
        ("import", [1, ["x"]]),
    ],
)
def test_anything_but_the_documented_form_is_a_fault(method, params, mailkit, vip):
    """Branches must be structs, even if they are empty; PHP sends an array for an empty one."""
    mailkit.mailinglist.adduser(vip, email="jane@example.com")
    if method == "adduser" and params[2:3] == [{}]:
        params[2] = {"email": "amFuZUBleGFtcGxlLmNvbQ=="}
    with pytest.raises(FaultError) as caught:
        mailkit.call(f"mailkit.mailinglist.{method}", *params)
    assert caught.value.faultCode == INVALID_PARAMS
    assert "must be" in caught.value.faultString


def test_a_boolean_may_be_a_word(mailkit, vip):
    """Mailkit's own PHP client sends TRUE and FALSE."""
    branches = {"email": "amFuZUBleGFtcGxlLmNvbQ=="}, {}, {}
    assert mailkit.call("mailkit.mailinglist.adduser", vip, "TRUE", *branches).raw == "Sent subscribe email"
    assert mailkit.call("mailkit.mailinglist.adduser", str(vip), "FALSE", *branches).raw["status"] == 1
