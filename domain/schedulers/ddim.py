"""Denoising diffusion implicit models (DDIM), with as much of DDPM's noise as wanted.

Song et al. (2021), "Denoising Diffusion Implicit Models", formulas 12 and 16, step by step as
diffusers' DDIMScheduler.
"""

import math
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from .known_settings import require_known
from .noise_level import CLEAN, NoiseLevel
from .noise_schedule import NoiseSchedule
from .prediction import PredictionType, Sample, clip_range
from .run import Run
from .scheduler import History, Scheduler, Step, fresh
from .timesteps import TimestepSpacing, spaced_timesteps


@attrs.frozen(kw_only=True)
class Ddim(Scheduler):
    """One prediction a step, from each of `levels` to its one of `targets`.

    A target lies a fixed stride of timesteps on, which is the next level only for the leading
    spacing. `eta` of 0 adds no noise, 1 as much as DDPM. Clean pictures stay within `clip_range`.
    """

    prediction_type: PredictionType
    timesteps: tuple[int, ...]
    levels: tuple[NoiseLevel, ...] = attrs.field(repr=False)
    targets: tuple[NoiseLevel, ...] = attrs.field(repr=False)
    clip_range: float
    eta: float

    @classmethod
    def from_config(cls, config: Mapping[str, Any], run: Run) -> "Ddim":
        """The scheduler that diffusers makes of a configuration.

        Raises InvalidRequest for what the configuration or the run asks in vain.
        """
        require_known("DDIM", config, thresholding=False)
        run.refuse_own_timesteps("DDIM takes none, since it needs evenly spaced ones")
        run.refuse_own_sigmas("DDIM steps by timesteps")
        schedule = NoiseSchedule.from_config(
            config, zero_terminal_snr=config.get("rescale_betas_zero_snr")
        )
        timesteps = spaced_timesteps(
            TimestepSpacing.from_config(config, default=TimestepSpacing.LEADING),
            run.steps,
            timestep_count=schedule.timestep_count,
            offset=int(config.get("steps_offset", 0)),
        )
        prediction_type = PredictionType.from_config(config)
        prediction_type.require_signal(schedule.level(timesteps[0]))
        final = CLEAN if config.get("set_alpha_to_one", True) else schedule.level(0)
        stride = schedule.timestep_count // run.steps
        return cls(
            prediction_type=prediction_type,
            timesteps=timesteps,
            levels=tuple(map(schedule.level, timesteps)),
            targets=tuple(
                schedule.level(timestep - stride) if timestep >= stride else final
                for timestep in timesteps
            ),
            clip_range=clip_range(config, default=True),
            eta=run.eta or 0.0,
        )

    def level(self, index: int) -> NoiseLevel:
        """How noisy the sample is that the step of this index sets out from."""
        return self.levels[index]

    def draws_noise(self, index: int) -> bool:  # noqa: ARG002 -- every step draws or none
        """Whether the step of this index adds fresh noise."""
        return self.eta > 0

    def step(
        self,
        prediction: Sample,
        index: int,
        sample: Sample,
        history: History,
        noise: Sample | None = None,
    ) -> Step:
        """Take the step of this index, given what the network predicted for the sample."""
        here, there = self.levels[index], self.targets[index]
        denoised = self.prediction_type.denoised(prediction, sample, here)
        denoised = np.clip(denoised, -self.clip_range, self.clip_range)
        seen = self.prediction_type.noise(prediction, sample, here)
        added = self.eta * _ddpm_deviation(here, there)
        kept = math.sqrt(max(there.noise**2 - added**2, 0.0))
        following = there.signal * denoised + kept * seen
        if self.eta > 0:
            following = following + added * fresh(noise)
        return Step(sample=following, denoised=denoised, history=history)


def _ddpm_deviation(here: NoiseLevel, there: NoiseLevel) -> float:
    """Formula 16 with eta = 1: the deviation of what DDPM adds on the way."""
    return there.noise / here.noise * math.sqrt(1 - (here.signal / there.signal) ** 2)
