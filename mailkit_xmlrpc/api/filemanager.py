"""Files that Mailkit keeps for campaigns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from ..result import Certainty, Result, Spec
from .listing import listing
from .namespace import Namespace
from .params import b64, branch, known_members, positional
from .shapes import count, ident

__all__ = ["FileManager", "FileRow", "UploadRow"]


class FileRow(TypedDict, total=False):
    """A folder, with TYPE "DIR", or a file; the members of files are not documented."""

    NAME: str
    DATE: str
    ID_FOLDER: int
    PARENT: int | None
    TYPE: str


class UploadRow(TypedDict, total=False):
    """What became of one file.

    ERROR: 0 stored; 1 refused for its extension (exe, com, bat, pif, reg, dll); 2 stored at the top, for there is no
    such folder; 3 no data; 4 no name; 5 stored under another name, for there was one of this name. There may be more.
    """

    ERROR: int
    NAME: str
    NAME_ORIG: str
    ID_FOLDER: int | None
    ID_FILE: int | None


_LIST = listing(
    "mailkit.filemanager.list",
    {"ID_FOLDER": ident, "PARENT": ident, "ID_FILE": ident},
    "https://www.mailkit.com/cz/podpora/api/ostatni/mailkitfilemanagerlist",
    Certainty.PARTIAL,
)
_UPLOAD = listing(
    "mailkit.filemanager.upload",
    {"ERROR": count, "ID_FOLDER": ident, "ID_FILE": ident},
    "https://mailkit.com/resources/api/other/mailkitfilemanagerupload",
    Certainty.PARTIAL,
    successes=(),
    reads=False,
)
_DELETE = Spec(
    "mailkit.filemanager.delete",
    successes=("DELETED",),
    kinds=(),
    page="https://mailkit.com/resources/api/other/mailkitfilemanagerdelete",
)
SPECS = (_LIST, _UPLOAD, _DELETE)

_FILE = ("folder_name", "name", "data", "description")


class FileManager(Namespace):
    """The methods ``mailkit.filemanager.*``, as `Client.filemanager`."""

    _path = "filemanager"

    def upload(self, files: Iterable[Mapping[str, Any]], *, timeout: float | None = None) -> Result[list[UploadRow]]:
        """Store files.

        Args:
            files: mappings with name (at most 50 characters) and data (bytes or str), and if need be folder_name and
                description.
            timeout: seconds for this call.

        Returns:
            a `Result` whose value has a row for each file. It is a success also where a file was not stored: look at
            ERROR of each.

        Source: https://mailkit.com/resources/api/other/mailkitfilemanagerupload (seen in part).
        """
        structs = [_file(file, f"files[{index}]") for index, file in enumerate(files)]
        return self._invoke(_UPLOAD, (structs,), timeout)

    def delete(self, ID_file: int, kind: str = "file", *, timeout: float | None = None) -> Result[str]:
        """Delete a file, or an empty folder.

        Args:
            ID_file: the ID_FILE; of a folder its ID_FOLDER.
            kind: "file" or "dir".
            timeout: seconds for this call.

        Returns:
            a `Result` whose value is "DELETED". Refusals: "Invalid ID_file", "Invalid ID_folder", "Directory is not
            empty".

        Source: https://mailkit.com/resources/api/other/mailkitfilemanagerdelete
        """
        return self._invoke(_DELETE, (ID_file, kind), timeout)

    # Last, because in this class `list` means it from here on.
    def list(self, ID_folder: int | None = None, *, timeout: float | None = None) -> Result[list[FileRow]]:
        """The files and folders in a folder.

        Args:
            ID_folder: the folder; at the top if None.
            timeout: seconds for this call.

        Source: https://www.mailkit.com/cz/podpora/api/ostatni/mailkitfilemanagerlist (seen in part: the members of
        files are not known).
        """
        folder = None if ID_folder is None else str(ID_folder)
        return self._invoke(_LIST, positional(folder), timeout)


def _file(file: Mapping[str, Any], path: str) -> dict[str, Any]:
    known_members(file, _FILE, path)
    struct = branch(file, _FILE)
    if "data" in struct:
        struct["data"] = b64(struct["data"], f"{path}.data")
    return struct
