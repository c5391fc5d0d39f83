"""A table as text, without lines between its cells."""

import io
import shutil
from collections.abc import Iterable, Sequence

from rich.console import Console, JustifyMethod
from rich.table import Table

_NARROWEST = 80
_NUMBERS = ("count", "tensors", "bytes", "infinite", "not a number", "dB", "picture dB", "error")


def text_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table as wide as the terminal; nothing where it has no rows.

    Columns without names have no header, and numbers stand at the right.
    """
    table = Table(box=None, pad_edge=False)
    table.show_header = any(columns)
    for column in columns:
        justify: JustifyMethod = "right" if column in _NUMBERS else "left"
        table.add_column(column, justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*row)
    if not table.row_count:
        return ""
    text = io.StringIO()
    width = max(_NARROWEST, shutil.get_terminal_size().columns)
    # Square brackets and colons of a prompt or a path are no markup.
    console = Console(file=text, width=width, markup=False, emoji=False)
    # As the table's own title it would be as narrow as the table.
    console.print(*filter(None, [title]), table, sep="\n", highlight=False)
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())
