"""Euler's method with ancestral sampling: a step goes too far, fresh noise brings it back.

The sampler "Euler a" of k-diffusion, as diffusers' EulerAncestralDiscreteScheduler.
"""

import math
from typing import ClassVar

import attrs

from .prediction import Sample
from .scheduler import History, Step, fresh
from .variance_exploding import VarianceExploding


@attrs.frozen(kw_only=True)
class EulerAncestral(VarianceExploding):
    """A stochastic method of first order; the last step, to no noise at all, adds none."""

    _unheeded: ClassVar[frozenset[str]] = frozenset(
        {
            "final_sigmas_type",
            "interpolation_type",
            "timestep_type",
            "use_beta_sigmas",
            "use_exponential_sigmas",
            "use_karras_sigmas",
            "use_lu_lambdas",
        }
    )

    def draws_noise(self, index: int) -> bool:
        """Whether the step of this index adds fresh noise."""
        return self.levels[index + 1].noise > 0

    def step(
        self,
        prediction: Sample,
        index: int,
        sample: Sample,
        history: History,
        noise: Sample | None = None,
    ) -> Step:
        """Take the step of this index, given what the network predicted for the sample."""
        here, there = self.levels[index : index + 2]
        denoised = self.prediction_type.denoised(prediction, sample, here)
        seen = (sample - denoised) / here.noise
        aim = there.noise**2 / here.noise
        following = sample + (aim - here.noise) * seen
        if there.noise > 0:
            added = math.sqrt(there.noise**2 - aim**2)
            following = following + added * fresh(noise)
        return Step(sample=following, denoised=denoised, history=history)
