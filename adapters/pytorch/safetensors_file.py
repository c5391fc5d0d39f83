"""Tensors of a safetensors file, each mapped into memory alone and only while it is looked at.

The format is that of https://github.com/huggingface/safetensors: the length of a JSON header, the
header, and the numbers of each tensor in the little-endian order of its rows.
"""

import json
import math
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import torch

_LENGTH_BYTES = 8
_DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}


@attrs.frozen(kw_only=True)
class StoredTensor:
    """One tensor of a file: where its numbers are, and what they are."""

    file: Path
    offset: int
    dtype: torch.dtype
    shape: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """How many bytes the numbers take."""
        return math.prod(self.shape) * self.dtype.itemsize

    def read(self) -> torch.Tensor:
        """Map the numbers into memory until the tensor is let go; writing to it changes no file."""
        if not self.bytes:
            return torch.empty(self.shape, dtype=self.dtype)
        # Mappings begin where pages do.
        ahead = self.offset % mmap.ALLOCATIONGRANULARITY
        with self.file.open("rb") as file:
            mapped = mmap.mmap(
                file.fileno(),
                ahead + self.bytes,
                offset=self.offset - ahead,
                access=mmap.ACCESS_COPY,
            )
        numbers = torch.frombuffer(mapped, dtype=torch.uint8, offset=ahead)
        return numbers.view(self.dtype).reshape(self.shape)


def stored_tensors(file: Path) -> Iterator[tuple[str, StoredTensor]]:
    """The tensors of a file by their names. Raises OSError, and ValueError where it is broken."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(_LENGTH_BYTES), "little")
        begin = _LENGTH_BYTES + length
        size = file.stat().st_size
        if begin > size:
            raise ValueError(f"{file.name} is cut short or no safetensors file")
        header = json.loads(opened.read(length))
    for name, entry in header.items():
        if name != "__metadata__":
            tensor = _stored_tensor(file, begin, entry)
            if tensor.offset + tensor.bytes > size:
                raise ValueError(f"{file.name} is cut short: {name} ends after the file")
            yield name, tensor


def _stored_tensor(file: Path, begin: int, entry: Any) -> StoredTensor:
    first, last = entry["data_offsets"]
    if entry["dtype"] not in _DTYPES:
        raise ValueError(f"{file.name} holds numbers of the unknown type {entry['dtype']}")
    tensor = StoredTensor(
        file=file,
        offset=begin + first,
        dtype=_DTYPES[entry["dtype"]],
        shape=tuple(entry["shape"]),
    )
    if tensor.bytes != last - first:
        raise ValueError(f"{file.name} holds {last - first} bytes for {tensor.shape}")
    return tensor
