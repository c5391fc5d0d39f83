"""Networks on graphics processors; without one, that their tensors would all lie there."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.reference.arrays import as_tensor
from coreml_stable_diffusion.adapters.reference.device import Device
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.ops.arguments import Tensors
from coreml_stable_diffusion.adapters.reference.ops.catalogue import OPERATIONS
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.adapters.reference.signature import Parameter, parameters
from coreml_stable_diffusion.domain.errors import RuntimeUnavailable
from fakes.packages import FakePackageReader
from hypothesis import HealthCheck, given, settings
from samples.cases.case import Case
from samples.cases.catalogue import CASES
from samples.programs import const, operation, program
from torch import Tensor

PACKAGE = Path("some.mlpackage")
X = np.arange(6, dtype=np.float32).reshape(2, 3)
PROGRAM = program(
    [
        const("weight", np.eye(3, dtype=np.float32)),
        operation("linear", ["y"], x="x", weight="weight"),
    ],
    {"x": X},
    {"y": X},
)
#: What looks at numbers, of which there are none where tensors are only shapes.
LOOKS = {"crop_resize", "non_maximum_suppression", "non_zero", "range_1d"}
IS_THERE = {Device.CUDA: torch.cuda.is_available(), Device.MPS: torch.backends.mps.is_available()}


@pytest.mark.parametrize("device", IS_THERE)
@pytest.mark.parametrize("mode", Mode)
def test_a_device_computes_what_the_processor_does_or_is_refused(
    device: Device, mode: Mode
) -> None:
    runtime = ReferenceRuntime(FakePackageReader({PACKAGE.name: PROGRAM}), mode=mode, device=device)
    if not IS_THERE[device]:
        with pytest.raises(RuntimeUnavailable, match=f"no {device.value}; set COREML_SD_DEVICE"):
            runtime.load(PACKAGE)
        return
    assert np.array_equal(runtime.load(PACKAGE).predict({"x": X})["y"], X)


@pytest.mark.parametrize("name", sorted(OPERATIONS.keys() - LOOKS))
def test_an_operation_makes_all_it_needs_where_its_arguments_lie(name: str) -> None:
    @settings(
        max_examples=5,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(CASES[name])
    def check(case: Case) -> None:
        known = parameters(OPERATIONS[name])
        given = {each: _argument(known[each], value) for each, value in case.arguments.items()}
        with torch.device("meta"):
            result = OPERATIONS[name](**given)
        results = (result,) if isinstance(result, Tensor) else result
        assert {each.device.type for each in results} == {"meta"}

    check()


def _argument(parameter: Parameter, value: Any) -> Any:
    """As the runtime makes it, tensors without numbers."""
    if parameter.is_text:
        return value
    several = value if isinstance(value, tuple) else (value,)
    tensors = tuple(as_tensor(np.asarray(each)) for each in several)
    if parameter.annotation in (Tensor, Tensors):
        tensors = tuple(each.to("meta") for each in tensors)
    return parameter.convert(tensors)
