"""What latents show without the VAE."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.model_facts import ModelFamily
from coreml_stable_diffusion.domain.pipelines.preview import preview
from samples.colour_world import manifest


@pytest.mark.parametrize("family", ModelFamily)
def test_every_latent_is_a_pixel(family: ModelFamily) -> None:
    latents = np.random.default_rng(1).standard_normal((1, 4, 3, 5)).astype(np.float32)

    pixels = preview(latents, manifest(family=family).facts)

    assert pixels.shape == (3, 5, 3)
    assert pixels.dtype == np.uint8
    assert pixels.std() > 10


@pytest.mark.parametrize("shape", [(4, 3, 5), (3, 3), (1, 3, 3, 5), (2, 4, 3, 5), ()])
def test_what_is_not_one_pictures_latents_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidRequest, match=r"^latents: .* is not \(1, 4, height, width\)"):
        preview(np.zeros(shape, np.float32), manifest().facts)


def test_nothing_is_grey_in_stable_diffusion_and_what_is_beyond_white_is_white() -> None:
    facts = manifest().facts

    assert np.array_equal(preview(np.zeros((1, 4, 1, 1)), facts)[0, 0], [128, 128, 128])
    assert np.array_equal(
        preview(np.array([99.0, 0, 0, 0]).reshape(1, 4, 1, 1), facts)[0, 0], [255, 255, 255]
    )
