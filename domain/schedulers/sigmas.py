"""Noise levels told as sigmas, the ratio of noise to signal, and how they may be spaced.

Karras et al. (2022), "Elucidating the Design Space of Diffusion-Based Generative Models", formula 5
with rho = 7; exponential as in k-diffusion; Lee et al. (2024), "Beta Sampling is All You Need".
"""

import enum
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidRequest
from .beta_quantile import beta_quantile
from .noise_schedule import NoiseSchedule

Sigmas = NDArray[np.float64]

_RHO = 7.0
_FINAL_SIGMAS = ("zero", "sigma_min")


class SigmaSpacing(enum.Enum):
    """How sigmas lie between the highest and the lowest."""

    KARRAS = "use_karras_sigmas"
    EXPONENTIAL = "use_exponential_sigmas"
    BETA = "use_beta_sigmas"
    #: Evenly in the logarithm, as EXPONENTIAL, but with timesteps rounded as for KARRAS.
    LU = "use_lu_lambdas"

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "SigmaSpacing | None":
        """The spacing that a configuration switches on; None where timesteps decide the sigmas.

        Raises InvalidRequest for more than one.
        """
        asked = [each for each in cls if config.get(each.value)]
        if len(asked) > 1:
            names = " and ".join(each.value for each in asked)
            raise InvalidRequest("--scheduler", f"{names} exclude each other; choose one")
        return asked[0] if asked else None

    def between(self, highest: float, lowest: float, steps: int) -> Sigmas:
        """So many sigmas, falling from the highest to the lowest."""
        return _SPACINGS[self](highest, lowest, np.linspace(0, 1, steps))


def sigma_bounds(config: Mapping[str, Any], sigmas: NDArray[np.floating]) -> tuple[float, float]:
    """The highest and lowest of falling sigmas, or what the configuration says instead."""
    highest, lowest = config.get("sigma_max"), config.get("sigma_min")
    return (
        float(sigmas[0] if highest is None else highest),
        float(sigmas[-1] if lowest is None else lowest),
    )


def final_sigma(config: Mapping[str, Any], least: float) -> float:
    """Where a run ends: without noise, or at the least sigma that there is.

    Raises InvalidRequest where the configuration says anything else.
    """
    kind = config.get("final_sigmas_type", "zero")
    if kind not in _FINAL_SIGMAS:
        known = ", ".join(_FINAL_SIGMAS)
        raise InvalidRequest("--scheduler", f"its final_sigmas_type {kind} is not one of {known}")
    return 0.0 if kind == "zero" else least


def sigmas_at(schedule: NoiseSchedule, timesteps: NDArray[np.float64]) -> Sigmas:
    """The sigmas at timesteps, also between two of the training's."""
    sigmas: Sigmas = np.interp(timesteps, np.arange(schedule.timestep_count), schedule.sigmas)
    return sigmas


def timesteps_at(schedule: NoiseSchedule, sigmas: Sigmas) -> NDArray[np.float64]:
    """The timesteps of sigmas, between two of the training's by the sigmas' logarithms."""
    known = np.log(schedule.sigmas)
    wanted = np.log(np.maximum(sigmas, 1e-10))
    below = np.searchsorted(known, wanted, side="right") - 1
    below = np.clip(below, 0, len(known) - 2)
    way = np.clip((known[below] - wanted) / (known[below] - known[below + 1]), 0, 1)
    timesteps: NDArray[np.float64] = (1 - way) * below + way * (below + 1)
    return timesteps


def shifted(sigmas: Sigmas, shift: float) -> Sigmas:
    """Sigmas of a flow, moved towards noise by a shift over 1.

    Esser et al. (2024), "Scaling Rectified Flow Transformers", formula 23.
    """
    moved: Sigmas = shift * sigmas / (1 + (shift - 1) * sigmas)
    return moved


def _karras(highest: float, lowest: float, ramp: Sigmas) -> Sigmas:
    first, last = highest ** (1 / _RHO), lowest ** (1 / _RHO)
    sigmas: Sigmas = (first + ramp * (last - first)) ** _RHO
    return sigmas


def _exponential(highest: float, lowest: float, ramp: Sigmas) -> Sigmas:
    first, last = math.log(highest), math.log(lowest)
    return np.exp(first + ramp * (last - first))


def _beta(highest: float, lowest: float, ramp: Sigmas) -> Sigmas:
    return lowest + beta_quantile(1 - ramp, shape=0.6) * (highest - lowest)


_SPACINGS: dict[SigmaSpacing, Callable[[float, float, Sigmas], Sigmas]] = {
    SigmaSpacing.KARRAS: _karras,
    SigmaSpacing.EXPONENTIAL: _exponential,
    SigmaSpacing.BETA: _beta,
    SigmaSpacing.LU: _exponential,
}
