"""Where the tokenizer of a checkpoint comes from that brings none."""

from pathlib import Path
from typing import Protocol


class TokenizerSource(Protocol):
    """Finds the tables of CLIP, which all Stable Diffusion models share."""

    def clip(self) -> Path:
        """Bring `vocab.json` and `merges.txt` to this machine, and tell their folder.

        Raises UnreachableCheckpoint.
        """
        ...
