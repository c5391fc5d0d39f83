"""What can be wrong with folders of converted packages."""

from pathlib import Path

from .root import CoremlStableDiffusionError


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
