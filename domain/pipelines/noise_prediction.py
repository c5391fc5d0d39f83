"""A UNet of any batch size as a function from sample and timestep to a guided prediction."""

import numpy as np

from ..conditioning import Conditioning
from ..guidance import Guidance
from ..ports.networks import Network
from ..schedulers.prediction import Sample
from .denoise import NoisePredictor
from .network_call import call, input_named


def noise_predictor(
    unet: Network, conditioning: Conditioning, guidance: Guidance
) -> NoisePredictor:
    """Predict under each row of the conditioning, and combine that as the guidance says."""

    def predict(sample: Sample, timestep: float) -> Sample:
        return guidance.combined(_predict_each(unet, sample, timestep, conditioning))

    return predict


def _predict_each(
    unet: Network, sample: Sample, timestep: float, conditioning: Conditioning
) -> list[Sample]:
    """One prediction for each row, in as many passes as the UNet's batch size asks for."""
    batch = input_named(unet, "sample").shape[0]
    inputs = {
        "sample": np.repeat(sample, conditioning.rows, axis=0),
        "timestep": np.full(conditioning.rows, timestep),
        **conditioning.inputs,
    }
    predictions: list[Sample] = []
    for start in range(0, conditioning.rows, batch):
        part = {
            name: _filled(array[start : start + batch], batch) for name, array in inputs.items()
        }
        outputs = call(unet, **part)
        predictions += np.split(outputs["noise_pred"], batch)
    return predictions[: conditioning.rows]


def _filled(rows: Sample, batch: int) -> Sample:
    """As many rows as the network wants; where some are missing, its last one again."""
    missing = batch - len(rows)
    return np.concatenate([rows, *[rows[-1:]] * missing]) if missing else rows
