"""Latent consistency models (LCM): every step goes to the picture, and back under fresh noise.

Luo et al. (2023), "Latent Consistency Models", algorithm 3, as diffusers' LCMScheduler.
"""

import math
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from .distilled_course import DistilledCourse
from .known_settings import require_known
from .noise_level import NoiseLevel
from .prediction import PredictionType, Sample, clip_range
from .run import Run
from .scheduler import NO_HISTORY, History, Scheduler, Step, fresh

#: The deviation of latents that the consistency function's two weights are made for.
_DATA_DEVIATION = 0.5


@attrs.frozen(kw_only=True)
class Lcm(Scheduler):
    """One prediction a step; `timestep_scaling` decides how little of the sample is kept."""

    prediction_type: PredictionType
    course: DistilledCourse
    clip_range: float
    timestep_scaling: float

    @classmethod
    def from_config(cls, config: Mapping[str, Any], run: Run) -> "Lcm":
        """The scheduler that diffusers makes of a configuration.

        Raises InvalidRequest for what the configuration or the run asks in vain.
        """
        require_known("LCM", config, thresholding=False)
        run.refuse_own_sigmas("LCM steps by timesteps")
        prediction_type = PredictionType.from_config(config)
        course = DistilledCourse.from_config(config, run)
        prediction_type.require_signal(course.level(0))
        return cls(
            prediction_type=prediction_type,
            course=course,
            clip_range=clip_range(config, default=False),
            timestep_scaling=float(config.get("timestep_scaling", 10.0)),
        )

    @property
    def timesteps(self) -> tuple[int, ...]:
        """What the network is told at each step, in order."""
        return self.course.timesteps

    def level(self, index: int) -> NoiseLevel:
        """How noisy the sample is that the step of this index sets out from."""
        return self.course.level(index)

    def draws_noise(self, index: int) -> bool:
        """Whether the step of this index adds fresh noise."""
        return index + 1 < len(self.timesteps)

    def step(
        self,
        prediction: Sample,
        index: int,
        sample: Sample,
        history: History,  # noqa: ARG002 -- every step begins anew
        noise: Sample | None = None,
    ) -> Step:
        """Take the step of this index, given what the network predicted for the sample."""
        seen = self.prediction_type.denoised(prediction, sample, self.level(index))
        seen = np.clip(seen, -self.clip_range, self.clip_range)
        scaled = self.timesteps[index] * self.timestep_scaling
        skipped = _DATA_DEVIATION**2 / (scaled**2 + _DATA_DEVIATION**2)
        denoised = scaled / math.hypot(scaled, _DATA_DEVIATION) * seen + skipped * sample
        following = denoised
        if self.draws_noise(index):
            following = self.noisy(denoised, fresh(noise), index + 1)
        return Step(sample=following, denoised=denoised, history=NO_HISTORY)
