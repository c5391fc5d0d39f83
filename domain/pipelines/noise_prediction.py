"""A UNet of any batch size as a function from sample and timestep to a guided prediction."""

import numpy as np

from ..conditioning import Conditioning
from ..errors import PredictionError
from ..ports.networks import Network
from ..schedulers.prediction import Sample
from .control import Control
from .denoise import NoisePredictor
from .guidance import Guidance
from .network_call import call_in_passes


def noise_predictor(
    unet: Network,
    conditioning: Conditioning,
    guidance: Guidance,
    control: Control | None = None,
) -> NoisePredictor:
    """Predict under each row of the conditioning, and combine that as the guidance says.

    With `control` the UNet is one that takes the residuals of ControlNets. The predictor raises
    PredictionError where numbers overflowed.
    """

    # What overflows is told below, once and in words.
    @np.errstate(over="ignore", invalid="ignore")
    def predict(sample: Sample, timestep: float) -> Sample:
        inputs = {
            "sample": np.repeat(sample, conditioning.rows, axis=0),
            "timestep": np.full(conditioning.rows, timestep, dtype=np.float32),
            **conditioning.inputs,
        }
        if control is not None:
            inputs |= control.residuals(inputs)
        if conditioning.channels is not None:
            inputs["sample"] = np.concatenate([inputs["sample"], conditioning.channels], axis=1)
        predictions = call_in_passes(unet, inputs)["noise_pred"]
        prediction = guidance.combined(np.split(predictions, conditioning.rows))
        if not np.isfinite(prediction).all():
            problem = "it predicts what are no numbers; lower the guidance scale, or convert it in"
            raise PredictionError("UNet", f"{problem} float32 precision")
        return prediction

    return predict
