"""A checkpoint in a single file gives the networks that it was made of."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
import torch
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.adapters.pytorch.single_file import SingleFile
from coreml_stable_diffusion.domain.errors import NotACheckpoint, UnreachableCheckpoint
from coreml_stable_diffusion.domain.model_facts import ModelFamily
from coreml_stable_diffusion.domain.recognition.data_sheets import data_sheet
from diffusers import UNet2DConditionModel
from fakes.tokenizers import FakeTokenizers
from safetensors.torch import save_file
from samples.checkpoints import (
    build_second_text_encoder,
    build_text_encoder,
    build_unet,
    build_vae,
    build_xl_unet,
    randomised,
)
from samples.single_files import write_single_file
from torch import nn
from transformers import CLIPTextModel

WORDS = 90
# Heads are 64 wide in all that was published since the first family.
TEXT = {"hidden_size": 64, "projection_dim": 64, "num_attention_heads": 1}
OPEN_CLIP = {**TEXT, "hidden_act": "gelu"}
SD1, SD2 = "cond_stage_model.transformer.", "cond_stage_model.model."
XL1, XL2 = "conditioner.embedders.0.transformer.", "conditioner.embedders.1.model."
REFINER = "conditioner.embedders.0.model."

#: What has to be found out from the weights alone.
SAME = {
    *("in_channels", "out_channels", "block_out_channels", "layers_per_block", "latent_channels"),
    *("down_block_types", "up_block_types", "cross_attention_dim", "attention_head_dim"),
    *("use_linear_projection", "transformer_layers_per_block", "addition_embed_type"),
    *("addition_time_embed_dim", "projection_class_embeddings_input_dim"),
    *("hidden_size", "num_attention_heads", "intermediate_size", "hidden_act", "eos_token_id"),
}

Build = Callable[[], tuple[nn.Module, ...]]


@attrs.frozen(kw_only=True)
class Family:
    """Networks of one family: a UNet and its text encoders, and where those stand in the file."""

    build: Build
    prefixes: dict[str, Any]
    family: ModelFamily
    padding: tuple[str, str | None] = ("<|endoftext|>", "!")
    prediction: str = "epsilon"
    size: int = 64


def sd1() -> tuple[nn.Module, ...]:
    unet = build_unet(
        cross_attention_dim=64,
        attention_head_dim=8,
        layers_per_block=2,
        transformer_layers_per_block=(1, 1),
    )
    return unet, build_text_encoder(WORDS, **TEXT)


def sd2() -> tuple[nn.Module, ...]:
    unet = build_unet(
        block_out_channels=(64, 128),
        cross_attention_dim=64,
        attention_head_dim=(1, 2),
        use_linear_projection=True,
        transformer_layers_per_block=(1, 1),
    )
    return unet, build_text_encoder(WORDS, num_hidden_layers=3, **OPEN_CLIP)


def xl(*, size_count: int = 6, width: int = 128) -> UNet2DConditionModel:
    return build_xl_unet(
        block_out_channels=(64, 128),
        cross_attention_dim=width,
        attention_head_dim=(1, 2),
        addition_time_embed_dim=256,
        projection_class_embeddings_input_dim=64 + size_count * 256,
    )


FAMILIES = {
    "sd1": Family(
        build=sd1, prefixes={"clip": SD1}, family=ModelFamily.SD1, padding=("<|endoftext|>", None)
    ),
    "sd2": Family(
        build=sd2,
        prefixes={"open_clip": SD2},
        family=ModelFamily.SD1,
        padding=("!", None),
        # The norms of random weights look as those of models that predict v.
        prediction="v_prediction",
        size=96,
    ),
    "xl": Family(
        build=lambda: (
            xl(),
            build_text_encoder(WORDS, **TEXT),
            build_second_text_encoder(WORDS, **OPEN_CLIP),
        ),
        prefixes={"clip": XL1, "open_clip": XL2},
        family=ModelFamily.SDXL,
        size=128,
    ),
    "refiner": Family(
        build=lambda: (
            xl(size_count=5, width=64),
            build_second_text_encoder(WORDS, **OPEN_CLIP),
        ),
        prefixes={"open_clip": REFINER},
        family=ModelFamily.SDXL_REFINER,
        size=128,
    ),
}


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "clip"
    folder.mkdir()
    (folder / "vocab.json").write_text('{"<|startoftext|>": 0, "<|endoftext|>": 1}')
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return folder


@pytest.fixture
def source(tables: Path, tmp_path: Path) -> SingleFile:
    return SingleFile(
        DiffusersFolder(), FakeTokenizers(tables), LocalWorkspace(), tmp_path / "cache"
    )


def write_folder(folder: Path, networks: tuple[nn.Module, ...]) -> dict[str, Any]:
    torch.manual_seed(0)
    unet, *encoders = networks
    named = {"unet": unet, "vae": build_vae()} | {
        "text_encoder" if type(each) is CLIPTextModel else "text_encoder_2": each
        for each in encoders
    }
    for name, network in named.items():
        randomised(network).save_pretrained(folder / name)
    return named


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_gives_its_networks_back(
    source: SingleFile, tmp_path: Path, name: str
) -> None:
    wanted = FAMILIES[name]
    networks = write_folder(tmp_path / "folder", wanted.build())
    write_single_file(tmp_path / "all.safetensors", tmp_path / "folder", **wanted.prefixes)

    checkpoint = source.open(str(tmp_path / "all.safetensors"))

    assert checkpoint.facts.family is wanted.family
    assert checkpoint.facts.model_version == "all"
    sheet = data_sheet(wanted.family, (wanted.size, wanted.size))
    assert checkpoint.facts.scheduler == {
        **sheet.scheduler,
        "prediction_type": wanted.prediction,
    }
    assert checkpoint.facts.latent_width == wanted.size
    facts = checkpoint.facts
    assert facts.force_zeros_for_empty_prompt == sheet.force_zeros_for_empty_prompt
    assert (facts.padding_token, facts.padding_token_2) == wanted.padding
    for part, network in networks.items():
        found = type(network).from_pretrained(checkpoint.folder / part)
        # The second family's file has one layer more than is used.
        assert found.state_dict().keys() <= network.state_dict().keys()
        for key, weight in found.state_dict().items():
            assert torch.equal(network.state_dict()[key], weight), key
        config = json.loads((checkpoint.folder / part / "config.json").read_text())
        told = json.loads(json.dumps(as_dictionary(network.config)))
        assert {key: config[key] for key in SAME & config.keys()} == {
            key: told[key] for key in SAME & config.keys()
        }


def as_dictionary(config: Any) -> dict[str, Any]:
    """transformers' configurations are objects, diffusers' dictionaries."""
    return dict(config.to_dict() if hasattr(config, "to_dict") else config)


@pytest.mark.parametrize(
    ("spread", "kind", "size"), [(0.05, "epsilon", 64), (0.15, "v_prediction", 96)]
)
def test_the_second_familys_prediction_is_guessed_from_its_last_norm(
    source: SingleFile, tmp_path: Path, spread: float, kind: str, size: int
) -> None:
    family = FAMILIES["sd2"]
    networks = write_folder(tmp_path / "folder", family.build())
    norm = networks["unet"].up_blocks[-1].attentions[-1].transformer_blocks[0].norm1
    nn.init.normal_(norm.bias, std=spread)
    networks["unet"].save_pretrained(tmp_path / "folder" / "unet")
    write_single_file(tmp_path / "a.safetensors", tmp_path / "folder", **family.prefixes)

    checkpoint = source.open(str(tmp_path / "a.safetensors"))

    assert checkpoint.guessed_prediction == checkpoint.facts.scheduler["prediction_type"] == kind
    assert checkpoint.facts.latent_height == size


def test_what_its_writer_noted_counts(source: SingleFile, tmp_path: Path) -> None:
    family = FAMILIES["sd2"]
    write_folder(tmp_path / "folder", family.build())
    notes = {"modelspec.prediction_type": "epsilon", "modelspec.resolution": "512x512"}
    file = tmp_path / "a.safetensors"
    write_single_file(file, tmp_path / "folder", metadata=notes, **family.prefixes)

    checkpoint = source.open(str(file))

    assert checkpoint.facts.scheduler["prediction_type"] == "epsilon"
    assert checkpoint.guessed_prediction is None
    assert (checkpoint.facts.latent_height, checkpoint.facts.latent_width) == (64, 64)


def test_a_folder_is_made_once_for_each_content(source: SingleFile, tmp_path: Path) -> None:
    file = write_sd1(tmp_path)

    first, again = source.open(str(file)), source.open(str(file))
    file.rename(tmp_path / "moved.safetensors")
    write_sd1(tmp_path, seed="2")
    other = source.open(str(file))

    assert first.folder == again.folder != other.folder


def test_tables_beside_the_file_win_over_those_of_the_hub(
    source: SingleFile, tables: Path, tmp_path: Path
) -> None:
    file = write_sd1(tmp_path)
    for table in tables.iterdir():
        (tmp_path / table.name).write_text(table.read_text() + " ")

    checkpoint = source.open(str(file))

    found = checkpoint.folder / "tokenizer" / "merges.txt"
    assert found.read_text() == (tmp_path / "merges.txt").read_text()


def test_without_a_network_the_tables_are_asked_for(tmp_path: Path) -> None:
    file = write_sd1(tmp_path)
    away = SingleFile(DiffusersFolder(), FakeTokenizers(), LocalWorkspace(), tmp_path / "cache")

    with pytest.raises(UnreachableCheckpoint):
        away.open(str(file))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "safetensors"),
        (b"no tensors at all", "cut short"),
        ({"unet.conv_in.lora_A.weight": torch.ones(1)}, "no UNet by the names of Stability"),
        ({"model.diffusion_model.input_blocks.0.0.weight": torch.ones(4, 4, 3, 3)}, "it has no"),
    ],
)
def test_what_is_no_checkpoint_is_refused_in_one_line(
    source: SingleFile, tmp_path: Path, content: Any, problem: str
) -> None:
    file = tmp_path / "odd.safetensors"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        save_file(content, file)

    with pytest.raises(NotACheckpoint, match=problem) as refusal:
        source.open(str(file))
    assert "\n" not in str(refusal.value)
    assert not list((tmp_path / "cache" / "checkpoints").glob("odd*"))


def write_sd1(folder: Path, **notes: str) -> Path:
    family, file = FAMILIES["sd1"], folder / "model.safetensors"
    write_folder(folder / "folder", family.build())
    write_single_file(file, folder / "folder", **family.prefixes, metadata=notes)
    return file
