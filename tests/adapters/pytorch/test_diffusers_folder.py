"""What a folder's configuration files say of a checkpoint, and which checkpoints are refused."""

import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import (
    InvalidRequest,
    NotACheckpoint,
    UnsupportedCheckpoint,
)
from coreml_stable_diffusion.domain.model_facts import ModelFamily
from coreml_stable_diffusion.domain.pictures.clip_image import ClipImagePreprocessing
from samples.changed_json import change_json

Change = Callable[..., Path]


@pytest.fixture
def folder(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    """A copy of the small checkpoint that a test may change."""
    copy = tmp_path / "my model"
    shutil.copytree(tiny_checkpoint, copy)
    return copy


@pytest.fixture
def change(folder: Path) -> Change:
    def change(file: str, **values: Any) -> Path:
        change_json(folder / file, **values)
        return folder

    return change


def test_the_configuration_tells_sizes_and_scales(folder: Path) -> None:
    checkpoint = DiffusersFolder().open(str(folder))

    assert checkpoint.facts.model_version == "my model"
    assert checkpoint.facts.family is ModelFamily.SD1
    assert (
        checkpoint.facts.latent_channels,
        checkpoint.facts.latent_height,
        checkpoint.facts.latent_width,
    ) == (
        4,
        8,
        8,
    )
    assert (checkpoint.facts.vae_scale_factor, checkpoint.facts.vae_scaling_factor) == (8, 0.18215)
    assert (checkpoint.facts.text_length, checkpoint.facts.padding_token) == (77, "<|endoftext|>")
    assert checkpoint.facts.scheduler["_class_name"] == "PNDMScheduler"
    assert checkpoint.facts.safety_preprocessing == ClipImagePreprocessing(
        size=32,
        mean=(0.48145466, 0.4578275, 0.40821073),
        standard_deviation=(0.26862954, 0.26130258, 0.27577711),
    )


def test_texts_1024_wide_make_it_stable_diffusion_2(change: Change) -> None:
    folder = change("unet/config.json", cross_attention_dim=1024)

    assert DiffusersFolder().open(str(folder)).facts.family is ModelFamily.SD2


def test_the_special_tokens_decide_what_pads(change: Change) -> None:
    # Stable Diffusion 2 pads with "!", and says so only here.
    folder = change("tokenizer/special_tokens_map.json", pad_token={"content": "!"})

    assert DiffusersFolder().open(str(folder)).facts.padding_token == "!"  # noqa: S105 - of text


def test_a_picture_need_not_be_square(change: Change) -> None:
    checkpoint = DiffusersFolder().open(str(change("unet/config.json", sample_size=[6, 10])))

    assert (checkpoint.facts.latent_height, checkpoint.facts.latent_width) == (6, 10)


def test_what_the_vae_leaves_unsaid_is_as_in_diffusers(change: Change) -> None:
    folder = change("vae/config.json", scaling_factor=None, shift_factor=None)

    checkpoint = DiffusersFolder().open(str(folder))
    assert (checkpoint.facts.vae_scaling_factor, checkpoint.facts.vae_shift_factor) == (
        0.18215,
        0.0,
    )


def test_a_pipeline_may_have_no_safety_checker(change: Change) -> None:
    folder = change("model_index.json", safety_checker=[None, None])
    shutil.rmtree(folder / "safety_checker")
    shutil.rmtree(folder / "feature_extractor")

    checkpoint = DiffusersFolder().open(str(folder))
    assert Component.SAFETY_CHECKER not in checkpoint.components
    assert checkpoint.facts.safety_preprocessing is None


def test_old_feature_extractors_give_their_size_as_a_number(change: Change) -> None:
    folder = change("feature_extractor/preprocessor_config.json", size=48)

    preprocessing = DiffusersFolder().open(str(folder)).facts.safety_preprocessing
    assert preprocessing is not None
    assert preprocessing.size == 48


def test_the_model_card_names_the_licence(folder: Path) -> None:
    (folder / "README.md").write_text("---\ntags:\n- art\nlicense: openrail++\n---\nlicense: no\n")

    assert DiffusersFolder().open(str(folder)).facts.licence == "openrail++"


@pytest.mark.parametrize(
    ("file", "values", "problem"),
    [
        ("model_index.json", {"text_encoder_3": ["transformers", "T5EncoderModel"]}, "Diffusion 3"),
        (
            "model_index.json",
            {"text_encoder": [None, None]},
            "needs a text_encoder, which it lacks",
        ),
        ("model_index.json", {"transformer": ["diffusers", "FluxTransformer2DModel"]}, "transform"),
        ("model_index.json", {"vae": ["diffusers", "AutoencoderTiny"]}, "vae is a AutoencoderTiny"),
        ("unet/config.json", {"in_channels": 5}, "takes 5 channels, with latents of 4"),
        ("unet/config.json", {"addition_embed_type": "text_time"}, "needs a text_encoder_2"),
        ("unet/config.json", {"addition_embed_type": "text_image"}, "also takes text_image"),
        ("vae/config.json", {"latents_std": [1, 2, 3, 4]}, "scales each channel"),
        ("unet/config.json", {"num_class_embeds": 1000}, "upscaler"),
    ],
)
def test_what_cannot_be_converted_is_refused_with_the_reason(
    change: Change, file: str, values: dict[str, Any], problem: str
) -> None:
    with pytest.raises(UnsupportedCheckpoint, match=problem):
        DiffusersFolder().open(str(change(file, **values)))


@pytest.mark.parametrize(
    ("file", "values", "problem"),
    [
        ("unet/config.json", {"sample_size": None}, "unet/config.json has no sample_size"),
        ("unet/config.json", {"in_channels": "4"}, "in_channels '4', not a whole number"),
        ("model_index.json", {"unet": None}, "model_index.json has no unet"),
        ("model_index.json", {"unet": ["diffusers"]}, "malformed"),
        ("vae/config.json", {"scaling_factor": 0}, "vae scaling factor: latents cannot be"),
        ("vae/config.json", {"shift_factor": math.nan}, "vae shift factor: nan is not a finite"),
        ("feature_extractor/preprocessor_config.json", {"size": {"width": 1}}, "malformed"),
        ("feature_extractor/preprocessor_config.json", {"image_mean": [0.5]}, "malformed"),
    ],
)
def test_a_configuration_with_gaps_is_refused(
    change: Change, file: str, values: dict[str, Any], problem: str
) -> None:
    with pytest.raises(NotACheckpoint, match=problem):
        DiffusersFolder().open(str(change(file, **values)))


@pytest.mark.parametrize(
    "file", ["model_index.json", "unet/config.json", "scheduler/scheduler_config.json"]
)
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()

    with pytest.raises(NotACheckpoint, match=f"{file} is missing"):
        DiffusersFolder().open(str(folder))


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_file_that_is_no_json_object_is_named(folder: Path, text: str) -> None:
    (folder / "vae" / "config.json").write_text(text)

    with pytest.raises(NotACheckpoint, match=r"vae/config\.json"):
        DiffusersFolder().open(str(folder))


def test_a_file_is_no_checkpoint(folder: Path) -> None:
    with pytest.raises(NotACheckpoint, match="give the folder"):
        DiffusersFolder().open(str(folder / "model_index.json"))


def test_a_folder_has_no_revisions(folder: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"^--revision: "):
        DiffusersFolder().open(str(folder), "main")
