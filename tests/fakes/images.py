"""Pictures in memory, and the simplest resizing there is."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import attrs
import numpy as np
from coreml_stable_diffusion.domain.errors import UnreadablePicture, UnwritableOutput
from coreml_stable_diffusion.domain.pictures.picture_file import PictureFile
from coreml_stable_diffusion.domain.pictures.resampling import Resampling
from coreml_stable_diffusion.domain.ports.images import ImageResizer, ImageStore
from numpy.typing import NDArray


@attrs.frozen
class SavedPicture:
    pixels: NDArray[np.uint8]
    texts: Mapping[str, str]


@attrs.define
class FakeImageStore(ImageStore):
    """Keeps pictures by their paths; below a real file there is no place, as on a disk."""

    saved: dict[Path, SavedPicture] = attrs.field(factory=dict)

    def load(self, path: Path) -> PictureFile:
        if path not in self.saved:
            raise UnreadablePicture(path, "it was never saved")
        saved = self.saved[path]
        return PictureFile(
            name=path.name,
            sha256=hashlib.sha256(saved.pixels.tobytes()).hexdigest(),
            pixels=saved.pixels.copy(),
            texts=saved.texts,
        )

    def prepare(self, path: Path) -> None:
        if any(parent.is_file() for parent in path.parents):
            raise UnwritableOutput(path, "its folder is a file")

    def save(self, path: Path, pixels: NDArray[np.uint8], texts: Mapping[str, str]) -> None:
        self.prepare(path)
        self.saved[path] = SavedPicture(pixels.copy(), dict(texts))


class FakeImageResizer(ImageResizer):
    """Takes the nearest pixel."""

    def resize(
        self,
        pixels: NDArray[np.uint8],
        height: int,
        width: int,
        resampling: Resampling = Resampling.BICUBIC,  # noqa: ARG002 - the nearest pixel is neither
    ) -> NDArray[np.uint8]:
        rows = np.arange(height) * len(pixels) // height
        columns = np.arange(width) * pixels.shape[1] // width
        return np.ascontiguousarray(pixels[rows][:, columns])
