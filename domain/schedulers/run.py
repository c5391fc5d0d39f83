"""What a user asks of one run of a scheduler, beside what the model's configuration says."""

import attrs
import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidRequest
from ..finite import is_finite


@attrs.frozen(kw_only=True)
class Run:
    """So many steps, or exactly those at the user's own `timesteps` or `sigmas`.

    Timesteps fall. Sigmas fall too and end with the last level to be reached, so there is one more
    of them than there are steps. `eta` is how much noise a step may add: 0 none, 1 as much as DDPM;
    the scheduler's own default where it is None. A run that goes on from a picture may begin at any
    step. Raises InvalidRequest, which names the option.
    """

    steps: int
    timesteps: tuple[float, ...] | None = None
    sigmas: tuple[float, ...] | None = None
    eta: float | None = None
    from_picture: bool = False

    def __attrs_post_init__(self) -> None:
        if self.timesteps is not None and self.sigmas is not None:
            raise InvalidRequest("--timesteps", "they cannot be given together with sigmas")
        _require_falling("--timesteps", self.timesteps, len_at_least=1)
        _require_falling("--sigmas", self.sigmas, len_at_least=2)
        if self.steps < 1:
            raise InvalidRequest("--steps", f"{self.steps} is less than 1")
        if self.eta is not None and not (is_finite(self.eta) and 0 <= self.eta <= 1):
            raise InvalidRequest("--eta", f"{self.eta!r} is not from 0 to 1")

    @classmethod
    def at(
        cls,
        steps: int,
        *,
        timesteps: tuple[float, ...] | None = None,
        sigmas: tuple[float, ...] | None = None,
        eta: float | None = None,
        from_picture: bool = False,
    ) -> "Run":
        """The run with as many steps as there are timesteps or sigmas, else with `steps`."""
        if timesteps is not None:
            steps = len(timesteps)
        elif sigmas is not None:
            steps = len(sigmas) - 1
        return cls(
            steps=steps, timesteps=timesteps, sigmas=sigmas, eta=eta, from_picture=from_picture
        )

    def own_timesteps(self, timestep_count: int) -> NDArray[np.float64] | None:
        """The user's timesteps. Raises InvalidRequest where the training did not have them."""
        if self.timesteps is None:
            return None
        if self.timesteps[0] >= timestep_count:
            problem = f"{self.timesteps[0]:g} is not below the training's {timestep_count}"
            raise InvalidRequest("--timesteps", problem)
        return np.array(self.timesteps, dtype=np.float64)

    def refuse_own_timesteps(self, reason: str) -> None:
        """Raise InvalidRequest where the user chose timesteps."""
        if self.timesteps is not None:
            raise InvalidRequest("--timesteps", f"{reason}; leave them out")

    def refuse_own_sigmas(self, reason: str) -> None:
        """Raise InvalidRequest where the user chose sigmas."""
        if self.sigmas is not None:
            raise InvalidRequest("--sigmas", f"{reason}; leave them out")


def _require_falling(option: str, values: tuple[float, ...] | None, *, len_at_least: int) -> None:
    if values is None:
        return
    if len(values) < len_at_least:
        raise InvalidRequest(option, f"{len(values)} are too few, {len_at_least} is the least")
    if not all(is_finite(each) and each >= 0 for each in values):
        raise InvalidRequest(option, "they are not all numbers from 0 up")
    if list(values) != sorted(set(values), reverse=True):
        raise InvalidRequest(option, "each has to be less than the one before it")
