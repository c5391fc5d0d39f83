"""PNG files as others read them, and resizing as Pillow does it."""

import contextlib
import resource
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.pillow.images import PillowImageResizer, PngImageStore
from coreml_stable_diffusion.domain.errors import UnwritableOutput
from coreml_stable_diffusion.domain.pictures.resampling import Resampling
from numpy.typing import NDArray
from PIL import Image


@pytest.fixture
def pixels() -> NDArray[np.uint8]:
    return np.random.default_rng(7).integers(0, 256, size=(24, 40, 3), dtype=np.uint8)


def test_a_saved_picture_holds_the_very_pixels(tmp_path: Path, pixels: NDArray[np.uint8]) -> None:
    PngImageStore().save(tmp_path / "a.png", pixels, {})

    with Image.open(tmp_path / "a.png") as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (40, 24))
        assert np.array_equal(np.asarray(picture), pixels)


def test_texts_survive_in_any_script(tmp_path: Path, pixels: NDArray[np.uint8]) -> None:
    texts = {"parameters": "a café\nSteps: 25", "other": "ein Kreis, 赤い円"}

    PngImageStore().save(tmp_path / "a.png", pixels, texts)

    with Image.open(tmp_path / "a.png") as picture:
        assert {key: picture.info[key] for key in texts} == texts


def test_saving_leaves_nothing_beside_the_picture(
    tmp_path: Path, pixels: NDArray[np.uint8]
) -> None:
    PngImageStore().save(tmp_path / "deep" / "a.png", pixels, {})

    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["a.png"]


def test_a_disk_that_fills_up_leaves_the_picture_that_was_there(
    tmp_path: Path, pixels: NDArray[np.uint8]
) -> None:
    PngImageStore().save(tmp_path / "a.png", pixels, {})
    before = (tmp_path / "a.png").read_bytes()

    with largest_file(bytes_=100), pytest.raises(UnwritableOutput, match="too large"):
        PngImageStore().save(tmp_path / "a.png", 255 - pixels, {})

    assert (tmp_path / "a.png").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@contextlib.contextmanager
def largest_file(*, bytes_: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_preparing_leaves_no_file_behind(tmp_path: Path) -> None:
    PngImageStore().prepare(tmp_path / "deep" / "a.png")

    assert list((tmp_path / "deep").iterdir()) == []


def test_preparing_keeps_a_picture_that_is_already_there(
    tmp_path: Path, pixels: NDArray[np.uint8]
) -> None:
    PngImageStore().save(tmp_path / "a.png", pixels, {})
    before = (tmp_path / "a.png").read_bytes()

    PngImageStore().prepare(tmp_path / "a.png")

    assert (tmp_path / "a.png").read_bytes() == before


def test_a_folder_cannot_become_a_picture(tmp_path: Path) -> None:
    with pytest.raises(UnwritableOutput, match="it is a folder; name a file"):
        PngImageStore().prepare(tmp_path)


@pytest.mark.parametrize("resampling", Resampling)
@pytest.mark.parametrize(("height", "width"), [(12, 20), (48, 33), (24, 40)])
def test_resizing_is_pillows_in_eight_bits(
    pixels: NDArray[np.uint8], height: int, width: int, resampling: Resampling
) -> None:
    kernel = Image.Resampling[resampling.name]
    expected = np.asarray(Image.fromarray(pixels).resize((width, height), kernel))

    resized = PillowImageResizer().resize(pixels, height, width, resampling)

    assert resized.shape == (height, width, 3)
    assert np.array_equal(resized, expected)


def test_left_to_itself_resizing_is_bicubic(pixels: NDArray[np.uint8]) -> None:
    resizer = PillowImageResizer()

    assert np.array_equal(
        resizer.resize(pixels, 12, 20), resizer.resize(pixels, 12, 20, Resampling.BICUBIC)
    )


def test_shrinking_averages_instead_of_skipping() -> None:
    stripes = np.zeros((64, 64, 3), dtype=np.uint8)
    stripes[:, ::2] = 255

    shrunk = PillowImageResizer().resize(stripes, 8, 8)

    assert np.abs(shrunk[:, 1:-1].astype(int) - 128).max() <= 8


def test_a_file_that_stands_for_a_folder_is_named(tmp_path: Path) -> None:
    file = tmp_path / "r.sh"
    file.write_text("")

    for picture in (file / "x.png", file / "deeper" / "x.png"):
        with pytest.raises(UnwritableOutput, match=r"r\.sh is a file; name a folder$"):
            PngImageStore().prepare(picture)
