"""What can go wrong with repositories on the Hub."""

from pathlib import Path

from .root import CoremlStableDiffusionError


class HubError(CoremlStableDiffusionError):
    """A repository on the Hugging Face Hub cannot be used."""


class UnreachableRepository(HubError):
    """The Hub does not hand a repository over."""

    def __init__(self, repository: str, problem: str) -> None:
        super().__init__(f"{repository} could not be fetched from the Hugging Face Hub: {problem}")
        self.repository = repository
        self.problem = problem


class UnwritableRepository(HubError):
    """The Hub takes nothing for a repository."""

    def __init__(self, repository: str, problem: str) -> None:
        super().__init__(f"{repository} could not be published: {problem}")
        self.repository = repository
        self.problem = problem


class NoModelThere(HubError):
    """A repository has neither packages nor bundles."""

    def __init__(self, repository: str) -> None:
        super().__init__(
            f"{repository} has no .mlpackage, .mlmodelc or zip of them; a diffusers checkpoint is"
            " for `coreml-sd convert`"
        )
        self.repository = repository


class HostileRepository(HubError):
    """A repository has a file that must not come onto this machine."""

    def __init__(self, repository: str, file: str, problem: str) -> None:
        super().__init__(f"{repository} is not safe to fetch: {file!r} {problem}")
        self.repository = repository
        self.file = file
        self.problem = problem


class HostileArchive(HubError):
    """An archive is broken, or has what must not come onto this machine."""

    def __init__(self, archive: Path, problem: str) -> None:
        super().__init__(f"{archive.name} is not safe to unpack: {problem}")
        self.archive = archive
        self.problem = problem


class BrokenDownload(HubError):
    """A file did not arrive as the Hub describes it."""

    def __init__(self, repository: str, file: str, problem: str) -> None:
        super().__init__(f"{file} of {repository} {problem}; it was removed, so try again")
        self.repository = repository
        self.file = file
        self.problem = problem


class Unpublishable(HubError):
    """A folder of packages must not be published as it is."""

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(f"{folder} is not published: {problem}")
        self.folder = folder
        self.problem = problem
