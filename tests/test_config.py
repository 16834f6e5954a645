"""`config`: what a client may be configured with, checked before anything is sent."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import Client, ConfigError

from .servers import MD5
from .shown import shown


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
