"""A program compiled by OpenVINO, ready to predict."""

import functools
from pathlib import Path
from typing import Any, final

import attrs
import openvino

from ...domain.errors import BrokenPackage, PredictionError, UnsupportedOperations
from ...domain.mil.arguments import ILL_FITTING, require_arguments
from ...domain.mil.program import Program
from ...domain.mil.rewrites.attention import with_attention
from ...domain.mil.rewrites.dense_weights import with_dense_weights
from ...domain.mil.rewrites.einsum_attention import with_einsum_attention
from ...domain.mil.rewrites.float_casts import without_float_casts
from ...domain.mil.rewrites.group_norm import with_group_norms
from ...domain.mil.rewrites.split_attention import with_whole_heads, with_whole_queries
from ...domain.network_edge import inside, outside
from ...domain.ports.networks import Network
from ...domain.tensor import Tensors, TensorSpec, misfit
from .arrays import computed
from .failures import reason
from .ops.arguments import Refusal
from .ops.catalogue import FUSED_OPERATIONS, OPERATIONS
from .translation import translate, unknown_operations

#: The rewrites that OpenVINO does not make itself.
_REWRITES = (
    without_float_casts,
    with_group_norms,
    with_attention,
    with_einsum_attention,
    with_whole_queries,
    with_whole_heads,
)
# On processors that have bfloat16 OpenVINO would compute in that.
_PRECISION = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}


@final
@attrs.frozen(kw_only=True)
class OpenVinoNetwork(Network):
    """A compiled model and what crosses its edge."""

    name: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    model: Any = attrs.field(repr=False)

    def predict(self, inputs: Tensors) -> Tensors:
        """Run the model in float32; see the port."""
        if problem := misfit(inputs, self.inputs):
            raise PredictionError(self.name, problem)
        taken = {each.name: computed(inside(inputs[each.name], each)) for each in self.inputs}
        try:
            results = self.model(taken)
            return {each.name: outside(results[each.name], each) for each in self.outputs}
        except ILL_FITTING as error:
            raise PredictionError(self.name, reason(error)) from error


def build_network(package: Path, program: Program, threads: int | None) -> OpenVinoNetwork:
    """Make a program ready to run.

    Raises UnsupportedOperations, and BrokenPackage where its operations do not fit together.
    """
    options = _PRECISION if threads is None else {**_PRECISION, "INFERENCE_NUM_THREADS": threads}
    try:
        function = with_dense_weights(program.main_function)
        if unknown := unknown_operations(function.body, OPERATIONS):
            raise UnsupportedOperations(package, unknown, "openvino")
        require_arguments(function.body, OPERATIONS)
        for rewrite in _REWRITES:
            function = rewrite(function)
        model = translate(function, {**OPERATIONS, **FUSED_OPERATIONS})
        compiled = _core().compile_model(model, "CPU", options)
    except Refusal as refusal:
        raise UnsupportedOperations(package, [str(refusal)], "openvino") from refusal
    except ILL_FITTING as error:
        raise BrokenPackage(package, reason(error)) from error
    return OpenVinoNetwork(
        name=package.name,
        inputs=program.description.inputs,
        outputs=program.description.outputs,
        model=compiled,
    )


@functools.cache
def _core() -> Any:
    """OpenVINO itself, of which one serves all networks."""
    return openvino.Core()
