"""The promises of domain/ports/projections.py, kept by the fake and by TorchScript files."""

from pathlib import Path

import pytest
import torch
from coreml_stable_diffusion.adapters.pytorch.projection_file import TorchScriptProjections
from coreml_stable_diffusion.domain.errors import NotAProjection
from coreml_stable_diffusion.domain.ports.projections import ProjectionSource
from fakes.projections import FakeProjectionSource
from samples.packages import trace
from torch import nn


@pytest.fixture(params=[FakeProjectionSource, TorchScriptProjections])
def projections(request: pytest.FixtureRequest) -> ProjectionSource:
    made: ProjectionSource = request.param()
    return made


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("projections") / "projection.pt"
    torch.jit.save(trace(nn.Linear(512, 8), torch.zeros(1, 256, 512)), str(path))
    return path


def test_a_projection_has_apples_input_and_output(
    projections: ProjectionSource, file: Path
) -> None:
    network = projections.record(file)

    [taken], [given] = network.inputs, network.outputs
    assert (taken.name, taken.shape) == ("nlcontextualembeddings_output", (1, 256, 512))
    assert (given.name, given.shape) == ("encoder_hidden_states", (1, 8, 1, 256))


def test_what_is_no_projection_is_refused_by_its_path(
    projections: ProjectionSource, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("none")

    for name in ("gone.pt", "notes.txt"):
        with pytest.raises(NotAProjection, match=name):
            projections.record(tmp_path / name)


def test_a_layer_for_other_texts_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "narrow.pt"
    torch.jit.save(trace(nn.Linear(9, 8), torch.zeros(1, 256, 9)), str(file))

    with pytest.raises(NotAProjection, match=r"narrow\.pt"):
        TorchScriptProjections().record(file)
