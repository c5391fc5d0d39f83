"""Foreign pictures, whatever they hold, as upright 8-bit red, green and blue."""

import contextlib
import io
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from ...domain.errors import InvalidRequest, UnreadablePicture, first_line

#: Those whose decoders start no other program and need no other file.
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
_KNOWN = "; PNG, JPEG, WebP, GIF, BMP and TIFF files can be read"
#: Pillow's decoders answer broken bytes with any of these.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, struct.error)
#: How EXIF marks a comment in Unicode, and how the web UI then writes it, always.
_UNICODE, _UTF_16 = b"UNICODE\0", "utf-16-be"
_TOO_LARGE = (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[bytes, Image.Image]]:
    """The bytes of a file and the picture that they hold; what fails inside is told as well.

    Raises UnreadablePicture.
    """
    content = _content(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                yield content, picture
    except _TOO_LARGE as error:
        problem = "it is too large to be safe; make it smaller than 80 million pixels"
        raise UnreadablePicture(path, problem) from error
    except UnidentifiedImageError as error:
        raise UnreadablePicture(path, f"it is in no format that is known{_KNOWN}") from error
    except _BROKEN as error:
        raise UnreadablePicture(
            path, f"it is damaged ({first_line(error)}); save it again"
        ) from error


def upright_rgb(picture: Image.Image) -> NDArray[np.uint8]:
    """The (height, width, 3) pixels, turned as EXIF says, what is transparent laid over white.

    Colour profiles are not heeded, as in diffusers' load_image. Raises InvalidRequest for pixels
    whose white nobody knows.
    """
    eight_bits = _eight_bits(ImageOps.exif_transpose(picture))
    if eight_bits.has_transparency_data:
        clear = eight_bits.convert("RGBA")
        eight_bits = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    return np.array(eight_bits.convert("RGB"))


def texts(picture: Image.Image) -> dict[str, str]:
    """The texts of a PNG file by keyword, and the comment of other files as `parameters`.

    That is where AUTOMATIC1111's web UI writes its settings.
    """
    picture.load()
    found = {str(key): str(text) for key, text in picture.info.items() if isinstance(text, str)}
    comment = picture.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.UserComment)
    if isinstance(comment, bytes) and comment.startswith(_UNICODE):
        found.setdefault("parameters", comment.removeprefix(_UNICODE).decode(_UTF_16, "replace"))
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadablePicture(path, "there is no such file") from error
    except IsADirectoryError as error:
        raise UnreadablePicture(path, "it is a folder; name a file") from error
    except OSError as error:
        raise UnreadablePicture(path, error.strerror or str(error)) from error


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Pillow would cut 16 bits of grey at 255 instead of scaling them; wider ones have no scale."""
    if picture.mode in ("I", "F"):
        problem = (
            f"its pixels (mode {picture.mode}) are not 8 or 16 bits a colour; convert it first"
        )
        raise InvalidRequest("image", problem)
    if not picture.mode.startswith("I;16"):
        return picture
    return Image.fromarray(np.rint(np.asarray(picture) / 257).astype(np.uint8))
