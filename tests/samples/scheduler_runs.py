"""Runs of a scheduler and of diffusers' own, side by side, with the same random predictions."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import diffusers
import numpy as np
import torch
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_from_config
from coreml_stable_diffusion.domain.schedulers.prediction import Sample
from coreml_stable_diffusion.domain.schedulers.run import Run
from coreml_stable_diffusion.domain.schedulers.scheduler import NO_HISTORY, Scheduler

STABLE_DIFFUSION: Mapping[str, Any] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "clip_sample": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
}
SHAPE = (1, 2, 2, 3)


@attrs.frozen(kw_only=True)
class Configuration:
    """A scheduler as both know it: diffusers' class, its settings and what a step is told."""

    name: str
    settings: Mapping[str, Any]
    eta: float | None = None


def assert_equal_runs(configuration: Configuration, steps: Sequence[int]) -> None:
    """Run both for each number of steps and hold them next to each other at every step."""
    config = dict(configuration.settings)
    theirs = getattr(diffusers, f"{configuration.name}Scheduler").from_config(config)
    for count in steps:
        theirs.set_timesteps(count)
        run = Run(steps=count, eta=configuration.eta)
        ours = scheduler_from_config(configuration.settings, run, configuration.name)
        assert_equal_courses(ours, theirs)
        assert_equal_steps(ours, theirs, eta=configuration.eta)


def assert_equal_courses(ours: Scheduler, theirs: Any) -> None:
    expected = theirs.timesteps.tolist()
    if all(float(each).is_integer() for each in expected):
        assert list(ours.timesteps) == expected
    else:
        # Between two timesteps the float32 logarithms of sigmas decide the last digit.
        np.testing.assert_allclose(ours.timesteps, expected, rtol=0, atol=1e-4)
    scale = float(getattr(theirs, "init_noise_sigma", 1.0))
    np.testing.assert_allclose(ours.initial_noise_scale, scale, rtol=1e-6)


def assert_equal_steps(
    ours: Scheduler,
    theirs: Any,
    *,
    eta: float | None = None,
    begin: int = 0,
    start: Sample | None = None,
) -> None:
    """From noise, or from a sample at a later step: the same predictions, the same random seed.

    Noise is drawn where ours asks for it, so that both stay in step only if theirs draws there too.
    """
    # The differences of exponentials in theirs would lose up to 1e-4 in float32.
    if hasattr(theirs, "sigmas"):
        theirs.sigmas = theirs.sigmas.double()
    predictions = np.random.default_rng(len(ours.timesteps))
    told, ours_draws = _told(theirs, eta), torch.Generator().manual_seed(3)
    sample = ours.initial_noise_scale * _normal(predictions) if start is None else start
    expected, history = torch.from_numpy(sample), NO_HISTORY
    for index in range(begin, len(ours.timesteps)):
        before, timestep = expected, theirs.timesteps[index]
        if hasattr(theirs, "scale_model_input"):
            seen = theirs.scale_model_input(expected, timestep)
            _assert_near(ours.scale_input(sample, index), seen)
        prediction = _normal(predictions)
        expected = theirs.step(torch.from_numpy(prediction), timestep, before, **told).prev_sample
        noise = None
        if ours.draws_noise(index):
            noise = torch.randn(SHAPE, generator=ours_draws).numpy()
        step = ours.step(prediction, index, sample, history, noise)
        sample, history = step.sample, step.history
        _assert_near(sample, expected, scale=float(before.abs().max()))


def _assert_near(ours: Sample, theirs: torch.Tensor, scale: float = 0.0) -> None:
    scale = max(float(theirs.abs().max()), scale)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=0, atol=1e-5 * scale)


def _told(theirs: Any, eta: float | None) -> dict[str, Any]:
    offered: dict[str, Any] = {"generator": torch.Generator().manual_seed(3)}
    if eta is not None:
        offered["eta"] = eta
    known = inspect.signature(theirs.step).parameters
    return {name: value for name, value in offered.items() if name in known}


def _normal(generator: np.random.Generator) -> Sample:
    return generator.standard_normal(SHAPE).astype(np.float32)
