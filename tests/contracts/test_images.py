"""The promises of domain/ports/images.py, kept by the fakes and by Pillow."""

from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.pillow.images import PillowImageResizer, PngImageStore
from coreml_stable_diffusion.domain.errors import UnreadablePicture, UnwritableOutput
from coreml_stable_diffusion.domain.pictures.resampling import Resampling
from coreml_stable_diffusion.domain.ports.images import ImageResizer, ImageStore
from fakes.images import FakeImageResizer, FakeImageStore

PIXELS = np.random.default_rng(3).integers(0, 256, size=(16, 24, 3), dtype=np.uint8)


@pytest.fixture(params=[FakeImageStore, PngImageStore])
def store(request: pytest.FixtureRequest) -> ImageStore:
    made: ImageStore = request.param()
    return made


@pytest.fixture(params=[FakeImageResizer, PillowImageResizer])
def resizer(request: pytest.FixtureRequest) -> ImageResizer:
    made: ImageResizer = request.param()
    return made


def test_a_prepared_place_takes_a_picture(store: ImageStore, tmp_path: Path) -> None:
    store.prepare(tmp_path / "new" / "a.png")
    store.save(tmp_path / "new" / "a.png", PIXELS, {"parameters": "a circle"})
    store.save(tmp_path / "new" / "a.png", PIXELS, {})


def test_a_file_for_a_folder_is_refused(store: ImageStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(UnwritableOutput, match=r"a\.png"):
        store.prepare(tmp_path / "file" / "a.png")
    with pytest.raises(UnwritableOutput, match=r"a\.png"):
        store.save(tmp_path / "file" / "a.png", PIXELS, {})


def test_a_saved_picture_is_loaded_again(store: ImageStore, tmp_path: Path) -> None:
    texts = {"parameters": "a circle\nSteps: 2", "coreml-sd": '{"prompt": "日本"}'}
    store.save(tmp_path / "a.png", PIXELS, texts)

    loaded = store.load(tmp_path / "a.png")

    assert loaded.name == "a.png"
    assert loaded.pixels.dtype == np.uint8
    assert np.array_equal(loaded.pixels, PIXELS)
    assert loaded.texts == texts


def test_equal_digests_are_those_of_equal_pictures(store: ImageStore, tmp_path: Path) -> None:
    for name, pixels in {"a.png": PIXELS, "b.png": PIXELS, "c.png": 255 - PIXELS}.items():
        store.save(tmp_path / name, pixels, {})

    first, same, other = (store.load(tmp_path / f"{name}.png").sha256 for name in "abc")

    assert len(first) == 64
    assert first == same != other


def test_a_missing_picture_is_refused(store: ImageStore, tmp_path: Path) -> None:
    with pytest.raises(UnreadablePicture, match=r"none\.png cannot be read as a picture"):
        store.load(tmp_path / "none.png")


@pytest.mark.parametrize("resampling", Resampling)
@pytest.mark.parametrize(("height", "width"), [(8, 12), (32, 20), (16, 24)])
def test_a_resized_picture_has_the_size_that_was_asked_for(
    resizer: ImageResizer, height: int, width: int, resampling: Resampling
) -> None:
    resized = resizer.resize(PIXELS, height, width, resampling)

    assert resized.shape == (height, width, 3)
    assert resized.dtype == np.uint8


def test_a_plain_picture_stays_plain(resizer: ImageResizer) -> None:
    plain = np.full((16, 24, 3), (215, 40, 18), dtype=np.uint8)

    assert np.array_equal(
        np.unique(resizer.resize(plain, 7, 9).reshape(-1, 3), axis=0), plain[0, :1]
    )


def test_a_picture_is_left_as_it_is_when_it_has_the_size(resizer: ImageResizer) -> None:
    assert np.array_equal(resizer.resize(PIXELS, 16, 24), PIXELS)
