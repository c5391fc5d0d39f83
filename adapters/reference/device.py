"""What the reference runtime computes on."""

import enum


class Device(enum.Enum):
    """As PyTorch calls them: the processor, an NVIDIA card, the graphics unit of a Mac."""

    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"
