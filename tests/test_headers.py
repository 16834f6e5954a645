"""`headers`: which ones a caller can give, and which of their values are secrets."""

from __future__ import annotations

import time

import pytest

from mailkit_xmlrpc.headers import header_problem, header_secrets, own_header_problem

JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJqb2UifQ.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("name", "value", "secrets"),
    [
        ("Authorization", "Bearer abcdef", {"Bearer abcdef", "abcdef"}),
        ("X-Forwarded-Authorization", "abcdef", {"abcdef"}),
        ("X-Foo", "Bearer abcdef", {"Bearer abcdef", "abcdef"}),
        ("X-Foo", "Token: abcdef", {"Token: abcdef", "abcdef"}),
        ("X-Foo", JWT, {JWT}),
        ("Referer", "https://joe:hunter22@h.example/", {"am9lOmh1bnRlcjIy", "joe:hunter22", "hunter22"}),
        (
            "Cookie",
            "sid=abc%20def; theme=dark",
            {"sid=abc%20def; theme=dark", "theme=dark", "abc%20def", "abc def"},
        ),
        ("Authorization", 'Digest username="Mailkit", qop=auth, response="abcdef"', {"abcdef"}),
        *(
            (name, "abcdef", {"abcdef"})
            for name in ("X-ApiKey", "apikey", "X-AuthToken", "X-Sid", "X-SessionId", "X-JWT")
        ),
        *(
            (name, "abcdef", {"abcdef"})
            for name in ("X-Session-Id", "x_pwd", "X-CSRFToken", "X-Cookie", "Client-Secret")
        ),
        *(
            (name, "abcdef", {"abcdef"})
            for name in ("X-Hub-Signature-256", "X-Api-Token-V2", "X-Tokens", "X-OTP", "X-PIN", "Cookie2", "X-Api-Keys")
        ),
        *((name, "abcdef", {"abcdef"}) for name in ("Ocp-Apim-Subscription-Key", "X-Secret-Key", "X-Key")),
        ("X-Foo", "Basic am9lOmh1bnRlcjIy", {"Basic am9lOmh1bnRlcjIy", "am9lOmh1bnRlcjIy", "joe:hunter22", "hunter22"}),
        *(
            (name, "abcdef", set())
            for name in ("Idempotency-Key", "X-Sort-Key", "X-Cache-Key", "Sec-WebSocket-Key", "Surrogate_Key", "X-Spin")
        ),
        ("X-Foo", "basic am9lOmh1bnRlcjI", {"basic am9lOmh1bnRlcjI", "am9lOmh1bnRlcjI", "joe:hunter2", "hunter2"}),
        ("X-Foo", "Basic avxlOmj8bnRlcjI=", {"Basic avxlOmj8bnRlcjI=", "j\xfce:h\xfcnter2", "h\xfcnter2"}),
        ("X-Note", "basic support", set()),
        ("X-Note", "Basic account for testing", set()),
        ("X-Trace", "abcdef", set()),
        ("X-Author", "Missing", set()),
        ("X-Api-Key-Version", "2024", set()),
        ("Authority", "abcdef", set()),
        ("X-Monkey", "abcdef", set()),
        ("X-Platform", "Mac Catalina", set()),
        ("X-Foo", "Bearer", set()),
        ("X-Foo", "basic auth", set()),
        ("X-Token", "abc", set()),
    ],
)
def test_know_which_values_are_secrets(name, value, secrets):
    found = set(header_secrets([(name, value)]))
    assert secrets <= found
    assert found <= {*secrets, value, value.partition(" ")[2]}
    assert secrets or not found


def test_know_common_words_of_a_cookie_from_its_secrets():
    found = header_secrets([("Cookie", "consent=true; sid=s3cr; lang=error")])
    assert {"s3cr"} < set(found)
    assert not {"true", "error"} & set(found)


@pytest.mark.parametrize("value", ["Bearer " + "a" * 200_000, "a-" * 100_000 + "=b", "=" * 200_000, "a=b;" * 50_000])
def test_are_known_in_linear_time(value):
    started = time.perf_counter()
    header_secrets([("Authorization", value), ("X-" + "a-" * 500, value), ("X-Foo", value)])
    assert time.perf_counter() - started < 4


@pytest.mark.parametrize("word", ["Mailkit", "auth"])
def test_know_common_words_of_digest_from_its_secrets(word):
    value = f'Digest username="{word}", realm="{word}", qop={word}, nc={word}, response="abcdef"'
    assert word not in header_secrets([("Authorization", value)])


@pytest.mark.parametrize(
    ("pair", "problem"),
    [
        (("X-A", "b"), ""),
        (["X-A", "\xe9"], ""),
        (("Connection", "Close"), ""),
        (("X-A", "token-17\n"), "the header 'X-A' has a value that HTTP does not allow"),
        (("X-A: token-17", ""), "a header has a name that HTTP does not allow"),
        (("", "token-17"), "a header has a name that HTTP does not allow"),
        (("Host", "token-17"), "the header Host is set by the transport itself; leave it out"),
        ("X-A: token-17", "headers must be a list of pairs of str: (name, value)"),
        (("X-A", b"token-17"), "headers must be a list of pairs of str: (name, value)"),
        (5, "headers must be a list of pairs of str: (name, value)"),
    ],
)
def test_say_what_is_wrong_and_repeat_no_value(pair, problem):
    assert own_header_problem(pair) == problem


def test_of_a_subclass_may_be_those_that_the_transport_sets():
    assert header_problem(("Host", "h.example")) == ""
