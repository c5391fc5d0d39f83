"""What Apple's tools call the two halves of a network, packaged and compiled."""

from pathlib import Path

_BUNDLE = ".mlmodelc"


def chunk_paths(whole: Path) -> tuple[Path, Path]:
    """Where the chunks of a package or bundle are, in the order in which they run.

    >>> [each.name for each in chunk_paths(Path("sd_unet.mlpackage"))]
    ['sd_unet_chunk1.mlpackage', 'sd_unet_chunk2.mlpackage']
    >>> [each.name for each in chunk_paths(Path("Unet.mlmodelc"))]
    ['UnetChunk1.mlmodelc', 'UnetChunk2.mlmodelc']
    """
    word = "Chunk" if whole.suffix == _BUNDLE else "_chunk"
    first, second = (
        whole.with_name(f"{whole.stem}{word}{number}{whole.suffix}") for number in (1, 2)
    )
    return first, second
