"""The timesteps of a network that was distilled to few steps, as diffusers' LCMScheduler."""

from collections.abc import Mapping
from typing import Any

import attrs

from .noise_level import NoiseLevel
from .noise_schedule import NoiseSchedule
from .run import Run
from .timesteps import steps_of_a_whole

_DEFAULTS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


@attrs.frozen(kw_only=True)
class DistilledCourse:
    """Those of the distillation's timesteps that a run visits."""

    schedule: NoiseSchedule
    timesteps: tuple[int, ...]

    @classmethod
    def from_config(cls, config: Mapping[str, Any], run: Run) -> "DistilledCourse":
        """The course that diffusers makes of a configuration.

        Raises InvalidRequest for what the configuration or the run asks in vain.
        """
        config = {**_DEFAULTS, **config}
        schedule = NoiseSchedule.from_config(
            config, zero_terminal_snr=config.get("rescale_betas_zero_snr")
        )
        own = run.own_timesteps(schedule.timestep_count)
        if own is not None:
            return cls(schedule=schedule, timesteps=tuple(map(int, own)))
        whole = int(config.get("original_inference_steps", 50))
        stride = schedule.timestep_count // whole
        visited = steps_of_a_whole(run.steps, whole)
        return cls(schedule=schedule, timesteps=tuple((each + 1) * stride - 1 for each in visited))

    def level(self, index: int) -> NoiseLevel:
        """How noisy the sample is that the step of this index sets out from."""
        return self.schedule.level(self.timesteps[index])
