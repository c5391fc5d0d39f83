"""Pictures as programs hold them, and what is none."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.entrypoints.given_pixels import (
    given_controls,
    given_pixels,
    given_sources,
)
from PIL import Image

PIXELS = np.random.default_rng(9).integers(0, 256, size=(6, 10, 3), dtype=np.uint8)
DARKER = PIXELS // 2


@pytest.mark.parametrize(
    "image",
    [
        PIXELS,
        PIXELS[np.newaxis],
        PIXELS.astype(np.float32) / 255,
        torch.from_numpy(PIXELS / 255).requires_grad_(),
        Image.fromarray(PIXELS),
        Image.fromarray(PIXELS).convert("RGBA"),
    ],
    ids=["bytes", "batch of one", "floats", "tensor with grad", "Pillow", "Pillow with alpha"],
)
def test_every_form_holds_the_same_pixels(image: Any) -> None:
    given = given_pixels(image)

    assert given.dtype == np.uint8
    assert np.array_equal(given, PIXELS)


@pytest.mark.parametrize(
    "images",
    [[PIXELS, DARKER], (Image.fromarray(PIXELS), DARKER), np.stack([PIXELS, DARKER])],
    ids=["list", "tuple with Pillow", "one array"],
)
def test_several_pictures_are_sources_and_controls_alike(images: Any) -> None:
    sources = given_sources(images, None, None, keep_outside=None, count=2)
    controls = given_controls(images, ["edges", "depths"], 1.0)

    for given in (sources, controls):
        held = [each.pixels for each in given if each is not None]
        assert np.array_equal(held, [PIXELS, DARKER])


@pytest.mark.parametrize(
    "image", [PIXELS, [PIXELS], PIXELS[np.newaxis], (PIXELS / 255).tolist()], ids=type
)
def test_one_picture_is_a_source_or_a_control_alike(image: Any) -> None:
    sources = given_sources(image, None, None, keep_outside=None, count=2)
    controls = given_controls(image, None, 1.0)

    for each in (*sources, *controls):
        assert each is not None
        assert np.array_equal(each.pixels, PIXELS)


def test_no_picture_is_no_source_and_no_control() -> None:
    assert given_sources(None, None, None, keep_outside=None, count=2) == (None, None)
    assert given_controls(None, None, ()) == ()


@pytest.mark.parametrize(
    ("image", "problem"),
    [
        (PIXELS[..., 0], r"shape \(6, 10\) is not"),
        (np.stack([PIXELS, PIXELS]), r"shape \(2, 6, 10, 3\) is not"),
        (PIXELS.transpose(2, 0, 1), r"shape \(3, 6, 10\) is not"),
        ("in.png", "it is of <U6, not of numbers"),
        ([[1], [1, 2]], "it is no array of numbers"),
        (PIXELS.astype(np.int64), "int64 is neither uint8 nor floating"),
        (PIXELS.astype(np.float32), "not all from 0 to 1"),
        (np.full((6, 10, 3), np.nan), "not all from 0 to 1"),
    ],
    ids=str,
)
def test_what_is_no_picture_is_refused(image: Any, problem: str) -> None:
    with pytest.raises(InvalidRequest, match=f"^image: .*{problem}"):
        given_pixels(image)


def test_a_picture_that_was_closed_is_refused() -> None:
    image = Image.fromarray(PIXELS)
    image.close()

    with pytest.raises(InvalidRequest, match=r"^mask_image: Pillow cannot read it \(Operation on"):
        given_pixels(image, "mask_image")


@pytest.mark.parametrize("name", [5, [5], [b"edges"]])
def test_a_controlnet_is_named_by_text(name: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"^--controlnet: .+ is not text"):
        given_controls(PIXELS, name, ())


@pytest.mark.parametrize("path", ["in.png", Path("in.png")], ids=["text", "path"])
def test_a_path_is_told_to_be_opened_first(path: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"image: in.png is not open; PIL.Image.open opens it"):
        given_sources(path, None, None, keep_outside=None, count=1)
