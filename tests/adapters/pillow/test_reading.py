"""Pictures of every kind as 8-bit red, green and blue, and what is refused in one line."""

import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.pillow.images import PngImageStore
from coreml_stable_diffusion.adapters.pillow.reading import upright_rgb
from coreml_stable_diffusion.domain.errors import InvalidRequest, UnreadablePicture
from numpy.typing import NDArray
from PIL import Image

PIXELS = np.random.default_rng(5).integers(0, 256, size=(6, 10, 3), dtype=np.uint8)
ORIENTATION = 0x0112


def load(path: Path) -> NDArray[np.uint8]:
    return PngImageStore().load(path).pixels


@pytest.mark.parametrize("ending", ["png", "bmp", "tiff", "webp", "gif", "jpg"])
def test_the_usual_formats_are_read(tmp_path: Path, ending: str) -> None:
    plain = np.full((6, 10, 3), 128, dtype=np.uint8)
    Image.fromarray(plain).save(tmp_path / f"a.{ending}")

    assert np.abs(load(tmp_path / f"a.{ending}").astype(int) - plain).max() <= 2


def test_the_digest_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    Image.fromarray(PIXELS).save(tmp_path / "a.png")

    content = (tmp_path / "a.png").read_bytes()
    assert PngImageStore().load(tmp_path / "a.png").sha256 == hashlib.sha256(content).hexdigest()


def test_what_is_transparent_lies_over_white(tmp_path: Path) -> None:
    alpha = np.array([[0, 255, 51]], dtype=np.uint8)
    red = np.dstack([np.full_like(alpha, 255), 0 * alpha, 0 * alpha, alpha])
    Image.fromarray(red).save(tmp_path / "a.png")

    assert load(tmp_path / "a.png").tolist() == [[[255, 255, 255], [255, 0, 0], [255, 204, 204]]]


@pytest.mark.parametrize("mode", ["LA", "PA", "P"])
def test_transparency_of_any_mode_lies_over_white(mode: str) -> None:
    picture = Image.new("RGBA", (1, 1), (0, 0, 0, 0)).convert(mode)
    if mode == "P":
        picture.info["transparency"] = picture.getpixel((0, 0))

    assert upright_rgb(picture).tolist() == [[[255, 255, 255]]]


def test_grey_becomes_three_equal_colours() -> None:
    assert upright_rgb(Image.new("L", (1, 1), 77)).tolist() == [[[77, 77, 77]]]


def test_grey_of_sixteen_bits_is_scaled_not_cut(tmp_path: Path) -> None:
    grey = np.array([[0, 257 * 100, 65535]], dtype=np.uint16)
    Image.fromarray(grey).save(tmp_path / "a.png")

    assert load(tmp_path / "a.png")[0, :, 0].tolist() == [0, 100, 255]


@pytest.mark.parametrize("mode", ["I", "F"])
def test_pixels_whose_white_nobody_knows_are_refused(mode: str) -> None:
    with pytest.raises(InvalidRequest, match=rf"^image: its pixels \(mode {mode}\)"):
        upright_rgb(Image.new(mode, (1, 1)))


def test_a_picture_that_lies_on_its_side_is_set_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    Image.fromarray(PIXELS).save(tmp_path / "a.png", exif=exif)

    assert np.array_equal(load(tmp_path / "a.png"), np.rot90(PIXELS, -1))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "it is in no format that is known; PNG, JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "it is in no format that is known"),
    ],
    ids=["empty", "a program"],
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "a.png").write_bytes(content)

    with pytest.raises(UnreadablePicture, match=problem):
        load(tmp_path / "a.png")


@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "bmp", "tiff", "webp"])
def test_half_a_picture_is_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    noise = np.random.default_rng(1).integers(0, 256, size=(64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(UnreadablePicture):
        load(path)


@pytest.mark.parametrize("side", [10_000, 30_000], ids=["warned of", "refused by Pillow"])
def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path: Path, side: int) -> None:
    (tmp_path / "a.png").write_bytes(_vast_png(side))

    with pytest.raises(UnreadablePicture, match="too large"):
        load(tmp_path / "a.png")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePicture, match="it is a folder; name a file"):
        load(tmp_path)


def _vast_png(side: int) -> bytes:
    """A file of a few bytes that says it holds side x side pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
