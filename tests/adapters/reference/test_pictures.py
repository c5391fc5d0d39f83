"""Packages that take and give pictures, beside PyTorch."""

from pathlib import Path
from typing import Any

import coremltools as ct
import numpy as np
import pytest
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.domain.errors import PredictionError
from coreml_stable_diffusion.domain.pixel_layout import PixelLayout
from coreml_stable_diffusion.domain.ports.networks import Network
from numpy.typing import NDArray
from samples.packages import save_brighter_package

HEIGHT, WIDTH = 4, 6
PIXELS = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)
GREY: NDArray[np.uint8] = PIXELS[..., 0]


def _package(layout: PixelLayout, folder: Path, **options: Any) -> Path:
    package = folder / "picture.mlpackage"
    save_brighter_package(package, layout, HEIGHT, WIDTH, **options)
    return package


def _load(package: Path) -> Network:
    return ReferenceRuntime(MlPackageReader()).load(package)


def _bytes(values: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("layout", "factors"), [
    (PixelLayout.RGB, [0.5, 0.9, 1.3]),
    (PixelLayout.BGR, [1.3, 0.9, 0.5]),
])  # fmt: skip
def test_colours_go_in_and_out_as_red_green_and_blue(
    layout: PixelLayout, factors: list[float], tmp_path: Path
) -> None:
    network = _load(_package(layout, tmp_path))
    computed = network.predict({"x": PIXELS})["y"]

    assert computed.dtype == np.uint8
    # Factors of float32 may fall to either side of a half.
    assert np.abs(computed.astype(int) - _bytes(PIXELS * np.array(factors))).max() <= 1
    assert network.inputs[0].shape == (HEIGHT, WIDTH, 3)


def test_grey_pictures_have_no_axis_of_channels(tmp_path: Path) -> None:
    network = _load(_package(PixelLayout.GRAYSCALE, tmp_path))

    assert np.array_equal(network.predict({"x": GREY})["y"], _bytes(GREY * 0.5))


def test_grey_pictures_of_float16_are_neither_rounded_nor_limited(tmp_path: Path) -> None:
    network = _load(_package(PixelLayout.GRAYSCALE_FLOAT16, tmp_path))
    x = np.linspace(-300, 900, HEIGHT * WIDTH).reshape(HEIGHT, WIDTH).astype(np.float16)

    assert np.array_equal(network.predict({"x": x})["y"], (x / 2).astype(np.float16))


def test_what_the_package_does_to_pixels_first_is_done(tmp_path: Path) -> None:
    network = _load(_package(PixelLayout.GRAYSCALE, tmp_path, scale=0.5, bias=20.0))

    assert np.array_equal(network.predict({"x": GREY})["y"], _bytes((GREY * 0.5 + 20) * 0.5))


def test_planes_are_refused_where_a_picture_is_needed(tmp_path: Path) -> None:
    network = _load(_package(PixelLayout.RGB, tmp_path))

    with pytest.raises(PredictionError, match=r"where \(4, 6, 3\) is needed"):
        network.predict({"x": np.zeros((1, 3, 4, 6), np.uint8)})


RANGES = ct.Shape((1, 3, ct.RangeDim(2, 8, HEIGHT), ct.RangeDim(2, 9, WIDTH)))
LISTED = ct.EnumeratedShapes([(1, 3, HEIGHT, WIDTH), (1, 3, 8, 2)], default=(1, 3, HEIGHT, WIDTH))


@pytest.mark.parametrize(
    ("sizes", "told"), [(RANGES, "(2 to 8, 2 to 9, 3)"), (LISTED, "(4, 6, 3) or (8, 2, 3)")]
)
def test_pictures_of_many_sizes_are_taken_in_each(sizes: Any, told: str, tmp_path: Path) -> None:
    network = _load(_package(PixelLayout.RGB, tmp_path, shape=sizes))
    assert network.inputs[0].shape == (HEIGHT, WIDTH, 3)

    for shape in ((HEIGHT, WIDTH, 3), (8, 2, 3)):
        pixels = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
        computed = network.predict({"x": pixels})["y"]
        wanted = _bytes(pixels * np.array([0.5, 0.9, 1.3]))
        assert np.abs(computed.astype(int) - wanted).max() <= 1

    with pytest.raises(PredictionError) as caught:
        network.predict({"x": np.zeros((10, 2, 3), np.uint8)})
    assert f"where {told} is needed" in str(caught.value)
