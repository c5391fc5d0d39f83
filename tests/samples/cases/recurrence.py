"""Cases of the recurrent layers, by PyTorch's own where it has such."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from samples.cases.case import Array, Case, known
from samples.cases.drawing import number, numbers, one_of, optional, truth, whole

_WAYS = ("forward", "reverse")
# Two with the numbers that NeuralNetwork.proto tells of recurrent layers.
_ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "hard_sigmoid": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
    "scaled_tanh": lambda x: 1.7159 * np.tanh(x * 2 / 3),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
}


@st.composite
def _rnn(draw: st.DrawFn) -> Case:
    steps, batch, inputs, hidden = (whole(draw, 1, 4) for _ in range(4))
    activation, way = one_of(draw, ("tanh", "relu")), one_of(draw, _WAYS)
    layer = torch.nn.RNN(inputs, hidden, nonlinearity=activation)
    given = _edge(draw, steps, batch, inputs, hidden) | _weights(draw, 1, inputs, hidden)
    _load(layer, given, [0])
    states, last = _run(layer, given["x"], way, given["initial_h"][None])
    return known(*_told(draw, given, states, [last[0]], way, activation=activation))


@st.composite
def _gru(draw: st.DrawFn) -> Case:
    """By the formula of coremltools' own test, TestGRU of ops/tests/iOS14/test_recurrent.py."""
    steps, batch, inputs, hidden = (whole(draw, 1, 4) for _ in range(4))
    way = one_of(draw, _WAYS)
    activation, at_gates = (one_of(draw, tuple(_ACTIVATIONS)) for _ in range(2))
    act, gate = _ACTIVATIONS[activation], _ACTIVATIONS[at_gates]
    given = _edge(draw, steps, batch, inputs, hidden) | _weights(draw, 3, inputs, hidden)
    given |= optional(draw, input_bias=numbers(draw, (3 * hidden,)), reset_after=False)
    fixed = given["x"] @ given["weight_ih"].T + given.get("bias", 0) + given.get("input_bias", 0)
    of_reset, of_output, of_update = np.split(given["weight_hh"], 3)
    state, states = given["initial_h"], []
    for step in fixed[::-1] if way == "reverse" else fixed:
        reset, output, update = np.split(step, 3, -1)
        reset, update = gate(reset + state @ of_reset.T), gate(update + state @ of_update.T)
        state = (1 - update) * act(output + (reset * state) @ of_output.T) + update * state
        states.append(state)
    sequence = np.stack(states[::-1] if way == "reverse" else states)
    named = {"activation": activation, "recurrent_activation": at_gates}
    return known(*_told(draw, given, sequence, [state], way, **named))


@st.composite
def _gru_that_resets_after(draw: st.DrawFn) -> Case:
    """PyTorch's, which has the gates in the order reset, update, output."""
    steps, batch, inputs, hidden = (whole(draw, 1, 4) for _ in range(4))
    way = one_of(draw, _WAYS)
    layer = torch.nn.GRU(inputs, hidden)
    given = _edge(draw, steps, batch, inputs, hidden) | _weights(draw, 3, inputs, hidden)
    given |= {"reset_after": True} | optional(draw, input_bias=numbers(draw, (3 * hidden,)))
    biases = {"bias_ih": given.get("input_bias"), "bias_hh": given.get("bias")}
    _load(layer, given, [0, 2, 1], biases=biases)
    states, last = _run(layer, given["x"], way, given["initial_h"][None])
    return known(*_told(draw, given, states, [last[0]], way))


@st.composite
def _lstm(draw: st.DrawFn) -> Case:
    """PyTorch has the gates in the order input, forget, cell, output."""
    steps, batch, inputs, hidden = (whole(draw, 1, 4) for _ in range(4))
    both = truth(draw)
    layer = torch.nn.LSTM(inputs, hidden, bidirectional=both)
    given = _edge(draw, steps, batch, inputs, hidden * (1 + both))
    given["initial_c"] = numbers(draw, given["initial_h"].shape)
    given |= _weights(draw, 4, inputs, hidden)
    _load(layer, given, [0, 1, 3, 2])
    if both:
        given |= _weights(draw, 4, inputs, hidden, "_back")
        _load(layer, given, [0, 1, 3, 2], "_back")
    way = "bidirectional" if both else one_of(draw, _WAYS)
    h, c = (np.stack(np.split(given[f"initial_{each}"], 1 + both, -1)) for each in "hc")
    states, (last_h, last_c) = _run(layer, given["x"], way, h, c)
    last = [np.concatenate(list(each), -1) for each in (last_h, last_c)]
    return known(*_told(draw, given, states, last, way))


@st.composite
def _lstm_with_peepholes(draw: st.DrawFn, *, clipped: bool) -> Case:
    """Which PyTorch does not have, nor memory that is clipped: one step, by the formula."""
    batch, inputs, hidden = (whole(draw, 1, 4) for _ in range(3))
    given = _edge(draw, 1, batch, inputs, hidden) | _weights(draw, 4, inputs, hidden)
    given["initial_c"] = c = numbers(draw, (batch, hidden))
    given["peephole"] = numbers(draw, (3 * hidden,))
    entry_peep, forget_peep, output_peep = np.split(given["peephole"], 3)
    sigmoid = _ACTIVATIONS["sigmoid"]
    gates = given["x"][0] @ given["weight_ih"].T + given["initial_h"] @ given["weight_hh"].T
    entry, forget, output, cell = np.split(gates + given.get("bias", 0), 4, -1)
    memory = sigmoid(forget + forget_peep * c) * c
    memory = memory + sigmoid(entry + entry_peep * c) * np.tanh(cell)
    if clipped:
        given["clip"] = number(draw, np.float32, 0.1, 1)
        memory = np.clip(memory, -given["clip"], given["clip"])
    state = sigmoid(output + output_peep * memory) * np.tanh(memory)
    return known(given, state[None], state, memory)


def _edge(draw: st.DrawFn, steps: int, batch: int, inputs: int, hidden: int) -> dict[str, Any]:
    return {
        "x": numbers(draw, (steps, batch, inputs)),
        "initial_h": numbers(draw, (batch, hidden)),
    }


def _weights(
    draw: st.DrawFn, gates: int, inputs: int, hidden: int, suffix: str = ""
) -> dict[str, Array]:
    return {
        f"weight_ih{suffix}": numbers(draw, (gates * hidden, inputs), low=-1, high=1),
        f"weight_hh{suffix}": numbers(draw, (gates * hidden, hidden), low=-1, high=1),
    } | optional(draw, **{f"bias{suffix}": numbers(draw, (gates * hidden,))})


def _load(
    layer: torch.nn.Module,
    given: dict[str, Any],
    order: list[int],
    suffix: str = "",
    biases: Mapping[str, Array | None] | None = None,
) -> None:
    """Give PyTorch's layer the weights, its gates in this order; a single bias is the inputs'."""
    there = "_reverse" if suffix else ""
    weights = {name: given[f"{name}{suffix}"] for name in ("weight_ih", "weight_hh")}
    biases = biases or {"bias_ih": given.get(f"bias{suffix}"), "bias_hh": None}
    for name, value in {**weights, **biases}.items():
        target = getattr(layer, f"{name}_l0{there}")
        parts = np.split(np.zeros(target.shape, np.float32) if value is None else value, len(order))
        target.data = torch.from_numpy(np.concatenate([parts[each] for each in order]))


def _run(layer: torch.nn.Module, x: Array, way: str, *states: Array) -> tuple[Array, Any]:
    """The outputs in the order of the inputs, and the last states."""
    turned = np.flip(x, 0).copy() if way == "reverse" else x
    first = tuple(torch.from_numpy(each.copy()) for each in states)
    with torch.no_grad():
        outputs, last = layer(torch.from_numpy(turned), first if len(first) > 1 else first[0])
    sequence = outputs.numpy()
    last = [each.numpy() for each in last] if isinstance(last, tuple) else last.numpy()
    return (np.flip(sequence, 0) if way == "reverse" else sequence), last


def _told(
    draw: st.DrawFn, given: dict[str, Any], states: Array, last: list[Array], way: str, **more: str
) -> tuple[Any, ...]:
    """The arguments, and the results that they ask for."""
    whole_sequence = truth(draw)
    given |= more | ({"direction": way} if way != "forward" or truth(draw) else {})
    given |= {"output_sequence": True} if whole_sequence else {}
    return given, states if whole_sequence else last[0][None], *last


CASES: dict[str, st.SearchStrategy[Case]] = {
    "gru": st.one_of(_gru(), _gru_that_resets_after()),
    "lstm": st.one_of(
        _lstm(), _lstm_with_peepholes(clipped=False), _lstm_with_peepholes(clipped=True)
    ),
    "rnn": _rnn(),
}
