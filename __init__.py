"""Converts Stable Diffusion models to Core ML and generates images with them, on any machine.

The names below are imported when they are first used, so that importing one part of the package
loads nothing of the others (PEP 562).
"""

import importlib

# Not typing's: that takes longer to import than all else that is needed until Ctrl-C is told well.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from .domain.errors import CoremlStableDiffusionError as CoremlStableDiffusionError
    from .entrypoints.api import StableDiffusion as StableDiffusion
    from .entrypoints.conversion import convert as convert
    from .entrypoints.generation import Generation as Generation

__version__ = "0.1.0"
__all__ = ["CoremlStableDiffusionError", "Generation", "StableDiffusion", "__version__", "convert"]

_HOMES = {
    "CoremlStableDiffusionError": ".domain.errors",
    "Generation": ".entrypoints.generation",
    "StableDiffusion": ".entrypoints.api",
    "convert": ".entrypoints.conversion",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name], __name__), name)


def __dir__() -> list[str]:
    return __all__
