"""Linear multistep (LMS): the noise seen at up to four levels, read as a curve and integrated.

The sampler of k-diffusion (Adams-Bashforth over uneven sigmas), as diffusers' LMSDiscreteScheduler.
"""

from typing import ClassVar

import attrs
import numpy as np
from numpy.typing import NDArray

from .prediction import Sample
from .scheduler import History, Step
from .variance_exploding import VarianceExploding

_Points = NDArray[np.float64]

_ORDER = 4
#: Gauss' rule with two points is exact for the cubic that four levels determine.
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(2)


@attrs.frozen(kw_only=True)
class Lms(VarianceExploding):
    """A method of fourth order, of lower order in the first three steps."""

    _unheeded: ClassVar[frozenset[str]] = frozenset(
        {
            "final_sigmas_type",
            "interpolation_type",
            "rescale_betas_zero_snr",
            "timestep_type",
            "use_lu_lambdas",
        }
    )

    def step(
        self,
        prediction: Sample,
        index: int,
        sample: Sample,
        history: History,
        noise: Sample | None = None,  # noqa: ARG002 -- no noise is added
    ) -> Step:
        """Take the step of this index, given what the network predicted for the sample."""
        level = self.levels[index]
        seen = self.prediction_type.noise(prediction, sample, level)
        predictions = (*history.predictions[1 - _ORDER :], seen)
        weights = self._weights(index, len(predictions))
        way = sum(weight * each for weight, each in zip(weights, predictions[::-1], strict=True))
        return Step(
            sample=sample + way,
            denoised=self.prediction_type.denoised(prediction, sample, level),
            history=History(predictions=predictions),
        )

    def _weights(self, index: int, order: int) -> list[float]:
        """The integrals of Lagrange's polynomials over the step, newest level first."""
        sigmas = [self.levels[index - back].noise for back in range(order)]
        start, end = sigmas[0], self.levels[index + 1].noise
        points = (start + end) / 2 + (end - start) / 2 * _POINTS
        return [
            (end - start) / 2 * float(_WEIGHTS @ _lagrange(sigmas, each, points))
            for each in range(order)
        ]


def _lagrange(nodes: list[float], which: int, points: _Points) -> _Points:
    """The polynomial that is 1 at one of the nodes and 0 at the others."""
    others = [node for number, node in enumerate(nodes) if number != which]
    factors = [(points - other) / (nodes[which] - other) for other in others]
    product: _Points = np.prod([np.ones_like(points), *factors], axis=0)
    return product
