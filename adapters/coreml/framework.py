"""coremltools, imported when it is needed and kept from talking over everyone else."""

import contextlib
import importlib
import logging
from collections.abc import Iterator
from typing import Any

_LOG = logging.getLogger("coremltools")
# Where coremltools draws bars that nothing switches off.
_BARS = {
    "coremltools.converters.mil.frontend.torch.ops": "_tqdm",
    "coremltools.converters.mil.mil.passes.pass_pipeline": "tqdm",
}


def _without_bar(steps: Any, **_look: Any) -> Any:
    return steps


@contextlib.contextmanager
def quiet_coremltools() -> Iterator[Any]:
    """Lend the coremltools module; its warnings are off inside, its bars from then on.

    It would warn that this PyTorch is newer than its tests and, off macOS, that Core ML is not
    there to predict. Errors and exceptions come through.
    """
    level = _LOG.level
    _LOG.setLevel(logging.ERROR)
    try:
        coremltools = importlib.import_module("coremltools")
        for module, name in _BARS.items():
            setattr(importlib.import_module(module), name, _without_bar)
        yield coremltools
    finally:
        _LOG.setLevel(level)
