"""The transformers of diffusers' networks with channels in axis 1, as the Neural Engine wants them.

Inside a transformer everything is (batch, channels, 1, places) and every linear layer a 1 x 1
convolution, as in apple/ml-stable-diffusion (unet.py). Modules and parameters keep their names: a
parameter is the checkpoint's tensor of that name, reshaped where a linear layer became a
convolution. So shapes are all that is needed to fill a rewritten network from a checkpoint.
"""

import re
from collections.abc import Callable
from typing import Any, final

import torch
from diffusers.models.activations import GEGLU
from diffusers.models.attention_processor import Attention
from diffusers.models.transformers.transformer_2d import Transformer2DModel
from torch import nn
from torch.nn import functional

_PLACE = re.compile(
    r"((?:(?:down|up)_blocks\.\d+|mid_block)\.attentions\.\d+)\.transformer_blocks\.\d+\.attn[12]"
)
# Far below any weight, and far enough above zero for a bias divided by it to be finite.
_TINY = 1e-30


def put_channels_first(network: nn.Module, processor: Callable[..., torch.Tensor]) -> None:
    """Rewrite the network's transformers in place, and let `processor` do their attention.

    The texts then go in as (batch, width, 1, length). Raises ValueError where there is attention of
    a kind that Stable Diffusion's networks do not have; nothing is rewritten then.
    """
    layers = {name: each for name, each in network.named_modules() if isinstance(each, Attention)}
    transformers = {_transformer(network, name) for name in layers}
    for layer in layers.values():
        layer.set_processor(processor)
    for name in transformers:
        transformer = network.get_submodule(name)
        for kind, rewritten in _REWRITTEN:
            for inner, module in list(transformer.named_modules()):
                if isinstance(module, kind):
                    transformer.set_submodule(inner, rewritten(module))
        network.set_submodule(name, ChannelsFirstTransformer(transformer))


def _transformer(network: nn.Module, attention: str) -> str:
    """The name of the transformer that a layer of attention belongs to."""
    place = _PLACE.fullmatch(attention)
    if place is None or not isinstance(network.get_submodule(place[1]), Transformer2DModel):
        raise ValueError(f"{attention} is no attention of Stable Diffusion's transformers")
    return place[1]


@final
class ChannelsFirstTransformer(nn.Module):
    """What Transformer2DModel computes, of the parts of one that were rewritten."""

    def __init__(self, transformer: Any) -> None:
        super().__init__()
        self.norm = transformer.norm
        self.proj_in = transformer.proj_in
        self.transformer_blocks = transformer.transformer_blocks
        self.proj_out = transformer.proj_out

    def forward(
        self, hidden_states: torch.Tensor, encoder_hidden_states: torch.Tensor, **_unused: Any
    ) -> tuple[torch.Tensor]:
        """Transform (batch, channels, height, width) with the texts (batch, width, 1, length)."""
        states = self.proj_in(self.norm(hidden_states))
        size = states.shape
        states = states.flatten(2).unsqueeze(2)
        for block in self.transformer_blocks:
            states = block(states, encoder_hidden_states=encoder_hidden_states)
        return (self.proj_out(states.reshape(size)) + hidden_states,)


@final
class ChannelNorm(nn.Module):
    """Layer normalisation over axis 1.

    Bias before weight, with squares and means written out, is what coremltools recognises and makes
    one `layer_norm` of, with the checkpoint's own weight and bias.
    """

    def __init__(self, norm: nn.LayerNorm) -> None:
        super().__init__()
        self.weight, self.bias, self.epsilon = norm.weight, norm.bias, norm.eps

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Normalise (batch, channels, 1, places)."""
        centred = states - states.mean(dim=1, keepdim=True)
        variance = (centred * centred).mean(dim=1, keepdim=True)
        normal = centred * (variance + self.epsilon).rsqrt()
        weight = self.weight.reshape(1, -1, 1, 1) + _TINY
        return (normal + self.bias.reshape(1, -1, 1, 1) / weight) * weight


@final
class ChannelGate(nn.Module):
    """GEGLU with its halves in axis 1."""

    def __init__(self, gate: GEGLU) -> None:
        super().__init__()
        self.proj = gate.proj

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Multiply the first half of the channels with gelu of the second."""
        linear, gate = self.proj(states).chunk(2, dim=1)
        gated: torch.Tensor = linear * functional.gelu(gate)
        return gated


def _convolution(linear: nn.Linear) -> nn.Conv2d:
    # On the meta device nothing is drawn at random only to be thrown away.
    made = nn.Conv2d(linear.in_features, linear.out_features, 1, device="meta")
    made.weight = nn.Parameter(linear.weight[:, :, None, None], requires_grad=False)
    made.bias = linear.bias
    return made


# Convolutions come first, for a gate holds one.
_REWRITTEN: tuple[tuple[type[nn.Module], Callable[[Any], nn.Module]], ...] = (
    (nn.Linear, _convolution),
    (nn.LayerNorm, ChannelNorm),
    (GEGLU, ChannelGate),
)
