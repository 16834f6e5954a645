"""`secrets`: what of a URL is a secret, and the forms in which a server can send one back."""

from __future__ import annotations

import base64
import html
import json
import pickle
import urllib.parse

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mailkit_xmlrpc.errors.redaction import mask
from mailkit_xmlrpc.errors.secrets import Secrets, url_secrets

PASSWORD = "p@ss:'w\"ör&d\\/1"

QUOTINGS = [
    html.escape,
    lambda text: text.encode("ascii", "xmlcharrefreplace").decode(),
    lambda text: "".join(f"&#x{ord(each):X};" for each in text),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1].replace("/", "\\/").replace("<", "\\u003c"),
    urllib.parse.quote,
    urllib.parse.quote_plus,
]


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

    @pytest.mark.parametrize(
        ("secret", "form"),
        [
            ("pass😀word", r"pass\ud83d\ude00word"),
            ("pass😀word", r"pass\U0001f600word"),
            ("p&ss<w'rd", r"p\u0026ss\u003Cw\u0027rd"),
            ("pässwörd", "p&auml;ssw&ouml;rd"),
            ("pässwörd", "p&#228;ssw&#246;rd"),
            ("pässwörd", "p&#xe4;ssw&#XF6;rd"),
            ("pässwörd", "p%e4ssw%F6rd"),
            ("pässwörd", r"p\xc3\xa4ssw\xc3\xb6rd"),
            ("tok+en/17", "tok&#43;en&#47;17"),
            ("tok+en/17", "tok en/17"),
            ("pa\"ss&x'y", "pa&#34;ss&amp;x&#39;y"),
            ("p!s s(x)", "p!s%20s(x)"),
            ("p!s s*x", "p!s+s*x"),
            ("a~b c", "a%7Eb%20c"),
            ('p"\\x', json.dumps(json.dumps('p"\\x'))[3:-3]),
            ('a"b&c', html.escape(json.dumps('a"b&c')[1:-1])),
            ("pässwörd", urllib.parse.quote("p&auml;ssw&#246;rd")),
            ("line1\nline2", r"line1\nline2"),
            ("line1line2", r"line1\r\n line2"),
            ("abc%41&amp;\\nx", json.dumps("abc%41&amp;\\nx")[1:-1]),
            ("abc%41&amp;\\nx", urllib.parse.quote("abc%41&amp;\\nx")),
            ("abc%41&amp;\\nx", html.escape("abc%41&amp;\\nx")),
            ("abcdef", "&#97;bcd&#x65;f"),
        ],
    )
    def test_are_masked_as_any_quoting_gives_them(self, secret, form):
        assert mask(f"<{form}>", Secrets([secret])) == "<***>"
        assert mask(f"&lt;{form}\n", Secrets([secret])) == "&lt;***\n"

    @given(st.text(min_size=4, max_size=12), st.lists(st.sampled_from(QUOTINGS), max_size=3))
    def test_are_masked_as_any_quotings_of_one_another_give_them(self, secret, quotings):
        assume(not {"\n", "\r"} & set(secret))
        text = secret
        for quoting in quotings:
            text = quoting(text)
        assert mask(f"<{text}>", Secrets([secret])) == "<***>"

    def test_are_masked_where_they_begin_with_the_end_of_what_looks_quoted(self):
        assert mask(r"C:\nabcd+", Secrets(["nabcd"])) == r"C:\***+"

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

    @pytest.mark.parametrize("secret", ["++++++", "%20%20%20+++a", "\n\n\n\nab"])
    def test_are_not_blanks_alone(self, secret):
        text = "a" + " " * 20 + "ab"
        assert mask(text, Secrets([secret])) == text
        assert mask(f"<{secret}>", Secrets([secret])) == "<***>"

    def test_of_a_lone_surrogate_are_no_error(self):
        assert mask("x\udcffyyy", Secrets(["x\udcffyyy"])) == "***"

    def test_are_masked_from_the_longest_to_the_shortest(self):
        assert mask("Bearer token-17", Secrets(["token-17", "Bearer token-17"])) == "***"

    def test_are_not_in_the_representation(self):
        secrets = Secrets(["hunter22", "token-17"])
        assert repr(secrets) == str(secrets) == "<2 values>"
        assert pickle.loads(pickle.dumps(secrets)) == secrets
