"""Stable Diffusion 1.5's UNet in its real size: the reference runtime's modes beside diffusers.

Every runner loads and predicts in a process of its own, one after the other, in rounds, so that a
busy moment hits all alike; the least of each is told. `full_size.py --work DIR` makes the packages.

    python benchmarks/full_size.py --work /tmp/full-size
    python benchmarks/runtime.py --work /tmp/full-size --json runtime.json
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from coreml_stable_diffusion.domain.fidelity import relative_l2_error
from full_size import unet_inputs
from numpy.typing import NDArray
from report import arguments, print_table, write

_CHECKPOINT = "stable-diffusion-1-5"
_PACKAGE = f"Stable_Diffusion_version_{_CHECKPOINT}_unet.mlpackage"
_DIFFUSERS = "diffusers"
_RUNNERS = (_DIFFUSERS, "fast", "exact", "faithful")
# Threads that spin while they wait collapse on a machine that does something else as well.
_ENVIRONMENT = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}

Predict = Callable[[], NDArray[Any]]


@attrs.frozen(kw_only=True)
class Figures:
    """What one process measured; the peak is of memory, and nothing spent on imports counts."""

    load_seconds: float
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int

    def least(self, other: "Figures") -> "Figures":
        """The smaller of every figure, since whatever disturbs only adds."""
        mine, theirs = attrs.asdict(self), attrs.asdict(other)
        return Figures(**{name: min(mine[name], theirs[name]) for name in mine})


def load_diffusers(work: Path) -> Predict:
    """The UNet in eager float32."""
    import torch
    from diffusers import UNet2DConditionModel

    # Widened after loading, which takes less memory than to let diffusers load float32.
    unet = UNet2DConditionModel.from_pretrained(work / _CHECKPOINT, subfolder="unet").float()
    inputs = {name: torch.from_numpy(each).float() for name, each in unet_inputs().items()}
    states = inputs["encoder_hidden_states"].squeeze(2).transpose(1, 2)

    def predict() -> NDArray[Any]:
        with torch.inference_mode():
            predicted = unet(inputs["sample"], inputs["timestep"], states).sample
        noise: NDArray[Any] = predicted.numpy()
        return noise

    return predict


def load_package(work: Path, mode: str) -> Predict:
    """The converted UNet on the reference runtime."""
    from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
    from coreml_stable_diffusion.adapters.reference.mode import Mode
    from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime

    runtime = ReferenceRuntime(MlPackageReader(), mode=Mode(mode))
    network = runtime.load(work / "packages" / _PACKAGE)
    return lambda: network.predict(unet_inputs())["noise_pred"]


def run(runner: str, work: Path, predictions: int) -> Figures:
    """Load and predict so often, here; the last output is saved."""
    import torch  # noqa: F401 - imported before the clock starts

    if runner == _DIFFUSERS:
        import diffusers.models.unets.unet_2d_condition  # noqa: F401 - the same

    begun = time.perf_counter()
    predict = load_diffusers(work) if runner == _DIFFUSERS else load_package(work, runner)
    load_seconds = time.perf_counter() - begun
    wall, cpu = [], []
    for _ in range(predictions):
        wall_begun, cpu_begun = time.perf_counter(), time.process_time()
        output = predict()
        wall.append(time.perf_counter() - wall_begun)
        cpu.append(time.process_time() - cpu_begun)
    np.save(_output(work, runner), output)
    return Figures(
        load_seconds=load_seconds,
        wall_seconds=min(wall),
        cpu_seconds=min(cpu),
        peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


def measured(runner: str, work: Path, predictions: int) -> Figures:
    """Run in a process of its own."""
    command = [sys.executable, __file__, "--work", str(work), "--runner", runner]
    command += ["--predictions", str(predictions)]
    answer = subprocess.run(command, env=_ENVIRONMENT, stdout=subprocess.PIPE, check=True)
    return Figures(**json.loads(answer.stdout.splitlines()[-1]))


def compare(
    runners: Sequence[str], work: Path, predictions: int, rounds: int
) -> dict[str, Figures]:
    """Run everything in turn, so many rounds."""
    figures: dict[str, Figures] = {}
    for _ in range(rounds):
        for runner in runners:
            found = measured(runner, work, predictions)
            figures[runner] = figures[runner].least(found) if runner in figures else found
    return figures


def main() -> None:
    """Compare the runners that were asked for."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="the folder of full_size.py")
    parser.add_argument("--predictions", type=int, default=2, help="in each process")
    parser.add_argument("--rounds", type=int, default=2, help="processes of each runner")
    parser.add_argument("--runners", nargs="+", choices=_RUNNERS, default=_RUNNERS)
    parser.add_argument("--runner", choices=_RUNNERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.runner:
        figures = run(options.runner, options.work, options.predictions)
        print(json.dumps(attrs.asdict(figures)))
        return
    compared = compare(options.runners, options.work, options.predictions, options.rounds)
    errors = _errors(compared, options.work)
    _show(compared, errors)
    names = [each.name for each in attrs.fields(Figures)]
    by_figure = {
        name: {runner: getattr(each, name) for runner, each in compared.items()} for name in names
    }
    write(options.json, {**by_figure, "relative_l2": errors})


def _errors(compared: Mapping[str, Figures], work: Path) -> dict[str, float]:
    """How far every output is from that of diffusers, where that ran too."""
    if _DIFFUSERS not in compared:
        return {}
    reference = np.load(_output(work, _DIFFUSERS))
    return {
        runner: relative_l2_error(np.load(_output(work, runner)), reference)
        for runner in compared
        if runner != _DIFFUSERS
    }


def _show(compared: Mapping[str, Figures], errors: Mapping[str, float]) -> None:
    reference = compared.get(_DIFFUSERS, next(iter(compared.values())))
    rows = [
        [
            runner,
            f"{each.load_seconds:.1f}",
            f"{each.wall_seconds:.1f}",
            f"{each.cpu_seconds:.1f}",
            f"{each.cpu_seconds / reference.cpu_seconds:.2f}",
            f"{each.peak_bytes / 2**30:.1f}",
            f"{errors[runner]:.1e}" if runner in errors else "",
        ]
        for runner, each in compared.items()
    ]
    columns = ["runner", "load s", "wall s", "CPU s", "CPU ratio", "peak GiB", "relative L2"]
    print_table("Stable Diffusion 1.5, UNet, batch 2, 64 x 64 latents, float32", columns, rows)


def _output(work: Path, runner: str) -> Path:
    return work / f"runtime-{runner}.npy"


if __name__ == "__main__":
    main()
