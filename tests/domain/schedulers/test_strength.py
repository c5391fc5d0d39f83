"""Runs that change a picture, beside diffusers' image-to-image pipelines."""

import diffusers
import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.schedulers.catalogue import (
    SCHEDULER_NAMES,
    scheduler_from_config,
)
from coreml_stable_diffusion.domain.schedulers.strength import first_step
from samples.scheduler_runs import SHAPE, STABLE_DIFFUSION, assert_equal_steps

RNG = np.random.default_rng(8)
PICTURE, NOISE = RNG.standard_normal((2, *SHAPE)).astype(np.float32)


@pytest.mark.parametrize("strength", [0.3, 0.75, 1.0])
@pytest.mark.parametrize(
    "name",
    sorted(set(SCHEDULER_NAMES) - {"FlowMatchEulerDiscrete", "LMSDiscrete"}),
)
def test_a_picture_is_led_on_as_diffusers_does(name: str, strength: float) -> None:
    theirs = getattr(diffusers, f"{name}Scheduler").from_config(dict(STABLE_DIFFUSION))
    theirs.set_timesteps(20)
    ours = scheduler_from_config(STABLE_DIFFUSION, 20, name)
    first = first_step(ours, 20, strength)

    begin = (20 - int(20 * strength)) * theirs.order
    if hasattr(theirs, "set_begin_index"):
        theirs.set_begin_index(begin)
    picture, noise = torch.from_numpy(PICTURE), torch.from_numpy(NOISE)
    expected = theirs.add_noise(picture, noise, theirs.timesteps[begin : begin + 1])
    start = ours.noisy(PICTURE, NOISE, first)

    assert first == begin
    np.testing.assert_allclose(start, expected.numpy(), rtol=0, atol=1e-5)
    assert_equal_steps(ours, theirs, begin=first, start=start)


@pytest.mark.parametrize("strength", [-0.1, 1.01, float("nan"), 0.0, 0.04])
def test_a_strength_that_leaves_no_step_or_too_many_is_refused(strength: float) -> None:
    scheduler = scheduler_from_config({}, 20, "Euler")

    with pytest.raises(InvalidRequest, match=r"^--strength: "):
        first_step(scheduler, 20, strength)
