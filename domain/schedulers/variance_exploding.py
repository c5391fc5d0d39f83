"""What the schedulers of k-diffusion have in common: the picture stays whole under its noise.

A sample is the picture plus sigma times noise, so a step along the predicted noise changes it by
the difference of two sigmas: Karras et al. (2022), "Elucidating the Design Space of Diffusion-Based
Generative Models", algorithm 1. Timesteps and sigmas as in diffusers' Euler family.
"""

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import attrs
import numpy as np

from .known_settings import require_known
from .noise_level import NoiseLevel
from .noise_schedule import NoiseSchedule
from .prediction import PredictionType, Sample
from .run import Run
from .scheduler import Scheduler
from .sigmas import Sigmas, SigmaSpacing, final_sigma, sigma_bounds, sigmas_at, timesteps_at
from .timesteps import TimestepSpacing, spaced_points


@attrs.frozen(kw_only=True)
class VarianceExploding(Scheduler):
    """Abstract: `levels` are those of the timesteps and the one where the run ends."""

    prediction_type: PredictionType
    timesteps: tuple[float, ...]
    levels: tuple[NoiseLevel, ...] = attrs.field(repr=False)
    initial_noise_scale: float

    #: Settings that diffusers' class of this name does not have, and so does not heed.
    _unheeded: ClassVar[frozenset[str]] = frozenset()
    #: Where its defaults are not those of the others.
    _defaults: ClassVar[Mapping[str, Any]] = {}

    @classmethod
    def from_config(cls, config: Mapping[str, Any], run: Run) -> Self:
        """The scheduler that diffusers makes of a configuration.

        Raises InvalidRequest for what the configuration or the run asks in vain.
        """
        heeded = {name: value for name, value in config.items() if name not in cls._unheeded}
        heeded = {**cls._defaults, **heeded}
        require_known(cls.__name__, heeded, interpolation_type="linear", timestep_type="discrete")
        spacing = TimestepSpacing.from_config(heeded, default=TimestepSpacing.LINSPACE)
        schedule = NoiseSchedule.from_config(
            heeded, zero_terminal_snr=heeded.get("rescale_betas_zero_snr")
        )
        timesteps, sigmas = _course(heeded, run, schedule, spacing)
        return cls(
            prediction_type=PredictionType.from_config(heeded),
            timesteps=tuple(timesteps.astype(np.float32).tolist()),
            levels=tuple(map(NoiseLevel.exploding, sigmas.astype(np.float32).tolist())),
            initial_noise_scale=_initial_scale(spacing, float(sigmas.max())),
        )

    def level(self, index: int) -> NoiseLevel:
        """How noisy the sample is that the step of this index sets out from."""
        return self.levels[index]

    def scale_input(self, sample: Sample, index: int) -> Sample:
        """The sample as the network wants to see it, with a deviation of 1."""
        return sample / self.levels[index].deviation


def _initial_scale(spacing: TimestepSpacing, highest: float) -> float:
    """The leading spacing leaves out the noisiest timesteps, where a picture still shows."""
    return math.hypot(highest, 1) if spacing is TimestepSpacing.LEADING else highest


def _course(
    config: Mapping[str, Any], run: Run, schedule: NoiseSchedule, spacing: TimestepSpacing
) -> tuple[Sigmas, Sigmas]:
    """The timesteps that are visited, and their sigmas with the one where the run ends."""
    if run.sigmas is not None:
        own_sigmas = np.array(run.sigmas)
        return timesteps_at(schedule, own_sigmas[:-1]), own_sigmas
    timesteps = run.own_timesteps(schedule.timestep_count)
    if timesteps is None:
        timesteps = spaced_points(
            spacing,
            run.steps,
            timestep_count=schedule.timestep_count,
            offset=int(config.get("steps_offset", 0)),
        )
    sigmas = sigmas_at(schedule, timesteps.astype(np.float32))
    sigma_spacing = SigmaSpacing.from_config(config)
    if sigma_spacing is not None:
        run.refuse_own_timesteps(f"the scheduler's {sigma_spacing.value} decides them")
        sigmas = sigma_spacing.between(*sigma_bounds(config, sigmas), run.steps)
        timesteps = timesteps_at(schedule, sigmas)
    return timesteps, np.append(sigmas, final_sigma(config, float(schedule.sigmas[0])))
