"""Where a run starts that changes a picture instead of drawing a new one."""

from ..errors import InvalidRequest
from .scheduler import Scheduler


def first_step(scheduler: Scheduler, steps: int, strength: float) -> int:
    """The index of the first step to take, of a scheduler made for so many steps.

    A strength of 1 takes all steps; less takes the last ones only, which keep more of the picture.
    Diffusers' image-to-image pipelines start there. Raises InvalidRequest as `steps_taken`.
    """
    return (steps - steps_taken(steps, strength)) * scheduler.evaluations_per_step


def steps_taken(steps: int, strength: float) -> int:
    """How many of the steps a run of this strength takes.

    Raises InvalidRequest for a strength out of range or too little for a single step.

    >>> steps_taken(25, 0.5)
    12
    """
    if not 0 <= strength <= 1:
        raise InvalidRequest("--strength", f"{strength} is not from 0 to 1")
    taken = int(steps * strength)
    if not taken:
        problem = f"{strength:g} of {steps} steps is less than one step"
        raise InvalidRequest("--strength", f"{problem}; ask for more strength or more steps")
    return taken
