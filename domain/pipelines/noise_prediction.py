"""A UNet of any batch size as a function from sample and timestep to a guided prediction."""

import numpy as np

from ..guidance import guided
from ..ports.networks import Network
from ..schedulers.prediction import Sample
from .denoise import NoisePredictor
from .network_call import call, input_named


def noise_predictor(unet: Network, conditions: Sample, guidance_scale: float) -> NoisePredictor:
    """Predict under one encoded prompt, or guide from a negative one to a positive one.

    `conditions` are hidden states, (1 or 2, width, 1, length), a negative one first.
    """

    def predict(sample: Sample, timestep: float) -> Sample:
        *negative, positive = _predict_each(unet, sample, timestep, conditions)
        return guided(negative[0], positive, guidance_scale) if negative else positive

    return predict


def _predict_each(
    unet: Network, sample: Sample, timestep: float, conditions: Sample
) -> list[Sample]:
    """One prediction for each condition, in as many passes as the UNet's batch size asks for.

    The last pass is filled up by repeating its last condition.
    """
    batch = input_named(unet, "sample").shape[0]
    predictions: list[Sample] = []
    for start in range(0, len(conditions), batch):
        part = conditions[start : start + batch]
        outputs = call(
            unet,
            sample=np.repeat(sample, batch, axis=0),
            timestep=np.full(batch, timestep),
            encoder_hidden_states=np.concatenate([part, *[part[-1:]] * (batch - len(part))]),
        )
        predictions += np.split(outputs["noise_pred"], batch)[: len(part)]
    return predictions
