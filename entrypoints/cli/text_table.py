"""A table as text, without lines between its cells."""

import io
import shutil
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

_NARROWEST = 80
_NUMBERS = ("count", "tensors", "bytes", "infinite", "not a number", "dB", "picture dB", "error")


def text_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table as wide as the terminal; nothing where it has no rows.

    Columns without names have no header, and numbers stand at the right.
    """
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.show_header = any(columns)
    for column in columns:
        table.add_column(column, justify="right" if column in _NUMBERS else "left")
    for row in rows:
        table.add_row(*row)
    if not table.row_count:
        return ""
    text = io.StringIO()
    width = max(_NARROWEST, shutil.get_terminal_size().columns)
    # Square brackets and colons of a prompt or a path are no markup.
    console = Console(file=text, width=width, markup=False, emoji=False)
    console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())
