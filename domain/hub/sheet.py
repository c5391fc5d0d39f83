"""What can be told of a variant from its small files alone."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import attrs

from .variant import Kind, Variant

_RUNS_BEST_ON = {
    "original": "GPU",
    "split_einsum": "Neural Engine",
    "split_einsum_v2": "Neural Engine",
    None: "GPU",
}


@attrs.frozen(kw_only=True)
class Sheet:
    """A variant in words; what nothing tells is empty. Every variant runs on any machine, too."""

    variant: Variant
    weights: str = ""
    pictures: str = ""
    systems: str = ""

    @property
    def runs_best_on(self) -> str:
        """The processor of Apple's machines that its attention is written for."""
        return _RUNS_BEST_ON[self.variant.attention]


def telling_file(variant: Variant) -> str | None:
    """The path of the file that tells most: its pipeline.json, or what a compiled UNet says."""
    paths = [file.path for file in variant.files if not variant.is_zip]
    wanted = [str(variant.folder / "pipeline.json")]
    if variant.kind is Kind.COMPILED:
        names = ("Unet.mlmodelc", "UnetChunk1.mlmodelc", "ControlledUnet.mlmodelc")
        wanted += [str(variant.folder / name / "metadata.json") for name in names]
    return next((path for path in wanted if path in paths), None)


def sheet(variant: Variant, path: str | None, document: Any) -> Sheet:
    """Read what the telling file says; an empty sheet where it says nothing that is understood."""
    try:
        if path is None:
            return Sheet(variant=variant)
        if PurePosixPath(path).name == "pipeline.json":
            return _of_pipeline(variant, document)
        return _of_unet(variant, document[0])
    # The file is a stranger's.
    except (KeyError, TypeError, IndexError, ValueError, AttributeError):
        return Sheet(variant=variant)


def _of_pipeline(variant: Variant, document: Mapping[str, Any]) -> Sheet:
    (unet,) = (each for each in document["packages"] if each["component"] == "unet")
    plan, factor = unet["plan"], int(document["vae_scale_factor"])
    palettes = plan.get("palettization")
    return Sheet(
        variant=variant,
        weights=f"{int(palettes['bits'])} bits" if palettes else _word(plan["precision"]),
        pictures=_size(factor, document["latent_height"], document["latent_width"]),
        systems=_word(plan["deployment_target"]),
    )


def _of_unet(variant: Variant, metadata: Mapping[str, Any]) -> Sheet:
    shape = re.findall(r"\d+", metadata["outputSchema"][0]["shape"])
    systems = metadata["availability"]
    oldest = (f"{name} {_word(systems[name])}" for name in ("iOS", "macOS") if name in systems)
    return Sheet(
        variant=variant,
        weights=_word(metadata["storagePrecision"]),
        # Every Stable Diffusion's VAE makes eight pixels of one.
        pictures=_size(8, *map(int, shape[-2:])),
        systems=", ".join(oldest),
    )


def _size(factor: int, height: int, width: int) -> str:
    return f"{factor * int(width)} x {factor * int(height)}"


def _word(text: Any) -> str:
    """A stranger's word so that a terminal takes it for nothing else."""
    return "".join(each for each in str(text)[:60] if each.isprintable())
