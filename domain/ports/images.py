"""Where pictures come from and go, and how they are resized."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..pictures.picture_file import PictureFile
from ..pictures.resampling import Resampling


class ImageStore(Protocol):
    """Reads pictures out of files and keeps them as PNG files."""

    def load(self, path: Path) -> PictureFile:
        """Read a picture as 8-bit red, green and blue, upright, what is transparent over white.

        Its texts are those that `save` was given, or those of another program.

        Raises UnreadablePicture.
        """
        ...

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

    def resize(
        self,
        pixels: NDArray[np.uint8],
        height: int,
        width: int,
        resampling: Resampling = Resampling.BICUBIC,
    ) -> NDArray[np.uint8]:
        """Resample (rows, columns, 3) 8-bit red, green and blue to (height, width, 3).

        With anti-aliasing, as Pillow's `Image.resize`.
        """
        ...
