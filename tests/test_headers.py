"""`headers`: which ones a caller can give, and which of their values are secrets."""

from __future__ import annotations

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
            {"sid=abc%20def; theme=dark", "theme=dark", "abc%20def", "abc def", "dark"},
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
