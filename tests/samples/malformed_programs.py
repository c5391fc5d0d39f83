"""Programs that contradict themselves: their names, arguments, types, sizes, numbers or edges."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import attrs
import numpy as np
from coreml_stable_diffusion.domain.mil.operation import Binding, Block, Operation
from coreml_stable_diffusion.domain.mil.program import Function, Program
from coreml_stable_diffusion.domain.mil.value_type import NamedType
from samples.other_values import REAL, WHOLE, WORDS, other_spec, other_type, other_value
from samples.programs import constant

NOWHERE = "nowhere"
Break = Callable[[Program, random.Random], Program]


def malformed(program: Program, rng: random.Random) -> Program:
    """The program with one to three things broken, of which some may do no harm."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        try:
            program = rng.choice(BREAKS)(program, rng)
        except (
            IndexError,
            OverflowError,
            ValueError,
        ):  # there is nothing of the kind, or nobody could build it
            continue
    return program


def drop_argument(program: Program, rng: random.Random) -> Program:
    return _with_argument(program, rng, lambda _: None)


def bind_twice(program: Program, rng: random.Random) -> Program:
    return _with_argument(program, rng, lambda bound: bound * 2)


def bind_nothing(program: Program, rng: random.Random) -> Program:
    return _with_argument(program, rng, lambda _: ())


def bind_another_name(program: Program, rng: random.Random) -> Program:
    names = (*_names(program), NOWHERE)
    return _with_argument(program, rng, lambda _: (rng.choice(names),))


def bind_a_number(program: Program, rng: random.Random) -> Program:
    numbers = (rng.choice(WHOLE), rng.choice(REAL), rng.random() < 0.5, rng.choice(WORDS))
    shape = rng.choice(((), (1,), (2,), (0,), (2, 3)))
    value = constant(np.full(shape, rng.choice(numbers)))
    return _with_argument(program, rng, lambda _: (value,))


def change_a_number(program: Program, rng: random.Random) -> Program:
    def change(bound: tuple[Binding, ...]) -> tuple[Binding, ...]:
        return tuple(each if isinstance(each, str) else other_value(each, rng) for each in bound)

    if rng.random() < 0.5:
        return _with_constant(program, rng)
    return _with_argument(program, rng, change, lambda each: not isinstance(each[0], str))


def swap_arguments(program: Program, rng: random.Random) -> Program:
    def swap(operation: Operation) -> Operation:
        one, other = rng.sample(sorted(operation.inputs), 2)
        bound = operation.inputs
        return attrs.evolve(operation, inputs={**bound, one: bound[other], other: bound[one]})

    return _with_operation(program, rng, swap)


def rename_argument(program: Program, rng: random.Random) -> Program:
    def rename(operation: Operation) -> Operation:
        inputs = dict(operation.inputs)
        inputs[rng.choice(("x", "y", "axis", "weight", NOWHERE))] = inputs.pop(
            rng.choice(sorted(inputs))
        )
        return attrs.evolve(operation, inputs=inputs)

    return _with_operation(program, rng, rename)


def change_the_kind(program: Program, rng: random.Random) -> Program:
    kinds = [each.type for each in _operations(program)] + ["relu", "add", "const", NOWHERE]
    return _with_operation(program, rng, lambda each: attrs.evolve(each, type=rng.choice(kinds)))


def change_what_is_made(program: Program, rng: random.Random) -> Program:
    def change(operation: Operation) -> Operation:
        made = list(operation.outputs)
        place = rng.randrange(len(made))
        match rng.randrange(6):
            case 0:
                made.append(NamedType(rng.choice((*_names(program), "more")), made[0].type))
            case 1:
                del made[place]
            case 2:
                made[place] = attrs.evolve(made[place], name=rng.choice(_names(program)))
            case _:
                made[place] = attrs.evolve(made[place], type=other_type(made[place].type, rng))
        return attrs.evolve(operation, outputs=tuple(made))

    return _with_operation(program, rng, change)


def change_the_order(program: Program, rng: random.Random) -> Program:
    operations = list(_operations(program))
    place = rng.randrange(len(operations))
    match rng.randrange(3):
        case 0:
            del operations[place]
        case 1:
            operations.insert(place, rng.choice(operations))
        case _:
            operations.insert(rng.randrange(len(operations)), operations.pop(place))
    return _with_operations(program, operations)


def change_an_input(program: Program, rng: random.Random) -> Program:
    function = program.main_function
    inputs = list(function.inputs)
    place = rng.randrange(len(inputs))
    inputs[place] = attrs.evolve(inputs[place], type=other_type(inputs[place].type, rng))
    return _with_function(program, attrs.evolve(function, inputs=tuple(inputs)))


def change_the_outputs(program: Program, rng: random.Random) -> Program:
    block = program.main_function.body
    names = list(block.outputs)
    match rng.randrange(3):
        case 0:
            names.append(rng.choice((*_names(program), NOWHERE)))
        case 1:
            names[rng.randrange(len(names))] = rng.choice(_names(program))
        case _:
            rng.shuffle(names)
    return _with_body(program, attrs.evolve(block, outputs=tuple(names)))


def change_the_description(program: Program, rng: random.Random) -> Program:
    kind = rng.choice(("inputs", "outputs"))
    specs = list(getattr(program.description, kind))
    place = rng.randrange(len(specs))
    match rng.randrange(6):
        case 0:
            del specs[place]
        case 1:
            specs.append(specs[place])
        case _:
            specs[place] = other_spec(specs[place], rng)
    changed: Any = {kind: tuple(specs)}
    described = attrs.evolve(program.description, **changed)
    return attrs.evolve(program, description=described)


def add_a_function(program: Program, rng: random.Random) -> Program:
    opset = rng.choice(("CoreML5", "CoreML8"))
    function = program.main_function
    other = attrs.evolve(function, opset=opset, specializations={opset: function.body})
    functions = {**program.functions, "other": other}
    return attrs.evolve(program, functions=functions, main=rng.choice((program.main, "other")))


BREAKS: tuple[Break, ...] = (
    *(drop_argument, bind_twice, bind_nothing, bind_another_name, bind_another_name),
    *(bind_a_number, bind_a_number, *(change_a_number,) * 6, swap_arguments, rename_argument),
    *(change_the_kind, change_what_is_made, change_what_is_made, change_the_order),
    *(change_an_input, change_an_input, change_the_outputs, change_the_description),
    *(change_the_description, add_a_function),
)


def _names(program: Program) -> tuple[str, ...]:
    function = program.main_function
    made = [each.name for step in function.body.operations for each in step.outputs]
    return (*(each.name for each in function.inputs), *made)


def _operations(program: Program) -> tuple[Operation, ...]:
    return program.main_function.body.operations


def _with_argument(
    program: Program,
    rng: random.Random,
    change: Callable[[tuple[Binding, ...]], tuple[Binding, ...] | None],
    suits: Callable[[tuple[Binding, ...]], bool] = bool,
) -> Program:
    """The program with another binding of an argument; None drops it."""

    def changed(operation: Operation) -> Operation:
        places = [name for name, bound in sorted(operation.inputs.items()) if suits(bound)]
        name = rng.choice(places)
        inputs = {**operation.inputs, name: change(operation.inputs[name])}
        kept = {name: bound for name, bound in inputs.items() if bound is not None}
        return attrs.evolve(operation, inputs=kept)

    return _with_operation(
        program, rng, changed, lambda each: any(map(suits, each.inputs.values()))
    )


def _with_constant(program: Program, rng: random.Random) -> Program:
    """The program with another value of one attribute, the values of constants among them."""

    def changed(operation: Operation) -> Operation:
        name = rng.choice(sorted(operation.attributes))
        value = other_value(operation.attributes[name], rng)
        made = operation.outputs
        if operation.type == "const" and rng.random() < 0.9:
            made = (attrs.evolve(made[0], type=value.type),)
        attributes = {**operation.attributes, name: value}
        return attrs.evolve(operation, attributes=attributes, outputs=made)

    return _with_operation(program, rng, changed, lambda each: bool(each.attributes))


def _with_operation(
    program: Program,
    rng: random.Random,
    change: Callable[[Operation], Operation],
    suits: Callable[[Operation], bool] = lambda _: True,
) -> Program:
    operations = list(_operations(program))
    place = rng.choice([place for place, each in enumerate(operations) if suits(each)])
    operations[place] = change(operations[place])
    return _with_operations(program, operations)


def _with_operations(program: Program, operations: Sequence[Operation]) -> Program:
    body = program.main_function.body
    return _with_body(program, attrs.evolve(body, operations=tuple(operations)))


def _with_body(program: Program, body: Block) -> Program:
    function = program.main_function
    return _with_function(program, attrs.evolve(function, specializations={function.opset: body}))


def _with_function(program: Program, function: Function) -> Program:
    return attrs.evolve(program, functions={**program.functions, program.main: function})
