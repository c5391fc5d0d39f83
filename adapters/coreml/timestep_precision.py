"""Which operations must stay in float32 in a float16 program: the sinusoids of the timestep.

In float16 the argument of sine and cosine is rounded so coarsely that the embedding of timestep
981 is off by up to 0.30, which takes the pocket model's UNet from 113 to 71 dB at timestep 500; see
docs/explanation/precision.md.
"""

from typing import Any

_SINUSOIDS = ("sin", "cos")
_ARGUMENT_OPERATIONS = ("mul", "expand_dims")


def bears_float16(operation: Any) -> bool:
    """Whether a MIL operation may compute in float16: all but sinusoids and their arguments."""
    return not (operation.op_type in _SINUSOIDS or _is_angle(operation))


def _is_angle(operation: Any) -> bool:
    """Whether the operation's results end, through arithmetic alone, in nothing but sinusoids."""
    if operation.op_type not in _ARGUMENT_OPERATIONS:
        return False
    users = [user for output in operation.outputs for user in output.child_ops]
    return bool(users) and all(not bears_float16(user) for user in users)
