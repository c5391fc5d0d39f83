"""From a text to what the UNet takes of it: tokenize, encode, lay out as Apple's packages want."""

from collections.abc import Mapping

import attrs
import numpy as np

from ..conditioning import EncodedText
from ..errors import InvalidRequest
from ..ports.networks import Network
from ..prompt.emphasis import emphasised
from ..prompt.prompt_tokens import PromptChunk, PromptTokens, prompt_tokens
from ..prompt.syntax import PromptSyntax
from ..schedulers.prediction import Sample
from ..tokenizer.clip_tokenizer import ClipTokenizer
from .network_call import call, input_named

#: The states before the last layer, normed like the last ones; not every text encoder gives them.
PENULTIMATE_OUTPUT = "penultimate_hidden_state"
#: The same states as Stable Diffusion XL takes them, under Apple's name, not normed.
XL_OUTPUT = "hidden_embeds"


@attrs.frozen(kw_only=True)
class TextEncoder:
    """A text encoder, the tokenizer of its training, and the output that the UNet learned from."""

    tokenizer: ClipTokenizer
    network: Network = attrs.field(repr=False)
    output: str = "last_hidden_state"

    @property
    def length(self) -> int:
        """How many tokens it reads at once, start and end token among them."""
        length: int = input_named(self.network, "input_ids").shape[1]
        return length

    def tokenize(
        self, text: str, syntax: PromptSyntax = PromptSyntax.PLAIN, room: int = 1
    ) -> PromptTokens:
        """The ids of a text in as many chunks as there is room for, and what has no place there."""
        kept, nothing = (
            prompt_tokens(each, self.tokenizer, syntax, length=self.length, room=room)
            for each in (text, "")
        )
        return kept.filling(room, nothing.chunks[0])

    def encode(self, tokens: PromptTokens, clip_skip: int = 0) -> EncodedText:
        """What this encoder knows of a text, with weights laid on, one chunk after another.

        The pooled vector is the first chunk's. With a `clip_skip` of 1 the last layer is left out;
        raises InvalidRequest where the network does not offer that.
        """
        encoded = {chunk: self._encoded(chunk, clip_skip) for chunk in dict.fromkeys(tokens.chunks)}
        states = [encoded[chunk].hidden_states for chunk in tokens.chunks]
        return attrs.evolve(encoded[tokens.chunks[0]], hidden_states=np.concatenate(states, axis=3))

    def _encoded(self, chunk: PromptChunk, clip_skip: int) -> EncodedText:
        outputs = call(self.network, input_ids=np.array([chunk.ids]))
        states = emphasised(self._states(outputs, clip_skip), chunk.weights)
        return EncodedText(
            hidden_states=states.transpose(0, 2, 1)[:, :, np.newaxis],
            pooled=outputs.get("pooled_outputs"),
        )

    def _states(self, outputs: Mapping[str, Sample], clip_skip: int) -> Sample:
        if not clip_skip:
            return outputs[self.output]
        if self.output == XL_OUTPUT:
            raise clip_skip_is_usual()
        if PENULTIMATE_OUTPUT not in outputs:
            raise clip_skip_is_not_offered()
        return outputs[PENULTIMATE_OUTPUT]


@attrs.frozen(kw_only=True)
class TextEncoding:
    """The text encoders of a model: one, or the two of Stable Diffusion XL.

    `pools` says whether the UNet wants the whole text in one vector, too; the last encoder's.
    """

    encoders: tuple[TextEncoder, ...]
    pools: bool = False

    def tokenize(
        self, text: str, syntax: PromptSyntax = PromptSyntax.PLAIN, room: int = 1
    ) -> tuple[PromptTokens, ...]:
        """The ids of a text for each encoder, in as many chunks as the UNet has room for."""
        return tuple(encoder.tokenize(text, syntax, room) for encoder in self.encoders)

    def encode(self, tokens: tuple[PromptTokens, ...], clip_skip: int = 0) -> EncodedText:
        """What the UNet takes of a text: the widths of all encoders one after another."""
        pairs = zip(self.encoders, tokens, strict=True)
        encoded = [encoder.encode(ids, clip_skip) for encoder, ids in pairs]
        return EncodedText(
            hidden_states=np.concatenate([each.hidden_states for each in encoded], axis=1),
            pooled=encoded[-1].pooled if self.pools else None,
        )


def clip_skip_is_usual() -> InvalidRequest:
    """What whoever asks a model for it is told that knows nothing else."""
    problem = "the text encoders of Stable Diffusion XL leave their last layer out already"
    return InvalidRequest("--clip-skip", f"{problem}; leave it out")


def clip_skip_is_not_offered() -> InvalidRequest:
    """What whoever asks for it is told where the states are nowhere."""
    problem = "this text encoder gives its last layer's states only"
    return InvalidRequest("--clip-skip", f"{problem}; convert it with --offer-clip-skip")
