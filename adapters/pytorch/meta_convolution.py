"""Convolutions that the tracer sees on the meta device.

PyTorch's own convolution of meta tensors computes its result's shape in Python, where tracing turns
numbers into tensors that it then refuses; and it never passes `aten::_convolution`, the operation
that the tracer notes. So, for a while, it takes that way, and computes the shape in another thread,
which nobody traces.
"""

import contextlib
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch

# The tracer notes them and nobody looks: benchmark, deterministic, cuDNN, TF32.
_FLAGS = (False, False, True, True)


@contextlib.contextmanager
def traceable_meta_convolution() -> Iterator[None]:
    """Let convolutions of meta tensors be traced inside; raises RuntimeError where none can be."""
    library: Any = torch.library.Library("aten", "IMPL", "Meta")  # type: ignore[no-untyped-call]
    with ThreadPoolExecutor(max_workers=1) as untraced:

        def convolution(*arguments: Any) -> Any:
            return torch.ops.aten._convolution(*arguments, *_FLAGS)

        def noted_convolution(*arguments: Any) -> torch.Tensor:
            return untraced.submit(_result, *arguments).result()

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that something is overridden
                library.impl("convolution", convolution)
                library.impl("_convolution", noted_convolution)
            yield
        finally:
            library._destroy()


def _result(  # noqa: PLR0917 - in the order of `aten::_convolution`
    sample: torch.Tensor,
    weight: torch.Tensor,
    _bias: torch.Tensor | None,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    *_others: object,
) -> torch.Tensor:
    if transposed:
        raise NotImplementedError("it has transposed convolutions")
    sizes = [
        (size + 2 * around - spread * (kernel - 1) - 1) // step + 1
        for size, kernel, step, around, spread in zip(
            sample.shape[2:], weight.shape[2:], stride, padding, dilation, strict=True
        )
    ]
    return sample.new_empty((sample.shape[0], weight.shape[0], *sizes))
