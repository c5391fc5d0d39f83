"""Where pictures go, and how they are resized."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class ImageStore(Protocol):
    """Keeps pictures as PNG files."""

    def prepare(self, path: Path) -> None:
        """Make missing parent folders and see to it that `save` can write there, before long work.

        Raises UnwritableOutput.
        """
        ...

    def save(self, path: Path, pixels: NDArray[np.uint8], texts: Mapping[str, str]) -> None:
        """Write (height, width, 3) 8-bit red, green and blue with these texts in the metadata.

        Raises UnwritableOutput; never leaves half a file.
        """
        ...


class ImageResizer(Protocol):
    """Makes pictures larger or smaller."""

    def resize(self, pixels: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
        """Resample (rows, columns, 3) 8-bit red, green and blue to (height, width, 3).

        Bicubic with a = -0.5 and anti-aliasing, as Pillow's `Image.resize` with BICUBIC.
        """
        ...
