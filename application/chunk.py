"""Cut a package in two, because phones load parts of under a gigabyte where the whole fails."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs
import numpy as np

from ..domain.chained_network import chained
from ..domain.chunk_names import chunk_paths
from ..domain.compression.chunking import chunks
from ..domain.compression.cut import Cut, best_cut
from ..domain.errors import ChunksDiffer, InvalidRequest
from ..domain.fidelity import tensor_psnr_db
from ..domain.mil.pipeline import Model, ProgramPipeline
from ..domain.mil.program import Program
from ..domain.ports.networks import NetworkRuntime
from ..domain.ports.observing import Observer
from ..domain.ports.packages import PackageReader, PackageWriter
from ..domain.ports.workspace import Workspace
from ..domain.tensor import Tensors, TensorSpec
from ..domain.verification.threshold import PASSING_PSNR_DB
from .chunk_marks import identity, marked
from .compiled import require_uncompiled

_MERGED = "_chunked_pipeline"


@attrs.frozen(kw_only=True)
class ChunkOptions:
    """What to do beside cutting.

    `merge` keeps both chunks in one package, which runs as a whole; `check` runs them beside the
    original before they take their place; `remove_original` removes it in the end.
    """

    merge: bool = False
    check: bool = False
    remove_original: bool = False


class Chunk:
    """Cuts packages, one weight in memory at a time."""

    def __init__(
        self,
        *,
        reader: PackageReader,
        writer: PackageWriter,
        runtime: NetworkRuntime,
        workspace: Workspace,
        observer: Observer,
    ) -> None:
        """Check with `runtime`, which nothing else here needs."""
        self._reader = reader
        self._writer = writer
        self._runtime = runtime
        self._workspace = workspace
        self._observer = observer

    def __call__(
        self, package: Path, folder: Path | None = None, options: ChunkOptions | None = None
    ) -> tuple[Path, ...]:
        """Write what Apple's tool would, under its names, and give the paths.

        Chunks that are there already are replaced. Raises InvalidRequest where the package cannot
        be cut, BrokenPackage, UnwritableOutput, and where it checks ChunksDiffer and what the
        runtime raises.
        """
        chosen = options or ChunkOptions()
        require_uncompiled(package, self._reader)
        _require_whole(package)
        program = self._reader.read(package)
        cut = best_cut(program)
        self._observer.note(_told(cut))
        place = folder or package.parent
        models = {place / name: each for name, each in self._named(package, program, cut, chosen)}
        with (
            self._observer.task(f"Chunking {package.name}", steps=len(models)) as task,
            contextlib.ExitStack() as places,
        ):
            written = []
            for path, model in models.items():
                written.append(places.enter_context(self._workspace.replacing(path)))
                self._writer.write(model, written[-1])
                task.advance()
            if chosen.check:
                self._check(package, written)
        if chosen.remove_original:
            self._workspace.remove(package)
        return tuple(models)

    def _named(
        self, package: Path, program: Program, cut: Cut, options: ChunkOptions
    ) -> Iterator[tuple[str, Model]]:
        origin = identity(package, self._workspace)
        parts = tuple(marked(each, origin) for each in chunks(program, cut))
        if options.merge:
            whole = ProgramPipeline(description=program.description, programs=parts)
            yield f"{package.stem}{_MERGED}{package.suffix}", whole
            return
        for path, part in zip(chunk_paths(package), parts, strict=True):
            yield path.name, part

    def _check(self, package: Path, written: Sequence[Path]) -> None:
        whole = self._runtime.load(package)
        given = _random(whole.inputs)
        wanted = whole.predict(given)
        del whole  # It may be as large as the memory allows.
        chain = chained(package.stem, tuple(self._runtime.load(each) for each in written))
        made = chain.predict({each.name: given[each.name] for each in chain.inputs})
        for name, reference in wanted.items():
            if np.array_equal(made[name], reference, equal_nan=True):
                self._observer.note(f"{name} is the same as before")
                continue
            psnr_db = tensor_psnr_db(made[name].astype(float), reference.astype(float))
            self._observer.note(f"{name} is as before to {psnr_db:.1f} dB")
            if not psnr_db >= PASSING_PSNR_DB:
                raise ChunksDiffer(package, name, psnr_db)


def _require_whole(package: Path) -> None:
    if package.stem.endswith(("_chunk1", "_chunk2", _MERGED)):
        raise InvalidRequest("PACKAGE", f"{package} is made of chunks already")


def _told(cut: Cut) -> str:
    first, second, crossing = (
        f"{size / 1e6:.1f} MB" for size in (cut.first_bytes, cut.second_bytes, cut.crossing_bytes)
    )
    values = "1 value" if len(cut.crossing) == 1 else f"{len(cut.crossing)} values"
    return f"Chunks of {first} and {second}; {values} of {crossing} pass from one to the other"


def _random(specs: Iterable[TensorSpec]) -> Tensors:
    """Numbers from 0 to 1, as Apple's tool takes them, the same every time."""
    rng = np.random.default_rng(0)
    return {each.name: rng.random(each.shape).astype(each.dtype) for each in specs}
