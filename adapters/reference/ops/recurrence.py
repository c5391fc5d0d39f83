"""Recurrent layers over (steps, batch, inputs), one step after another."""

import functools
import math
from collections.abc import Callable

import attrs
import torch
from torch import Tensor
from torch.nn import functional

from .arguments import Tensors, meaning

#: From what the input of a step adds and the states before it to those after it.
_Step = Callable[[Tensor, Tensors], Tensors]
_Activation = Callable[[Tensor], Tensor]

# Recurrent layers take no numbers for the two that have such: NeuralNetwork.proto tells them.
_ACTIVATIONS: dict[str, _Activation] = {
    "hard_sigmoid": lambda x: (0.2 * x + 0.5).clamp(0, 1),
    "linear": torch.Tensor.detach,
    "relu": torch.relu,
    "scaled_tanh": lambda x: 1.7159 * torch.tanh(2 / 3 * x),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}
_BACKWARDS = {"forward": False, "reverse": True}


def rnn(
    x: Tensor,
    initial_h: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    *,
    bias: Tensor | None = None,
    direction: str = "forward",
    output_sequence: bool = False,
    activation: str = "tanh",
) -> Tensors:
    """Activate the sum of input and state; gives all states, or the last, and the last."""
    act = meaning("activation", activation, _ACTIVATIONS)

    def step(given: Tensor, states: Tensors) -> Tensors:
        return (act(given + functional.linear(states[0], weight_hh)),)

    given = functional.linear(x, weight_ih, bias)
    sequence, (last,) = _unrolled(given, (initial_h,), step, direction)
    return (sequence if output_sequence else last[None], last)


def gru(
    x: Tensor,
    initial_h: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    *,
    bias: Tensor | None = None,
    input_bias: Tensor | None = None,
    direction: str = "forward",
    output_sequence: bool = False,
    recurrent_activation: str = "sigmoid",
    activation: str = "tanh",
    reset_after: bool = False,
) -> Tensors:
    """Gated recurrent unit, its gates in the order reset, output, update; gives what `rnn` does.

    States are reset before they are multiplied (as GRULayerParams of Core ML's NeuralNetwork.proto
    tells), or after that and the bias, as PyTorch does.
    """
    gate = meaning("recurrent_activation", recurrent_activation, _ACTIVATIONS)
    act = meaning("activation", activation, _ACTIVATIONS)
    weights = weight_hh.chunk(3)
    biases = (None,) * 3 if bias is None else bias.chunk(3)
    from_reset, from_output, from_update = (
        functools.partial(functional.linear, weight=weight, bias=own)
        for weight, own in zip(weights, biases, strict=True)
    )

    def step(given: Tensor, states: Tensors) -> Tensors:
        (state,) = states
        reset, output, update = given.chunk(3, -1)
        kept = gate(reset + from_reset(state))
        recalled = kept * from_output(state) if reset_after else from_output(kept * state)
        return (torch.lerp(act(output + recalled), state, gate(update + from_update(state))),)

    given = functional.linear(x, weight_ih, input_bias)
    sequence, (last,) = _unrolled(given, (initial_h,), step, direction)
    return (sequence if output_sequence else last[None], last)


def lstm(
    x: Tensor,
    initial_h: Tensor,
    initial_c: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    *,
    bias: Tensor | None = None,
    peephole: Tensor | None = None,
    weight_ih_back: Tensor | None = None,
    weight_hh_back: Tensor | None = None,
    bias_back: Tensor | None = None,
    peephole_back: Tensor | None = None,
    direction: str = "forward",
    output_sequence: bool = False,
    recurrent_activation: str = "sigmoid",
    cell_activation: str = "tanh",
    activation: str = "tanh",
    clip: float | None = None,
) -> Tensors:
    """Long short-term memory, its gates in the order input, forget, output, cell.

    Gives all states, or the last, and the last of states and memory; both directions side by side.
    Memory is kept within `clip` (cellClipThreshold of Core ML's NeuralNetwork.proto).
    """
    memory = _Memory(
        gate=meaning("recurrent_activation", recurrent_activation, _ACTIVATIONS),
        enter=meaning("cell_activation", cell_activation, _ACTIVATIONS),
        leave=meaning("activation", activation, _ACTIVATIONS),
        most=math.inf if clip is None else clip,
    )
    ahead = (weight_ih, weight_hh, bias, peephole)
    if direction != "bidirectional":
        sequence, last = memory.run(x, (initial_h, initial_c), ahead, direction)
    elif weight_ih_back is None or weight_hh_back is None:
        raise ValueError("it lacks weight_ih_back and weight_hh_back")
    else:
        first, second = zip(initial_h.chunk(2, -1), initial_c.chunk(2, -1), strict=True)
        behind = (weight_ih_back, weight_hh_back, bias_back, peephole_back)
        one, last_of_one = memory.run(x, first, ahead, "forward")
        other, last_of_other = memory.run(x, second, behind, "reverse")
        sequence = torch.cat([one, other], -1)
        last = tuple(torch.cat(each, -1) for each in zip(last_of_one, last_of_other, strict=True))
    return (sequence if output_sequence else last[0][None], *last)


@attrs.frozen(kw_only=True)
class _Memory:
    """An LSTM's activation functions: at the gates, and where memory is written and read.

    Memory stays between -most and most.
    """

    gate: _Activation
    enter: _Activation
    leave: _Activation
    most: float

    def run(
        self,
        x: Tensor,
        states: Tensors,
        weights: tuple[Tensor, Tensor, Tensor | None, Tensor | None],
        direction: str,
    ) -> tuple[Tensor, Tensors]:
        """One direction; the weights are those of inputs, of states, bias and peephole."""
        weight_ih, weight_hh, bias, peephole = weights
        seen = torch.zeros(3) if peephole is None else peephole.reshape(3, -1)

        def step(given: Tensor, states: Tensors) -> Tensors:
            state, held = states
            added = given + functional.linear(state, weight_hh)
            entry, forget, output, cell = added.chunk(4, -1)
            kept = self.gate(forget + seen[1] * held) * held
            memory = kept + self.gate(entry + seen[0] * held) * self.enter(cell)
            memory = memory.clamp(-self.most, self.most)
            return self.gate(output + seen[2] * memory) * self.leave(memory), memory

        return _unrolled(functional.linear(x, weight_ih, bias), states, step, direction)


def _unrolled(
    given: Tensor, states: Tensors, step: _Step, direction: str
) -> tuple[Tensor, Tensors]:
    """The first state after each step, in the order of the inputs, and the states at the end."""
    backwards = meaning("direction", direction, _BACKWARDS)
    sequence = []
    for each in reversed(given.unbind()) if backwards else given.unbind():
        states = step(each, states)
        sequence.append(states[0])
    return torch.stack(sequence[::-1] if backwards else sequence), states


OPERATIONS: dict[str, Callable[..., Tensors]] = {
    function.__name__: function for function in (gru, lstm, rnn)
}
