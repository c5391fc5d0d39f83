"""What the solvers have in common that step in the logarithm of signal to noise.

Timesteps and noise levels are those of diffusers' DPMSolverMultistepScheduler and
UniPCMultistepScheduler: the clean end is a point of the spacing, and spaced sigmas span the whole
training whatever the timesteps.
"""

import abc
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import attrs
import numpy as np

from .noise_level import NoiseLevel
from .noise_schedule import NoiseSchedule
from .prediction import PredictionType
from .run import Run
from .scheduler import Scheduler
from .sigmas import Sigmas, SigmaSpacing, final_sigma, sigma_bounds, sigmas_at, timesteps_at
from .timesteps import TimestepSpacing, require_fitting, spaced_timesteps

_ROUNDED = (SigmaSpacing.KARRAS, SigmaSpacing.LU)


@attrs.frozen(kw_only=True)
class LogRatioSolver(Scheduler):
    """Abstract: `levels` are those of the timesteps and the one where the run ends."""

    prediction_type: PredictionType
    timesteps: tuple[int, ...]
    levels: tuple[NoiseLevel, ...] = attrs.field(repr=False)

    #: Whether a run that keeps some noise ends at its last spaced sigma, not at the training's.
    _ends_where_spacing_ends: ClassVar[bool]

    @classmethod
    def from_config(cls, config: Mapping[str, Any], run: Run) -> Self:
        """The scheduler that diffusers makes of a configuration.

        Raises InvalidRequest for what the configuration or the run asks in vain.
        """
        flows = bool(config.get("use_flow_sigmas"))
        schedule = NoiseSchedule.from_config(
            config, zero_terminal_snr=config.get("rescale_betas_zero_snr")
        )
        timesteps, sigmas = _course(cls, config, run, schedule)
        spaced = flows or SigmaSpacing.from_config(config) is not None
        last = sigmas if spaced and cls._ends_where_spacing_ends else schedule.sigmas
        sigmas = np.append(sigmas, final_sigma(config, least=float(last.min())))
        leveled = NoiseLevel.flowing if flows else NoiseLevel.preserving
        return cls(
            prediction_type=PredictionType.from_config(config, flows=flows),
            # What lies between two timesteps is cut off, as diffusers does.
            timesteps=tuple(int(each) for each in timesteps),
            levels=tuple(map(leveled, sigmas.astype(np.float32).tolist())),
        )

    @staticmethod
    @abc.abstractmethod
    def flow_sigmas(config: Mapping[str, Any], steps: int, timestep_count: int) -> Sigmas:
        """So many sigmas of a flow, from noise to picture."""

    @property
    def ends_without_curve(self) -> bool:
        """Whether the last step is of infinite length, to no noise, or of none at all."""
        before, end = self.levels[-2:]
        return end.noise in (0, before.noise)

    def level(self, index: int) -> NoiseLevel:
        """How noisy the sample is that the step of this index sets out from."""
        return self.levels[index]


def _course(
    solver: type[LogRatioSolver], config: Mapping[str, Any], run: Run, schedule: NoiseSchedule
) -> tuple[Sigmas, Sigmas]:
    """The timesteps that are visited, and their sigmas."""
    require_fitting(run.steps, schedule.timestep_count)
    if (sigma_spacing := SigmaSpacing.from_config(config)) is not None:
        run.refuse_own_timesteps(f"the scheduler's {sigma_spacing.value} decides them")
        bounds = sigma_bounds(config, schedule.sigmas[::-1])
        sigmas = sigma_spacing.between(*bounds, run.steps)
        timesteps = timesteps_at(schedule, sigmas)
        return (np.round(timesteps) if sigma_spacing in _ROUNDED else timesteps), sigmas
    if config.get("use_flow_sigmas"):
        run.refuse_own_timesteps("the scheduler's flow decides them")
        sigmas = solver.flow_sigmas(config, run.steps, schedule.timestep_count)
        return sigmas * schedule.timestep_count, sigmas
    own = run.own_timesteps(schedule.timestep_count)
    visited = _spaced(config, run.steps, schedule.timestep_count) if own is None else np.trunc(own)
    timesteps = np.array(visited, dtype=np.float64)
    return timesteps, sigmas_at(schedule, timesteps)


def _spaced(config: Mapping[str, Any], steps: int, timestep_count: int) -> tuple[int, ...]:
    spacing = TimestepSpacing.from_config(config, default=TimestepSpacing.LINSPACE)
    # The clean end is a point of these spacings, but not a timestep to be visited.
    points = steps if spacing is TimestepSpacing.TRAILING else steps + 1
    offset = int(config.get("steps_offset", 0))
    return spaced_timesteps(spacing, points, timestep_count=timestep_count, offset=offset)[:steps]
