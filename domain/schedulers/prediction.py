"""What a network predicts, and how to read the noise and the clean picture off it.

v is that of Salimans and Ho (2022), "Progressive Distillation for Fast Sampling".
"""

import enum
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidRequest
from .noise_schedule import NoiseLevel

#: Float32 within a run; any floating type in formulas.
Sample = NDArray[np.floating]


class PredictionType(enum.Enum):
    """What the network was trained to predict, under diffusers' names."""

    EPSILON = "epsilon"
    V_PREDICTION = "v_prediction"
    SAMPLE = "sample"

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "PredictionType":
        """The type that a scheduler configuration names. Raises InvalidRequest for others."""
        name = config.get("prediction_type", cls.EPSILON.value)
        try:
            return cls(name)
        except ValueError as error:
            known = ", ".join(each.value for each in cls)
            problem = f"its prediction_type {name} is not one of {known}"
            raise InvalidRequest("--scheduler", problem) from error

    def noise(self, prediction: Sample, sample: Sample, level: NoiseLevel) -> Sample:
        """The standard normal noise that the network sees in a sample of this noise level."""
        match self:
            case PredictionType.EPSILON:
                return prediction
            case PredictionType.V_PREDICTION:
                return level.signal * prediction + level.noise * sample
            case PredictionType.SAMPLE:
                return (sample - level.signal * prediction) / level.noise

    def denoised(self, prediction: Sample, sample: Sample, level: NoiseLevel) -> Sample:
        """The clean picture that the network sees in a sample of this noise level."""
        match self:
            case PredictionType.EPSILON:
                return (sample - level.noise * prediction) / level.signal
            case PredictionType.V_PREDICTION:
                return level.signal * sample - level.noise * prediction
            case PredictionType.SAMPLE:
                return prediction
