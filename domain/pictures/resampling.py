"""How the pixels of a resized picture come of those that were there."""

import enum


class Resampling(enum.Enum):
    """Kernels whose support grows when they shrink a picture, in 8 bits, as Pillow has them."""

    BICUBIC = "bicubic"  # a = -0.5; what CLIP's vision tower is shown
    LANCZOS = "lanczos"  # 3 lobes; what VAE encoders are shown
