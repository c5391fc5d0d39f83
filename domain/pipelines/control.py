"""ControlNets: Zhang et al. (2023), "Adding Conditional Control to Text-to-Image Diffusion"."""

from collections.abc import Iterator, Mapping

import attrs
import numpy as np

from ..ports.networks import Network
from ..schedulers.prediction import Sample
from .network_call import call_in_passes

_PREFIX = "additional_residual_"


@attrs.frozen(kw_only=True, eq=False)
class GuidingPicture:
    """A ControlNet, the picture that it reads from 0 to 1, (1, 3, height, width), its weight."""

    network: Network = attrs.field(repr=False)
    picture: Sample = attrs.field(repr=False)
    scale: float = 1.0


@attrs.frozen(kw_only=True)
class Control:
    """Several ControlNets at once, whose residuals are added up.

    In `guess_mode` they guide under the prompt only, the deeper the more, so that pictures come out
    well without any prompt.
    """

    pictures: tuple[GuidingPicture, ...]
    guess_mode: bool = False

    def residuals(self, inputs: Mapping[str, Sample]) -> dict[str, Sample]:
        """What the control UNet takes beside these inputs of its own, for as many rows.

        The last row is the one under the prompt.
        """
        rows = len(inputs["sample"])
        asked = slice(rows - 1, rows) if self.guess_mode else slice(rows)
        told = {name: array[asked] for name, array in inputs.items()}
        summed: dict[str, Sample] = {}
        for picture in self.pictures:
            for name, residual in self._scaled(picture, told):
                summed[name] = summed[name] + residual if name in summed else residual
        return {name: _under(rows, residual) for name, residual in summed.items()}

    def _scaled(
        self, guiding: GuidingPicture, inputs: Mapping[str, Sample]
    ) -> Iterator[tuple[str, Sample]]:
        taken = {spec.name for spec in guiding.network.inputs}
        told = {name: array for name, array in inputs.items() if name in taken}
        pictures = np.repeat(guiding.picture, len(inputs["sample"]), axis=0)
        outputs = call_in_passes(guiding.network, {**told, "controlnet_cond": pictures})
        names = sorted(outputs, key=lambda name: int(name.removeprefix(_PREFIX)))
        depths = np.logspace(-1, 0, len(names)) if self.guess_mode else np.ones(len(names))
        for name, depth in zip(names, depths, strict=True):
            weight = np.float32(guiding.scale * depth)
            yield name, outputs[name] if weight == 1 else outputs[name] * weight


def _under(rows: int, residual: Sample) -> Sample:
    """Zeros for the rows before, about which a ControlNet was not asked."""
    missing = rows - len(residual)
    return np.concatenate([np.zeros_like(residual)] * missing + [residual]) if missing else residual
