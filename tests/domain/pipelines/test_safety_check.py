"""The safety checker sees pictures as transformers' CLIPImageProcessor shows them."""

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.pillow.images import PillowImageResizer
from coreml_stable_diffusion.domain.pictures.clip_image import ClipImagePreprocessing
from coreml_stable_diffusion.domain.pipelines.safety_check import SafetyCheck, clip_input
from fakes.images import FakeImageResizer
from fakes.networks import fake_safety_checker
from PIL import Image
from transformers import CLIPImageProcessor

OPENAI = ClipImagePreprocessing(
    size=224,
    mean=(0.48145466, 0.4578275, 0.40821073),
    standard_deviation=(0.26862954, 0.26130258, 0.27577711),
)
SMALL = ClipImagePreprocessing(size=16, mean=(0.5, 0.5, 0.5), standard_deviation=(0.25, 0.25, 0.25))
PIXELS = np.random.default_rng(8).integers(0, 256, size=(24, 40, 3), dtype=np.uint8)


@pytest.mark.parametrize("size", [(128, 128), (96, 160), (301, 256), (512, 512)])
def test_pictures_are_shown_as_by_transformers(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(9).integers(0, 256, size=(*size, 3), dtype=np.uint8)
    expected = CLIPImageProcessor()(Image.fromarray(pixels), return_tensors="np").pixel_values

    shown = clip_input(pixels, OPENAI, PillowImageResizer())

    assert shown.dtype == np.float32
    np.testing.assert_allclose(shown, expected, atol=1e-6)


@pytest.mark.parametrize("verdict", [0.0, 1.0])
def test_a_picture_is_flagged_where_the_network_says_so(verdict: float) -> None:
    network = fake_safety_checker(lambda _: {"has_nsfw_concepts": verdict})
    check = SafetyCheck(network=network, preprocessing=SMALL, resizer=FakeImageResizer())

    assert check.flags(PIXELS) is bool(verdict)


def test_the_network_gets_the_picture_from_zero_to_one_and_no_adjustment() -> None:
    network = fake_safety_checker(lambda _: {"has_nsfw_concepts": 0.0})
    SafetyCheck(network=network, preprocessing=SMALL, resizer=FakeImageResizer()).flags(PIXELS)

    (inputs,) = network.calls
    np.testing.assert_allclose(inputs["images"][0], PIXELS / 255, atol=1e-3)
    assert np.array_equal(inputs["adjustment"], [0])


def test_a_picture_of_another_size_than_the_usual_one_is_checked_too() -> None:
    network = fake_safety_checker(lambda _: {"has_nsfw_concepts": 1.0})
    check = SafetyCheck(network=network, preprocessing=SMALL, resizer=FakeImageResizer())

    assert check.flags(np.repeat(PIXELS, 2, axis=1))
