"""Where tensors lie that are computed with."""

import contextlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import torch

from ...domain.errors import RuntimeUnavailable
from .device import Device

_IS_THERE: Mapping[Device, Callable[[], bool]] = {
    Device.CPU: lambda: True,
    Device.CUDA: torch.cuda.is_available,
    Device.MPS: torch.backends.mps.is_available,
}


def require(device: Device) -> None:
    """See to it that PyTorch can compute on a device, and in whole float32 there.

    Raises RuntimeUnavailable.
    """
    if not _IS_THERE[device]():
        mend = "set COREML_SD_DEVICE, or --device of `coreml-sd run`, to cpu"
        raise RuntimeUnavailable("reference", f"PyTorch finds no {device.value}; {mend}")
    if device is Device.CUDA:
        torch.backends.cudnn.allow_tf32 = False


def on(device: Device) -> AbstractContextManager[object]:
    """Let PyTorch make tensors on the device as long as this lasts.

    For the processor nothing is done, since every operation would take microseconds longer.
    """
    return contextlib.nullcontext() if device is Device.CPU else torch.device(device.value)
