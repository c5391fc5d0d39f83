"""DPM-Solver++ (2M): a multistep solver of second order over the clean picture.

Lu et al. (2022), "DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models",
algorithm 2 with the midpoint rule; noise levels and the last step, which is of first order, as in
diffusers' DPMSolverMultistepScheduler.
"""

import math
from collections.abc import Mapping
from typing import Any

import attrs

from ..errors import InvalidRequest
from .noise_schedule import CLEAN, NoiseLevel, NoiseSchedule
from .prediction import PredictionType, Sample
from .scheduler import History, Scheduler, Step
from .timesteps import TimestepSpacing, spaced_timesteps

#: Settings of diffusers' class that change what it computes, and the one value known here.
_KNOWN_VALUES: dict[str, object] = {
    "algorithm_type": "dpmsolver++",
    "solver_order": 2,
    "solver_type": "midpoint",
    "final_sigmas_type": "zero",
    "thresholding": False,
    "rescale_betas_zero_snr": False,
    "use_karras_sigmas": False,
    "use_exponential_sigmas": False,
    "use_beta_sigmas": False,
    "use_lu_lambdas": False,
    "use_flow_sigmas": False,
    "lambda_min_clipped": -math.inf,
}


@attrs.frozen(kw_only=True)
class DpmSolverMultistep(Scheduler):
    """Two predictions a step, the first and the last step with one; `levels` end without noise."""

    prediction_type: PredictionType
    timesteps: tuple[int, ...]
    levels: tuple[NoiseLevel, ...] = attrs.field(repr=False)

    @classmethod
    def from_config(cls, config: Mapping[str, Any], steps: int) -> "DpmSolverMultistep":
        """The scheduler that diffusers makes of a configuration, for so many steps.

        Raises InvalidRequest for what the configuration or the number of steps asks in vain.
        """
        _require_known_values(config)
        schedule = NoiseSchedule.from_config(config)
        spacing = TimestepSpacing.from_config(config, default=TimestepSpacing.LINSPACE)
        # The clean end is a point of these spacings, but not a timestep to be visited.
        points = steps if spacing is TimestepSpacing.TRAILING else steps + 1
        timesteps = spaced_timesteps(
            spacing,
            points,
            timestep_count=schedule.timestep_count,
            offset=int(config.get("steps_offset", 0)),
        )[:steps]
        return cls(
            prediction_type=PredictionType.from_config(config),
            timesteps=timesteps,
            levels=(*map(schedule.level, timesteps), CLEAN),
        )

    def step(self, prediction: Sample, index: int, sample: Sample, history: History) -> Step:
        """Take the step of this index, given what the network predicted for the sample."""
        here, there = self.levels[index], self.levels[index + 1]
        denoised = self.prediction_type.denoised(prediction, sample, here)
        target = denoised
        if history.predictions and there.noise:
            (earlier,) = history.predictions
            target = denoised + self._slope_weight(index) * (denoised - earlier)
        shrink = there.noise / here.noise
        following = shrink * sample + (there.signal - shrink * here.signal) * target
        return Step(sample=following, denoised=denoised, history=History(predictions=(denoised,)))

    def _slope_weight(self, index: int) -> float:
        """How far to go on along the line through the last two clean pictures: h / (2 h before)."""
        before, here, there = (level.log_ratio for level in self.levels[index - 1 : index + 2])
        return (there - here) / (2 * (here - before))


def _require_known_values(config: Mapping[str, Any]) -> None:
    for setting, known in _KNOWN_VALUES.items():
        value = config.get(setting, known)
        if value is not None and value != known:
            problem = f"DPMSolverMultistep is not available with {setting} = {value}"
            raise InvalidRequest("--scheduler", f"{problem}; choose PNDM")
