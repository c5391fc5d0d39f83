"""The sizes of pictures that a UNet can draw, and which of them is wanted."""

from collections.abc import Iterator

from ..errors import InvalidRequest
from ..tensor import ListedShapes, SizeRanges, TensorSpec

#: Height and width, in latent pixels or in pixels of the picture.
Size = tuple[int, int]


def latent_size(
    sample: TensorSpec, factor: int, *, height: int | None = None, width: int | None = None
) -> Size:
    """Height and width in latent pixels of a picture of this size in pixels, `factor` to each.

    `sample` is the UNet's input. A size left out is the usual one, or that of the first shape that
    has the other one. Raises InvalidRequest, which lists the sizes, where the UNet has none such.
    """
    _, _, *usual = sample.shape
    if height is None and width is None:
        return usual[0], usual[1]
    for rows, columns in _candidates(sample, factor, height, width):
        if height in (None, rows * factor) and width in (None, columns * factor):
            return rows, columns
    option = "--width" if height is None else "--height"
    asked = f"{'any' if width is None else width} x {'any' if height is None else height}"
    problem = f"no picture of {asked} pixels can be drawn; width x height can be"
    raise InvalidRequest(option, f"{problem} {_listed(sample, factor)}")


def _candidates(
    sample: TensorSpec, factor: int, height: int | None, width: int | None
) -> Iterator[Size]:
    batch, channels, *usual = sample.shape
    yield usual[0], usual[1]
    match sample.flexibility:
        case ListedShapes(shapes=shapes):
            yield from ((rows, columns) for _, _, rows, columns in shapes)
        case SizeRanges() as ranges:
            rows = usual[0] if height is None else height // factor
            columns = usual[1] if width is None else width // factor
            if ranges.admits((batch, channels, rows, columns)):
                yield rows, columns


def _listed(sample: TensorSpec, factor: int) -> str:
    match sample.flexibility:
        case ListedShapes(shapes=shapes):
            sizes = [f"{columns * factor} x {rows * factor}" for _, _, rows, columns in shapes]
            return ", ".join(dict.fromkeys(sizes))
        case SizeRanges(bounds=(_, _, heights, widths)):
            spans = (_span(low, high, factor) for low, high in (widths, heights))
            return " x ".join(spans) + f", in steps of {factor}"
    _, _, rows, columns = sample.shape
    return f"{columns * factor} x {rows * factor} only"


def _span(low: int, high: int | None, factor: int) -> str:
    upper = "any size" if high is None else str(high * factor)
    return f"{low * factor} to {upper}" if low != high else str(low * factor)
