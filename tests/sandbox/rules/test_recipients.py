"""Recipients: the consent to a subscription. The tests of the groups cover storing and finding recipients."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import ConfigError


def test_an_address_that_was_not_asked_cannot_consent(sandbox):
    with pytest.raises(ConfigError, match="no e-mail asked this address to confirm"):
        sandbox.confirm("jane@example.com")


def test_confirming_ends_an_unsubscription(sandbox, mailkit, vip):
    mailkit.mailinglist.adduser(vip, email="jane@example.com")
    mailkit.email.unsubscribe("jane@example.com")
    mailkit.mailinglist.adduser(vip, email="jane@example.com", confirm=True, city="Brno")
    assert mailkit.email.unsubscribe.getstatus("jane@example.com").value is True
    sandbox.confirm("jane@example.com")
    assert mailkit.email.unsubscribe.getstatus("jane@example.com").value is False
    (row,) = mailkit.email.getstatus("jane@example.com").unwrap()
    assert (row["STATUS"], row["CITY"]) == ("enabled", "Brno")
