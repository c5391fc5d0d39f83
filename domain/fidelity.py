"""How near a picture or a network's output is to its reference."""

import math

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]


def psnr_db(pixels: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
    """Peak signal-to-noise ratio of two 8-bit pictures in dB, 20 log10(255 / rms error).

    Infinite for equal pictures. Raises ValueError where the shapes differ.
    """
    error = _rms_error(*_pair(pixels, reference))
    return 20 * math.log10(255 / error) if error else math.inf


def tensor_psnr_db(output: NDArray[np.floating], reference: NDArray[np.floating]) -> float:
    """Apple's peak signal-to-noise ratio of raw tensors in dB; the peak is the reference's.

    20 log10((max |reference| + 1e-5) / (rms error + 1e-10)), as in torch2coreml.
    Raises ValueError where the shapes differ.
    """
    actual, wanted = _pair(output, reference)
    peak = float(np.abs(wanted).max())
    return 20 * math.log10((peak + 1e-5) / (_rms_error(actual, wanted) + 1e-10))


def relative_l2_error(output: NDArray[np.floating], reference: NDArray[np.floating]) -> float:
    """The length of the error over the length of the reference; infinite where that is all zeros.

    Raises ValueError where the shapes differ.
    """
    actual, wanted = _pair(output, reference)
    error, length = _length(actual - wanted), _length(wanted)
    if not error:
        return 0.0
    return error / length if length else math.inf


def cosine_similarity(output: NDArray[np.floating], reference: NDArray[np.floating]) -> float:
    """The cosine of the angle between two tensors, 1 for the same direction, 0 beside zeros.

    Raises ValueError where the shapes differ.
    """
    actual, wanted = _pair(output, reference)
    lengths = _length(actual) * _length(wanted)
    return float(actual @ wanted) / lengths if lengths else 0.0


def _pair(output: NDArray[np.generic], reference: NDArray[np.generic]) -> tuple[_Floats, _Floats]:
    if output.shape != reference.shape:
        raise ValueError(f"shape {output.shape} cannot be compared with {reference.shape}")
    return output.astype(np.float64).ravel(), reference.astype(np.float64).ravel()


def _rms_error(actual: _Floats, wanted: _Floats) -> float:
    return math.sqrt(float(np.mean(np.square(actual - wanted))))


def _length(values: _Floats) -> float:
    return float(np.linalg.norm(values))
