"""Laws of whole runs: a network that knows the picture leads every scheduler to it."""

from collections.abc import Mapping

import numpy as np
import pytest
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_from_config
from coreml_stable_diffusion.domain.schedulers.noise_schedule import NoiseSchedule
from coreml_stable_diffusion.domain.schedulers.scheduler import NO_HISTORY
from hypothesis import given, settings
from hypothesis import strategies as st

CONFIG: Mapping[str, object] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "skip_prk_steps": True,
    "set_alpha_to_one": True,
}
PICTURE = np.linspace(-1, 1, 24, dtype=np.float32).reshape(1, 2, 3, 4)
NOISE = np.random.default_rng(2).standard_normal(PICTURE.shape).astype(np.float32)


@pytest.mark.parametrize("name", ["PNDM", "DPMSolverMultistep"])
@settings(deadline=None, max_examples=30)
@given(steps=st.integers(1, 60))
def test_a_network_that_knows_the_noise_leads_to_the_picture(name: str, steps: int) -> None:
    schedule = NoiseSchedule.from_config(CONFIG)
    scheduler = scheduler_from_config(CONFIG, steps, name)
    start = schedule.level(int(scheduler.timesteps[0]))
    sample = (start.signal * PICTURE + start.noise * NOISE).astype(np.float32)
    history = NO_HISTORY
    for index in range(len(scheduler.timesteps)):
        step = scheduler.step(NOISE, index, sample, history)
        sample, history = step.sample, step.history

    np.testing.assert_allclose(sample, PICTURE, atol=2e-4)


@pytest.mark.parametrize("name", ["PNDM", "DPMSolverMultistep"])
def test_a_step_leaves_its_arguments_as_they_are(name: str) -> None:
    scheduler = scheduler_from_config(CONFIG, 5, name)
    sample, prediction, history = NOISE.copy(), PICTURE.copy(), NO_HISTORY
    for index in range(4):
        step = scheduler.step(prediction, index, sample, history)
        again = scheduler.step(prediction, index, sample, history)

        assert np.array_equal(step.sample, again.sample)
        assert np.array_equal(sample, NOISE)
        assert np.array_equal(prediction, PICTURE)
        history = step.history
