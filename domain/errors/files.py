"""What can be wrong with single files."""

from pathlib import Path

from .root import CoremlStableDiffusionError


class MalformedVocabulary(CoremlStableDiffusionError):
    """A tokenizer file does not hold what CLIP's tokenizer needs."""

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(
            f"{file} is not a CLIP tokenizer's: {problem}; convert or download it again"
        )
        self.file = file
        self.problem = problem


class NotAProjection(CoremlStableDiffusionError):
    """A file was to hold a projection of text states and does not."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(
            f"{file} is no projection from 512 channels: {problem}; save one with torch.jit.save"
        )
        self.file = file
        self.problem = problem


class UnreadableTensors(CoremlStableDiffusionError):
    """A file was to hold the inputs of a network and does not."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} holds no inputs: {problem}; write them with numpy.savez")
        self.path = path
        self.problem = problem


class UnreadablePicture(CoremlStableDiffusionError):
    """A file was to hold a picture and does not, or not one that can be used."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} cannot be read as a picture: {problem}")
        self.path = path
        self.problem = problem


class UnwritableOutput(CoremlStableDiffusionError):
    """A result could not be written; nothing was left half-written under its name."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} cannot be written: {problem}")
        self.path = path
        self.problem = problem
