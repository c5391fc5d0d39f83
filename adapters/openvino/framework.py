"""OpenVINO, imported when it is needed and asked for kindly where it is not installed."""

import importlib
from typing import Any

from ...domain.errors import RuntimeUnavailable


def load_openvino() -> Any:
    """The openvino module. Raises RuntimeUnavailable where it is not installed."""
    try:
        return importlib.import_module("openvino")
    except ImportError as error:
        raise RuntimeUnavailable(
            "openvino",
            "it is not installed; `pip install 'coreml-stable-diffusion[openvino]'`,"
            " or take the reference runtime",
        ) from error
