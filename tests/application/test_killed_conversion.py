"""A conversion that is killed in the middle, with a real process and real files."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from coreml_stable_diffusion.domain.component import Component
from fakes.checkpoints import COMPONENTS

ROOT = Path(__file__).parents[2]
TOKENIZER = {
    "vocab.json": '{"<|startoftext|>": 0, "<|endoftext|>": 1}',
    "merges.txt": "#version: 0.2\n",
}

# Converts the checkpoint in the first argument to the second; with a third, hangs in the UNet.
CONVERSION = """
import sys, time
from pathlib import Path
import attrs
from coreml_stable_diffusion.adapters.files.locked_folders import LockedFolders
from coreml_stable_diffusion.adapters.files.model_folders import LocalModelFolders
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.application.convert import Convert
from coreml_stable_diffusion.application.part_sources import PartSources
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.ports.packages import PackageWriter
from fakes.changing import FakeChanging
from fakes.checkpoints import FakeCheckpointSource, fake_checkpoint
from fakes.converting import FakeConverter
from fakes.observing import FakeObserver
from fakes.packages import FakePackageWriter
from fakes.tracing import FakeTracer

class Writer(PackageWriter):
    def write(self, program, package):
        if Component.UNET.package_name("m") in package.name and len(sys.argv) > 3:
            package.mkdir()
            (package / "half").touch()
            print("half", flush=True)
            time.sleep(600)
        FakePackageWriter().write(program, package)

checkpoint = attrs.evolve(fake_checkpoint("m"), folder=Path(sys.argv[1]))
workspace, observer = LocalWorkspace(), FakeObserver()
Convert(
    parts=PartSources([FakeCheckpointSource({"m": checkpoint})], [], FakeChanging()),
    tracer=FakeTracer(), converter=FakeConverter(),
    writer=Writer(), workspace=workspace, model_folders=LocalModelFolders(workspace),
    turns=LockedFolders(), observer=observer,
)("m", Path(sys.argv[2]), ConversionPlan())
print(*observer.notes, sep="\\n")
"""


def start(*arguments: object) -> subprocess.Popen[str]:
    search = os.pathsep.join([str(ROOT / "tests"), *sys.path])
    return subprocess.Popen(
        [sys.executable, "-c", CONVERSION, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": search},
    )


def kill_in_the_middle(checkpoint: Path, folder: Path) -> None:
    with start(checkpoint, folder, "hang") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.send_signal(signal.SIGKILL)


def test_the_next_run_removes_the_leftover_and_goes_on(tmp_path: Path) -> None:
    checkpoint, folder = tmp_path / "checkpoint", tmp_path / "packages"
    (checkpoint / "tokenizer").mkdir(parents=True)
    for name, text in TOKENIZER.items():
        (checkpoint / "tokenizer" / name).write_text(text)

    kill_in_the_middle(checkpoint, folder)
    after_kill = {path.name for path in folder.iterdir()}
    with start(checkpoint, folder) as process:
        notes, _ = process.communicate()

    unet = Component.UNET.package_name("m")
    (leftover,) = (name for name in after_kill if name.startswith(".coreml-sd-partial-"))
    assert leftover.endswith(unet)
    assert unet not in after_kill
    assert notes.strip() == "text encoder: reused"
    packages = {component.package_name("m") for component in COMPONENTS if not component.on_demand}
    assert {path.name for path in folder.iterdir()} == packages | {*TOKENIZER, "pipeline.json"}
