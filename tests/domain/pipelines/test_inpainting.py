"""What stays of a picture while the rest is drawn."""

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.pipelines.inpainting import (
    Inlay,
    latent_mask,
    without_masked,
)
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_from_config

RNG = np.random.default_rng(2)
PICTURE, NOISE, SAMPLE = RNG.standard_normal((3, 1, 4, 2, 2)).astype(np.float32)
MASK = np.array([[1, 0], [0, 1]], dtype=np.float32).reshape(1, 1, 2, 2)
CONFIG = {"beta_schedule": "scaled_linear", "skip_prk_steps": True}


def test_a_latent_takes_the_mask_of_its_first_pixel_as_torch_does() -> None:
    changing = RNG.random((24, 40)) > 0.5
    expected = torch.nn.functional.interpolate(
        torch.from_numpy(changing.astype(np.float32))[None, None], size=(3, 5)
    )

    assert np.array_equal(latent_mask(changing, 8), expected.numpy())


def test_what_may_change_is_grey() -> None:
    image = np.ones((1, 3, 2, 2), dtype=np.float32)
    changing = np.array([[True, False], [False, False]])

    assert np.array_equal(without_masked(image, changing)[0, 0], [[0, 1], [1, 1]])


@pytest.mark.parametrize("index", [1, 3])
def test_the_picture_is_as_noisy_as_the_next_step_expects_it(index: int) -> None:
    scheduler = scheduler_from_config(CONFIG, 4, "Euler")
    inlay = Inlay(picture=PICTURE, noise=NOISE, mask=MASK)

    laid = inlay.laid_into(SAMPLE, scheduler, index)

    assert np.array_equal(laid[0, :, 0, 0], SAMPLE[0, :, 0, 0])
    expected = scheduler.noisy(PICTURE, NOISE, index)
    np.testing.assert_allclose(laid[0, :, 0, 1], expected[0, :, 0, 1])


def test_after_the_last_step_it_is_clean() -> None:
    scheduler = scheduler_from_config(CONFIG, 4, "Euler")
    laid = Inlay(picture=PICTURE, noise=NOISE, mask=MASK).laid_into(SAMPLE, scheduler, 4)

    assert np.array_equal(laid[0, :, 1, 0], PICTURE[0, :, 1, 0])
