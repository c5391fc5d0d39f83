"""New names reach wherever a name can stand."""

import attrs
from coreml_stable_diffusion.domain.mil.operation import Block
from coreml_stable_diffusion.domain.mil.renaming import renamed
from samples.programs import constant, operation


def test_arguments_results_and_blocks_have_the_new_names() -> None:
    number = constant(1)
    inner = Block(operations=(operation("relu", ["i"], x="a"),), outputs=("a", "i"))
    step = attrs.evolve(operation("add", ["b"], x=("a", "c"), y=number), blocks=(inner,))

    changed = renamed(step, {"a": "A", "b": "B"})

    assert changed.inputs == {"x": ("A", "c"), "y": (number,)}
    assert changed.outputs[0].name == "B"
    assert changed.blocks[0].operations[0].inputs == {"x": ("A",)}
    assert changed.blocks[0].outputs == ("A", "i")
