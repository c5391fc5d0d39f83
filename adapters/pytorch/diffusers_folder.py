"""Checkpoints in local folders, as diffusers' `save_pretrained` writes them; reads JSON only."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import final

from ...domain.changes import CustomVae
from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.errors import InvalidRequest, NotACheckpoint
from ...domain.model_facts import ModelFacts
from ...domain.pictures.clip_image import ClipImagePreprocessing
from ...domain.ports.checkpoints import CheckpointSource
from ...domain.ports.companions import CompanionSource
from ...domain.tokenizer.vocabulary import END_OF_TEXT
from .config_file import ConfigFile, read_config
from .controlnet_folder import read_controlnet
from .family import family, has_part
from .model_card import licence
from .vae_folder import read_vae
from .weight_files import find_weight_files

# What diffusers' AutoencoderKL takes where its configuration is silent.
_DEFAULT_SCALING_FACTOR = 0.18215
# The part of a pipeline that a component is made of.
_NETWORKS = {
    Component.TEXT_ENCODER: "text_encoder",
    Component.TEXT_ENCODER_2: "text_encoder_2",
    Component.UNET: "unet",
    Component.CONTROL_UNET: "unet",
    Component.VAE_DECODER: "vae",
    Component.VAE_ENCODER: "vae",
    Component.SAFETY_CHECKER: "safety_checker",
}
_TOKENIZER_FILES = ("special_tokens_map.json", "tokenizer_config.json")


@final
class DiffusersFolder(CheckpointSource, CompanionSource):
    """Knows every path that exists."""

    def knows(self, model: str) -> bool:
        """Whether there is a file or folder of this name."""
        return Path(model).expanduser().exists()

    def open(self, model: str, revision: str | None = None) -> Checkpoint:
        """Read the folder's configuration files; its name becomes the model version."""
        _refuse(revision, model)
        with _translated(model):
            return _read(_folder(model, "model_index.json"), model)

    def open_controlnet(
        self, model: str, base: Checkpoint, revision: str | None = None
    ) -> Checkpoint:
        """Read the folder's one configuration file."""
        _refuse(revision, model)
        with _translated(model):
            return read_controlnet(_folder(model, "config.json"), model, base)

    def open_vae(self, model: str, base: Checkpoint, revision: str | None = None) -> CustomVae:
        """Read the folder's one configuration file."""
        _refuse(revision, model)
        with _translated(model):
            return read_vae(_folder(model, "config.json"), model, base)

    def fingerprint(self, checkpoint: Checkpoint, component: Component) -> str:
        """The SHA-256 over the component's configuration and safetensors files."""
        return find_weight_files(checkpoint, component).fingerprint()


def _refuse(revision: str | None, model: str) -> None:
    if revision is not None:
        raise InvalidRequest("--revision", f"{model} is a folder, and folders have no revisions")


def _folder(model: str, file: str) -> Path:
    folder = Path(model).expanduser().resolve()
    # Of a repository without configurations the client makes no folder: reading tells what lacks.
    if folder.is_file():
        raise NotACheckpoint(model, f"it is a file; give the folder that has {file}")
    return folder


@contextlib.contextmanager
def _translated(model: str) -> Iterator[None]:
    """Configurations are foreign; what is missing in their depths shows up as one of these."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise NotACheckpoint(model, f"its configuration is malformed: {error!r}") from error
    except InvalidRequest as error:
        raise NotACheckpoint(model, f"its configuration cannot be: {error}") from error


def _read(folder: Path, model: str) -> Checkpoint:
    pipeline = read_config(folder, "model_index.json", model)
    unet = read_config(folder, "unet/config.json", model)
    vae = read_config(folder, "vae/config.json", model)
    kind = family(pipeline, unet, vae)
    first, second = (has_part(pipeline, name) for name in ("text_encoder", "text_encoder_2"))
    text_encoder = read_config(
        folder, f"{'text_encoder' if first else 'text_encoder_2'}/config.json", model
    )
    latent_height, latent_width = _latent_size(unet)
    checks_safety = has_part(pipeline, "safety_checker")
    facts = ModelFacts(
        model=model,
        model_version=folder.name,
        revision=None,
        licence=licence(folder),
        family=kind,
        scheduler=read_config(folder, "scheduler/scheduler_config.json", model).values,
        latent_channels=vae.integer("latent_channels"),
        latent_height=latent_height,
        latent_width=latent_width,
        vae_scale_factor=2 ** (len(vae.require("block_out_channels")) - 1),
        vae_scaling_factor=vae.get("scaling_factor", _DEFAULT_SCALING_FACTOR),
        vae_shift_factor=vae.get("shift_factor", 0.0),
        # diffusers, too, looks at this key in Stable Diffusion XL alone.
        vae_needs_float32=kind.is_xl and bool(vae.get("force_upcast", True)),
        text_length=text_encoder.integer("max_position_embeddings"),
        padding_token=_padding_token(folder, "tokenizer", model),
        padding_token_2=_padding_token(folder, "tokenizer_2", model) if second else None,
        safety_preprocessing=_safety_preprocessing(folder, model) if checks_safety else None,
        unet_channels=unet.integer("in_channels"),
        guidance_embedding_width=unet.get("time_cond_proj_dim"),
        requires_aesthetics_score=bool(pipeline.get("requires_aesthetics_score", False)),
        force_zeros_for_empty_prompt=kind.is_xl
        and bool(pipeline.get("force_zeros_for_empty_prompt", True)),
    )
    components = (each for each in _NETWORKS if has_part(pipeline, _NETWORKS[each]))
    return Checkpoint(folder=folder, components=tuple(components), facts=facts)


def _latent_size(unet: ConfigFile) -> tuple[int, int]:
    size = unet.require("sample_size")
    height, width = size if isinstance(size, list) else (size, size)
    return int(height), int(width)


def _padding_token(folder: Path, tokenizer: str, model: str) -> str:
    for name in _TOKENIZER_FILES:
        if (folder / tokenizer / name).is_file():
            token = read_config(folder, f"{tokenizer}/{name}", model).get("pad_token")
            if token is not None:
                return str(token["content"] if isinstance(token, dict) else token)
    return END_OF_TEXT


def _safety_preprocessing(folder: Path, model: str) -> ClipImagePreprocessing:
    config = read_config(folder, "feature_extractor/preprocessor_config.json", model)
    size = config.require("size")
    return ClipImagePreprocessing(
        size=size.get("shortest_edge") or size["height"] if isinstance(size, dict) else size,
        mean=config.require("image_mean"),
        standard_deviation=config.require("image_std"),
    )
