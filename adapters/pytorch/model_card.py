"""The model card of a checkpoint: the README.md beside its configuration."""

import re
from pathlib import Path


def licence(folder: Path) -> str | None:
    """The licence that the model card's front matter names."""
    card = folder / "README.md"
    if not card.is_file():
        return None
    text = card.read_text(encoding="utf-8", errors="replace")
    front_matter = re.match(r"---\n(.*?)\n---", text, flags=re.DOTALL)
    named = front_matter and re.search(r"^license:\s*(\S+)", front_matter[1], flags=re.MULTILINE)
    return named[1] if named else None
