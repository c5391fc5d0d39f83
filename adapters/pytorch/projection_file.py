"""Projections of multilingual text encoders, as TorchScript files."""

from pathlib import Path
from typing import final

from ...domain.component import Component
from ...domain.conversion.traced_network import TracedNetwork
from ...domain.errors import NotAProjection, first_line
from ...domain.ports.projections import ProjectionSource
from ...domain.tensor import TensorSpec

_LENGTH, _WIDTH = 256, 512
_INPUT = TensorSpec(
    name="nlcontextualembeddings_output",
    shape=(1, _LENGTH, _WIDTH),
    dtype="float32",
    description="What NLContextualEmbedding gives for a text, a vector for each of 256 places",
)


@final
class TorchScriptProjections(ProjectionSource):
    """Loads what `torch.jit.save` wrote; only files that one trusts."""

    def record(self, file: Path) -> TracedNetwork:
        """Record the projection with its channels first; see the port."""
        import torch  # noqa: PLC0415 - PyTorch takes a second

        from .channels_first_projection import ChannelsFirstProjection  # noqa: PLC0415 - see above
        from .tracing import trace  # noqa: PLC0415 - see above

        if not file.is_file():
            raise NotAProjection(file, "there is no such file")
        try:
            layer = torch.jit.load(str(file), map_location="cpu")  # type: ignore[no-untyped-call] # as it is
            module = ChannelsFirstProjection(layer.float())
            with torch.no_grad():
                given: tuple[int, ...] = tuple(module(torch.zeros(_INPUT.shape)).shape)
            graph = trace(module, [_INPUT.shape]).graph
        # Whatever a foreign module stumbles over.
        except Exception as error:
            raise NotAProjection(file, first_line(error)) from error
        output = TensorSpec(
            name="encoder_hidden_states",
            shape=given,
            dtype="float32",
            description="The states of the text, channels first, as the UNet takes them",
        )
        metadata = {"short_description": "Projects the states of any language to those of CLIP"}
        return TracedNetwork(
            component=Component.TEXT_ENCODER,
            graph=graph,
            inputs=(_INPUT,),
            outputs=(output,),
            metadata=metadata,
        )
