"""The schedulers by the names that people and configuration files call them."""

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import InvalidRequest
from .dpm_solver_multistep import DpmSolverMultistep
from .pndm import Pndm
from .scheduler import Scheduler

#: By diffusers' class name without "Scheduler".
_SCHEDULERS: dict[str, Callable[[Mapping[str, Any], int], Scheduler]] = {
    "DPMSolverMultistep": DpmSolverMultistep.from_config,
    "PNDM": Pndm.from_config,
}
#: Other programs' names, in lower case.
_ALIASES = {
    "dpm++ 2m": "DPMSolverMultistep",
    "dpm++2m": "DPMSolverMultistep",
    "dpmpp_2m": "DPMSolverMultistep",
    "plms": "PNDM",
}
SCHEDULER_NAMES = tuple(_SCHEDULERS)


def scheduler_from_config(
    config: Mapping[str, Any], steps: int, name: str | None = None
) -> Scheduler:
    """Make the scheduler of this name, or the configuration's own, ready for so many steps.

    `config` is a diffusers scheduler_config. Raises InvalidRequest for a name that is not known and
    for what the configuration or the number of steps asks in vain.
    """
    chosen = scheduler_name(name or str(config.get("_class_name")))
    return _SCHEDULERS[chosen](config, steps)


def scheduler_name(name: str) -> str:
    """The name without "Scheduler" that the catalogue lists it by. Raises InvalidRequest.

    >>> scheduler_name("dpm++ 2m")
    'DPMSolverMultistep'
    """
    wanted = name.strip().lower().removesuffix("scheduler")
    names = _ALIASES | {each.lower(): each for each in _SCHEDULERS}
    if wanted in names:
        return names[wanted]
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.0)
    known = ", ".join(SCHEDULER_NAMES)
    problem = f"{name} is not one of {known}; the nearest is {names[near[0]]}"
    raise InvalidRequest("--scheduler", problem)
