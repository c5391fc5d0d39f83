"""How noisy a sample is at each of the timesteps that a network was trained on.

Float32 where diffusers has float32, since near timestep 0 the rounding of 1 - beta is not small.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidRequest

_Floats = NDArray[np.float32]


@attrs.frozen(kw_only=True)
class NoiseLevel:
    """A sample is `signal` times the clean picture plus `noise` times standard normal noise."""

    signal: float
    noise: float

    @property
    def log_ratio(self) -> float:
        """The logarithm of signal to noise, the lambda of DPM-Solver; infinite without noise."""
        return math.log(self.signal / self.noise) if self.noise else math.inf


CLEAN = NoiseLevel(signal=1.0, noise=0.0)


@attrs.frozen(kw_only=True)
class NoiseSchedule:
    """The noise levels of training, clean first.

    `signal_powers` are the squares of the signals, diffusers' `alphas_cumprod`.
    """

    signal_powers: _Floats = attrs.field(eq=attrs.cmp_using(np.array_equal))

    @classmethod
    def from_betas(cls, betas: _Floats) -> "NoiseSchedule":
        """The schedule of a diffusion that adds noise of variance beta at each timestep."""
        kept = np.float32(1) - betas.astype(np.float32)
        return cls(signal_powers=np.cumprod(kept, dtype=np.float64).astype(np.float32))

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "NoiseSchedule":
        """The schedule that a diffusers scheduler configuration describes.

        Raises InvalidRequest for a beta schedule that this version does not know.
        """
        if (trained := config.get("trained_betas")) is not None:
            return cls.from_betas(np.array(trained, dtype=np.float32))
        count = int(config.get("num_train_timesteps", 1000))
        name = config.get("beta_schedule", "linear")
        if name not in _BETAS:
            known = ", ".join(_BETAS)
            raise InvalidRequest("--scheduler", f"its beta_schedule {name} is not one of {known}")
        first, last = config.get("beta_start", 1e-4), config.get("beta_end", 0.02)
        return cls.from_betas(_BETAS[name](float(first), float(last), count))

    @property
    def timestep_count(self) -> int:
        """How many timesteps the network was trained on."""
        return len(self.signal_powers)

    def level(self, timestep: int) -> NoiseLevel:
        """The noise level at a timestep from 0 (nearly clean) to `timestep_count` - 1."""
        power = float(self.signal_powers[timestep])
        return NoiseLevel(signal=math.sqrt(power), noise=math.sqrt(1 - power))


def _linear(first: float, last: float, count: int) -> _Floats:
    return np.linspace(first, last, count, dtype=np.float32)


def _scaled_linear(first: float, last: float, count: int) -> _Floats:
    betas: _Floats = np.square(_linear(math.sqrt(first), math.sqrt(last), count))
    return betas


def _squared_cosine(_first: float, _last: float, count: int) -> _Floats:
    """Nichol and Dhariwal (2021), "Improved Denoising Diffusion Probabilistic Models"."""
    times = np.arange(count + 1) / count
    powers = np.cos((times + 0.008) / 1.008 * np.pi / 2) ** 2
    betas: _Floats = np.minimum(1 - powers[1:] / powers[:-1], 0.999).astype(np.float32)
    return betas


_BETAS: dict[str, Callable[[float, float, int], _Floats]] = {
    "linear": _linear,
    "scaled_linear": _scaled_linear,
    "squaredcos_cap_v2": _squared_cosine,
}
