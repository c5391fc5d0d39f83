"""What the C library does with memory that tensors gave back.

glibc returns a large block to the operating system at once, and the next tensor of that size gets
it anew page by page: half of the time it takes to load a network, and 5 % of a prediction.
"""

import ctypes

# From glibc's malloc.h; mallopt(3) describes them. M_MMAP_MAX counts blocks.
_TRIM_THRESHOLD, _MOST_MAPPED_BLOCKS = -1, -4
#: More than the largest tensors of an image of 512 x 512 take together.
_KEPT_BYTES = 2**30


def keep_freed_memory() -> None:
    """Let up to 1 GiB of freed memory wait for the next tensor, for the whole process.

    Does nothing where the C library is not glibc.
    """
    try:
        adjust = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    adjust(_TRIM_THRESHOLD, _KEPT_BYTES)
    adjust(_MOST_MAPPED_BLOCKS, 0)
