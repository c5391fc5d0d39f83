"""How much of the clean picture and how much noise a sample is made of."""

import math

import attrs


@attrs.frozen(kw_only=True)
class NoiseLevel:
    """A sample is `signal` times the clean picture plus `noise` times standard normal noise."""

    signal: float
    noise: float

    @classmethod
    def preserving(cls, sigma: float) -> "NoiseLevel":
        """The level of variance 1 with this ratio of noise to signal."""
        signal = 1 / math.sqrt(sigma**2 + 1)
        return cls(signal=signal, noise=sigma * signal)

    @classmethod
    def exploding(cls, sigma: float) -> "NoiseLevel":
        """The whole picture under noise of this deviation."""
        return cls(signal=1.0, noise=sigma)

    @classmethod
    def flowing(cls, sigma: float) -> "NoiseLevel":
        """The point at this part of the straight way from the picture (0) to noise (1)."""
        return cls(signal=1 - sigma, noise=sigma)

    @property
    def deviation(self) -> float:
        """The deviation of a sample whose picture has one of 1."""
        return math.hypot(self.signal, self.noise)

    @property
    def log_ratio(self) -> float:
        """The logarithm of signal to noise, the lambda of DPM-Solver; infinite without either."""
        if not self.signal:
            return -math.inf
        return math.log(self.signal / self.noise) if self.noise else math.inf


CLEAN = NoiseLevel(signal=1.0, noise=0.0)
