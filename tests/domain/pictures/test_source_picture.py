"""What a picture can be made from, and what is refused."""

from typing import Any

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.pictures.source_picture import (
    USUAL_STRENGTH,
    SourcePicture,
    source_picture,
)
from numpy.typing import NDArray

PIXELS = np.zeros((24, 40, 3), dtype=np.uint8)


@pytest.mark.parametrize("strength", [0.0, -0.1, 1.01, float("nan"), float("inf"), "0.5"])
def test_a_strength_out_of_range_is_refused(strength: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"^--strength: .* not above 0 and at most 1"):
        SourcePicture(pixels=PIXELS, strength=strength)


@pytest.mark.parametrize(
    "pixels",
    [PIXELS[0], PIXELS[..., :1], PIXELS[:0], PIXELS.astype(np.float32), PIXELS[np.newaxis]],
    ids=["row", "grey", "empty", "float", "batch"],
)
def test_pixels_of_another_form_are_refused(pixels: NDArray[np.uint8]) -> None:
    with pytest.raises(InvalidRequest, match=r"^image: .* is not \(height, width, 3\) of uint8"):
        SourcePicture(pixels=pixels)


def test_a_strength_left_out_is_that_of_diffusers() -> None:
    assert SourcePicture(pixels=PIXELS).settled_strength == USUAL_STRENGTH == 0.8
    masked = SourcePicture(pixels=PIXELS, mask=np.zeros(PIXELS.shape[:2], dtype=np.uint8))
    assert masked.settled_strength == 1.0


def test_without_a_picture_there_is_no_source() -> None:
    assert source_picture(None, None) is None


def test_a_strength_without_a_picture_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"^--strength: there is no picture to change"):
        source_picture(None, 0.5)
