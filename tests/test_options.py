"""`options`: what a connection can be configured with, checked before anything is sent."""

from __future__ import annotations

import inspect
import math

import pytest

from mailkit_xmlrpc import Client, ConfigError, Outcome, ServerProxy
from mailkit_xmlrpc.options import Options, checked_seconds
from mailkit_xmlrpc.sandbox import Sandbox

from .servers import MD5, ScriptedServer, added
from .shown import shown


class TestOptions:
    # A client has one account and many threads; a mailing waits longer for an answer than a trigger should.
    OF_A_CLIENT = {"timeout": 30.0, "pool_size": 8}

    @pytest.mark.parametrize(("owner", "own"), [(ServerProxy, {}), (Client, OF_A_CLIENT)])
    def test_are_the_same_names_and_defaults_for_everything_that_connects(self, owner, own):
        defaults = {name: parameter.default for name, parameter in inspect.signature(owner).parameters.items()}
        for name, parameter in inspect.signature(Options).parameters.items():
            assert defaults[name] == own.get(name, parameter.default), name

    def test_are_what_they_were_made_from(self):
        options = Options(5, 2, 3, [("X-A", "b")], "http://proxy.example:3128")
        assert Options(**options.keywords) == options
        assert options.keywords["headers"] == (("X-A", "b"),)

    def test_show_no_header_and_no_proxy(self):
        options = Options(headers=[("Authorization", "Bearer hunter22")], proxy="http://joe:hunter22@proxy.example")
        assert "hunter22" not in repr(options)

    @pytest.mark.parametrize(
        ("headers", "secrets"),
        [
            ([("Authorization", "Bearer abcdef")], {"Bearer abcdef", "abcdef"}),
            ([("X-Api-Key", "abcdef")], {"abcdef"}),
            ([("Cookie", "sid=abcdef; theme=dark")], {"sid=abcdef; theme=dark", "theme=dark", "abcdef"}),
            ([("X-Trace", "abcdef"), ("X-Tenant", "shop")], set()),
            ([("X-Author", "Missing"), ("X-Api-Key-Version", "2024"), ("Authority", "abcdef")], set()),
            ([("x_access_token", "abcdef"), ("X-Passphrase", "ghijkl")], {"abcdef", "ghijkl"}),
            ([("Cookie", 'sid="abcdef"')], {'sid="abcdef"', "abcdef"}),
            (
                [("Proxy-Authorization", "Basic am9lOmh1bnRlcjIy")],
                {"Basic am9lOmh1bnRlcjIy", "am9lOmh1bnRlcjIy", "joe:hunter22", "hunter22"},
            ),
            ([("X-Token", "abc")], set()),
        ],
        ids=str,
    )
    def test_know_which_headers_hold_secrets(self, headers, secrets):
        assert set(Options(headers=headers).secrets) == secrets

    def test_know_the_proxys_password(self):
        assert "hunter22" in Options(proxy="http://joe:hunter22@proxy.example").secrets


class TestURL:
    def test_is_mailkits_by_default(self):
        assert Client(1, MD5).url == "https://api.mailkit.eu/rpc.fcgi"

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "api.mailkit.eu/rpc.fcgi",
            "ftp://api.mailkit.eu/",
            "https://",
            "https:///rpc.fcgi",
            "https://h:0/",
            "https://h:65536/",
            "https://h:x/",
            "https://[::1/",
            "https://h/a b",
            "https://h/\n",
            "https://h/ž",
            "https://ž.cz/",
            " https://h/",
            None,
            5,
            b"https://h/",
        ],
        ids=ascii,
    )
    def test_that_cannot_be_called_is_a_configerror(self, url):
        with pytest.raises(ConfigError, match="URL"):
            Client(1, MD5, url=url)

    @pytest.mark.parametrize(
        "url",
        ["http://127.0.0.1/", "http://localhost:8080/", "http://LOCALHOST/", "http://[::1]/", "http://127.1.2.3/"],
    )
    def test_may_be_plain_http_to_this_machine(self, url):
        Client(1, MD5, url=url)

    @pytest.mark.parametrize(
        "url",
        [
            "http://api.mailkit.eu/rpc.fcgi",
            "http://192.168.0.1/",
            "http://0.0.0.0/",
            "http://localhost.example/",
            "http://127.0.0.1.example/",
            "http://127.0.0.1@evil.example/",
            "http://[::ffff:192.0.2.1]/",
            "HTTP://evil.example/",
        ],
    )
    def test_of_plain_http_to_another_machine_is_a_configerror(self, url):
        with pytest.raises(ConfigError, match="allow_http"):
            Client(1, MD5, url=url)
        Client(1, MD5, url=url, allow_http=True)

    def test_with_a_password_is_not_shown_by_an_error(self):
        for url in ("https://joe:hunter22@[::1/", "https://joe:hunter22@h:x/", "ftp://joe:hunter22@h/"):
            with pytest.raises(ConfigError) as caught:
                Client(1, MD5, url=url)
            assert "hunter22" not in shown(caught.value)


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


class TestCheckedSeconds:
    @pytest.mark.parametrize("value", [1, 0.001, 30.0, 10**6, 1e300])
    def test_takes_a_number_above_0(self, value):
        checked = checked_seconds("timeout", value)
        assert checked == value
        assert type(checked) is float

    def test_takes_none_for_no_limit(self):
        assert checked_seconds("timeout", None) is None

    @pytest.mark.parametrize(
        "value",
        [0, -1, -0.0, math.nan, math.inf, -math.inf, True, False, "30", b"30", [30], 10**400, 1j],
        ids=lambda value: repr(value)[:12],
    )
    def test_refuses_everything_else_and_names_the_argument(self, value):
        with pytest.raises(ConfigError, match="connect_timeout"):
            checked_seconds("connect_timeout", value)
