"""Where checkpoints come from: the sources, and the order in which they are asked."""

from dependency_injector import containers, providers

from ..adapters.files.workspace import LocalWorkspace
from ..adapters.huggingface.clip_tables import HubClipTables
from ..adapters.huggingface.hub_source import HubSource
from ..adapters.pocket.pocket_source import PocketSource
from ..adapters.pytorch.changed_checkpoints import ChangedCheckpoints
from ..adapters.pytorch.diffusers_folder import DiffusersFolder
from ..adapters.pytorch.single_file import SingleFile
from ..adapters.pytorch.unpickled_folders import UnpickledFolders
from ..application.part_sources import PartSources
from ..domain.ports.companions import CheckpointFolders
from .settings import Settings


def _folders(
    settings: Settings, safe: CheckpointFolders, unpickled: CheckpointFolders
) -> CheckpointFolders:
    return unpickled if settings.allow_pickle else safe


class Checkpoints(containers.DeclarativeContainer):
    """A part of the container, with the same settings."""

    settings = providers.Dependency(instance_of=Settings)
    workspace = providers.Dependency(instance_of=LocalWorkspace)

    safe_folders = providers.Singleton(DiffusersFolder)
    folders = providers.Singleton(
        _folders,
        settings,
        safe_folders,
        providers.Singleton(UnpickledFolders, safe_folders, workspace, settings.provided.cache),
    )
    hub = providers.Singleton(
        HubSource,
        folders,
        pickles=settings.provided.allow_pickle,
        quiet=settings.provided.quiet,
    )
    # The first that knows a name is asked: "pocket" before a file, a file before the Hub.
    local_sources = (
        providers.Singleton(PocketSource, folders),
        providers.Singleton(
            SingleFile,
            folders,
            providers.Singleton(HubClipTables),
            workspace,
            settings.provided.cache,
            pickles=settings.provided.allow_pickle,
        ),
        folders,
    )
    sources = providers.List(*local_sources, hub)
    # Packages that are there need no weights, only what their checkpoint says of them.
    configurations = providers.List(
        *local_sources,
        providers.Singleton(HubSource, folders, weights=False, quiet=settings.provided.quiet),
    )
    companions = providers.List(folders, hub)
    part_sources = providers.Factory(
        PartSources,
        sources,
        companions,
        providers.Singleton(
            ChangedCheckpoints,
            folders,
            workspace,
            settings.provided.cache,
            pickles=settings.provided.allow_pickle,
        ),
    )
