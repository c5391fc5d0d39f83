"""Which of the training's timesteps are visited.

The three spacings of Lin et al. (2023), "Common Diffusion Noise Schedules and Sample Steps are
Flawed", table 2, rounded as diffusers does.
"""

import enum
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidRequest

_Floats = NDArray[np.floating]


class TimestepSpacing(enum.Enum):
    """Where the visited timesteps lie, under diffusers' names."""

    LINSPACE = "linspace"
    LEADING = "leading"
    TRAILING = "trailing"

    @classmethod
    def from_config(
        cls, config: Mapping[str, Any], default: "TimestepSpacing"
    ) -> "TimestepSpacing":
        """The spacing that a scheduler configuration names. Raises InvalidRequest for others."""
        name = config.get("timestep_spacing", default.value)
        try:
            return cls(name)
        except ValueError as error:
            known = ", ".join(each.value for each in cls)
            problem = f"its timestep_spacing {name} is not one of {known}"
            raise InvalidRequest("--scheduler", problem) from error


def spaced_timesteps(
    spacing: TimestepSpacing, steps: int, *, timestep_count: int, offset: int = 0
) -> tuple[int, ...]:
    """As many timesteps as `steps`, from noise to picture, each below `timestep_count`.

    The offset moves the leading spacing only. Raises InvalidRequest where so many do not fit.

    >>> spaced_timesteps(TimestepSpacing.LEADING, 4, timestep_count=1000, offset=1)
    (751, 501, 251, 1)
    """
    # As many as there are is the most that is worth computing.
    spaced = np.round(_SPACINGS[spacing](min(steps, timestep_count), timestep_count))
    if spacing is TimestepSpacing.LEADING:
        spaced = spaced + offset
    timesteps = tuple(int(each) for each in spaced)
    if len(set(timesteps)) < steps or timesteps[0] >= timestep_count:
        problem = f"{steps} do not fit into the {timestep_count} that the model was trained on"
        raise InvalidRequest("--steps", f"{problem}; ask for fewer")
    return timesteps


def _linspace(steps: int, timestep_count: int) -> _Floats:
    return np.linspace(0, timestep_count - 1, steps)[::-1]


def _leading(steps: int, timestep_count: int) -> _Floats:
    return np.arange(steps)[::-1] * float(timestep_count // steps)


def _trailing(steps: int, timestep_count: int) -> _Floats:
    # Rounding lets arange go one too far for some numbers of steps; diffusers takes that one too.
    return np.round(np.arange(timestep_count, 0, -timestep_count / steps)[:steps]) - 1


_SPACINGS: dict[TimestepSpacing, Callable[[int, int], _Floats]] = {
    TimestepSpacing.LINSPACE: _linspace,
    TimestepSpacing.LEADING: _leading,
    TimestepSpacing.TRAILING: _trailing,
}
