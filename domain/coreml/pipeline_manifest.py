"""`pipeline.json`: what generating needs to know beside the packages, and how they were made."""

from collections.abc import Mapping
from pathlib import Path

import attrs

from ..checkpoint import Config, ModelFamily
from ..component import Component
from ..conversion.plan import ConversionPlan
from ..errors import MissingComponent


@attrs.frozen(kw_only=True)
class PackageRecord:
    """One converted component: its package, and what it was made of and with.

    `file` is the package's name in the folder, `files` the SHA-256 of each file in the package by
    its path within it, `source` the SHA-256 over the component's files in the checkpoint.
    """

    component: Component
    file: str
    files: Mapping[str, str]
    source: str
    plan: ConversionPlan


@attrs.frozen(kw_only=True)
class ClipImagePreprocessing:
    """How the safety checker wants to see pictures (feature_extractor/preprocessor_config.json)."""

    size: int
    mean: tuple[float, float, float]
    standard_deviation: tuple[float, float, float]


@attrs.frozen(kw_only=True)
class PipelineManifest:
    """The facts of a folder of converted packages; latent sizes are in latent pixels.

    A latent becomes what the VAE decodes by `latent / vae_scaling_factor + vae_shift_factor`.
    """

    model: str
    model_version: str
    revision: str | None
    licence: str | None
    family: ModelFamily
    scheduler: Config
    latent_channels: int
    latent_height: int
    latent_width: int
    vae_scale_factor: int
    vae_scaling_factor: float
    vae_shift_factor: float
    text_length: int
    safety_preprocessing: ClipImagePreprocessing | None
    packages: tuple[PackageRecord, ...]
    versions: Mapping[str, str]

    def package(self, component: Component, folder: Path) -> Path:
        """Where the component's package is. Raises MissingComponent."""
        for record in self.packages:
            if record.component is component:
                return folder / record.file
        available = [record.component.value for record in self.packages]
        raise MissingComponent(str(folder), component.value, available)
