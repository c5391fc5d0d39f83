"""Pictures pass coremltools' own checks; what stands behind those is a stand-in for Core ML."""

from pathlib import Path
from typing import Any

import attrs
import coremltools as ct
import numpy as np
import pytest
from coreml_stable_diffusion.adapters.coreml.coreml_runtime import CoreMLNetwork
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.domain.errors import PredictionError
from coreml_stable_diffusion.domain.pixel_layout import PixelLayout
from numpy.typing import NDArray
from PIL import Image
from samples.packages import save_brighter_package

HEIGHT, WIDTH = 4, 6
COLOURS = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)
GREY: NDArray[np.uint8] = COLOURS[..., 0]
FLOATS = np.linspace(-300, 900, HEIGHT * WIDTH).reshape(HEIGHT, WIDTH).astype(np.float16)


@attrs.define
class StandIn:
    """Gives each input back as an output, colours with opacity as Core ML does."""

    taken: dict[str, Any] = attrs.field(factory=dict)

    def predict(self, inputs: dict[str, Any], state: None) -> dict[str, Any]:
        assert state is None
        self.taken = inputs
        image = inputs["x"]
        return {"y": image.convert("RGBA") if image.mode == "RGB" else image}


def network(layout: PixelLayout, folder: Path, proxy: StandIn) -> CoreMLNetwork:
    """As it would be loaded on a Mac, but for what coremltools hands checked inputs to."""
    package = folder / "picture.mlpackage"
    save_brighter_package(package, layout, HEIGHT, WIDTH)
    model: Any = ct.models.MLModel(str(package), skip_model_load=True)
    model.__proxy__ = proxy
    edge = MlPackageReader().read(package).description
    return CoreMLNetwork(name=package.name, inputs=edge.inputs, outputs=edge.outputs, model=model)


@pytest.mark.parametrize(
    ("layout", "pixels", "mode"),
    [
        (PixelLayout.RGB, COLOURS, "RGB"),
        (PixelLayout.BGR, COLOURS, "RGB"),
        (PixelLayout.GRAYSCALE, GREY, "L"),
        (PixelLayout.GRAYSCALE_FLOAT16, FLOATS, "F"),
    ],
)
def test_pixels_go_in_as_images_and_come_back_as_they_were(
    layout: PixelLayout, pixels: NDArray[Any], mode: str, tmp_path: Path
) -> None:
    proxy = StandIn()

    given = network(layout, tmp_path, proxy).predict({"x": pixels})["y"]

    assert isinstance(proxy.taken["x"], Image.Image)
    assert proxy.taken["x"].mode == mode
    assert given.dtype == pixels.dtype
    assert np.array_equal(given, pixels)


def test_pixels_that_are_no_picture_are_refused_before(tmp_path: Path) -> None:
    proxy = StandIn()

    with pytest.raises(PredictionError, match=r"where \(4, 6, 3\) is needed"):
        network(PixelLayout.RGB, tmp_path, proxy).predict({"x": GREY})

    assert proxy.taken == {}
