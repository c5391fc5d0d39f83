"""Programs sent through every command that takes one, and what went wrong on the way."""

import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from coreml_stable_diffusion.adapters.openvino.framework import load_openvino
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.packages.package_writer import MlPackageWriter
from coreml_stable_diffusion.domain.errors import CoremlStableDiffusionError
from coreml_stable_diffusion.domain.mil.decompression import DECOMPRESSIONS
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.mil.value_type import NamedType
from coreml_stable_diffusion.domain.tensor import Tensors
from coreml_stable_diffusion.entrypoints.cli.main import app
from hypothesis import HealthCheck, Phase, given, settings
from numpy.typing import NDArray
from samples.cases.case import Case
from samples.cases.catalogue import CASES
from samples.folding import oracle
from samples.networks import SAMPLES
from samples.one_operation import one_operation
from samples.packages import convert_module
from samples.programs import tensor_type
from typer.testing import CliRunner, Result

#: A program and what it takes.
Sound = tuple[Program, Tensors]
_NARROW = {np.dtype(np.float64): np.float32, np.dtype(np.int64): np.int32}
_LONGEST_LINE, _MANY = 700, 10**6
_MODES = ("exact", "fast", "faithful")


def drawn_operations(each: int) -> list[Sound]:
    """Programs of one operation, so many of each, their outputs declared as they are."""
    return [one for name in sorted(CASES) for one in _drawn(name, each)]


def _drawn(name: str, count: int) -> list[Sound]:
    found: list[Sound] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(CASES[name])
    def draw(case: Case) -> None:
        arrays = [np.asarray(result) for result in oracle(name, case)]
        expected = [array.astype(_NARROW.get(array.dtype, array.dtype)) for array in arrays]
        settled = name in DECOMPRESSIONS
        program, inputs = one_operation(name, case.arguments, expected, settled=settled)
        found.append((_declared(program, expected), inputs))

    draw()
    return found[-count:]


def _declared(program: Program, expected: list[NDArray[Any]]) -> Program:
    function = program.main_function
    (step,) = function.body.operations
    made = [NamedType(f"out{place}", tensor_type(each)) for place, each in enumerate(expected)]
    body = attrs.evolve(function.body, operations=(attrs.evolve(step, outputs=tuple(made)),))
    changed = attrs.evolve(function, specializations={function.opset: body})
    return attrs.evolve(program, functions={program.main: changed})


def converted_networks(folder: Path) -> Iterator[Sound]:
    """Small networks of many kinds, in float16 and in float32."""
    for name, sample in SAMPLES.items():
        for float16 in (True, False):
            package = folder / f"{name}-{float16}.mlpackage"
            inputs = {"x": sample.example()}
            convert_module(sample.network(2), inputs, ["y"], package, float16=float16)
            yield MlPackageReader().read(package), inputs


def problems(program: Program, inputs: Tensors, folder: Path) -> Iterator[str]:
    """What is a traceback, not one line, or another result than that of the exact mode."""
    package = folder / "m.mlpackage"
    try:
        MlPackageWriter().write(program, package)
    except (CoremlStableDiffusionError, KeyError, ValueError):
        return  # no file can say it
    yield from _told(_ran("inspect", package), "inspect")
    yield from _through_a_bundle(package, folder)
    arrays: Any = _fitting(package, inputs)
    np.savez(folder / "in.npz", **arrays)
    given_files = (package, "--inputs", folder / "in.npz", "--outputs")
    results = {}
    for kind, options in _runs(folder).items():
        outputs = folder / f"{kind}.npz"
        yield from _told(_ran("run", *given_files, outputs, *options), f"run {kind}")
        if outputs.exists():
            with np.load(outputs) as arrays:
                results[kind] = dict(arrays)
    if {"exact", "fast"} <= results.keys():
        yield from _departures(results["exact"], results["fast"])


def _runs(folder: Path) -> dict[str, tuple[object, ...]]:
    runs: dict[str, tuple[object, ...]] = {each: ("--mode", each) for each in _MODES}
    runs["exact"] += ("--trace", folder / "trace.npz")
    try:
        load_openvino()
    except CoremlStableDiffusionError:
        return runs
    return {**runs, "openvino": ("--runtime", "openvino")}


def _through_a_bundle(package: Path, folder: Path) -> Iterator[str]:
    yield from _told(_ran("compile", package, "-o", folder / "c"), "compile")
    bundle, again = folder / "c" / "m.mlmodelc", folder / "d" / package.name
    if bundle.exists():
        yield from _told(_ran("inspect", bundle, "--json"), "inspect a bundle")
        yield from _told(_ran("decompile", bundle, "-o", folder / "d"), "decompile")
    if again.exists():
        compared = _ran("diff", package, again)
        yield from _told(compared, "diff")
        if compared.exit_code == 1:
            yield f"decompile: {compared.stdout}"


def _ran(*words: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in words])


def _told(result: Result, command: str) -> Iterator[str]:
    """What is neither a result nor a refusal in one line."""
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        yield f"{command}: {result.exception!r}"
    elif result.exit_code == 2:
        line = result.stderr.strip()
        if "\n" in line or not line.startswith("coreml-sd: ") or len(line) > _LONGEST_LINE:
            yield f"{command}: {line}"


def _fitting(package: Path, inputs: Tensors) -> dict[str, NDArray[Any]]:
    """The inputs in the shapes and types that the package asks for, where it can be read."""
    try:
        specs = MlPackageReader().read(package).description.inputs
    except CoremlStableDiffusionError:
        return dict(inputs)
    fitting = {}
    for spec in specs:
        found = inputs.get(spec.name, np.zeros(1))
        small = spec.element_count < _MANY
        with np.errstate(all="ignore"):
            fitting[spec.name] = np.resize(found, spec.shape).astype(spec.dtype) if small else found
    return fitting


def _departures(exact: Mapping[str, Any], fast: Mapping[str, Any]) -> Iterator[str]:
    for name, wanted in exact.items():
        found, tolerance = fast[name], 2e-3 if wanted.dtype == np.float16 else 1e-4
        if found.shape != wanted.shape:
            yield f"{name}: fast gives {found.shape}, exact {wanted.shape}"
            continue
        one, other = (each.astype(np.float64) for each in (wanted, found))
        finite = np.isfinite(one)
        scale = max(1e-6, np.abs(one[finite]).max(initial=0))
        same = np.array_equal(finite, np.isfinite(other))
        if not same or np.abs(one - other)[finite].max(initial=0) > tolerance * scale:
            yield f"{name}: fast gives other numbers than exact"


def numbered(number: int, sounds: list[Sound], change: Callable[..., Program]) -> Sound:
    """The trial of a number: one of the programs, changed."""
    rng = random.Random(number)  # noqa: S311 - the same every time
    program, inputs = rng.choice(sounds)
    return change(program, rng), inputs
