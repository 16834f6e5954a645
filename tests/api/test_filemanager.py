"""`Client.filemanager`: the parameters of each method, and the results for its answers."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import EncodeError, InvalidValueError, NotEmptyError
from mailkit_xmlrpc.sandbox import Sandbox

from .wire import b64, idle, refused, sent, told


@pytest.mark.parametrize(
    ("call", "method", "params"),
    [
        (lambda c: c.filemanager.list(), "list", []),
        (lambda c: c.filemanager.list(4), "list", ["4"]),
        (
            lambda c: c.filemanager.upload([{"name": "ž.txt", "data": b"\xff", "folder_name": "f"}, {"data": "x"}]),
            "upload",
            [[{"folder_name": "f", "name": "ž.txt", "data": b64(b"\xff")}, {"data": b64("x")}]],
        ),
        (lambda c: c.filemanager.delete(4), "delete", [4, "file"]),
        (lambda c: c.filemanager.delete(4, "dir"), "delete", [4, "dir"]),
    ],
)
def test_a_call_sends_exactly_this(call, method, params):
    assert sent(call) == (f"mailkit.filemanager.{method}", params)


@pytest.mark.parametrize(
    ("call", "reply", "value"),
    [
        (
            lambda c: c.filemanager.list(),
            [{"NAME": "f", "ID_FOLDER": "4", "PARENT": "", "TYPE": "DIR"}],
            [{"NAME": "f", "ID_FOLDER": 4, "PARENT": None, "TYPE": "DIR"}],
        ),
        (lambda c: c.filemanager.list(), "", []),
        (lambda c: c.filemanager.upload([]), {"ERROR": "5", "ID_FILE": "9"}, [{"ERROR": 5, "ID_FILE": 9}]),
        (lambda c: c.filemanager.delete(4), "DELETED", "DELETED"),
    ],
)
def test_an_answer_becomes_this_value(call, reply, value):
    result = told(call, reply)
    assert result.ok
    assert result.value == value


@pytest.mark.parametrize(
    ("call", "text", "kind", "field"),
    [
        (lambda c: c.filemanager.delete(99), "Invalid ID_file", InvalidValueError, "ID_file"),
        (lambda c: c.filemanager.delete(99, "dir"), "Invalid ID_folder", InvalidValueError, "ID_folder"),
        (lambda c: c.filemanager.delete(1, "dir"), "Directory is not empty", NotEmptyError, None),
    ],
)
def test_a_refusal_is_of_this_class_and_the_sandbox_has_it_too(call, text, kind, field):
    error = refused(call, text)
    assert (type(error), getattr(error, "field", None)) == (kind, field)
    with Sandbox() as sandbox, sandbox.client() as mailkit:
        mailkit.filemanager.upload([{"name": "a.txt", "data": "x", "folder_name": "f"}])
        assert call(mailkit).error == text


@pytest.mark.parametrize("reply", ["", "OK", 1])
def test_an_upload_without_rows_is_a_refusal(reply):
    assert not told(lambda c: c.filemanager.upload([]), reply).ok


@pytest.mark.parametrize(
    ("file", "path"), [({"nmae": "x"}, "files[0].nmae"), ({"name": "x", "data": 1.5}, "files[0].data")]
)
def test_the_error_for_an_invalid_file_has_its_path(file, path):
    with idle() as client, pytest.raises(EncodeError) as caught:
        client.filemanager.upload([file])
    assert caught.value.path == path
