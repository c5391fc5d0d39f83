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
    points = spaced_points(spacing, steps, timestep_count=timestep_count, offset=offset)
    timesteps = tuple(int(each) for each in np.round(points))
    if len(set(timesteps)) < steps:
        raise _too_many(steps, timestep_count, most=steps - 1)
    return timesteps


def spaced_points(
    spacing: TimestepSpacing, steps: int, *, timestep_count: int, offset: int = 0
) -> NDArray[np.float64]:
    """The same before rounding: linspace also stops between two timesteps."""
    require_fitting(steps, timestep_count)
    offset = offset if spacing is TimestepSpacing.LEADING else 0
    space = _SPACINGS[spacing]
    if (points := offset + space(steps, timestep_count))[0] >= timestep_count:
        fewer = range(steps - 1, 0, -1)
        fitting = (n for n in fewer if offset + space(n, timestep_count)[0] < timestep_count)
        raise _too_many(steps, timestep_count, most=next(fitting, 1))
    return points.astype(np.float64)


def require_fitting(steps: int, timestep_count: int) -> None:
    """Raise InvalidRequest for more steps than the training had timesteps."""
    if steps > timestep_count:
        raise _too_many(steps, timestep_count, most=timestep_count)


def steps_of_a_whole(steps: int, whole: int) -> tuple[int, ...]:
    """Which of `whole` distilled steps are taken where only so many are, from noise to picture.

    >>> steps_of_a_whole(4, 50)
    (49, 37, 24, 12)
    """
    if steps > whole:
        problem = f"{steps} are more than the {whole} that the model was distilled for"
        raise InvalidRequest("--steps", f"{problem}; ask for fewer")
    passed = np.linspace(0, whole, steps, endpoint=False)
    return tuple(whole - 1 - int(each) for each in passed)


def _too_many(steps: int, timestep_count: int, *, most: int) -> InvalidRequest:
    problem = f"{steps} do not fit into the {timestep_count} that the model was trained on"
    return InvalidRequest("--steps", f"{problem}; ask for {most} or fewer")


def _linspace(steps: int, timestep_count: int) -> _Floats:
    return np.linspace(0, timestep_count - 1, steps)[::-1]


def _leading(steps: int, timestep_count: int) -> _Floats:
    return np.arange(steps)[::-1] * float(timestep_count // steps)


def _trailing(steps: int, timestep_count: int) -> _Floats:
    # For some numbers of steps rounding lets arange go one too far.
    return np.round(np.arange(timestep_count, 0, -timestep_count / steps)[:steps]) - 1


_SPACINGS: dict[TimestepSpacing, Callable[[int, int], _Floats]] = {
    TimestepSpacing.LINSPACE: _linspace,
    TimestepSpacing.LEADING: _leading,
    TimestepSpacing.TRAILING: _trailing,
}
