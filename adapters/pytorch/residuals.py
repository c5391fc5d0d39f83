"""What a ControlNet adds to a UNet: one residual after each step down, and one in the middle."""

from collections.abc import Iterator
from typing import Any

from ...domain.tensor import TensorSpec


def residuals(
    config: Any, batch: int, latent_size: tuple[int, int], dtype: str
) -> tuple[TensorSpec, ...]:
    """The residuals of a UNet or ControlNet of diffusers with this configuration."""
    return tuple(
        TensorSpec(
            name=f"additional_residual_{number}",
            shape=(batch, *shape),
            dtype=dtype,
            description="What ControlNets add here, summed over them, each scaled by its weight",
        )
        for number, shape in enumerate(_shapes(config, *latent_size))
    )


def _shapes(config: Any, height: int, width: int) -> Iterator[tuple[int, int, int]]:
    widths = config.block_out_channels
    layers = config.layers_per_block
    counts = [layers] * len(widths) if isinstance(layers, int) else layers
    yield widths[0], height, width
    for number, (channels, count) in enumerate(zip(widths, counts, strict=True), start=1):
        for _ in range(count):
            yield channels, height, width
        if number < len(widths):
            height, width = -(-height // 2), -(-width // 2)
            yield channels, height, width
    yield widths[-1], height, width
