"""Reads `.mlmodelc` bundles of ML Programs, whoever compiled them."""

from pathlib import Path
from typing import Any

import attrs

from ...domain.mil.described import check_description
from ...domain.mil.program import Function, Program
from ...domain.mil.scope import check_names
from ...domain.mil.stored_weights import stored_weights
from ...domain.mil.text.dialect import FLEXIBLE_SHAPES
from ...domain.mil.text.reader import read_program
from .build_info import without_compiler
from .core_ml_data import parse_core_ml_data
from .description_messages import choose_function, edge, main_function, model_description
from .regular_files import content
from .weight_files import WeightFiles

_DATA = "coremldata.bin"
_TEXT = "model.mil"
_LARGEST_BYTES = 2**28


def is_bundle(path: Path) -> bool:
    """Whether a folder says that it is a bundle, by its name or by what is in it."""
    return path.suffix == ".mlmodelc" or (path / _DATA).is_file()


def read_bundle(bundle: Path, function: str | None = None) -> Program:
    """Read the program that was compiled; its weights are checked and stay in their file.

    `function` names the one to run; None leaves it to the model, and InvalidRequest refuses others.

    Raises ValueError with the reason where the bundle contradicts itself, and OSError.
    """
    model = parse_core_ml_data(_content(bundle / _DATA))
    if function is not None:
        choose_function(model, function)
    storage = WeightFiles(bundle, bundle)
    description, main = model_description(model), main_function(model)
    text = _content(bundle / _TEXT)
    try:
        program = read_program(text.decode(), description, main, storage)
        check_names(program)
        check_description(program)
    except ValueError as error:
        raise ValueError(f"{_TEXT}, {error}") from error
    for weight in stored_weights(program):
        storage.check(weight)
    functions = {
        name: _as_packaged(function, edge(model.description, name))
        for name, function in program.functions.items()
    }
    return without_compiler(attrs.evolve(program, functions=functions))


def _content(path: Path) -> bytes:
    try:
        return content(path, _LARGEST_BYTES)
    except FileNotFoundError as error:
        raise ValueError(f"{path.name} is missing") from error


def _as_packaged(function: Function, features: Any) -> Function:
    """The function without what the description tells too, its inputs in the author's order."""
    order = [each.name for each in (*features.input, *features.state)]
    places = {name: place for place, name in enumerate(order)}
    inputs = sorted(function.inputs, key=lambda each: places.get(each.name, len(order)))
    attributes = {
        name: value for name, value in function.attributes.items() if name != FLEXIBLE_SHAPES
    }
    return attrs.evolve(function, inputs=tuple(inputs), attributes=attributes)
