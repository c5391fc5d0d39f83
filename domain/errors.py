"""Everything that can go wrong for a reason that the user can mend.

CoremlStableDiffusionError
├── InvalidRequest            an option or argument that cannot be met
├── CheckpointError
│   ├── NotACheckpoint        a folder, file or name that holds no pipeline
│   ├── UnreachableCheckpoint a checkpoint on the Hub that could not be brought here
│   ├── MissingComponent      a network that was asked for and is not there
│   ├── UnsupportedCheckpoint a pipeline whose networks this project cannot convert
│   ├── MismatchedCheckpoint  a ControlNet, refiner or LoRA that was made for another model
│   └── UnreadableWeights     a file that was to hold weights and does not
├── ModelFolderError
│   ├── NotAModelFolder       a folder without a usable pipeline.json
│   └── IncompleteModelFolder a file that pipeline.json names is not there or has changed
├── HubError                  told in domain/hub/errors.py
│   ├── UnreachableRepository a repository that the Hub does not hand over
│   ├── UnwritableRepository  a repository that the Hub takes nothing for
│   ├── NoModelThere          a repository without Core ML models
│   ├── HostileRepository     a repository with what must not come onto this machine
│   ├── HostileArchive        an archive that would harm this machine
│   ├── Unpublishable         a folder that was never verified, or that its licence keeps back
│   └── BrokenDownload        a file that did not arrive as the Hub describes it
├── MalformedVocabulary       tokenizer files that hold no CLIP vocabulary
├── PackageError
│   ├── BrokenPackage         a package that cannot be read: truncated, not a package, inconsistent
│   ├── UnsupportedOperations a program with operations that a runtime does not know
│   ├── UnsupportedProgram    a package that this project does not know how to compile
│   └── ChunksDiffer          chunks that do not compute what the package does
├── NotAProjection            a file that holds no projection of text states
├── UnreadableTensors         a file that holds no named arrays
├── UnreadablePicture         a file that holds no picture
├── PredictionError           inputs that do not fit a network, or a network that failed
├── ConversionFailed          a network that could not be converted
├── RuntimeUnavailable        a runtime that this machine does not have
├── CompilerUnavailable       a compiler that this machine does not have
└── UnwritableOutput          a result that could not be written
"""

from collections.abc import Sequence
from pathlib import Path


def first_line(error: BaseException) -> str:
    r"""What a foreign exception says, in one line.

    >>> first_line(ValueError("no such layer\nTraceback ..."))
    'no such layer'
    """
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


class CoremlStableDiffusionError(Exception):
    """The root: its text is one line that says what is wrong and how to mend it."""

    def __init__(self, text: str) -> None:
        # What it quotes, such as the name of a broken file's input, may have several lines.
        super().__init__(" ".join(text.splitlines()))


class InvalidRequest(CoremlStableDiffusionError):
    """An option or argument has a value that cannot be met."""

    def __init__(self, option: str, problem: str) -> None:
        super().__init__(f"{option}: {problem}")
        self.option = option
        self.problem = problem


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


class ModelFolderError(CoremlStableDiffusionError):
    """A folder of converted packages cannot be used."""


class NotAModelFolder(ModelFolderError):
    """The folder has no pipeline.json that this version can read."""

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(
            f"{folder} is not a folder of converted packages: {problem};"
            " make one with `coreml-sd convert MODEL -o DIR`"
        )
        self.folder = folder
        self.problem = problem


class IncompleteModelFolder(ModelFolderError):
    """A file that pipeline.json names is not there or is not the one that was written."""

    def __init__(
        self,
        folder: Path,
        file: str,
        problem: str,
        mend: str = "run `coreml-sd convert` again to rebuild it",
    ) -> None:
        super().__init__(f"{folder / file} {problem}; {mend}")
        self.folder = folder
        self.file = file
        self.problem = problem


class MalformedVocabulary(CoremlStableDiffusionError):
    """A tokenizer file does not hold what CLIP's tokenizer needs."""

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(
            f"{file} is not a CLIP tokenizer's: {problem}; convert or download it again"
        )
        self.file = file
        self.problem = problem


class PackageError(CoremlStableDiffusionError):
    """A package cannot be used."""


class BrokenPackage(PackageError):
    """The package cannot be read."""

    def __init__(self, package: Path, problem: str) -> None:
        super().__init__(f"{package} cannot be read: {problem}; convert or download it again")
        self.package = package
        self.problem = problem


class UnsupportedOperations(PackageError):
    """The program has operations that a runtime does not know, all of them named."""

    def __init__(
        self, package: Path, operations: Sequence[str], runtime: str = "reference"
    ) -> None:
        listed = ", ".join(operations)
        other = "coreml on a Mac" if runtime == "reference" else "reference"
        super().__init__(
            f"{package} has operations that the {runtime} runtime does not know: {listed};"
            f" run it with --runtime {other}"
        )
        self.package = package
        self.runtime = runtime
        self.operations = tuple(operations)


class UnsupportedProgram(PackageError):
    """The package is whole, but nobody knows how a bundle spells something in it."""

    def __init__(self, package: Path, problem: str) -> None:
        super().__init__(
            f"{package} cannot be compiled: {problem};"
            " compile it on a Mac with --with-apple-compiler"
        )
        self.package = package
        self.problem = problem


class ChunksDiffer(PackageError):
    """The chunks of a package were run beside it and gave something else; none was kept."""

    def __init__(self, package: Path, output: str, psnr_db: float) -> None:
        super().__init__(
            f"the chunks of {package} give another {output}, {psnr_db:.1f} dB of it;"
            " keep the package whole, and report this"
        )
        self.package = package
        self.output = output
        self.psnr_db = psnr_db


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


class PredictionError(CoremlStableDiffusionError):
    """A network was given inputs that do not fit it, or failed while it ran."""

    def __init__(self, network: str, problem: str) -> None:
        super().__init__(f"{network}: {problem}")
        self.network = network
        self.problem = problem


class ConversionFailed(CoremlStableDiffusionError):
    """A component could not be converted."""

    def __init__(self, component: str, problem: str) -> None:
        super().__init__(f"the {component} could not be converted: {problem}")
        self.component = component
        self.problem = problem


class RuntimeUnavailable(CoremlStableDiffusionError):
    """The runtime that was asked for cannot work on this machine."""

    def __init__(self, runtime: str, problem: str) -> None:
        super().__init__(f"the {runtime} runtime is not available here: {problem}")
        self.runtime = runtime
        self.problem = problem


class CompilerUnavailable(CoremlStableDiffusionError):
    """Apple's compiler is not on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "Apple's compiler is part of Xcode, which is not on this machine;"
            " leave out --with-apple-compiler"
        )


class UnwritableOutput(CoremlStableDiffusionError):
    """A result could not be written; nothing was left half-written under its name."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} cannot be written: {problem}")
        self.path = path
        self.problem = problem
