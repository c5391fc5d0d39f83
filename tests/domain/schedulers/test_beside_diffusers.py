"""Every scheduler beside the one of diffusers that it stands for, with the same predictions."""

from collections.abc import Mapping
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_from_config
from coreml_stable_diffusion.domain.schedulers.scheduler import NO_HISTORY

STABLE_DIFFUSION = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "skip_prk_steps": True,
    "steps_offset": 1,
}
CLASSES = {
    "PNDM": diffusers.PNDMScheduler,
    "DPMSolverMultistep": diffusers.DPMSolverMultistepScheduler,
}
SPACINGS = ("linspace", "leading", "trailing")
SHAPE = (1, 4, 3, 5)


def assert_runs_agree(name: str, config: Mapping[str, Any], steps: int) -> None:
    theirs = CLASSES[name].from_config(dict(config))
    theirs.set_timesteps(steps)
    ours = scheduler_from_config(config, steps, name)
    assert list(ours.timesteps) == theirs.timesteps.tolist()
    assert ours.initial_noise_scale == theirs.init_noise_sigma

    rng = np.random.default_rng(steps)
    sample = rng.standard_normal(SHAPE).astype(np.float32)
    expected, history = torch.from_numpy(sample), NO_HISTORY
    for index, timestep in enumerate(theirs.timesteps):
        prediction = rng.standard_normal(SHAPE).astype(np.float32)
        expected = theirs.step(torch.from_numpy(prediction), timestep, expected).prev_sample
        step = ours.step(prediction, index, sample, history)
        sample, history = step.sample, step.history
        scale = float(expected.abs().max())
        assert sample.dtype == np.float32
        np.testing.assert_allclose(sample, expected.numpy(), rtol=0, atol=1e-5 * scale)


@pytest.mark.parametrize("prediction_type", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("name", CLASSES)
def test_every_number_of_steps_goes_where_diffusers_goes(
    name: str, spacing: str, prediction_type: str
) -> None:
    settings = {"timestep_spacing": spacing, "prediction_type": prediction_type}
    for steps in range(1, 61):
        assert_runs_agree(name, STABLE_DIFFUSION | settings, steps)


@pytest.mark.parametrize("steps", [4, 5, 11, 50])
@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("prediction_type", ["epsilon", "v_prediction"])
def test_pndm_warms_up_where_diffusers_does(prediction_type: str, spacing: str, steps: int) -> None:
    settings = {"timestep_spacing": spacing, "prediction_type": prediction_type}
    assert_runs_agree("PNDM", STABLE_DIFFUSION | settings | {"skip_prk_steps": False}, steps)


@pytest.mark.parametrize(
    "settings",
    [
        {"beta_schedule": "linear"},
        {"beta_schedule": "squaredcos_cap_v2"},
        {"trained_betas": np.linspace(0.001, 0.02, 300).tolist(), "num_train_timesteps": 300},
        {"num_train_timesteps": 250},
        {"set_alpha_to_one": True},
        {"steps_offset": 0},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", CLASSES)
def test_every_setting_means_what_it_means_to_diffusers(
    name: str, settings: dict[str, Any]
) -> None:
    for steps in (1, 2, 3, 20):
        assert_runs_agree(name, STABLE_DIFFUSION | settings, steps)


@pytest.mark.parametrize("name", CLASSES)
def test_an_empty_configuration_has_the_defaults_of_diffusers(name: str) -> None:
    assert_runs_agree(name, {}, 12)


def test_dpm_solver_follows_a_network_that_predicts_the_sample() -> None:
    settings = {"prediction_type": "sample"}
    for steps in (1, 2, 7, 25):
        assert_runs_agree("DPMSolverMultistep", STABLE_DIFFUSION | settings, steps)
