"""Stable Diffusion 1.5 in its real size: what converting costs and how near its UNet stays.

The weights are random, since nothing but time and rounding is measured. Each step runs in a process
of its own, whose peak of resident memory the kernel tells.

    python benchmarks/full_size.py --work /tmp/full-size --json full_size.json
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import attrs
import numpy as np
from coreml_stable_diffusion.domain.fidelity import relative_l2_error
from cost import Cost, measured
from numpy.typing import NDArray
from report import arguments, print_table, write

_CHECKPOINT, _PACKAGES = "stable-diffusion-1-5", "packages"
_TORCH_OUTPUT, _PACKAGE_OUTPUT = "torch.npy", "package.npy"


def make_checkpoint(work: Path) -> None:
    """Save the architecture of Stable Diffusion 1.5 with random float32 weights."""
    from random_checkpoint import stable_diffusion_1_5

    stable_diffusion_1_5(seed=0).save_pretrained(work / _CHECKPOINT)


def convert_checkpoint(work: Path) -> None:
    """Convert every component."""
    from coreml_stable_diffusion import convert

    convert(work / _CHECKPOINT, work / _PACKAGES)


def run_package(work: Path) -> None:
    """Run the converted UNet once on the reference runtime."""
    from coreml_stable_diffusion.domain.component import Component
    from coreml_stable_diffusion.entrypoints.container import Container
    from coreml_stable_diffusion.entrypoints.settings import RuntimeChoice, Settings

    container = Container(settings=Settings.from_environment(runtime=RuntimeChoice.REFERENCE))
    folder = work / _PACKAGES
    manifest = container.model_folders().read_manifest(folder)
    unet = container.network_runtime().load(manifest.package(Component.UNET, folder))
    np.save(work / _PACKAGE_OUTPUT, unet.predict(unet_inputs())["noise_pred"])


def run_torch(work: Path) -> None:
    """Run diffusers' UNet once in float32 on the same inputs."""
    import torch
    from diffusers import UNet2DConditionModel

    unet = UNet2DConditionModel.from_pretrained(work / _CHECKPOINT, subfolder="unet")
    inputs = {name: torch.from_numpy(array).float() for name, array in unet_inputs().items()}
    states = inputs["encoder_hidden_states"].squeeze(2).transpose(1, 2)
    with torch.no_grad():
        predicted = unet(inputs["sample"], inputs["timestep"], states).sample
    np.save(work / _TORCH_OUTPUT, predicted.numpy())


def unet_inputs() -> dict[str, NDArray[np.float16]]:
    """Noise, a timestep in the middle and random hidden states, as the package takes them."""
    rng = np.random.default_rng(0)
    return {
        "sample": rng.standard_normal((2, 4, 64, 64)).astype(np.float16),
        "timestep": np.full(2, 501, dtype=np.float16),
        "encoder_hidden_states": rng.standard_normal((2, 768, 1, 77)).astype(np.float16),
    }


_STEPS: dict[str, Callable[[Path], None]] = {
    "checkpoint": make_checkpoint,
    "convert": convert_checkpoint,
    "run package": run_package,
    "run torch": run_torch,
}


def step_cost(step: str, work: Path) -> Cost:
    """Run a step in a process of its own."""
    return measured(__file__, "--work", work, "--step", step)


def main() -> None:
    """Run all steps, each measured, and compare the outputs."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="a folder with 10 GB to spare")
    parser.add_argument("--step", choices=_STEPS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        _STEPS[options.step](options.work)
        return
    options.work.mkdir(parents=True, exist_ok=True)
    costs = {step: step_cost(step, options.work) for step in _STEPS}
    error = relative_l2_error(
        np.load(options.work / _PACKAGE_OUTPUT), np.load(options.work / _TORCH_OUTPUT)
    )
    rows = [
        [
            step,
            f"{cost.wall_seconds:.0f}",
            f"{cost.cpu_seconds:.0f}",
            f"{cost.peak_bytes / 2**30:.1f}",
        ]
        for step, cost in costs.items()
    ]
    print_table(
        f"Stable Diffusion 1.5: relative L2 error of the UNet {error:.1e}",
        ["step", "wall s", "CPU s", "peak GiB"],
        rows,
    )
    figures = {step: attrs.asdict(cost) for step, cost in costs.items()}
    write(options.json, {"unet_relative_l2_error": error, **figures})


if __name__ == "__main__":
    main()
