"""Pictures as programs hold them, and what is none."""

from typing import Any

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.entrypoints.given_pixels import given_pixels
from PIL import Image

PIXELS = np.random.default_rng(9).integers(0, 256, size=(6, 10, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    "image",
    [
        PIXELS,
        PIXELS[np.newaxis],
        PIXELS.astype(np.float32) / 255,
        Image.fromarray(PIXELS),
        Image.fromarray(PIXELS).convert("RGBA"),
    ],
    ids=["bytes", "batch of one", "floats", "Pillow", "Pillow with alpha"],
)
def test_every_form_holds_the_same_pixels(image: Any) -> None:
    given = given_pixels(image)

    assert given.dtype == np.uint8
    assert np.array_equal(given, PIXELS)


@pytest.mark.parametrize(
    ("image", "problem"),
    [
        (PIXELS[..., 0], r"shape \(6, 10\) is not"),
        (np.stack([PIXELS, PIXELS]), r"shape \(2, 6, 10, 3\) is not"),
        (PIXELS.transpose(2, 0, 1), r"shape \(3, 6, 10\) is not"),
        ("in.png", r"shape \(\) is not"),
        (PIXELS.astype(np.int64), "int64 is neither uint8 nor floating"),
        (PIXELS.astype(np.float32), "not all from 0 to 1"),
        (np.full((6, 10, 3), np.nan), "not all from 0 to 1"),
    ],
    ids=str,
)
def test_what_is_no_picture_is_refused(image: Any, problem: str) -> None:
    with pytest.raises(InvalidRequest, match=f"^image: .*{problem}"):
        given_pixels(image)
