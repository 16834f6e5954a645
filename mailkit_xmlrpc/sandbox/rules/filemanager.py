"""The rules of ``mailkit.filemanager.*``.

Mailkit's API cannot create folders. Here an upload creates the folder that it names, so that folders can be listed and
deleted; the folder "missing" is never created. The members of a file in a listing are a guess.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from ...errors import FaultError
from ..state import State
from ..store import Store, now
from .base import INVALID_PARAMS, Refusal, Rule, argument

__all__ = ["RULES"]

_FORBIDDEN = ("exe", "com", "bat", "pif", "reg", "dll")
_STORED, _EXTENSION, _NO_FOLDER, _NO_DATA, _NO_NAME, _RENAMED = range(6)
_NO_SUCH_FOLDER = "missing"


def _list(state: State, params: tuple[Any, ...]) -> Any:
    folder = str(argument(params, 0)) or "0"
    folders = state.store.all(
        "SELECT name AS NAME, date AS DATE, id AS ID_FOLDER, parent AS PARENT, 'DIR' AS TYPE FROM folder "
        "WHERE parent = ? ORDER BY name",
        folder,
    )
    files = state.store.all(
        "SELECT name AS NAME, date AS DATE, folder AS ID_FOLDER, id AS ID_FILE, 'FILE' AS TYPE FROM file "
        "WHERE folder = ? ORDER BY name",
        folder,
    )
    return [*({**row, "PARENT": str(row["PARENT"] or "")} for row in folders), *files]


def _upload(state: State, params: tuple[Any, ...]) -> Any:
    files = argument(params, 0)
    if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
        raise FaultError(INVALID_PARAMS, "files must be an array of structs")
    return [_store(state.store, file) for file in files]


def _store(store: Store, file: dict[str, Any]) -> dict[str, Any]:
    original = str(file.get("name", ""))
    refused = {"NAME": "", "NAME_ORIG": original, "ID_FOLDER": "", "ID_FILE": ""}
    if not original:
        return {"ERROR": _NO_NAME, **refused}
    if original.rpartition(".")[2].lower() in _FORBIDDEN:
        return {"ERROR": _EXTENSION, **refused}
    try:
        data = base64.b64decode(str(file.get("data", "")), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data:
        return {"ERROR": _NO_DATA, **refused}
    folder = _folder(store, str(file.get("folder_name", "")))
    name = _free_name(store, folder or 0, original[:50])
    insert = "INSERT INTO file (folder, name, original, description, data, date) VALUES (?, ?, ?, ?, ?, ?)"
    stored = store.run(insert, folder or 0, name, original, str(file.get("description", "")), data, now())
    error = _NO_FOLDER if folder is None else _RENAMED if name != original else _STORED
    return {"ERROR": error, "NAME": name, "NAME_ORIG": original, "ID_FOLDER": folder or 0, "ID_FILE": stored}


def _folder(store: Store, name: str) -> int | None:
    """The id of a folder, 0 for the top; None if it does not exist."""
    if name == _NO_SUCH_FOLDER:
        return None
    if not name:
        return 0
    found = store.one("SELECT id FROM folder WHERE name = ?", name)
    if found is not None:
        return int(found["id"])
    return store.run("INSERT INTO folder (name, parent, date) VALUES (?, 0, ?)", name, now())


def _free_name(store: Store, folder: int, name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    free, number = name, 1
    while store.one("SELECT 1 FROM file WHERE folder = ? AND name = ?", folder, free):
        free = f"{stem}_{number}{dot}{ending}" if dot else f"{name}_{number}"
        number += 1
    return free


def _delete(state: State, params: tuple[Any, ...]) -> Any:
    which, is_folder = str(argument(params, 0)), argument(params, 1) == "dir"
    table, name = ("folder", "ID_folder") if is_folder else ("file", "ID_file")
    if not state.store.one(f"SELECT 1 FROM {table} WHERE id = ?", which):  # noqa: S608
        return Refusal(f"Invalid {name}")
    if is_folder and state.store.one("SELECT 1 FROM file WHERE folder = ?", which):
        return Refusal("Directory is not empty")
    state.store.run(f"DELETE FROM {table} WHERE id = ?", which)  # noqa: S608
    return "DELETED"


RULES = {
    "mailkit.filemanager.list": Rule(_list),
    "mailkit.filemanager.upload": Rule(_upload),
    "mailkit.filemanager.delete": Rule(_delete),
}
