"""Pictures between networks and files, beside diffusers' VaeImageProcessor."""

import numpy as np
import torch
from coreml_stable_diffusion.domain.pictures.pixels import from_bytes, to_bytes, to_unit
from diffusers.image_processor import VaeImageProcessor
from PIL import Image

RNG = np.random.default_rng(6)
PIXELS = RNG.integers(0, 256, size=(16, 24, 3), dtype=np.uint8)


def test_images_are_rounded_and_clipped_as_by_diffusers() -> None:
    image = RNG.uniform(-1.3, 1.3, size=(1, 3, 64, 96)).astype(np.float32)
    (expected,) = VaeImageProcessor().postprocess(torch.from_numpy(image), output_type="pil")

    assert np.array_equal(to_bytes(image), np.asarray(expected))


def test_pictures_are_spread_as_by_diffusers() -> None:
    expected = VaeImageProcessor().preprocess(Image.fromarray(PIXELS)).numpy()

    assert from_bytes(PIXELS).dtype == np.float32
    assert np.array_equal(from_bytes(PIXELS), expected)


def test_every_8_bit_value_survives_the_way_there_and_back() -> None:
    values = np.arange(256, dtype=np.uint8).repeat(3).reshape(16, 16, 3)

    assert np.array_equal(to_bytes(from_bytes(values)), values)


def test_white_is_one_and_black_is_nothing() -> None:
    assert to_unit(np.array([0, 255], dtype=np.uint8)).tolist() == [0.0, 1.0]
