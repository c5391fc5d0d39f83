"""Asking a network: float32 on our side, on its side the types that it declares."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ..errors import PredictionError
from ..ports.networks import Network
from ..tensor import TensorSpec


def call(network: Network, **inputs: NDArray[np.generic]) -> dict[str, NDArray[np.float32]]:
    """Predict with these inputs, cast to the declared types; the outputs are float32.

    Raises PredictionError where the inputs do not fit.
    """
    dtypes = {spec.name: spec.dtype for spec in network.inputs}
    cast = {
        name: array.astype(dtypes.get(name, array.dtype), copy=False)
        for name, array in inputs.items()
    }
    outputs = network.predict(cast)
    return {name: array.astype(np.float32, copy=False) for name, array in outputs.items()}


def call_in_passes(
    network: Network, inputs: Mapping[str, NDArray[np.floating]]
) -> dict[str, NDArray[np.float32]]:
    """Predict rows of any number, in as many passes as the network's own batch size asks for.

    The last pass is filled up by repeating its last row. Raises as `call`.
    """
    batch = input_named(network, "sample").shape[0]
    rows = len(inputs["sample"])
    passes = [
        call(
            network,
            **{name: _filled(array[at : at + batch], batch) for name, array in inputs.items()},
        )
        for at in range(0, rows, batch)
    ]
    # What ControlNets give is 50 MB: copied only where it has to be put together.
    if len(passes) == 1:
        return {name: array[:rows] for name, array in passes[0].items()}
    return {name: np.concatenate([each[name] for each in passes])[:rows] for name in passes[0]}


def input_named(network: Network, name: str) -> TensorSpec:
    """What the network declares of an input. Raises PredictionError where it has none such."""
    for spec in network.inputs:
        if spec.name == name:
            return spec
    declared = ", ".join(spec.name for spec in network.inputs)
    raise PredictionError("network", f"it has no input {name}; it has: {declared}")


def _filled(rows: NDArray[np.floating], batch: int) -> NDArray[np.floating]:
    missing = batch - len(rows)
    return np.concatenate([rows, *[rows[-1:]] * missing]) if missing else rows
