"""Compiles packages to `.mlmodelc` bundles as Apple's compiler does: the program is transcribed."""

import filecmp
import hashlib
import json
import re
from pathlib import Path
from typing import Any, final

import attrs

from ...domain.errors import InvalidRequest, UnsupportedProgram
from ...domain.mil.program import Function, Program
from ...domain.mil.stored_weights import stored_weights
from ...domain.mil.text.dialect import FLEXIBLE_SHAPES
from ...domain.mil.text.writer import program_text
from ...domain.ports.compiling import BundleCompiler
from ...domain.ports.packages import PackageReader
from .analytics import analytics
from .build_info import compiled_by
from .bundle_metadata import bundle_metadata
from .bundle_reader import is_bundle
from .core_ml_data import core_ml_data
from .description_messages import edge
from .flexible_shapes import flexible_shapes
from .manifest import model_file
from .regular_files import check_regular, content
from .schema import new_message, parse_description
from .weight_file_writer import link_or_copy
from .weight_files import MODEL_PATH

_ANALYTICS = "analytics/coremldata.bin"
_TEXT = "model.mil"
# More than buildInfo takes, which is where a program begins.
_HEAD_BYTES = 4096


@final
class MilBundleCompiler(BundleCompiler):
    """Writes the same bytes for the same package on any machine; `name` signs them."""

    def __init__(self, packages: PackageReader, name: str) -> None:
        self._packages = packages
        self._name = name

    def compile(self, package: Path, bundle: Path) -> None:
        """Write the bundle; see the port."""
        if is_bundle(package):
            raise InvalidRequest("PACKAGE", f"{package} is compiled already")
        program = self._packages.read(package)
        path = model_file(package)
        try:
            self._write(program, path, package.stem, bundle)
        except ValueError as error:
            raise UnsupportedProgram(package, str(error)) from error
        for file in sorted({each.file for each in stored_weights(program)}):
            name = file.removeprefix(MODEL_PATH)
            link_or_copy(path.parent / name, bundle / name)

    def is_current(self, package: Path, bundle: Path) -> bool:
        """Compare what the bundle says of its making and the weight files; see the port."""
        try:
            return _is_made_of(model_file(package), bundle, self._name)
        except (OSError, ValueError):
            return False

    def _write(self, program: Program, path: Path, title: str, bundle: Path) -> None:
        message = parse_description(program.description.message)
        model = new_message("Model")
        model.specificationVersion = program.description.specification_version
        model.description.CopyFrom(message)
        (bundle / _ANALYTICS).parent.mkdir(parents=True)
        text = program_text(_with_shapes(compiled_by(program, self._name), message))
        with (bundle / _TEXT).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(text)
        document = bundle_metadata(program, message, re.sub(r"\W", "_", title))
        (bundle / "metadata.json").write_text(_json(document), encoding="utf-8")
        (bundle / "coremldata.bin").write_bytes(core_ml_data(model))
        (bundle / _ANALYTICS).write_bytes(_analytics(path))


def _is_made_of(model: Path, bundle: Path, compiler: str) -> bool:
    expected = _analytics(model)
    if content(bundle / _ANALYTICS, len(expected)) != expected:
        return False
    check_regular(bundle / _TEXT)
    with (bundle / _TEXT).open("rb") as text:
        if f'"{compiler}"'.encode() not in text.read(_HEAD_BYTES):
            return False
    weights = [path.relative_to(model.parent) for path in model.parent.rglob("*.bin")]
    return all(_same(model.parent / path, bundle / path) for path in weights)


def _analytics(model: Path) -> bytes:
    with model.open("rb") as file:
        return analytics(hashlib.file_digest(file, "sha256").digest(), model.stem)


def _same(one: Path, other: Path) -> bool:
    return one.samefile(other) or filecmp.cmp(one, other, shallow=False)


def _with_shapes(program: Program, message: Any) -> Program:
    functions = {
        name: _with_ranges(function, edge(message, name).input)
        for name, function in program.functions.items()
    }
    return attrs.evolve(program, functions=functions)


def _with_ranges(function: Function, features: Any) -> Function:
    ranges = flexible_shapes(features)
    if ranges is None:
        return function
    return attrs.evolve(function, attributes={**function.attributes, FLEXIBLE_SHAPES: ranges})


def _json(document: Any) -> str:
    return json.dumps(
        document, indent=2, separators=(",", " : "), ensure_ascii=False, sort_keys=True
    )
