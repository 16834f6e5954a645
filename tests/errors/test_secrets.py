"""`secrets`: what of a URL is a secret, and the forms in which a server can send one back."""

from __future__ import annotations

import base64
import html
import json
import pickle
import urllib.parse

import pytest

from mailkit_xmlrpc.errors.redaction import mask
from mailkit_xmlrpc.errors.secrets import Secrets, url_secrets

PASSWORD = "p@ss:'w\"ör&d\\/1"


class TestOfAURL:
    def test_are_the_password_and_every_form_in_which_it_is_sent(self):
        token = base64.b64encode(b"joe:hunter22").decode()
        assert set(url_secrets("joe:hunter22@h.example:80")) == {token, "joe:hunter22", "hunter22"}
        assert {"p@ss:word", "p%40ss%3Aword"} < set(url_secrets("joe:p%40ss%3Aword@h"))

    def test_are_the_user_where_there_is_no_password(self):
        for netloc in ("token-17@h", "token-17:@h"):
            assert "token-17" in url_secrets(netloc)
        assert "token-17" not in url_secrets("token-17:hunter22@h")

    @pytest.mark.parametrize("netloc", ["h.example", "h.example:80", "@h", "a:b@h"])
    def test_are_empty_without_credentials_or_with_short_ones(self, netloc):
        assert all(len(secret) > 3 for secret in url_secrets(netloc))


class TestForms:
    @pytest.mark.parametrize(
        "form",
        [
            str,
            html.escape,
            lambda text: html.escape(text, quote=False),
            lambda text: html.escape(text).replace("&#x27;", "&#39;"),
            lambda text: html.escape(text).replace("&#x27;", "&#039;"),
            lambda text: urllib.parse.quote(text, safe=""),
            lambda text: urllib.parse.quote(text, safe="").lower(),
            lambda text: html.escape(html.escape(text, quote=False), quote=False),
            lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
            urllib.parse.quote,
            urllib.parse.quote_plus,
            lambda text: json.dumps(text)[1:-1],
            lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
            lambda text: repr(text)[1:-1],
            lambda text: ascii(text)[1:-1],
            lambda text: text.encode().decode("latin-1"),
            lambda text: text.encode("latin-1").decode("utf-8", "replace"),
            str.upper,
        ],
    )
    def test_are_masked(self, form):
        assert mask(f"<{form(PASSWORD)}>", Secrets([PASSWORD])) == "<***>"

    def test_of_base64_have_no_padding(self):
        assert mask("am9lOmh1bnRlcjI", Secrets(["am9lOmh1bnRlcjI="])) == "***"
        assert mask("list", Secrets(["list="])) == "list"

    @pytest.mark.parametrize("secret", ["ěščřž", "éèàç", "\ufffd\ufffd\ufffd\ufffd"])
    def test_are_not_what_stands_for_any_unreadable_text(self, secret):
        for text in ("?????", "\ufffd" * 3):
            assert mask(text, Secrets([secret])) == text

    @pytest.mark.parametrize("secret", ["", "a", "abc", "\u00e9"])
    def test_of_short_texts_are_none(self, secret):
        assert all(len(form) > 3 for form in Secrets([secret]))
        assert mask("a abc \u00e9", Secrets([secret])) == "a abc \u00e9"

    def test_of_a_lone_surrogate_are_no_error(self):
        assert mask("x\udcffyyy", Secrets(["x\udcffyyy"])) == "***"

    def test_are_masked_from_the_longest_to_the_shortest(self):
        assert mask("Bearer token-17", Secrets(["token-17", "Bearer token-17"])) == "***"

    def test_are_not_in_the_representation(self):
        secrets = Secrets(["hunter22", "token-17"])
        assert repr(secrets) == str(secrets) == "<2 values>"
        assert pickle.loads(pickle.dumps(secrets)) == secrets
