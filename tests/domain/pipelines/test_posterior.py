"""The latents of a picture, beside diffusers' own distribution."""

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.pipelines.latents import LatentScaling
from coreml_stable_diffusion.domain.pipelines.posterior import Posterior
from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution

RNG = np.random.default_rng(6)
NOISE = RNG.standard_normal((1, 4, 3, 5)).astype(np.float32)


@pytest.mark.parametrize("spread", [1.0, 40.0], ids=["usual", "cut"])
def test_a_sample_is_that_of_diffusers_times_the_scaling_factor(spread: float) -> None:
    moments = RNG.standard_normal((1, 8, 3, 5)).astype(np.float32)
    moments[:, 4:] *= spread
    theirs = DiagonalGaussianDistribution(torch.from_numpy(moments))
    expected = 0.18215 * (theirs.mean + theirs.std * torch.from_numpy(NOISE))

    posterior = Posterior.from_moments(moments, LatentScaling(factor=0.18215))

    np.testing.assert_allclose(posterior.sample(NOISE), expected.numpy(), rtol=1e-5, atol=1e-6)
    assert posterior.sample(NOISE).dtype == np.float32


def test_a_shift_moves_the_mean_and_leaves_the_deviation() -> None:
    moments = np.zeros((1, 2, 1, 1), dtype=np.float32)

    posterior = Posterior.from_moments(moments, LatentScaling(factor=2.0, shift=0.25))

    assert posterior.mean.item() == pytest.approx(-0.5)
    assert posterior.deviation.item() == pytest.approx(2.0)
