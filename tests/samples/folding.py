"""What an operation has to give: what its case knows, or what coremltools folds."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import coremltools as ct
import numpy as np
from coremltools.converters.mil import Builder
from coremltools.converters.mil.mil import Function, types
from numpy.typing import NDArray
from samples.cases.case import Case, is_half, widened


def oracle(name: str, case: Case) -> Sequence[NDArray[Any]]:
    """The results of the operation in their declared types, but computed in float32."""
    if case.expected is not None:
        return case.expected
    declared = _folded(name, case.arguments)
    if not any(map(is_half, case.arguments.values())):
        return declared
    exact = _folded(name, {each: widened(value) for each, value in case.arguments.items()})
    return [one.astype(other.dtype) for one, other in zip(exact, declared, strict=True)]


def _folded(name: str, arguments: Mapping[str, Any]) -> list[NDArray[Any]]:
    with Function({}, opset_version=ct.target.iOS18):
        # Copies, since some of coremltools' own folding writes into its arguments.
        result = getattr(Builder, name)(**copy.deepcopy(dict(arguments)))
        variables = result if isinstance(result, (list, tuple)) else [result]
        assert all(each.val is not None for each in variables), "coremltools does not fold this"
        return [
            np.asarray(each.val).astype(types.nptype_from_builtin(each.dtype)) for each in variables
        ]
