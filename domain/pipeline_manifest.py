"""`pipeline.json`: what generating needs to know beside the packages, and how they were made."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import attrs

from .component import Component, Place
from .conversion.plan import ConversionPlan
from .errors import MissingComponent
from .model_facts import ModelFacts


@attrs.frozen(kw_only=True)
class PackageRecord:
    """One converted component: its package, and what it was made of and with.

    `file` is the package's name in the folder, `files` the SHA-256 of each file in the package by
    its path within it, `source` the SHA-256 over the component's files in the checkpoint, `plan`
    the settings that bear on it and `versions` the libraries that made it. `model` is what a
    ControlNet or refiner is called, which are checkpoints of their own, and `revision` the one that
    it has on the Hub; both are None for all others.
    """

    component: Component
    file: str
    files: Mapping[str, str]
    source: str
    plan: ConversionPlan
    versions: Mapping[str, str] = attrs.field(factory=dict)
    model: str | None = None
    revision: str | None = None

    @property
    def place(self) -> Place:
        """Where it belongs, whatever its name."""
        return self.component.place(self.model)

    @property
    def label(self) -> str:
        """The component's name in sentences, with that of a ControlNet."""
        if self.component is Component.CONTROLNET:
            return f"{self.component.label} {self.model}"
        return self.component.label

    @property
    def digest(self) -> str:
        """The SHA-256 over the digests of its files."""
        listed = "".join(f"{path} {sha256}\n" for path, sha256 in sorted(self.files.items()))
        return hashlib.sha256(listed.encode()).hexdigest()


@attrs.frozen(kw_only=True)
class PipelineManifest:
    """The facts of a folder of converted packages, and what is known of each."""

    facts: ModelFacts
    packages: tuple[PackageRecord, ...]

    @property
    def digests(self) -> dict[str, str]:
        """The SHA-256 over the files of each package, by its name in sentences."""
        return {each.label: each.digest for each in self.packages}

    @property
    def is_own(self) -> bool:
        """Whether this program made the packages, and so wrote down what they are."""
        return all(each.source for each in self.packages)

    def record(self, component: Component) -> PackageRecord | None:
        """What is known of the component's package; None where it was not converted."""
        found = (record for record in self.packages if record.component is component)
        return next(found, None)

    def package(self, component: Component, folder: Path) -> Path:
        """Where the component's package is. Raises MissingComponent."""
        record = self.record(component)
        if record is None:
            available = [each.component.value for each in self.packages]
            raise MissingComponent(str(folder), component.value, available)
        return folder / record.file

    def controlnets(self, folder: Path) -> dict[str, Path]:
        """Where the packages of the ControlNets are, by what each is called."""
        return {
            record.model: folder / record.file
            for record in self.packages
            if record.component is Component.CONTROLNET and record.model is not None
        }
