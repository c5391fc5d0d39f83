"""What converting a UNet costs, beside the straightforward way through coremltools.

Random float16 weights in safetensors are made on the spot; every case runs in a process of its own,
whose time and peak of resident memory the kernel tells. Ours are commands; the baseline is
`torch.jit.trace` with its defaults, `coremltools.convert` and `palettize_weights`.

    python benchmarks/conversion.py --work /tmp/conversion --json conversion.json
    python benchmarks/conversion.py --work /tmp/conversion --cases fp16 6bit palettize
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
from cost import Cost, measured
from report import arguments, print_table, write

_BITS = "6"
_SMALL, _LARGE = "stable-diffusion-1-5", "stable-diffusion-xl"


def baseline_fp16(work: Path) -> Path:
    """Trace, convert and save, as the manuals of PyTorch and coremltools say."""
    return _save(_straightforward(work), work / "baseline_fp16")


def baseline_6bit(work: Path) -> Path:
    """The same, and palettes of 64 values by k-means before saving."""
    return _save(_palettized_by_coremltools(_straightforward(work)), work / "baseline_6bit")


def palettize_baseline(work: Path) -> Path:
    """Coremltools' palettes of the package that `fp16` made."""
    import coremltools as ct

    model = ct.models.MLModel(str(_unet(work / "fp16")), skip_model_load=True)
    return _save(_palettized_by_coremltools(model), work / "palettize_baseline")


_BASELINES: Mapping[str, Callable[[Path], Path]] = {
    "baseline_fp16": baseline_fp16,
    "baseline_6bit": baseline_6bit,
    "palettize_baseline": palettize_baseline,
}


def _conversion(work: Path, case: str, *options: str, checkpoint: str = _SMALL) -> list[str]:
    return [
        "convert",
        str(work / checkpoint),
        *("--output", str(work / case)),
        *("--components", "unet"),
        *options,
    ]


def _palettization(work: Path) -> list[str]:
    package = work / "palettize" / "unet.mlpackage"
    package.parent.mkdir()
    return ["compress", str(_unet(work / "fp16")), "--nbits", _BITS, "--output", str(package)]


_QUANTIZED = ("--quantize-nbits", _BITS)
_V2 = ("--attention-implementation", "SPLIT_EINSUM_V2")
_COMMANDS: Mapping[str, Callable[[Path], list[str]]] = {
    "fp16": lambda work: _conversion(work, "fp16"),
    "6bit": lambda work: _conversion(work, "6bit", *_QUANTIZED),
    "6bit_v2": lambda work: _conversion(work, "6bit_v2", *_QUANTIZED, *_V2),
    "sdxl_6bit": lambda work: _conversion(work, "sdxl_6bit", *_QUANTIZED, checkpoint=_LARGE),
    "palettize": _palettization,
}
_CASES = (
    "baseline_fp16",
    "baseline_6bit",
    "fp16",
    "6bit",
    "6bit_v2",
    "sdxl_6bit",
    "palettize_baseline",
    "palettize",
)
_OF_FP16 = ("palettize_baseline", "palettize")


def _straightforward(work: Path) -> Any:
    import coremltools as ct
    import torch
    from diffusers import UNet2DConditionModel

    class UNet(torch.nn.Module):
        def __init__(self, network: torch.nn.Module) -> None:
            super().__init__()
            self.network = network

        def forward(self, sample: Any, timestep: Any, states: Any) -> Any:
            texts = states.squeeze(2).transpose(1, 2)
            return self.network(sample, timestep, texts, return_dict=False)[0]

    network = UNet2DConditionModel.from_pretrained(
        work / _SMALL, subfolder="unet", variant="fp16", torch_dtype=torch.float32
    )
    shapes = {
        "sample": (2, 4, 64, 64),
        "timestep": (2,),
        "encoder_hidden_states": (2, 768, 1, 77),
    }
    traced: Any = torch.jit.trace(UNet(network.eval()), [torch.rand(s) for s in shapes.values()])  # type: ignore[no-untyped-call] # as it is
    return ct.convert(
        traced,
        convert_to="mlprogram",
        inputs=[ct.TensorType(name=name, shape=shape) for name, shape in shapes.items()],
        outputs=[ct.TensorType(name="noise_pred")],
        minimum_deployment_target=ct.target.macOS13,
        skip_model_load=True,
    )


def _palettized_by_coremltools(model: Any) -> Any:
    import coremltools.optimize.coreml as cto

    config = cto.OpPalettizerConfig(mode="kmeans", nbits=int(_BITS))
    return cto.palettize_weights(model, cto.OptimizationConfig(global_config=config))


def _save(model: Any, folder: Path) -> Path:
    folder.mkdir(parents=True)
    package = folder / "unet.mlpackage"
    model.save(str(package))
    return package


def _unet(folder: Path) -> Path:
    return next(folder.glob("*unet.mlpackage"))


def case_cost(case: str, work: Path) -> Cost:
    """Run a case in a process of its own."""
    shutil.rmtree(work / case, ignore_errors=True)
    if case in _COMMANDS:
        return measured("-m", "coreml_stable_diffusion", *_COMMANDS[case](work))
    return measured(__file__, "--work", work, "--case", case)


def _output_bytes(case: str, work: Path) -> int:
    return sum(each.stat().st_size for each in (work / case).rglob("*.*"))


def _make_checkpoints(work: Path, cases: Sequence[str]) -> None:
    """In a process of its own too: what a parent has in memory, Linux counts as its child's."""
    for name in (_SMALL, _LARGE):
        is_wanted = any((case == "sdxl_6bit") == (name == _LARGE) for case in cases)
        if is_wanted and not (work / name).exists():
            command = [sys.executable, __file__, "--work", str(work), "--checkpoint", name]
            subprocess.run(command, check=True)


def _make_checkpoint(work: Path, name: str) -> None:
    from half_checkpoint import SD_1_5, SD_XL, write_half_checkpoint

    shutil.rmtree(work / "partial", ignore_errors=True)
    write_half_checkpoint(work / "partial", SD_1_5 if name == _SMALL else SD_XL)
    (work / "partial").rename(work / name)


def main() -> None:
    """Run the cases, each measured, and show what they took."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="a folder with 16 GB to spare")
    parser.add_argument("--cases", nargs="+", choices=_CASES, default=_CASES)
    parser.add_argument("--case", choices=_BASELINES, help=argparse.SUPPRESS)
    parser.add_argument("--checkpoint", choices=(_SMALL, _LARGE), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        _BASELINES[options.case](options.work)
        return
    if options.checkpoint:
        _make_checkpoint(options.work, options.checkpoint)
        return
    options.work.mkdir(parents=True, exist_ok=True)
    cases = options.cases
    if any(case in _OF_FP16 for case in cases) and not (options.work / "fp16").exists():
        cases = ["fp16", *(case for case in cases if case != "fp16")]
    _make_checkpoints(options.work, cases)
    costs = {case: case_cost(case, options.work) for case in cases}
    output_bytes = {case: _output_bytes(case, options.work) for case in cases}
    rows = [
        [
            case,
            f"{cost.cpu_seconds:.1f}",
            f"{cost.wall_seconds:.1f}",
            f"{cost.peak_bytes / 2**30:.2f}",
            f"{output_bytes[case] / 1e6:.0f}",
        ]
        for case, cost in costs.items()
    ]
    print_table("Converting a UNet", ["case", "CPU s", "wall s", "peak GiB", "output MB"], rows)
    figures = {
        case: {**attrs.asdict(cost), "output_bytes": output_bytes[case]}
        for case, cost in costs.items()
    }
    write(options.json, figures)


if __name__ == "__main__":
    main()
