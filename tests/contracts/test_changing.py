"""The promises of domain/ports/changing.py, kept by the fake and by the real one."""

from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.adapters.pytorch.changed_checkpoints import ChangedCheckpoints
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.changes import Changes, CustomVae, Lora
from coreml_stable_diffusion.domain.ports.changing import CheckpointChanging
from diffusers import UNet2DConditionModel
from fakes.changing import FakeChanging
from samples.checkpoints import build_vae
from samples.loras import build_pairs, write_peft


@pytest.fixture(params=["fake", "real"])
def changing(request: pytest.FixtureRequest, tmp_path: Path) -> CheckpointChanging:
    if request.param == "fake":
        return FakeChanging()
    return ChangedCheckpoints(DiffusersFolder(), LocalWorkspace(), tmp_path / "cache")


def test_a_changed_checkpoint_keeps_its_name_and_tells_its_changes_in_order(
    changing: CheckpointChanging, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    base = DiffusersFolder().open(str(tiny_checkpoint))
    network = UNet2DConditionModel.from_pretrained(tiny_checkpoint / "unet")
    write_peft(tmp_path / "style.safetensors", {"unet": build_pairs(network, ["to_q"])})
    build_vae().save_pretrained(tmp_path / "vae")
    lora = Lora(tmp_path / "style.safetensors", 0.5)

    changed = changing.change(
        base, Changes(vae=CustomVae("owner/vae", tmp_path / "vae"), loras=(lora,))
    )

    assert (changed.model, changed.components) == (base.model, base.components)
    assert changed.facts.model_version == base.facts.model_version
    told = [(each.kind, each.name, each.scale) for each in changed.facts.changes]
    assert told == [("VAE", "owner/vae", None), ("LoRA", "style.safetensors", 0.5)]
    assert base.facts.changes == ()
