"""Starting noise and encoded texts that another program left in a file."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from ...domain.errors import InvalidRequest
from ...domain.own_texts import OwnTexts
from ...domain.ports.tensor_files import TensorFiles

_TEXTS = (
    "prompt_embeds",
    "negative_prompt_embeds",
    "pooled_prompt_embeds",
    "negative_pooled_prompt_embeds",
)


@attrs.frozen(kw_only=True, eq=False)
class GivenArrays:
    """A file's name, the SHA-256 of its bytes, and the arrays in it under diffusers' names.

    `latents` begin with the row `first_row` of the file.
    """

    name: str
    sha256: str
    latents: NDArray[np.floating] | None
    texts: OwnTexts | None
    first_row: int = 0

    @classmethod
    def load(cls, files: TensorFiles, path: Path, row: int | None = None) -> "GivenArrays":
        """Read a file, with a `row` that of its latents alone.

        Raises UnreadableTensors, and InvalidRequest for what has no use here.
        """
        arrays: Mapping[str, NDArray[Any]] = files.read(path)
        known = ("latents", *_TEXTS)
        if unknown := sorted(arrays.keys() - set(known)):
            problem = f"there is no use for {unknown[0]} of {path.name}; known are"
            raise InvalidRequest("--arrays", f"{problem} {', '.join(known)}")
        latents = arrays.get("latents")
        if latents is not None and row is not None:
            latents = latents[row : row + 1]
        return cls(
            name=path.name,
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            latents=latents,
            first_row=row or 0,
            texts=OwnTexts.of(*(arrays.get(name) for name in _TEXTS)),
        )
