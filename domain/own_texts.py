"""Texts that somebody else has encoded, in place of prompts."""

from typing import Self

import attrs
import numpy as np
from numpy.typing import ArrayLike

from .conditioning import EncodedText
from .errors import InvalidRequest
from .tensor import TensorSpec

#: Embeddings that are of no use alone, by those that they need.
_BESIDE = {
    "pooled_prompt_embeds": "prompt_embeds",
    "negative_prompt_embeds": "prompt_embeds",
    "negative_pooled_prompt_embeds": "negative_prompt_embeds",
}


@attrs.frozen(kw_only=True, eq=False)
class OwnTexts:
    """An encoded prompt, and an encoded negative prompt; the negative prompt's text if left out."""

    prompt: EncodedText
    negative: EncodedText | None = None

    @classmethod
    def of(
        cls,
        prompt_embeds: ArrayLike | None,
        negative_prompt_embeds: ArrayLike | None = None,
        pooled_prompt_embeds: ArrayLike | None = None,
        negative_pooled_prompt_embeds: ArrayLike | None = None,
    ) -> Self | None:
        """Embeddings as diffusers has them, (1, length, width), pooled ones (1, width).

        Raises InvalidRequest for other arrays.
        """
        given = {
            "prompt_embeds": prompt_embeds,
            "pooled_prompt_embeds": pooled_prompt_embeds,
            "negative_prompt_embeds": negative_prompt_embeds,
            "negative_pooled_prompt_embeds": negative_pooled_prompt_embeds,
        }
        for option, beside in _BESIDE.items():
            if given[option] is not None and given[beside] is None:
                raise InvalidRequest(option, f"they have no {beside} beside them; give those, too")
        if prompt_embeds is None:
            return None
        negative = None
        if negative_prompt_embeds is not None:
            negative = _encoded(
                "negative_prompt_embeds", negative_prompt_embeds, negative_pooled_prompt_embeds
            )
        return cls(
            prompt=_encoded("prompt_embeds", prompt_embeds, pooled_prompt_embeds), negative=negative
        )

    def require_fit(self, states: TensorSpec, *, pools: bool) -> None:
        """Raise InvalidRequest where the UNet's `encoder_hidden_states` are of another shape.

        A model that `pools` needs pooled embeddings, too; no other takes them.
        """
        _, width, _, length = states.shape
        named = {"prompt_embeds": self.prompt, "negative_prompt_embeds": self.negative}
        for option, text in named.items():
            if text is None:
                continue
            _, own_width, _, own_length = text.hidden_states.shape
            if (own_length, own_width) != (length, width):
                problem = f"shape (1, {own_length}, {own_width}) is not (1, {length}, {width})"
                raise InvalidRequest(option, f"{problem} as the UNet needs it")
            if pools and text.pooled is None:
                problem = "this model needs a pooled embedding beside them"
                raise InvalidRequest(option, f"{problem}; give {_pooled(option)}, too")
            if text.pooled is not None and not pools:
                problem = "only Stable Diffusion XL takes them; leave them out"
                raise InvalidRequest(_pooled(option), problem)


def _pooled(option: str) -> str:
    return option.replace("prompt", "pooled_prompt")


def _encoded(option: str, embeds: ArrayLike, pooled: ArrayLike | None) -> EncodedText:
    states = np.asarray(embeds, dtype=np.float32)
    if states.ndim != 3 or len(states) != 1 or not np.isfinite(states).all():
        problem = f"shape {states.shape} is not (1, length, width) of finite numbers"
        raise InvalidRequest(option, problem)
    return EncodedText(
        hidden_states=states.transpose(0, 2, 1)[:, :, np.newaxis],
        pooled=None if pooled is None else np.asarray(pooled, dtype=np.float32).reshape(1, -1),
    )
