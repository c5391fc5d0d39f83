"""Weights laid on hidden states."""

import numpy as np
import torch
from coreml_stable_diffusion.domain.prompt.emphasis import emphasised

STATES = np.random.default_rng(5).normal(0.2, 1.0, (1, 77, 12)).astype(np.float32)


def test_states_are_weighted_and_have_their_mean_again() -> None:
    weights = [1.0, 1.3, 0.5, -1.0, *[1.0] * 73]
    before = torch.from_numpy(STATES)
    weighted = before * torch.tensor(weights)[None, :, None]

    expected = weighted * (before.mean() / weighted.mean())

    drawn = emphasised(STATES, weights)
    assert drawn.dtype == np.float32
    np.testing.assert_allclose(drawn, expected.numpy(), rtol=1e-4)
    np.testing.assert_allclose(drawn.mean(), STATES.mean(), rtol=1e-4)


def test_without_weights_the_states_stay_bit_by_bit() -> None:
    assert np.array_equal(emphasised(STATES, [1.0] * 77), STATES)
