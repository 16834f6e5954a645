"""Files that Mailkit keeps for campaigns."""

from __future__ import annotations

from ..result import Spec
from .namespace import Namespace

__all__ = ["FileManager"]

SPECS: tuple[Spec, ...] = ()


class FileManager(Namespace):
    """The methods ``mailkit.filemanager.*``, as `Client.filemanager`."""

    _path = "filemanager"
