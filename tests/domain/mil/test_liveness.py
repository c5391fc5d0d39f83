"""What bears on a result is told from what does not."""

import attrs
from coreml_stable_diffusion.domain.mil.liveness import live, names_within
from coreml_stable_diffusion.domain.mil.operation import Block
from samples.programs import operation

A = operation("relu", ["a"], x="x")
B = operation("relu", ["b"], x="a")
LOST = operation("relu", ["lost"], x="a")


def test_only_what_a_result_depends_on_stays_and_in_order() -> None:
    assert live([A, LOST, B], ["b"]) == (A, B)


def test_what_a_block_uses_is_used() -> None:
    block = Block(operations=(operation("relu", ["inner"], x="deep"),), outputs=("given",))

    assert names_within(attrs.evolve(B, blocks=(block,))) == {"a", "deep", "given"}
