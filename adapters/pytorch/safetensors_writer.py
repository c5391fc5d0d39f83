"""Writes safetensors files one tensor at a time, so that they never stand in memory together."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import attrs
import torch

_NAMES = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}
_ALIGNMENT = 8


@attrs.frozen(kw_only=True)
class TensorToWrite:
    """What a tensor will be, and what makes it when its turn has come."""

    dtype: torch.dtype
    shape: tuple[int, ...]
    make: Callable[[], torch.Tensor]


def write_safetensors(path: Path, tensors: Mapping[str, TensorToWrite]) -> None:
    """Write the tensors in their order. Raises OSError."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for name, tensor in tensors.items():
        end = offset + torch.Size(tensor.shape).numel() * tensor.dtype.itemsize
        header[name] = {
            "dtype": _NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, end],
        }
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little"))
        file.write(text)
        for tensor in tensors.values():
            made = tensor.make().to(tensor.dtype).contiguous()
            file.write(made.reshape(-1).view(torch.uint8).numpy().data)
