"""Heun's method: a step is tried, then taken along the mean of the noise seen at both its ends.

Karras et al. (2022), "Elucidating the Design Space of Diffusion-Based Generative Models", algorithm
2 without churn; as diffusers' HeunDiscreteScheduler.
"""

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import attrs
import numpy as np

from .prediction import Sample, clip_range
from .run import Run
from .scheduler import History, Step
from .variance_exploding import VarianceExploding


@attrs.frozen(kw_only=True)
class Heun(VarianceExploding):
    """A method of second order: each step but the last, which is Euler's, asks the network twice.

    Every timestep but the first comes twice, as the end of a step that is tried and as the start of
    the next one. Clean pictures stay within `clip_range`.
    """

    clip_range: float = math.inf

    evaluations_per_step: ClassVar[int] = 2
    _defaults: ClassVar[Mapping[str, Any]] = {"beta_start": 0.00085, "beta_end": 0.012}
    _unheeded: ClassVar[frozenset[str]] = frozenset(
        {
            "final_sigmas_type",
            "interpolation_type",
            "rescale_betas_zero_snr",
            "timestep_type",
            "use_lu_lambdas",
        }
    )

    @classmethod
    def from_config(cls, config: Mapping[str, Any], run: Run) -> Self:
        """The scheduler that diffusers makes of a configuration.

        Raises InvalidRequest for what the configuration or the run asks in vain.
        """
        once = super().from_config(config, run)
        first, *timesteps = once.timesteps
        start, *between, end = once.levels
        return attrs.evolve(
            once,
            timesteps=(first, *(each for each in timesteps for _ in range(2))),
            levels=(start, *(each for each in between for _ in range(2)), end),
            clip_range=clip_range(config, default=False),
        )

    def step(
        self,
        prediction: Sample,
        index: int,
        sample: Sample,
        history: History,
        noise: Sample | None = None,  # noqa: ARG002 -- no noise is added
    ) -> Step:
        """Take the step of this index, given what the network predicted for the sample."""
        level = self.levels[index]
        denoised = self.prediction_type.denoised(prediction, sample, level)
        denoised = np.clip(denoised, -self.clip_range, self.clip_range)
        seen = (sample - denoised) / level.noise
        if history.sample is None:
            tried = sample + self._way(index) * seen
            tentative = History(predictions=(seen,), sample=sample)
            return Step(sample=tried, denoised=denoised, history=tentative)
        (seen_before,) = history.predictions
        following = history.sample + self._way(index - 1) * (seen_before + seen) / 2
        return Step(sample=following, denoised=denoised)

    def _way(self, index: int) -> float:
        here, there = self.levels[index : index + 2]
        return there.noise - here.noise
