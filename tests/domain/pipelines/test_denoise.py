"""The loop yields what the scheduler does, step by step."""

from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.pipelines.denoise import denoise
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_from_config
from coreml_stable_diffusion.domain.schedulers.prediction import Sample
from diffusers import DPMSolverMultistepScheduler, PNDMScheduler

CONFIG = {"beta_schedule": "scaled_linear", "skip_prk_steps": True, "steps_offset": 1}
NOISE = np.random.default_rng(4).standard_normal((1, 4, 2, 2)).astype(np.float32)


def predict(sample: Sample, timestep: float) -> Sample:
    prediction: Sample = np.tanh(sample * (1 + np.float32(timestep) / 1000))
    return prediction


@pytest.mark.parametrize(
    ("name", "kind"), [("PNDM", PNDMScheduler), ("DPMSolverMultistep", DPMSolverMultistepScheduler)]
)
@pytest.mark.parametrize("steps", [1, 2, 25])
def test_the_loop_is_that_of_diffusers(name: str, kind: Any, steps: int) -> None:
    theirs = kind.from_config(CONFIG)
    theirs.set_timesteps(steps)
    expected = torch.from_numpy(NOISE)
    for timestep in theirs.timesteps:
        prediction = torch.from_numpy(predict(expected.numpy(), int(timestep)))
        expected = theirs.step(prediction, timestep, expected).prev_sample

    taken = list(denoise(predict, scheduler_from_config(CONFIG, steps, name), NOISE))

    assert [step.index for step in taken] == list(range(len(theirs.timesteps)))
    assert [step.timestep for step in taken] == theirs.timesteps.tolist()
    np.testing.assert_allclose(taken[-1].sample, expected.numpy(), atol=1e-4)


def test_samples_stay_float32() -> None:
    steps = denoise(predict, scheduler_from_config(CONFIG, 5, "PNDM"), NOISE)

    assert {(step.sample.dtype, step.denoised.dtype) for step in steps} == {
        (np.dtype(np.float32), np.dtype(np.float32))
    }


def test_who_stops_iterating_stops_the_work() -> None:
    asked = []

    def count(sample: Sample, timestep: float) -> Sample:
        asked.append(timestep)
        return sample

    next(denoise(count, scheduler_from_config(CONFIG, 20, "PNDM"), NOISE))

    assert len(asked) == 1
