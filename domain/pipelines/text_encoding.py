"""From a text to what the UNet takes of it: tokenize, encode, lay out as Apple's packages want."""

import attrs
import numpy as np

from ..conditioning import EncodedText
from ..ports.networks import Network
from ..tokenizer.clip_tokenizer import ClipTokenizer, TokenIds
from .network_call import call, input_named


@attrs.frozen(kw_only=True)
class TextEncoder:
    """A text encoder, the tokenizer of its training, and the output that the UNet learned from."""

    tokenizer: ClipTokenizer
    network: Network = attrs.field(repr=False)
    output: str = "last_hidden_state"

    def tokenize(self, text: str) -> TokenIds:
        """The ids of a text, and what of it the text encoder has no place for."""
        _, length = input_named(self.network, "input_ids").shape
        return self.tokenizer.encode(text, length)

    def encode(self, tokens: TokenIds) -> EncodedText:
        """What this encoder knows of a text."""
        outputs = call(self.network, input_ids=np.array([tokens.ids]))
        return EncodedText(
            hidden_states=outputs[self.output].transpose(0, 2, 1)[:, :, np.newaxis],
            pooled=outputs.get("pooled_outputs"),
        )


@attrs.frozen(kw_only=True)
class TextEncoding:
    """The text encoders of a model: one, or the two of Stable Diffusion XL.

    `pools` says whether the UNet wants the whole text in one vector, too; the last encoder's.
    """

    encoders: tuple[TextEncoder, ...]
    pools: bool = False

    def tokenize(self, text: str) -> tuple[TokenIds, ...]:
        """The ids of a text for each encoder."""
        return tuple(encoder.tokenize(text) for encoder in self.encoders)

    def encode(self, tokens: tuple[TokenIds, ...]) -> EncodedText:
        """What the UNet takes of a text: the widths of all encoders one after another."""
        pairs = zip(self.encoders, tokens, strict=True)
        encoded = [encoder.encode(ids) for encoder, ids in pairs]
        return EncodedText(
            hidden_states=np.concatenate([each.hidden_states for each in encoded], axis=1),
            pooled=encoded[-1].pooled if self.pools else None,
        )
