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
from .noise_level import NoiseLevel

_Floats = NDArray[np.float32]

#: What diffusers gives a signal power of 0 where it would divide by it: float16's least number.
_LEAST_POWER = np.float32(2**-24)


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
    def from_config(
        cls, config: Mapping[str, Any], *, zero_terminal_snr: object = False
    ) -> "NoiseSchedule":
        """The schedule that a diffusers scheduler configuration describes.

        With `zero_terminal_snr` nothing of the picture is left at its noisy end. Raises
        InvalidRequest for a beta schedule that this version does not know.
        """
        schedule = cls.from_betas(_betas(config))
        return schedule.rescaled() if zero_terminal_snr else schedule

    def rescaled(self) -> "NoiseSchedule":
        """The schedule moved so that its noisy end is all noise, its clean end where it was.

        Lin et al. (2023), "Common Diffusion Noise Schedules and Sample Steps are Flawed", algorithm
        1, through the betas and in float32, as diffusers does.
        """
        signals = np.sqrt(self.signal_powers)
        moved = (signals - signals[-1]) * (signals[0] / (signals[0] - signals[-1]))
        powers = np.square(moved)
        kept = np.concatenate([powers[:1], powers[1:] / powers[:-1]])
        return type(self).from_betas(1 - kept)

    @property
    def timestep_count(self) -> int:
        """How many timesteps the network was trained on."""
        return len(self.signal_powers)

    @property
    def sigmas(self) -> _Floats:
        """Noise over signal at each timestep, finite also where there is no signal."""
        powers = np.where(self.signal_powers == 0, _LEAST_POWER, self.signal_powers)
        sigmas: _Floats = np.sqrt((1 - powers) / powers)
        return sigmas

    def level(self, timestep: int) -> NoiseLevel:
        """The noise level at a timestep from 0 (nearly clean) to `timestep_count` - 1."""
        power = float(self.signal_powers[timestep])
        return NoiseLevel(signal=math.sqrt(power), noise=math.sqrt(1 - power))


def _betas(config: Mapping[str, Any]) -> _Floats:
    if (trained := config.get("trained_betas")) is not None:
        return np.array(trained, dtype=np.float32)
    count = int(config.get("num_train_timesteps", 1000))
    name = config.get("beta_schedule", "linear")
    if name not in _BETAS:
        known = ", ".join(_BETAS)
        raise InvalidRequest("--scheduler", f"its beta_schedule {name} is not one of {known}")
    first, last = config.get("beta_start", 1e-4), config.get("beta_end", 0.02)
    return _BETAS[name](float(first), float(last), count)


def _linear(first: float, last: float, count: int) -> _Floats:
    """Evenly from first to last, rounded as torch.linspace does: each half from its own end."""
    start, end = np.float32(first), np.float32(last)
    # Float32 as a step, but the product is rounded only once the sum is made.
    stride = float((end - start) / np.float32(max(count - 1, 1)))
    indices = np.arange(count)
    rising, falling = start + stride * indices, end - stride * indices[::-1]
    return np.where(indices < count // 2, rising, falling).astype(np.float32)


def _scaled_linear(first: float, last: float, count: int) -> _Floats:
    betas: _Floats = np.square(_linear(math.sqrt(first), math.sqrt(last), count))
    return betas


def _squared_cosine(_first: float, _last: float, count: int) -> _Floats:
    """Nichol and Dhariwal (2021), "Improved Denoising Diffusion Probabilistic Models"."""
    times = np.arange(count + 1) / count
    return _capped_betas(np.cos((times + 0.008) / 1.008 * np.pi / 2) ** 2)


def _exponential(_first: float, _last: float, count: int) -> _Floats:
    return _capped_betas(np.exp(-12 * np.arange(count + 1) / count))


def _capped_betas(powers: NDArray[np.float64]) -> _Floats:
    betas: _Floats = np.minimum(1 - powers[1:] / powers[:-1], 0.999).astype(np.float32)
    return betas


_BETAS: dict[str, Callable[[float, float, int], _Floats]] = {
    "linear": _linear,
    "scaled_linear": _scaled_linear,
    "squaredcos_cap_v2": _squared_cosine,
    "exp": _exponential,
}
