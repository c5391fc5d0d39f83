"""Classifier-free guidance: Ho and Salimans (2022), "Classifier-Free Diffusion Guidance"."""

from .schedulers.prediction import Sample


def guides(scale: float) -> bool:
    """Whether a guidance scale has an effect, so that the negative prompt is needed at all.

    >>> guides(7.5), guides(1.0)
    (True, False)
    """
    return scale > 1.0


def guided(negative: Sample, positive: Sample, scale: float) -> Sample:
    """Go from the negative prompt's prediction through the prompt's, `scale` times as far."""
    return negative + scale * (positive - negative)
