"""What a network predicts, and how to read the noise and the clean picture off it.

v is that of Salimans and Ho (2022), "Progressive Distillation for Fast Sampling": of a sample whose
deviation is 1. A flow is noise minus picture, as in Liu et al. (2023), "Flow Straight and Fast".
"""

import enum
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidRequest
from .noise_level import NoiseLevel

#: Float32 within a run; any floating type in formulas.
Sample = NDArray[np.floating]


class PredictionType(enum.Enum):
    """What the network was trained to predict, under diffusers' names."""

    EPSILON = "epsilon"
    V_PREDICTION = "v_prediction"
    SAMPLE = "sample"
    FLOW_PREDICTION = "flow_prediction"

    @classmethod
    def from_config(cls, config: Mapping[str, Any], *, flows: bool = False) -> "PredictionType":
        """The type that a scheduler configuration names.

        Raises InvalidRequest for others, and for a flow where the noise levels are not a flow's.
        """
        name = config.get("prediction_type", cls.EPSILON.value)
        try:
            kind = cls(name)
        except ValueError as error:
            known = ", ".join(each.value for each in cls)
            problem = f"its prediction_type {name} is not one of {known}"
            raise InvalidRequest("--scheduler", problem) from error
        if kind is cls.FLOW_PREDICTION and not flows:
            problem = "flow_prediction needs the noise levels of a flow"
            raise InvalidRequest("--scheduler", f"{problem}; choose FlowMatchEulerDiscrete")
        return kind

    def require_signal(self, level: NoiseLevel) -> None:
        """Raise InvalidRequest where a sample of this level would be divided by no signal."""
        if self is PredictionType.EPSILON and not level.signal:
            problem = "noise tells nothing of the picture where there is only noise"
            raise InvalidRequest("--scheduler", f"{problem}; choose EulerDiscrete")

    def noise(self, prediction: Sample, sample: Sample, level: NoiseLevel) -> Sample:
        """The standard normal noise that the network sees in a sample of this noise level."""
        match self:
            case PredictionType.EPSILON:
                return prediction
            case PredictionType.V_PREDICTION:
                deviation = level.deviation
                return (level.signal * prediction + level.noise / deviation * sample) / deviation
            case PredictionType.SAMPLE:
                return (sample - level.signal * prediction) / level.noise
            case PredictionType.FLOW_PREDICTION:
                return (sample + level.signal * prediction) / (level.signal + level.noise)

    def denoised(self, prediction: Sample, sample: Sample, level: NoiseLevel) -> Sample:
        """The clean picture that the network sees in a sample of this noise level."""
        match self:
            case PredictionType.EPSILON:
                return (sample - level.noise * prediction) / level.signal
            case PredictionType.V_PREDICTION:
                deviation = level.deviation
                return (level.signal / deviation * sample - level.noise * prediction) / deviation
            case PredictionType.SAMPLE:
                return prediction
            case PredictionType.FLOW_PREDICTION:
                return (sample - level.noise * prediction) / (level.signal + level.noise)


def clip_range(config: Mapping[str, Any], *, default: bool) -> float:
    """How far from 0 a configuration lets a clean picture go; infinitely where it does not say.

    Diffusers' clip_sample is for networks that paint pixels; latents go farther than 1.
    """
    clips = config.get("clip_sample", default)
    return float(config.get("clip_sample_range", 1.0)) if clips else math.inf
