"""Trajectory consistency distillation (TCD): a step aims past its end and comes back with noise.

Zheng et al. (2024), "Trajectory Consistency Distillation", algorithm 4 (strategic stochastic
sampling), as diffusers' TCDScheduler.
"""

import math
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from .distilled_course import DistilledCourse
from .noise_level import NoiseLevel
from .prediction import PredictionType, Sample
from .run import Run
from .scheduler import NO_HISTORY, History, Scheduler, Step, fresh

_DEFAULT_ETA = 0.3


@attrs.frozen(kw_only=True)
class Tcd(Scheduler):
    """One prediction a step; `eta`, the paper's gamma, is how far past its end a step aims."""

    prediction_type: PredictionType
    course: DistilledCourse
    eta: float

    @classmethod
    def from_config(cls, config: Mapping[str, Any], run: Run) -> "Tcd":
        """The scheduler that diffusers makes of a configuration.

        Raises InvalidRequest for what the configuration or the run asks in vain.
        """
        run.refuse_own_sigmas("TCD steps by timesteps")
        prediction_type = PredictionType.from_config(config)
        course = DistilledCourse.from_config(config, run)
        prediction_type.require_signal(course.level(0))
        return cls(
            prediction_type=prediction_type,
            course=course,
            eta=_DEFAULT_ETA if run.eta is None else run.eta,
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
        return self.eta > 0 and index + 1 < len(self.timesteps)

    def step(
        self,
        prediction: Sample,
        index: int,
        sample: Sample,
        history: History,  # noqa: ARG002 -- every step begins anew
        noise: Sample | None = None,
    ) -> Step:
        """Take the step of this index, given what the network predicted for the sample."""
        here = self.level(index)
        denoised = self.prediction_type.denoised(prediction, sample, here)
        seen = self.prediction_type.noise(prediction, sample, here)
        end = self.timesteps[index + 1] if index + 1 < len(self.timesteps) else 0
        # Rounded as diffusers does it, in float32.
        aim = self.course.schedule.level(int(np.float32(1 - self.eta) * np.float32(end)))
        following = aim.signal * denoised + aim.noise * seen
        if self.draws_noise(index):
            kept = self.level(index + 1).signal / aim.signal
            following = kept * following + math.sqrt(1 - kept**2) * fresh(noise)
        return Step(sample=following, denoised=denoised, history=NO_HISTORY)
