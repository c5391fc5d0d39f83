"""How many zeros go around the spatial axes of convolutions and pools."""

from collections.abc import Sequence

#: Zeros before and after each spatial axis.
Padding = tuple[tuple[int, int], ...]


def spatial_padding(
    pad_type: str,
    pad: Sequence[int] | None,
    *,
    sizes: Sequence[int],
    kernel: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
) -> Padding:
    """Resolve MIL's `pad_type`; "same" puts an odd zero after, "same_lower" before."""
    match pad_type:
        case "valid":
            return ((0, 0),) * len(sizes)
        case "custom":
            given = pad or (0,) * 2 * len(sizes)
            return tuple(zip(given[::2], given[1::2], strict=True))
        case "same" | "same_lower":
            window = zip(sizes, kernel, strides, dilations, strict=True)
            totals = [_same_total(*each) for each in window]
            smaller_first = tuple((total // 2, total - total // 2) for total in totals)
            if pad_type == "same":
                return smaller_first
            return tuple((after, before) for before, after in smaller_first)
        case _:
            raise ValueError(f"pad_type {pad_type!r} is not known")


def _same_total(size: int, kernel: int, stride: int, dilation: int) -> int:
    outputs = -(-size // stride)
    return max(0, (outputs - 1) * stride + (kernel - 1) * dilation + 1 - size)
