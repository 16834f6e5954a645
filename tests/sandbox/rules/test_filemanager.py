"""The sandbox's files: uploading, listing, deleting; each upload has a result."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import FaultError


@pytest.fixture
def files(sandbox):
    with sandbox.client() as client:
        yield client.filemanager


def upload(files, **file):
    (row,) = files.upload([file]).unwrap()
    return row


@pytest.mark.parametrize(
    ("file", "error"),
    [
        ({"name": "a.txt", "data": b"x"}, 0),
        ({"name": "a.EXE", "data": b"x"}, 1),
        ({"name": "a.txt", "data": b"x", "folder_name": "missing"}, 2),
        ({"name": "a.txt"}, 3),
        ({"name": "a.txt", "data": b""}, 3),
        ({"data": b"x"}, 4),
    ],
)
def test_an_upload_has_mailkit_s_code(file, error, files):
    row = upload(files, **file)
    assert row["ERROR"] == error
    assert (row["ID_FILE"] is not None) == (error in (0, 2))


def test_a_name_that_is_taken_is_changed(files):
    upload(files, name="a.txt", data="x")
    row = upload(files, name="a.txt", data="y")
    assert (row["ERROR"], row["NAME"], row["NAME_ORIG"]) == (5, "a_1.txt", "a.txt")
    assert upload(files, name="a.txt", data="z")["NAME"] == "a_2.txt"
    assert upload(files, name="n" * 60, data="z")["NAME"] == "n" * 50


def test_files_are_listed_in_their_folder_and_deleted(files):
    top = upload(files, name="top.txt", data="x")
    inner = upload(files, name="inner.txt", data="x", folder_name="f")
    assert [(row["NAME"], row["TYPE"]) for row in files.list().unwrap()] == [("f", "DIR"), ("top.txt", "FILE")]
    assert [row["ID_FILE"] for row in files.list(inner["ID_FOLDER"]).unwrap()] == [inner["ID_FILE"]]
    assert files.delete(inner["ID_FOLDER"], "dir").error == "Directory is not empty"
    assert files.delete(inner["ID_FILE"]).ok
    assert files.delete(inner["ID_FOLDER"], "dir").ok
    assert files.delete(top["ID_FILE"]).ok
    assert files.list().value == []


def test_anything_but_an_array_of_structs_is_a_fault(sandbox):
    with sandbox.client() as client:
        for files in ("x", ["x"], {}):
            with pytest.raises(FaultError, match="files must be an array of structs"):
                client.call("mailkit.filemanager.upload", files)
