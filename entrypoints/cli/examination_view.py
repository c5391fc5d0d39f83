"""What a prediction gave and met inside, as a table to look at or a document for programs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs

from ...domain.examination import NumericFault
from ...domain.tensor import Tensors
from .text_table import text_table

_MOST_ROWS = 40
_TITLE = "Results that are no finite numbers"
_COLUMNS = ("operation", "output", "infinite", "not a number", "arose")


def faults_table(faults: Sequence[NumericFault]) -> str:
    r"""The faults, those first that arose where they are told; of a great many only the first.

    >>> faults_table([])
    'every result is a finite number\n'
    """
    if not faults:
        return "every result is a finite number\n"
    origins_first = sorted(faults, key=lambda each: each.inherited)
    rows = [_row(each) for each in origins_first[:_MOST_ROWS]]
    hidden = len(faults) - len(rows)
    return text_table(_TITLE, _COLUMNS, rows) + f"and {hidden:,} more\n" * (hidden > 0)


def document(
    outputs: Path, results: Tensors, faults: Sequence[NumericFault] | None
) -> dict[str, Any]:
    """The file and what is in it; `faults` are none where nobody looked for them."""
    return {
        "file": str(outputs),
        "outputs": [
            {"name": name, "shape": list(each.shape), "dtype": each.dtype.name}
            for name, each in results.items()
        ],
        "faults": None if faults is None else [attrs.asdict(each) for each in faults],
    }


def _row(fault: NumericFault) -> Sequence[str]:
    return (
        fault.operation,
        fault.output,
        f"{fault.infinite:,}",
        f"{fault.not_numbers:,}",
        "before" if fault.inherited else "here",
    )
