"""Where Core ML may run a network, under Apple's names."""

import enum


class ComputeUnit(enum.Enum):
    """The processors that a network may use; the reference runtime takes no notice of it."""

    ALL = "ALL"
    CPU_AND_GPU = "CPU_AND_GPU"
    CPU_AND_NE = "CPU_AND_NE"
    CPU_ONLY = "CPU_ONLY"
