"""The account's tables: atomic changes, kept in the file, safe between threads."""

from __future__ import annotations

import gc
import threading
import warnings

import pytest

from mailkit_xmlrpc.sandbox import Sandbox
from mailkit_xmlrpc.sandbox.store import Store, page


def test_a_transaction_is_atomic():
    store = Store()

    def fails():
        with store.transaction():
            store.run("INSERT INTO mailinglist (name) VALUES ('a')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert store.all("SELECT name FROM mailinglist") == []
    with store.transaction():
        store.run("INSERT INTO mailinglist (name) VALUES ('a')")
        store.undo()
    assert store.all("SELECT name FROM mailinglist") == []
    with store.transaction(), store.transaction():
        store.run("INSERT INTO mailinglist (name) VALUES ('a')")
    assert store.one("SELECT name FROM mailinglist") == {"name": "a"}


def test_threads_wait_for_one_another():
    store = Store()

    def work():
        for _ in range(50):
            with store.transaction():
                count = store.one("SELECT COUNT(*) AS n FROM campaign")["n"]
                store.run("INSERT INTO campaign (data) VALUES (?)", str(count))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row["data"] for row in store.all("SELECT data FROM campaign ORDER BY id")] == [str(n) for n in range(200)]


def test_a_store_that_is_garbage_collected_closes_its_database():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Store().all("SELECT 1")
        gc.collect()
    assert [str(each.message) for each in caught if "database" in str(each.message)] == []


@pytest.mark.parametrize(
    ("start", "limit", "found"),
    [("", "", (0, 100)), (5, 10, (5, 10)), ("5", "10", (5, 10)), ("x", -1, (0, 100)), (0, 1000, (0, 100))],
)
def test_a_page_is_bounded(start, limit, found):
    assert page(start, limit, 100) == found


def test_a_file_keeps_the_whole_account(tmp_path):
    path = tmp_path / "state.db"
    with Sandbox(state=path) as sandbox, sandbox.client() as mailkit:
        vip = mailkit.mailinglist.create("vip").unwrap()["data"]
        campaign = mailkit.campaigns.create(name="c", ID_allow_email=1).unwrap()
        sent = mailkit.sendmail(vip, campaign, send_to="jane@example.com").unwrap()
        sandbox.click(sent["data3"], "https://example.com/")
        mailkit.filemanager.upload([{"name": "a.txt", "data": "x"}])
    with Sandbox(state=path) as sandbox, sandbox.client() as mailkit:
        assert [row["NAME"] for row in mailkit.mailinglist.list().unwrap()] == ["vip"]
        assert mailkit.report().unwrap()[0]["CLICK_COUNT"] == 1
        assert [row["NAME"] for row in mailkit.filemanager.list().unwrap()] == ["a.txt"]
        assert mailkit.mailinglist.create("other").unwrap()["data"] > vip
        sandbox.clear()
        assert mailkit.mailinglist.list().value == []
        assert mailkit.report().value == []
        assert mailkit.mailinglist.create("vip").unwrap()["data"] == 1, "ids begin anew"
