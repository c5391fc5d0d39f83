"""What coremltools does again and again without need, left out for one conversion.

For the UNet of Stable Diffusion 1.5 with SPLIT_EINSUM_V2, 47 CPU seconds became 12.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

from .patches import Patch, is_there, patched

_MIL = "coremltools.converters.mil.mil"
_TYPES = f"{_MIL}.types"


def _nothing(_original: Any) -> Callable[..., None]:
    def nothing(*_arguments: Any, **_options: Any) -> None:
        pass

    return nothing


def _no_copy(original: Any) -> Any:
    return staticmethod(_nothing(original))


def _short_text(_original: Any) -> Callable[..., str]:
    return lambda _self, *_arguments, **_options: "a program"


def _inferring_once(original: Callable[..., None]) -> Callable[..., None]:
    def infer(operation: Any, overwrite_output: bool = False) -> None:
        # A constant's own value cannot tell another type of it than before.
        if operation.op_type != "const" or operation.outputs is None:
            original(operation, overwrite_output)

    return infer


def _once_for_two(original: Callable[..., Any]) -> Callable[..., Any]:
    """The second of two equal questions in a row gets the answer to the first."""
    last: tuple[Any, Any, Any] | None = None

    def look(operation: Any, value: Any) -> Any:
        nonlocal last
        if last is not None and last[0] is operation and last[1] is value:
            found, last = last[2], None
        else:
            found = original(operation, value)
            last = operation, value, found
        return found

    return look


#: Each leaves the program as it would be without it.
SHORTCUTS = (
    # Walks all operations after each of a hundred passes, to find mistakes of those who write them.
    Patch(f"{_MIL}:Program.validate", _nothing),
    # Find again and again what must stay beside compressed weights, of which there are none yet.
    Patch(f"{_MIL}:Block._propagate_nonreplaceable_vars", _nothing),
    Patch(f"{_MIL}:Var._set_nonreplaceable_vars_upstream", _nothing),
    # Keeps where in PyTorch's module an operation came from, which no package tells.
    Patch(f"{_MIL}:Block._copy_scope_info", _no_copy),
    # The whole program is made text for a log, whether anybody keeps it or not.
    *(Patch(f"{_MIL}:{each}.__str__", _short_text) for each in ("Program", "Function", "Block")),
    # Asked half a million times what a type is called, which it makes up each time.
    *(
        Patch(f"{_TYPES}.{each}:get_type_info", functools.cache)
        for each in ("type_list", "type_mapping", "type_state", "type_tensor")
    ),
    # Looks at a constant's value for its type, and then once more for its value.
    Patch(f"{_MIL}.ops.defs.iOS15.control_flow:Const._get_type_val", _once_for_two),
    Patch(f"{_MIL}:Operation.type_value_inference", _inferring_once),
)


@contextlib.contextmanager
def frugal_coremltools() -> Iterator[None]:
    """Convert without needless work inside; what this coremltools does not have is left alone."""
    with patched(*(each for each in SHORTCUTS if is_there(each))):
        yield
