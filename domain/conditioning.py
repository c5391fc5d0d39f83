"""What steers the UNet beside the noisy latents and the timestep."""

from typing import Self

import attrs
import numpy as np

from .schedulers.prediction import Sample


@attrs.frozen(kw_only=True, eq=False)
class EncodedText:
    """One text as the UNet takes it: hidden states, (1, width, 1, length) float32.

    `pooled`, (1, width), is the whole text in one vector, where the UNet wants that, too.
    """

    hidden_states: Sample = attrs.field(repr=False)
    pooled: Sample | None = attrs.field(default=None, repr=False)

    def zeros(self) -> Self:
        """Nothing at all, in the same shapes: what some models learned for no negative prompt."""
        pooled = None if self.pooled is None else np.zeros_like(self.pooled)
        return attrs.evolve(self, hidden_states=np.zeros_like(self.hidden_states), pooled=pooled)


@attrs.frozen(kw_only=True, eq=False)
class Conditioning:
    """Everything that the UNet is told of a picture, one row for each prediction to be combined.

    All arrays are float32 with as many rows: the texts as in EncodedText; `time_ids`, the numbers
    of SizeConditions; the `guidance_embedding` of UNets that take the guidance scale; `channels`,
    (rows, channels, height, width), which follow those of the sample.
    """

    hidden_states: Sample = attrs.field(repr=False)
    pooled: Sample | None = attrs.field(default=None, repr=False)
    time_ids: Sample | None = attrs.field(default=None, repr=False)
    guidance_embedding: Sample | None = attrs.field(default=None, repr=False)
    channels: Sample | None = attrs.field(default=None, repr=False)

    @classmethod
    def of(cls, *texts: EncodedText) -> Self:
        """A row for each text, which all are of the same model."""
        pooled = [text.pooled for text in texts if text.pooled is not None]
        return cls(
            hidden_states=np.concatenate([text.hidden_states for text in texts]),
            pooled=np.concatenate(pooled) if pooled else None,
        )

    @property
    def rows(self) -> int:
        """How many predictions are made."""
        return len(self.hidden_states)

    @property
    def inputs(self) -> dict[str, Sample]:
        """The rows by the names of the UNet's inputs, all but its sample's channels."""
        named = {
            "encoder_hidden_states": self.hidden_states,
            "time_ids": self.time_ids,
            "text_embeds": self.pooled,
            "timestep_cond": self.guidance_embedding,
        }
        return {name: array for name, array in named.items() if array is not None}
