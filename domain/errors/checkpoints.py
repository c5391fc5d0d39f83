"""What can be wrong with checkpoints."""

from collections.abc import Sequence
from pathlib import Path

from .root import CoremlStableDiffusionError


class CheckpointError(CoremlStableDiffusionError):
    """A checkpoint cannot be used."""


class NotACheckpoint(CheckpointError):
    """What was named holds no diffusers pipeline."""

    def __init__(self, model: str, problem: str) -> None:
        super().__init__(f"{model} is not a diffusers checkpoint: {problem}")
        self.model = model
        self.problem = problem


class UnreachableCheckpoint(CheckpointError):
    """A checkpoint on the Hub could not be brought to this machine."""

    def __init__(self, model: str, problem: str) -> None:
        super().__init__(f"{model} could not be fetched from the Hugging Face Hub: {problem}")
        self.model = model
        self.problem = problem


class MissingComponent(CheckpointError):
    """The checkpoint or model folder lacks a network that was asked for."""

    def __init__(self, place: str, component: str, available: Sequence[str]) -> None:
        listed = ", ".join(available) or "none"
        super().__init__(f"{place} has no {component}; it has: {listed}")
        self.place = place
        self.component = component
        self.available = tuple(available)


class UnsupportedCheckpoint(CheckpointError):
    """The checkpoint is whole, but of a kind that cannot be converted."""

    def __init__(self, model: str, problem: str) -> None:
        super().__init__(f"{model} cannot be converted: {problem}")
        self.model = model
        self.problem = problem


class MismatchedCheckpoint(CheckpointError):
    """What was to go with a model was made for one of another form."""

    def __init__(self, model: str, base: str, problem: str) -> None:
        super().__init__(f"{model} does not go with {base}: {problem}")
        self.model = model
        self.base = base
        self.problem = problem


class UnreadableWeights(CheckpointError):
    """A file was to hold weights, such as a LoRA's, and does not."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} cannot be used: {problem}")
        self.path = path
        self.problem = problem
