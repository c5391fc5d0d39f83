"""Which names of files may come from strangers onto this machine."""

import re
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

# What Windows takes for a device whatever ending it has.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def unsafe_because(path: str) -> str | None:
    """Say what is wrong with a path out of a repository or an archive; None for a safe one.

    A safe path stays in its folder on every system, has no parts that a system takes for something
    else, and nothing in it that a terminal obeys.

    >>> unsafe_because("original/compiled/Unet.mlmodelc/model.mil")
    >>> unsafe_because("../../.ssh/authorized_keys")
    'leads out of its folder'
    """
    if not path or any(unicodedata.category(each).startswith("C") for each in path):
        return "has characters that no file's name should have"
    if path.startswith("/") or PureWindowsPath(path).drive or "\\" in path:
        return "is no path within a folder"
    parts = PurePosixPath(path).parts
    if ".." in path.split("/"):
        return "leads out of its folder"
    if any(_DEVICES.fullmatch(part.rstrip(". ")) for part in parts):
        return "is the name of a device"
    return None
