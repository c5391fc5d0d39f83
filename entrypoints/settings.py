"""What the environment and the caller decide once, before anything is wired."""

import enum
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import attrs

from ..adapters.reference.device import Device
from ..adapters.reference.mode import Mode
from ..domain.errors import InvalidRequest
from ..domain.hub.variant import Kind

CACHE_VARIABLE = "COREML_SD_CACHE"
THREADS_VARIABLE = "COREML_SD_THREADS"
DEVICE_VARIABLE = "COREML_SD_DEVICE"


class RuntimeChoice(enum.Enum):
    """What executes packages; AUTO is Core ML on a Mac and the reference runtime elsewhere."""

    AUTO = "auto"
    COREML = "coreml"
    REFERENCE = "reference"
    OPENVINO = "openvino"

    def on(self, platform: str) -> "RuntimeChoice":
        """Decide AUTO for a platform as `sys.platform` names it.

        >>> RuntimeChoice.AUTO.on("linux")
        <RuntimeChoice.REFERENCE: 'reference'>
        """
        if self is not RuntimeChoice.AUTO:
            return self
        return RuntimeChoice.COREML if platform == "darwin" else RuntimeChoice.REFERENCE


class ProgressForm(enum.Enum):
    """How progress is told on stderr: to people, or to programs."""

    TEXT = "text"
    JSON = "json"


@attrs.frozen(kw_only=True)
class Settings:
    """How this process works; `threads` of None leaves the number to PyTorch.

    `device` and `mode` are what and how the reference runtime computes. `function` is which one of
    a model that has several is meant wherever one is read; None leaves it to the model. `kind` is
    which networks of a folder are meant that has packages and bundles. With `allow_pickle` weights
    are read from pickles, too, and with `quiet` no progress is told in any form.

    Raises ValueError for a `runtime` of AUTO, which `from_environment` decides.
    """

    cache: Path
    runtime: RuntimeChoice
    threads: int | None = None
    device: Device = Device.CPU
    mode: Mode = Mode.FAST
    function: str | None = None
    kind: Kind | None = None
    allow_pickle: bool = False
    quiet: bool = False
    progress: ProgressForm = ProgressForm.TEXT

    def __attrs_post_init__(self) -> None:
        if self.runtime is RuntimeChoice.AUTO:
            raise ValueError("auto is not decided; see RuntimeChoice.on")

    @property
    def unpacked(self) -> Path:
        """Where archives that were fetched are unpacked."""
        return self.cache / "unpacked"

    @classmethod
    def from_environment(
        cls,
        environment: Mapping[str, str] = os.environ,
        *,
        platform: str = sys.platform,
        runtime: RuntimeChoice = RuntimeChoice.AUTO,
        threads: int | None = None,
        device: Device | None = None,
        mode: Mode = Mode.FAST,
        function: str | None = None,
        kind: Kind | None = None,
        allow_pickle: bool = False,
        quiet: bool = False,
        progress: ProgressForm = ProgressForm.TEXT,
    ) -> Self:
        """Read COREML_SD_CACHE, COREML_SD_THREADS, COREML_SD_DEVICE and XDG_CACHE_HOME.

        Threads and device that are given go before those of the environment. Raises InvalidRequest.
        """
        return cls(
            cache=_cache(environment, platform),
            runtime=runtime.on(platform),
            threads=threads or _threads(environment.get(THREADS_VARIABLE)),
            device=device or _device(environment.get(DEVICE_VARIABLE)),
            mode=mode,
            function=function,
            kind=kind,
            allow_pickle=allow_pickle,
            quiet=quiet,
            progress=progress,
        )


def _cache(environment: Mapping[str, str], platform: str) -> Path:
    if chosen := environment.get(CACHE_VARIABLE):
        return Path(chosen).expanduser()
    if platform == "darwin":
        return Path.home() / "Library" / "Caches" / "coreml-sd"
    caches = environment.get("XDG_CACHE_HOME")
    return (Path(caches) if caches else Path.home() / ".cache") / "coreml-sd"


def _threads(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or int(text) == 0:
        raise InvalidRequest(THREADS_VARIABLE, f"is {text!r}; set it to a whole number from 1 up")
    return int(text)


def _device(name: str | None) -> Device:
    known = {each.value: each for each in Device}
    if name and name not in known:
        raise InvalidRequest(DEVICE_VARIABLE, f"is {name!r}; take {', '.join(known)}")
    return known[name] if name else Device.CPU
