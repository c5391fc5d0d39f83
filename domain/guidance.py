"""Classifier-free guidance: Ho and Salimans (2022), "Classifier-Free Diffusion Guidance"."""

from collections.abc import Sequence

import attrs

from .schedulers.prediction import Sample


@attrs.frozen(kw_only=True)
class Guidance:
    """How predictions under several texts become one.

    `scale` is how far to go from the negative prompt's through the prompt's.
    """

    scale: float

    @property
    def guides(self) -> bool:
        """Whether the scale has an effect, so that the negative prompt is needed at all.

        >>> Guidance(scale=7.5).guides, Guidance(scale=1.0).guides
        (True, False)
        """
        return self.scale > 1.0

    def combined(self, predictions: Sequence[Sample]) -> Sample:
        """The prediction to step by, of one alone or of two, the negative prompt's first."""
        if len(predictions) == 1:
            return predictions[0]
        negative, positive = predictions
        return negative + self.scale * (positive - negative)
