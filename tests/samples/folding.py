"""What coremltools computes when it folds constants."""

import copy
from collections.abc import Mapping
from typing import Any

import coremltools as ct
import numpy as np
from coremltools.converters.mil import Builder
from coremltools.converters.mil.mil import Function, types
from numpy.typing import NDArray


def folded(
    name: str, arguments: Mapping[str, Any], opset: Any = ct.target.iOS18
) -> list[NDArray[Any]]:
    """The outputs of an operation on constants, of the types that coremltools infers."""
    with Function({}, opset_version=opset):
        # Copies, since some of coremltools' own folding writes into its arguments.
        result = getattr(Builder, name)(**copy.deepcopy(dict(arguments)))
        variables = result if isinstance(result, (list, tuple)) else [result]
        assert all(each.val is not None for each in variables), "coremltools does not fold this"
        return [
            np.asarray(each.val).astype(types.nptype_from_builtin(each.dtype)) for each in variables
        ]
