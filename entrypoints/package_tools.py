"""What reads and changes packages, and needs nothing of checkpoints and pictures.

A command imports what it is wired with: with these it starts in two thirds of the time.
"""

import sys

from dependency_injector import containers, providers

from .. import __version__
from ..adapters.console.json_lines import JsonLines
from ..adapters.console.plain_lines import PlainLines
from ..adapters.console.progress_bars import ProgressBars
from ..adapters.console.silence import Silence
from ..adapters.coreml.apple_compiler import AppleCompiler
from ..adapters.coreml.coreml_runtime import CoreMLRuntime
from ..adapters.files.workspace import LocalWorkspace
from ..adapters.openvino.runtime import OpenVinoRuntime
from ..adapters.packages.bundle_compiler import MilBundleCompiler
from ..adapters.packages.package_reader import MlPackageReader
from ..adapters.packages.package_writer import MlPackageWriter
from ..adapters.reference.runtime import ReferenceRuntime
from ..application.chunk import Chunk
from ..application.compare import Compare
from ..application.compile import Compile
from ..application.compress import Compress
from ..application.decompile import Decompile
from ..application.inspect import Inspect
from ..domain.ports.observing import Observer
from .settings import ProgressForm, Settings


def _observer(settings: Settings) -> Observer:
    if settings.quiet:
        return Silence()
    if settings.progress is ProgressForm.JSON:
        return JsonLines(sys.stderr)
    return ProgressBars(sys.stderr) if sys.stderr.isatty() else PlainLines(sys.stderr)


class PackageTools(containers.DeclarativeContainer):
    """Built once with the settings; frameworks are imported when an adapter first needs them."""

    settings = providers.Dependency(instance_of=Settings)
    observer = providers.Singleton(_observer, settings)
    workspace = providers.Singleton(LocalWorkspace)
    package_reader = providers.Singleton(MlPackageReader, settings.provided.function)
    package_writer = providers.Singleton(MlPackageWriter)
    bundle_compiler = providers.Singleton(
        MilBundleCompiler, package_reader, f"coreml-stable-diffusion-{__version__}"
    )
    reference_runtime = providers.Singleton(
        ReferenceRuntime,
        package_reader,
        threads=settings.provided.threads,
        mode=settings.provided.mode,
        device=settings.provided.device,
    )
    network_runtime = providers.Selector(
        settings.provided.runtime.value,
        coreml=providers.Singleton(CoreMLRuntime, package_reader),
        reference=reference_runtime,
        openvino=providers.Singleton(
            OpenVinoRuntime, package_reader, threads=settings.provided.threads
        ),
    )
    compile = providers.Factory(Compile, compiler=bundle_compiler, workspace=workspace)
    compile_with_apple = providers.Factory(
        Compile, compiler=providers.Singleton(AppleCompiler), workspace=workspace
    )
    decompile = providers.Factory(
        Decompile, reader=package_reader, writer=package_writer, workspace=workspace
    )
    compress = providers.Factory(
        Compress,
        reader=package_reader,
        writer=package_writer,
        workspace=workspace,
        observer=observer,
    )
    chunk = providers.Factory(
        Chunk,
        reader=package_reader,
        writer=package_writer,
        runtime=network_runtime,
        workspace=workspace,
        observer=observer,
    )
    inspect = providers.Factory(Inspect, reader=package_reader)
    compare = providers.Factory(Compare, reader=package_reader)
