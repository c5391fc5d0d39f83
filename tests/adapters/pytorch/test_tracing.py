"""Tracing without numbers gives the graph that running gives, and running is the other way."""

import pytest
import torch
from coreml_stable_diffusion.adapters.pytorch.late_tensor import LateTensor
from coreml_stable_diffusion.adapters.pytorch.tracing import trace
from torch import nn

SHAPES = [(1, 4, 9, 9)]


class Layers(nn.Module):
    """Convolutions of all settings, and a small buffer."""

    def __init__(self, last: nn.Module) -> None:
        super().__init__()
        self.strided = nn.Conv2d(4, 300, 3, stride=2, padding=1)
        self.dilated = nn.Conv2d(300, 8, 3, dilation=2, padding=(1, 2), groups=4, bias=False)
        self.last = last
        self.register_buffer("shift", torch.linspace(0, 1, 8)[:, None, None])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        moved: torch.Tensor = self.last(self.dilated(self.strided(x)) + self.shift)
        return moved


class WithConstant(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.tensor([2.0], device=x.device)


def with_late_weights(module: nn.Module) -> nn.Module:
    state = {
        name: LateTensor(torch.empty_like(each, device="meta"), each.clone)
        for name, each in module.state_dict().items()
        if name != "shift"
    }
    module.load_state_dict(state, assign=True, strict=False)
    return module.eval().requires_grad_(False)


def operations(graph: torch.jit.ScriptModule) -> list[tuple[str, str]]:
    """Every operation and the type of its result, without the device that it names."""
    nodes = [node for node in graph.inlined_graph.nodes() if node.kind() != "prim::GetAttr"]
    return [
        (node.kind(), str(each.type()).replace("meta", "cpu"))
        for node in nodes
        for each in node.outputs()
    ]


def test_the_graph_is_the_one_that_running_gives() -> None:
    torch.manual_seed(0)
    plain = Layers(nn.Conv2d(8, 2, 1))
    wanted = trace(plain.eval(), SHAPES)

    found = trace(with_late_weights(plain), SHAPES)

    assert operations(found.graph) == operations(wanted.graph)
    assert wanted.weights == {}
    assert set(found.weights) == {"strided.weight"}
    assert found.was_run is None


def test_small_weights_are_in_the_graph() -> None:
    plain = Layers(nn.Identity())
    wanted = {name: each.clone() for name, each in plain.state_dict().items()}

    state = trace(with_late_weights(plain), SHAPES).graph.state_dict()

    assert state["strided.weight"].numel() == 0
    for name in ("strided.bias", "dilated.weight", "shift"):
        assert torch.equal(state[name], wanted[name])


@pytest.mark.parametrize(
    ("last", "reason"),
    [(nn.ConvTranspose2d(8, 2, 2), "transposed"), (WithConstant(), "constants")],
)
def test_what_cannot_be_traced_without_numbers_is_run(last: nn.Module, reason: str) -> None:
    plain = Layers(last)
    wanted = trace(plain.eval(), SHAPES)

    found = trace(with_late_weights(plain), SHAPES)

    assert found.was_run is not None
    assert reason in found.was_run
    assert operations(found.graph) == operations(wanted.graph)
    assert set(found.weights) == {"strided.weight"}


def test_nothing_of_pytorch_stays_replaced() -> None:
    trace(with_late_weights(Layers(nn.Identity())), SHAPES)
    empty = torch.empty(1, 4, 9, 9, device="meta")

    with pytest.raises(RuntimeError, match="channel"):
        nn.functional.conv2d(empty, torch.empty(8, 3, 3, 3, device="meta"))
