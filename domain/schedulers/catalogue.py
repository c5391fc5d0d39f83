"""The schedulers by the names that people and configuration files call them."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from ..errors import InvalidRequest
from .ddim import Ddim
from .dpm_solver_multistep import DpmSolverMultistep
from .euler import Euler
from .euler_ancestral import EulerAncestral
from .flow_match_euler import FlowMatchEuler
from .heun import Heun
from .lcm import Lcm
from .lms import Lms
from .pndm import Pndm
from .run import Run
from .scheduler import Scheduler
from .sigmas import SigmaSpacing
from .tcd import Tcd
from .unipc import UniPc

_Maker = Callable[[Mapping[str, Any], Run], Scheduler]

#: By diffusers' class name without "Scheduler".
_SCHEDULERS: dict[str, _Maker] = {
    "DDIM": Ddim.from_config,
    "DPMSolverMultistep": DpmSolverMultistep.from_config,
    "EulerAncestralDiscrete": EulerAncestral.from_config,
    "EulerDiscrete": Euler.from_config,
    "FlowMatchEulerDiscrete": FlowMatchEuler.from_config,
    "HeunDiscrete": Heun.from_config,
    "LCM": Lcm.from_config,
    "LMSDiscrete": Lms.from_config,
    "PNDM": Pndm.from_config,
    "TCD": Tcd.from_config,
    "UniPCMultistep": UniPc.from_config,
}
SCHEDULER_NAMES = tuple(_SCHEDULERS)

#: Their settings that go before those of the model, by what AUTOMATIC1111's web UI calls them.
_2M = {"algorithm_type": "dpmsolver++", "solver_order": 2, "solver_type": "midpoint"}
_2M_SDE = _2M | {"algorithm_type": "sde-dpmsolver++"}
_VARIANTS: dict[str, tuple[str, Mapping[str, object]]] = {
    "DPM++ 2M": ("DPMSolverMultistep", _2M),
    "DPM++ 2M Heun": ("DPMSolverMultistep", _2M | {"solver_type": "heun"}),
    "DPM++ 2M SDE": ("DPMSolverMultistep", _2M_SDE),
    "DPM++ 2M SDE Heun": ("DPMSolverMultistep", _2M_SDE | {"solver_type": "heun"}),
    "DPM++ 3M": ("DPMSolverMultistep", _2M | {"solver_order": 3}),
    "Euler": ("EulerDiscrete", {}),
    "Euler a": ("EulerAncestralDiscrete", {}),
    "Heun": ("HeunDiscrete", {}),
    "LMS": ("LMSDiscrete", {}),
    "PLMS": ("PNDM", {"skip_prk_steps": True}),
    "UniPC": ("UniPCMultistep", {}),
}
#: Words after such a name that space the sigmas, as in "DPM++ 2M Karras", and who heeds them.
_SUFFIXES = {
    "Karras": SigmaSpacing.KARRAS,
    "Exponential": SigmaSpacing.EXPONENTIAL,
    "Beta": SigmaSpacing.BETA,
}
_SPACED = ("DPMSolverMultistep", "EulerDiscrete", "HeunDiscrete", "LMSDiscrete", "UniPCMultistep")
#: Whose steps add as much noise as they are told.
_ADDING = ("DDIM", "TCD")


@attrs.frozen(kw_only=True)
class NamedScheduler:
    """A kind of scheduler, and the settings that its name puts before those of the model."""

    name: str
    kind: str
    settings: Mapping[str, object] = attrs.field(factory=dict)

    def __call__(self, config: Mapping[str, Any], run: Run) -> Scheduler:
        """Make the scheduler of a configuration for a run. Raises InvalidRequest."""
        if run.eta and self.kind not in _ADDING:
            problem = f"steps of {self.name} do not heed it; leave it out, or take DDIM or TCD"
            raise InvalidRequest("--eta", problem)
        return _SCHEDULERS[self.kind]({**config, **self.settings}, run)


def scheduler_from_config(
    config: Mapping[str, Any], steps: int | Run, name: str | None = None
) -> Scheduler:
    """Make the scheduler of this name, or the configuration's own, ready for so many steps.

    `config` is a diffusers scheduler_config. Raises InvalidRequest for a name that is not known and
    for what the configuration or the number of steps asks in vain.
    """
    run = steps if isinstance(steps, Run) else Run(steps=steps)
    return named_scheduler(name or str(config.get("_class_name", "")))(config, run)


def scheduler_name(name: str) -> str:
    """The name as the catalogue spells it. Raises InvalidRequest.

    >>> scheduler_name("dpmpp_2m_karras")
    'DPM++ 2M Karras'
    """
    return named_scheduler(name).name


def named_scheduler(name: str) -> NamedScheduler:
    """The scheduler that diffusers or AUTOMATIC1111 calls so. Raises InvalidRequest for others."""
    wanted = _key(name)
    if wanted in _BY_KEY:
        return _BY_KEY[wanted]
    near = difflib.get_close_matches(wanted, _BY_KEY, n=1)
    known = ", ".join((*_SCHEDULERS, *_VARIANTS))
    nearest = "".join(f"; the nearest is {_BY_KEY[each].name}" for each in near)
    raise InvalidRequest("--scheduler", f"{name or 'no name'} is not one of {known}{nearest}")


def _key(name: str) -> str:
    """Names differ for people only in their letters and digits; some write pp for ++."""
    letters = re.sub(r"[^a-z0-9]", "", name.lower().replace("++", "pp"))
    return letters.removesuffix("scheduler")


def _all_named() -> Iterator[NamedScheduler]:
    kinds = {kind: (kind, dict[str, object]()) for kind in _SCHEDULERS}
    for name, (kind, settings) in (kinds | _VARIANTS).items():
        yield NamedScheduler(name=name, kind=kind, settings=settings)
        for suffix, chosen in _SUFFIXES.items() if kind in _SPACED else ():
            spacing = {each.value: each is chosen for each in SigmaSpacing}
            yield NamedScheduler(
                name=f"{name} {suffix}", kind=kind, settings={**settings, **spacing}
            )


_BY_KEY = {_key(each.name): each for each in _all_named()}
