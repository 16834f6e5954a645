"""Messages that are opened, clicked and bounced."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import ConfigError


@pytest.fixture
def message(sandbox):
    with sandbox.client() as mailkit:
        vip = mailkit.mailinglist.create("vip").unwrap()["data"]
        campaign = mailkit.campaigns.create(name="c", ID_allow_email=1).unwrap()
        return mailkit.sendmail(vip, campaign, send_to="jane@example.com").unwrap()["data3"]


def test_each_response_and_each_bounce_has_an_id(sandbox, message):
    assert [sandbox.open_message(message), sandbox.click(message, "https://example.com/")] == [1, 2]
    assert [sandbox.bounce(message), sandbox.bounce(message, "4.2.2", "mailbox full")] == [1, 2]


@pytest.mark.parametrize(("code", "status"), [("5.1.1", "permanent"), ("4.2.2", "temporary")])
def test_after_a_bounce_the_recipient_has_its_status(code, status, sandbox, message):
    sandbox.bounce(message, code)
    with sandbox.client() as mailkit:
        assert mailkit.email.getstatus("jane@example.com").unwrap()[0]["STATUS"] == status


def test_a_message_that_does_not_exist_is_a_clear_error(sandbox):
    for act in (sandbox.open_message, lambda message: sandbox.click(message, "u"), sandbox.bounce):
        with pytest.raises(ConfigError, match="no message has the ID_send_message 99"):
            act(99)
