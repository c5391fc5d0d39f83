"""Pickles are read where they are allowed, and run nothing even there."""

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
import torch
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.adapters.huggingface.hub_source import HubSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.adapters.pytorch.single_file import SingleFile
from coreml_stable_diffusion.adapters.pytorch.unpickled_folders import UnpickledFolders
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import NotACheckpoint
from diffusers import UNet2DConditionModel
from fakes.tokenizers import FakeTokenizers
from safetensors.torch import load_file
from samples.checkpoints import build_vae
from samples.controlnets import write_controlnet
from samples.hub import COMMIT, REPOSITORY, local_hub


@pytest.fixture
def pickled(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    """A copy of the small checkpoint whose weights are pickles."""
    folder = tmp_path / "pickled"
    shutil.copytree(tiny_checkpoint, folder)
    for file in folder.rglob("*.safetensors"):
        to_pickle(file)
    return folder


def to_pickle(file: Path) -> None:
    stem = file.stem.replace("model", "pytorch_model") if file.stem == "model" else file.stem
    torch.save(load_file(file), file.with_name(f"{stem}.bin"))
    file.unlink()


@pytest.fixture
def folders(tmp_path: Path) -> UnpickledFolders:
    return UnpickledFolders(DiffusersFolder(), LocalWorkspace(), tmp_path / "cache")


def test_pickles_are_refused_until_they_are_allowed(pickled: Path) -> None:
    checkpoint = DiffusersFolder().open(str(pickled))

    with pytest.raises(NotACheckpoint, match="read with --allow-pickle alone"):
        DiffusersFolder().fingerprint(checkpoint, Component.UNET)


def test_allowed_pickles_give_the_same_networks(
    folders: UnpickledFolders, pickled: Path, tiny_checkpoint: Path
) -> None:
    checkpoint = folders.open(str(pickled))

    assert checkpoint.model == str(pickled)
    for file in tiny_checkpoint.rglob("*.safetensors"):
        wanted = load_file(file)
        found = load_file(checkpoint.folder / file.relative_to(tiny_checkpoint))
        assert wanted.keys() == found.keys()
        assert all(torch.equal(wanted[name], found[name]) for name in wanted)
    assert folders.fingerprint(checkpoint, Component.TEXT_ENCODER)
    assert folders.open(str(pickled)).folder == checkpoint.folder


def test_what_has_safetensors_is_left_where_it_is(
    folders: UnpickledFolders, tiny_checkpoint: Path
) -> None:
    assert folders.open(str(tiny_checkpoint)).folder == tiny_checkpoint.resolve()


def test_companions_may_be_pickles(
    folders: UnpickledFolders, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    write_controlnet(tmp_path / "edges")
    build_vae().save_pretrained(tmp_path / "vae")
    for file in [*(tmp_path / "edges").glob("*.safetensors"), *(tmp_path / "vae").glob("*.s*")]:
        to_pickle(file)
    base = folders.open(str(tiny_checkpoint))

    control = folders.open_controlnet(str(tmp_path / "edges"), base)
    vae = folders.open_vae(str(tmp_path / "vae"), base)

    assert folders.fingerprint(control, Component.CONTROLNET)
    assert (vae.folder / "diffusion_pytorch_model.safetensors").is_file()
    assert (control.facts.model_version, vae.name) == ("edges", str(tmp_path / "vae"))


def test_the_hubs_pickles_are_fetched_where_they_are_allowed(
    folders: UnpickledFolders, pickled: Path, tmp_path: Path
) -> None:
    with local_hub(pickled) as hub:
        source = HubSource(folders, pickles=True, endpoint=hub.endpoint, cache=tmp_path / "hub")
        checkpoint = source.open(REPOSITORY)

    assert "unet/diffusion_pytorch_model.bin" in hub.served
    assert (checkpoint.model, checkpoint.facts.revision) == (REPOSITORY, COMMIT)
    assert isinstance(
        UNet2DConditionModel.from_pretrained(checkpoint.folder / "unet"), UNet2DConditionModel
    )


@attrs.frozen
class Hostile:
    """What makes a file when it is unpickled."""

    mark: Path

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("content", ["hostile", "broken", "number"])
def test_no_pickle_runs_anything(
    folders: UnpickledFolders, pickled: Path, tmp_path: Path, content: str
) -> None:
    mark = tmp_path / "it ran"
    contents = {
        "hostile": pickle.dumps(Hostile(mark), protocol=2),
        "broken": b"\x80",
        "number": pickle.dumps(3, protocol=2),
    }
    file = pickled / "unet" / "diffusion_pytorch_model.bin"
    file.write_bytes(contents[content])

    with pytest.raises(NotACheckpoint, match="its pickle") as refusal:
        folders.open(str(pickled))
    assert "\n" not in str(refusal.value)
    assert not mark.exists()
    assert not list((tmp_path / "cache" / "checkpoints").glob("pickled*"))


@pytest.mark.parametrize("allowed", [False, True])
def test_a_single_pickle_needs_to_be_allowed(tmp_path: Path, *, allowed: bool) -> None:
    torch.save({"state_dict": {"a": torch.ones(1)}}, tmp_path / "model.ckpt")
    source = SingleFile(
        DiffusersFolder(), FakeTokenizers(), LocalWorkspace(), tmp_path / "cache", pickles=allowed
    )

    problem = "no UNet by the names" if allowed else "a pickle, which is read with --allow-pickle"
    with pytest.raises(NotACheckpoint, match=problem):
        source.open(str(tmp_path / "model.ckpt"))
