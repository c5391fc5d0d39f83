"""Projections that are their file's name, held to the promises of ports/projections.py."""

from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.traced_network import TracedNetwork
from coreml_stable_diffusion.domain.errors import NotAProjection
from coreml_stable_diffusion.domain.ports.projections import ProjectionSource
from fakes.networks import spec


@attrs.frozen
class FakeProjectionSource(ProjectionSource):
    """Takes every file whose name ends in .pt for a projection to so many channels."""

    channels: int = 8

    def record(self, file: Path) -> TracedNetwork:
        if not file.is_file() or file.suffix != ".pt":
            raise NotAProjection(file, "there is no such file")
        return TracedNetwork(
            component=Component.TEXT_ENCODER,
            graph=file.name,
            inputs=(spec("nlcontextualembeddings_output", (1, 256, 512), "float32"),),
            outputs=(spec("encoder_hidden_states", (1, self.channels, 1, 256), "float32"),),
        )
