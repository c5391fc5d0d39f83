"""What the UNet of a single file predicts: as its writer noted, or by the look of its weights."""

import re
from collections.abc import Mapping

import attrs
import torch

from .original_configs import OPEN_CLIP_SD2, UNET, in_channels, prefix_of

_NORM = re.compile(rf"{re.escape(UNET)}output_blocks\.(\d+)\.1\.transformer_blocks\.0\.norm1\.bias")
# ComfyUI (supported_models.py, SD20) tells Stable Diffusion 2.0 and 2.1 from their bases so.
_LEAST_SPREAD_OF_V = 0.09
# Those for inpainting, of 9 channels, predict noise.
_PLAIN_CHANNELS = 4


@attrs.frozen
class Prediction:
    """The name of it in diffusers; `is_told` where nobody had to guess."""

    kind: str
    is_told: bool = True


def prediction_of(tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str]) -> Prediction:
    """Find it out. Most models predict noise; of the second family some predict v.

    Raises KeyError where there is no UNet.
    """
    if told := metadata.get("modelspec.prediction_type", ""):
        return Prediction("v_prediction" if told.startswith("v") else "epsilon")
    if "v_pred" in tensors:
        return Prediction("v_prediction")
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    if prefix_of(shapes, (OPEN_CLIP_SD2,)) is None:
        return Prediction("epsilon")
    is_v = in_channels(shapes) == _PLAIN_CHANNELS and _spread(tensors) > _LEAST_SPREAD_OF_V
    return Prediction("v_prediction" if is_v else "epsilon", is_told=False)


def _spread(tensors: Mapping[str, torch.Tensor]) -> float:
    """The deviation of the biases of the last norm before attention."""
    places = {int(found[1]): name for name in tensors if (found := _NORM.fullmatch(name))}
    biases = tensors[places[max(places)]] if places else torch.zeros(1)
    return float(biases.float().std(unbiased=False))
