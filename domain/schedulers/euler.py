"""Euler's method: one straight step along the predicted noise.

Karras et al. (2022), "Elucidating the Design Space of Diffusion-Based Generative Models", algorithm
2 without churn; as diffusers' EulerDiscreteScheduler.
"""

from typing import ClassVar

import attrs

from .prediction import Sample
from .scheduler import History, Step
from .variance_exploding import VarianceExploding


@attrs.frozen(kw_only=True)
class Euler(VarianceExploding):
    """A method of first order."""

    _unheeded: ClassVar[frozenset[str]] = frozenset({"use_lu_lambdas"})

    def step(
        self,
        prediction: Sample,
        index: int,
        sample: Sample,
        history: History,
        noise: Sample | None = None,  # noqa: ARG002 -- no noise is added
    ) -> Step:
        """Take the step of this index, given what the network predicted for the sample."""
        here, there = self.levels[index : index + 2]
        denoised = self.prediction_type.denoised(prediction, sample, here)
        seen = (sample - denoised) / here.noise
        following = sample + (there.noise - here.noise) * seen
        return Step(sample=following, denoised=denoised, history=history)
