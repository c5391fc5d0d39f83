"""Which files hold a component's weights, and that other weights have another fingerprint."""

import json
import shutil
from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.adapters.pytorch.weight_files import find_weight_files
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import NotACheckpoint
from fakes.checkpoints import fake_checkpoint

STEM = "diffusion_pytorch_model"


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "config.json").write_text("{}")
    return attrs.evolve(fake_checkpoint(), folder=tmp_path)


def put(checkpoint: Checkpoint, name: str, text: str = "weights") -> Path:
    path = checkpoint.folder / "unet" / name
    path.write_text(text)
    return path


def test_the_full_weights_come_before_the_variant(checkpoint: Checkpoint) -> None:
    put(checkpoint, f"{STEM}.fp16.safetensors")
    full = put(checkpoint, f"{STEM}.safetensors")

    found = find_weight_files(checkpoint, Component.UNET)
    assert (found.variant, found.files) == (None, (full,))


def test_the_variant_is_taken_where_it_is_alone(checkpoint: Checkpoint) -> None:
    half = put(checkpoint, f"{STEM}.fp16.safetensors")

    found = find_weight_files(checkpoint, Component.UNET)
    assert (found.variant, found.files) == ("fp16", (half,))


def test_an_index_leads_to_every_shard_once(checkpoint: Checkpoint) -> None:
    shards = [put(checkpoint, f"{STEM}-0000{i}-of-00002.safetensors") for i in (1, 2)]
    weight_map = {"b": shards[1].name, "a": shards[0].name, "c": shards[0].name}
    put(checkpoint, f"{STEM}.safetensors.index.json", json.dumps({"weight_map": weight_map}))

    assert find_weight_files(checkpoint, Component.UNET).files == tuple(shards)


def test_a_missing_shard_is_named(checkpoint: Checkpoint) -> None:
    index = {"weight_map": {"a": "lost.safetensors"}}
    put(checkpoint, f"{STEM}.safetensors.index.json", json.dumps(index))

    with pytest.raises(NotACheckpoint, match=r"unet/lost\.safetensors is missing"):
        find_weight_files(checkpoint, Component.UNET)


def test_pickles_are_never_taken(checkpoint: Checkpoint) -> None:
    put(checkpoint, f"{STEM}.bin")

    with pytest.raises(NotACheckpoint, match="its weights are pickles"):
        find_weight_files(checkpoint, Component.UNET)


@pytest.mark.parametrize("changed", ["config.json", f"{STEM}.safetensors"])
def test_whatever_changes_changes_the_fingerprint(checkpoint: Checkpoint, changed: str) -> None:
    put(checkpoint, f"{STEM}.safetensors")
    before = find_weight_files(checkpoint, Component.UNET).fingerprint()

    put(checkpoint, changed, "other")

    assert find_weight_files(checkpoint, Component.UNET).fingerprint() != before


def test_a_copy_has_the_same_fingerprint(checkpoint: Checkpoint, tmp_path: Path) -> None:
    put(checkpoint, f"{STEM}.safetensors")
    shutil.copytree(tmp_path / "unet", tmp_path / "copy" / "unet")
    copy = attrs.evolve(checkpoint, folder=tmp_path / "copy")

    assert (
        find_weight_files(copy, Component.UNET).fingerprint()
        == find_weight_files(checkpoint, Component.UNET).fingerprint()
    )
