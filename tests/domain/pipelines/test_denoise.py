"""The loop yields what the scheduler does, step by step."""

from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.pipelines.denoise import denoise, denoise_from
from coreml_stable_diffusion.domain.randomness.torch_source import TorchSource
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_from_config
from coreml_stable_diffusion.domain.schedulers.prediction import Sample
from coreml_stable_diffusion.domain.schedulers.run import Run
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    LCMScheduler,
    PNDMScheduler,
    TCDScheduler,
)

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


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("Euler a", EulerAncestralDiscreteScheduler, {}),
        ("DPM++ 2M SDE Karras", DPMSolverMultistepScheduler, {}),
        ("LCM", LCMScheduler, {}),
        ("TCD", TCDScheduler, {"eta": 0.5}),
        ("DDIM", DDIMScheduler, {"eta": 1.0}),
    ],
)
def test_a_seed_draws_the_noise_of_every_step_as_diffusers_does(
    name: str, kind: Any, told: dict[str, Any]
) -> None:
    sde = {"algorithm_type": "sde-dpmsolver++", "use_karras_sigmas": True}
    config = {**CONFIG, "clip_sample": False, **(sde if "SDE" in name else {})}
    theirs = kind.from_config(config)
    theirs.set_timesteps(8)
    generator = torch.Generator().manual_seed(31)
    expected = torch.randn(NOISE.shape, generator=generator) * theirs.init_noise_sigma
    for timestep in theirs.timesteps:
        seen = theirs.scale_model_input(expected, timestep)
        prediction = torch.from_numpy(predict(seen.numpy(), float(timestep)))
        expected = theirs.step(
            prediction, timestep, expected, generator=generator, **told
        ).prev_sample

    source = TorchSource(31)
    scheduler = scheduler_from_config(config, Run(steps=8, **told), name)
    *_, last = denoise(predict, scheduler, source.standard_normal(NOISE.shape), source)

    np.testing.assert_allclose(last.sample, expected.numpy(), atol=1e-4)


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


def test_a_picture_is_led_on_from_the_step_that_expects_it() -> None:
    scheduler = scheduler_from_config(CONFIG, 10, "Euler")
    whole = list(denoise(predict, scheduler, NOISE))

    rest = list(denoise_from(predict, scheduler, whole[5].sample, first=6))

    assert [step.index for step in rest] == [6, 7, 8, 9]
    assert np.array_equal(rest[-1].sample, whole[-1].sample)


def test_a_stochastic_scheduler_without_a_source_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"^noise: "):
        list(denoise(predict, scheduler_from_config(CONFIG, 5, "Euler a"), NOISE))


def test_a_sample_that_is_sent_is_gone_on_from_and_returned_at_the_end() -> None:
    other = np.full_like(NOISE, 0.5)
    steps = denoise(predict, scheduler_from_config(CONFIG, 2, "DDIM"), NOISE)

    next(steps)
    after_other = steps.send(other)
    with pytest.raises(StopIteration) as outcome:
        steps.send(None)

    other_steps = denoise_from(predict, scheduler_from_config(CONFIG, 2, "DDIM"), other, first=1)
    assert np.array_equal(after_other.sample, next(other_steps).sample)
    assert np.array_equal(outcome.value.value, after_other.sample)
