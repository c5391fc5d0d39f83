"""What PyTorch and NumPy say where operations do not fit together, in one short line."""

import re
import textwrap

from ...domain.errors import first_line

_LONGEST = 200
_REFUSED_MEMORY = re.compile(r"allocate (\d+) bytes")


def reason(error: BaseException) -> str:
    """Why an operation failed.

    >>> reason(RuntimeError("DefaultCPUAllocator: you tried to allocate 4398046511104 bytes."))
    'it needs 4096 GiB of memory at once, which are not there'
    """
    if found := _REFUSED_MEMORY.search(str(error)):
        return f"it needs {int(found[1]) / 2**30:.0f} GiB of memory at once, which are not there"
    return textwrap.shorten(first_line(error), _LONGEST, placeholder=" ...")
