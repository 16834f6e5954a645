"""File manager: the files that Mailkit keeps for campaigns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Optional, TypedDict

from ..answers import Rows, Words
from ..call import Call, Certainty, Doc, MethodSpec
from ..result import Result
from .fields import base64_text, branch, mappings, positional
from .methods import Namespace

__all__ = ["SPECS", "FileManager", "FileRow", "UploadRow"]


class FileRow(TypedDict, total=False):
    """A folder, with TYPE "DIR", or a file; the members of files are not documented."""

    NAME: str
    DATE: str
    ID_FOLDER: int
    PARENT: Optional[int]
    TYPE: str
    ID_FILE: int


class UploadRow(TypedDict):
    """The result for one file.

    ERROR: 0 stored; 1 refused for its extension (exe, com, bat, pif, reg, dll); 2 stored at the top, because the folder
    does not exist; 3 no data; 4 no name; 5 stored under another name, because this one was taken. More are possible.
    """

    ERROR: int
    NAME: str
    NAME_ORIG: str
    ID_FOLDER: Optional[int]
    ID_FILE: Optional[int]


LIST = MethodSpec(
    "mailkit.filemanager.list",
    Rows(FileRow),
    reads=True,
    doc=Doc("https://www.mailkit.com/cz/podpora/api/ostatni/mailkitfilemanagerlist", Certainty.PARTIAL),
)
UPLOAD = MethodSpec(
    "mailkit.filemanager.upload",
    Rows(UploadRow, empty="an empty answer"),
    doc=Doc("https://mailkit.com/resources/api/other/mailkitfilemanagerupload", Certainty.PARTIAL),
)
DELETE = MethodSpec(
    "mailkit.filemanager.delete",
    Words("DELETED"),
    doc=Doc("https://mailkit.com/resources/api/other/mailkitfilemanagerdelete"),
)
SPECS = (LIST, UPLOAD, DELETE)

_FILE = ("folder_name", "name", "data", "description")


class FileManager(Namespace):
    """The methods ``mailkit.filemanager.*``, as `Client.filemanager`."""

    _path = "filemanager"

    def upload(self, files: Iterable[Mapping[str, Any]], *, timeout: float | None = None) -> Result[list[UploadRow]]:
        """Store files.

        Args:
            files: mappings with name (at most 50 characters) and data (bytes or str), and optionally folder_name and
                description.

        Returns:
            a `Result` whose value has a row for each file. It is a success even if a file was not stored: check ERROR
            of each.

        Source: https://mailkit.com/resources/api/other/mailkitfilemanagerupload (seen in part).
        """
        structs = [_file(file, f"files[{index}]") for index, file in enumerate(mappings(files, _FILE, "files"))]
        return self._owner.send(Call(UPLOAD, (structs,)), timeout=timeout)

    def delete(self, ID_file: int, kind: str = "file", *, timeout: float | None = None) -> Result[str]:
        """Delete a file, or an empty folder.

        Args:
            ID_file: the ID_FILE; for a folder its ID_FOLDER.
            kind: "file" or "dir".

        Returns:
            a `Result` whose value is "DELETED". Refusals: "Invalid ID_file", "Invalid ID_folder", "Directory is not
            empty".

        Source: https://mailkit.com/resources/api/other/mailkitfilemanagerdelete
        """
        return self._owner.send(Call(DELETE, (ID_file, kind)), timeout=timeout)

    # The last method, because after it `list` means it in this class.
    def list(self, ID_folder: int | None = None, *, timeout: float | None = None) -> Result[list[FileRow]]:
        """The files and folders in a folder.

        Args:
            ID_folder: the folder; None for the top.

        Source: https://www.mailkit.com/cz/podpora/api/ostatni/mailkitfilemanagerlist (seen in part: the members of
        files are not known).
        """
        folder = None if ID_folder is None else str(ID_folder)
        return self._owner.send(Call(LIST, positional(folder)), timeout=timeout)


def _file(file: Mapping[str, Any], path: str) -> dict[str, Any]:
    struct = branch(file, _FILE)
    if "data" in struct:
        struct["data"] = base64_text(struct["data"], f"{path}.data")
    return struct
