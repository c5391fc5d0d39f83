"""Pictures out of files, as PNG files, and resized, with Pillow."""

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ...domain.errors import UnwritableOutput
from ...domain.pictures.picture_file import PictureFile
from ...domain.pictures.resampling import Resampling
from ...domain.ports.images import ImageResizer, ImageStore
from .reading import opened, texts, upright_rgb

_KERNELS = {
    Resampling.BICUBIC: Image.Resampling.BICUBIC,
    Resampling.LANCZOS: Image.Resampling.LANCZOS,
}


@final
class PngImageStore(ImageStore):
    """Reads the usual formats; writes PNG files whole: beside their place first, then renamed."""

    def load(self, path: Path) -> PictureFile:
        """Read the first picture of a file that is no larger than Pillow deems safe."""
        with opened(path) as (content, picture):
            return PictureFile(
                name=path.name,
                sha256=hashlib.sha256(content).hexdigest(),
                pixels=upright_rgb(picture),
                texts=texts(picture),
            )

    def prepare(self, path: Path) -> None:
        """Make the folder, and try with an empty file whether it takes one."""
        with _written_beside(path) as partial:
            partial.touch()
            partial.unlink()

    def save(self, path: Path, pixels: NDArray[np.uint8], texts: Mapping[str, str]) -> None:
        """Write the picture with its texts as tEXt, or as iTXt where they are not Latin-1."""
        metadata = PngInfo()
        for key, text in texts.items():
            metadata.add_text(key, text)
        with _written_beside(path) as partial:
            Image.fromarray(pixels).save(partial, format="PNG", pnginfo=metadata)
            partial.replace(path)


@final
class PillowImageResizer(ImageResizer):
    """Resamples as `Image.resize`, whose support grows when it shrinks a picture."""

    def resize(
        self,
        pixels: NDArray[np.uint8],
        height: int,
        width: int,
        resampling: Resampling = Resampling.BICUBIC,
    ) -> NDArray[np.uint8]:
        """Resample in 8 bits, so that every program which uses Pillow sees the same picture."""
        return np.asarray(Image.fromarray(pixels).resize((width, height), _KERNELS[resampling]))


@contextlib.contextmanager
def _written_beside(path: Path) -> Iterator[Path]:
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        if path.is_dir():
            raise UnwritableOutput(path, "it is a folder; name a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        yield partial
    except (FileExistsError, NotADirectoryError) as error:
        file = next(each for each in path.parents if each.exists())
        raise UnwritableOutput(path, f"{file} is a file; name a folder") from error
    except OSError as error:
        raise UnwritableOutput(path, error.strerror or str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
