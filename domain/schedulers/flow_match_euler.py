"""Euler's method along a rectified flow, the straight way from noise to picture.

Esser et al. (2024), "Scaling Rectified Flow Transformers for High-Resolution Image Synthesis", as
diffusers' FlowMatchEulerDiscreteScheduler.
"""

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from ..errors import InvalidRequest
from .known_settings import require_known
from .noise_level import NoiseLevel
from .prediction import PredictionType, Sample
from .run import Run
from .scheduler import History, Scheduler, Step, fresh
from .sigmas import Sigmas, SigmaSpacing, shifted
from .timesteps import require_fitting

_KNOWN_VALUES: dict[str, object] = {
    "use_dynamic_shifting": False,
    "invert_sigmas": False,
    "shift_terminal": None,
}


@attrs.frozen(kw_only=True)
class FlowMatchEuler(Scheduler):
    """A method of first order; where it is `stochastic` every step goes under fresh noise."""

    timesteps: tuple[float, ...]
    levels: tuple[NoiseLevel, ...] = attrs.field(repr=False)
    stochastic: bool

    @classmethod
    def from_config(cls, config: Mapping[str, Any], run: Run) -> "FlowMatchEuler":
        """The scheduler that diffusers makes of a configuration.

        Raises InvalidRequest for what the configuration or the run asks in vain.
        """
        require_known("FlowMatchEulerDiscrete", config, **_KNOWN_VALUES)
        count = int(config.get("num_train_timesteps", 1000))
        sigmas = _sigmas(config, run, count).astype(np.float32)
        own = run.own_timesteps(count + 1)
        timesteps = sigmas * np.float32(count) if own is None else own.astype(np.float32)
        end = 0.0 if run.sigmas is None else run.sigmas[-1]
        return cls(
            timesteps=tuple(timesteps.tolist()),
            levels=tuple(map(NoiseLevel.flowing, [*sigmas.tolist(), end])),
            stochastic=bool(config.get("stochastic_sampling", False)),
        )

    def level(self, index: int) -> NoiseLevel:
        """How noisy the sample is that the step of this index sets out from."""
        return self.levels[index]

    def draws_noise(self, index: int) -> bool:
        """Whether the step of this index adds fresh noise."""
        return self.stochastic and self.levels[index + 1].noise > 0

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
        denoised = PredictionType.FLOW_PREDICTION.denoised(prediction, sample, here)
        if self.draws_noise(index):
            following = self.noisy(denoised, fresh(noise), index + 1)
        else:
            following = sample + (there.noise - here.noise) * prediction
        return Step(sample=following, denoised=denoised, history=history)


def _sigmas(config: Mapping[str, Any], run: Run, count: int) -> Sigmas:
    """The sigmas of the steps, from noise to picture, without the clean end."""
    require_fitting(run.steps, count)
    shift = float(config.get("shift", 1.0))
    if run.sigmas is not None:
        if run.sigmas[0] > 1:
            raise InvalidRequest("--sigmas", f"{run.sigmas[0]:g} is over 1, a flow's pure noise")
        sigmas = np.array(run.sigmas[:-1])
    elif (own := run.own_timesteps(count + 1)) is not None:
        sigmas = own / count
    else:
        # The shift is applied to the bounds and once more to all, as diffusers does.
        highest, lowest = shifted(np.array([1, 1 / count]), shift).astype(np.float32).tolist()
        sigmas = np.linspace(highest * count, lowest * count, run.steps) / count
    sigmas = shifted(sigmas, shift)
    if (spacing := SigmaSpacing.from_config(config)) is not None:
        sigmas = spacing.between(float(sigmas[0]), float(sigmas[-1]), run.steps)
    return sigmas
