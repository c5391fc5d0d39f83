"""Packages of Stable Diffusion 1.5 in their real size, beside whoever computes the same networks.

Each contender loads and predicts in a process of its own, one after the other, and the median of
its predictions is told; more rounds let a busy moment hit all alike. Processor seconds count, on
all threads. The other contenders come with `pip install 'coreml-stable-diffusion[benchmarks]'`. On
two cores a round takes about fifteen minutes; the packages, and what onnxruntime and OpenVINO read,
are kept in the folder and take five more.

    python benchmarks/runtime.py --work /tmp/full-size --json runtime.json
"""

import argparse
import importlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs
import full_size
import numpy as np
from contenders import CONTENDERS, EXPORTS, exported
from coreml_stable_diffusion.domain.fidelity import relative_l2_error
from cost import peak_bytes
from networks import NETWORKS, package
from report import arguments, print_table, write

_REFERENCE = "diffusers"
_OURS = "coreml_stable_diffusion.adapters"
_READER = f"{_OURS}.packages.package_reader"
_OURS_AND_TORCH = (_READER, f"{_OURS}.reference.examined", f"{_OURS}.reference.network")
_IMPORTS: Mapping[str, tuple[str, ...]] = {
    _REFERENCE: ("transformers.models.clip.modeling_clip",),
    "onnxruntime": ("onnxruntime",),
    "openvino": ("openvino",),
    "fast_openvino": (_READER, f"{_OURS}.openvino.network"),
}
# Threads that spin while they wait collapse on a machine that does something else as well.
_ENVIRONMENT = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}


@attrs.frozen(kw_only=True)
class Figures:
    """What one process measured; the peak is of memory, and no time spent on imports counts."""

    load_seconds: float
    load_cpu_seconds: float
    cpu_seconds: tuple[float, ...]
    wall_seconds: tuple[float, ...]
    peak_bytes: int


def run(contender: str, network: str, work: Path, predictions: int) -> Figures:
    """Load and predict so often behind one prediction that does not count; saves the output."""
    _import_what_is_needed(contender)
    begun, cpu_begun = time.perf_counter(), time.process_time()
    predict = CONTENDERS[contender](network, work)
    load_seconds, load_cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu_begun
    output = predict()
    wall, cpu = [], []
    for _ in range(predictions):
        wall_begun, cpu_begun = time.perf_counter(), time.process_time()
        output = predict()
        wall.append(time.perf_counter() - wall_begun)
        cpu.append(time.process_time() - cpu_begun)
    np.save(_output(work, network, contender), output)
    return Figures(
        load_seconds=load_seconds,
        load_cpu_seconds=load_cpu_seconds,
        cpu_seconds=tuple(cpu),
        wall_seconds=tuple(wall),
        peak_bytes=peak_bytes(resource.getrusage(resource.RUSAGE_SELF)),
    )


def _import_what_is_needed(contender: str) -> None:
    """Import frameworks, and ourselves, which takes seconds that are nobody's load."""
    for module in _IMPORTS.get(contender, _OURS_AND_TORCH):
        importlib.import_module(module)


def measured(contender: str, network: str, options: argparse.Namespace) -> Figures:
    """Run in a process of its own."""
    command = [sys.executable, __file__, "--work", str(options.work), "--contender", contender]
    command += ["--networks", network, "--predictions", str(options.predictions)]
    answer = subprocess.run(command, env=_ENVIRONMENT, stdout=subprocess.PIPE, check=True)
    return Figures(**json.loads(answer.stdout.splitlines()[-1]))


def convert(work: Path) -> None:
    """Make the checkpoint and its packages, unless they are there."""
    if not all(package(work, each).exists() for each in NETWORKS):
        work.mkdir(parents=True, exist_ok=True)
        for step in ("checkpoint", "convert"):
            full_size.step_cost(step, work)


def export(contender: str, network: str, work: Path) -> None:
    """Make what a contender loads, in a process of its own, unless it is there."""
    if contender not in EXPORTS or exported(network, work, EXPORTS[contender][0]).exists():
        return
    command = [sys.executable, __file__, "--work", str(work), "--export", contender]
    subprocess.run([*command, "--networks", network], stdout=subprocess.DEVNULL, check=True)


def compare(network: str, options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Run every contender in turn, so many rounds; the medians by figure and contender."""
    runs: dict[str, list[Figures]] = {each: [] for each in options.contenders}
    for contender in runs:
        export(contender, network, options.work)
    for _ in range(options.rounds):
        for contender, figures in runs.items():
            figures.append(measured(contender, network, options))
    return {
        "cpu_seconds": {each: _median(found, "cpu_seconds") for each, found in runs.items()},
        "wall_seconds": {each: _median(found, "wall_seconds") for each, found in runs.items()},
        **{
            figure: {each: _of_loads(found, figure) for each, found in runs.items()}
            for figure in ("load_seconds", "load_cpu_seconds")
        },
        "peak_bytes": {each: max(one.peak_bytes for one in found) for each, found in runs.items()},
        "relative_l2": _errors(options.contenders, network, options.work),
    }


def _median(runs: Sequence[Figures], figure: str) -> float:
    seconds: list[float] = [each for one in runs for each in getattr(one, figure)]
    return statistics.median(seconds)


def _of_loads(runs: Sequence[Figures], figure: str) -> float:
    seconds: list[float] = [getattr(one, figure) for one in runs]
    return statistics.median(seconds)


def _errors(contenders: Sequence[str], network: str, work: Path) -> dict[str, float]:
    """How far every output is from that of diffusers, where that ran too."""
    if _REFERENCE not in contenders:
        return {}
    reference = np.load(_output(work, network, _REFERENCE))
    return {
        each: relative_l2_error(np.load(_output(work, network, each)), reference)
        for each in contenders
        if each != _REFERENCE
    }


def _show(network: str, figures: Mapping[str, Mapping[str, float]]) -> None:
    cpu = figures["cpu_seconds"]
    reference = cpu.get(_REFERENCE, next(iter(cpu.values())))
    rows = [
        [
            each,
            f"{figures['load_seconds'][each]:.2f}",
            f"{figures['load_cpu_seconds'][each]:.2f}",
            f"{figures['wall_seconds'][each]:.2f}",
            f"{seconds:.2f}",
            f"{seconds / reference:.2f}",
            f"{figures['peak_bytes'][each] / 2**30:.1f}",
            f"{figures['relative_l2'][each]:.1e}" if each in figures["relative_l2"] else "",
        ]
        for each, seconds in cpu.items()
    ]
    columns = ["", "load s", "CPU s", "wall s", "CPU s", "CPU ratio", "peak GiB", "relative L2"]
    print_table(f"Stable Diffusion 1.5, {NETWORKS[network].title}, float32", columns, rows)


def _output(work: Path, network: str, contender: str) -> Path:
    return work / f"runtime-{network}-{contender}.npy"


def main() -> None:
    """Compare the contenders that were asked for; the UNet's figures stand at the top."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="a folder with 15 GB to spare")
    parser.add_argument("--predictions", type=int, default=5, help="in each process")
    parser.add_argument("--rounds", type=int, default=1, help="processes of each contender")
    parser.add_argument("--contenders", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--export", choices=EXPORTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    network = options.networks[0]
    if options.export:
        EXPORTS[options.export][1](network, options.work)
    elif options.contender:
        figures = run(options.contender, network, options.work, options.predictions)
        print(json.dumps(attrs.asdict(figures)))
    else:
        convert(options.work)
        compared = {each: compare(each, options) for each in options.networks}
        for each, found in compared.items():
            _show(each, found)
        write(options.json, {**compared.pop("unet", {}), **compared})


if __name__ == "__main__":
    main()
