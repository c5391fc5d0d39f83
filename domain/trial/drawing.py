"""What drawing one picture gave to every network, and the picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs
import numpy as np
from numpy.typing import NDArray

from ..component import Component
from ..errors import MissingComponent
from ..pictures.pixels import to_bytes
from ..pipeline_manifest import PipelineManifest
from ..tensor import Tensors
from .overheard import OverhearingRuntime

#: What the VAE decoder gives.
PICTURE = "image"


@attrs.frozen
class Drawing:
    """The inputs of every prediction by the package that made it, in order.

    `pixels` are those of the VAE decoder, (height, width, 3), whatever the safety checker thinks.
    """

    pixels: NDArray[np.uint8] = attrs.field(eq=attrs.cmp_using(np.array_equal))
    inputs: Mapping[Path, Sequence[Tensors]]

    @classmethod
    def overheard(
        cls, runtime: OverhearingRuntime, manifest: PipelineManifest, folder: Path
    ) -> "Drawing":
        """What the runtime heard while a pipeline of the folder drew. Raises MissingComponent."""
        heard = {package: network.heard for package, network in runtime.networks.items()}
        decoder = manifest.package(Component.VAE_DECODER, folder)
        if not heard.get(decoder):
            raise MissingComponent(str(folder), Component.VAE_DECODER.value, [])
        _, outputs = heard[decoder][-1]
        return cls(
            pixels=to_bytes(outputs[PICTURE].astype(np.float32)),
            inputs={package: [given for given, _ in calls] for package, calls in heard.items()},
        )
