"""What is done to the weights of a model before it is converted."""

from pathlib import Path

import attrs

from .finite import require_finite


@attrs.frozen
class Lora:
    """A file of low-rank changes to weights (https://arxiv.org/abs/2106.09685), and how much of it.

    Raises InvalidRequest for a scale that is not finite.
    """

    file: Path
    scale: float = 1.0

    def __attrs_post_init__(self) -> None:
        require_finite("--lora", self.scale)


@attrs.frozen
class Embedding:
    """A file of textual inversion, and the word that calls it; None for the file's own.

    >>> str(Embedding(Path("cat.safetensors"), "<cat>"))
    'cat.safetensors:<cat>'
    """

    file: Path
    trigger: str | None = None

    def __str__(self) -> str:
        """Write it as it is read, without folders."""
        return self.file.name if self.trigger is None else f"{self.file.name}:{self.trigger}"


@attrs.frozen
class CustomVae:
    """A VAE that was published by itself: what the user calls it, its folder, and its revision."""

    name: str
    folder: Path
    revision: str | None = None


@attrs.frozen(kw_only=True)
class Changes:
    """A VAE in place of the model's own, LoRAs that are added, and tokens that were learned."""

    vae: CustomVae | None = None
    loras: tuple[Lora, ...] = ()
    embeddings: tuple[Embedding, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return self != Changes()
