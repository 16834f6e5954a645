"""`credentials`: what an account's id and md5 look like, for the client and for the sandbox."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import Client, ConfigError, Outcome
from mailkit_xmlrpc.sandbox import Sandbox

from .servers import MD5, ScriptedServer, added
from .shown import shown


class TestCredentials:
    @pytest.mark.parametrize("client_id", [1, 12345678, "12345678", "0012", 2**63 - 1])
    def test_client_id_is_a_positive_int_or_digits(self, client_id):
        assert Client(client_id, MD5).client_id == int(client_id)

    @pytest.mark.parametrize(
        "client_id",
        [
            0,
            -1,
            2**63,
            10**30,
            1.0,
            True,
            None,
            "",
            " 1",
            "1 ",
            "+1",
            "-1",
            "1.0",
            "0x1",
            "٣",
            "abc",
            b"1",
            [1],
            "9" * 30,
        ],
        ids=lambda value: ascii(value)[:20],
    )
    def test_any_other_client_id_is_a_configerror(self, client_id):
        with pytest.raises(ConfigError, match="client_id") as caught:
            Client(client_id, MD5)
        assert caught.value.outcome is Outcome.NOT_SENT

    @pytest.mark.parametrize("client_md5", [MD5, MD5.upper(), "0" * 32])
    def test_client_md5_is_32_hex_digits_and_goes_as_it_is(self, client_md5):
        with ScriptedServer(added()) as server, Client(1, client_md5, url=server.url) as client:
            client.journeys.trigger("jane@example.com", "order_paid")
        assert server.requests[0].call[1][1] == client_md5

    @pytest.mark.parametrize(
        "client_md5",
        ["", MD5[:-1], MD5 + "0", MD5[:-1] + "g", " " + MD5[1:], MD5 + "\n", "٣" * 32, None, 5, MD5.encode(), [MD5]],
        ids=lambda value: ascii(value)[:20],
    )
    def test_any_other_client_md5_is_a_configerror_that_does_not_show_it(self, client_md5):
        with pytest.raises(ConfigError, match="client_md5") as caught:
            Client(1, client_md5)
        assert MD5[:20] not in shown(caught.value)

    def test_the_sandbox_checks_them_alike(self):
        for arguments in ({"client_id": 0}, {"client_id": "x"}, {"client_md5": MD5[:-1]}, {"client_md5": None}):
            with pytest.raises(ConfigError, match=next(iter(arguments))):
                Sandbox(**arguments)
