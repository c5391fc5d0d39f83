"""What OpenVINO says where operations do not fit together, in one short line."""

import textwrap

_LONGEST = 200


def reason(error: BaseException) -> str:
    r"""Why an operation failed: which check of its source did comes first, the words come last.

    >>> reason(RuntimeError("Check 'fits' failed at shape.hpp:65:\nThe sizes differ.\n\n"))
    'The sizes differ.'
    """
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return textwrap.shorten(lines[-1], _LONGEST, placeholder=" ...")
