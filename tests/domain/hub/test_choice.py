"""Which variant a machine takes."""

from pathlib import PurePosixPath

import pytest
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.hub.choice import Machine, best, matching
from coreml_stable_diffusion.domain.hub.listing import RepositoryFile
from coreml_stable_diffusion.domain.hub.variant import ATTENTIONS, Kind, Variant

LINUX = Machine(has_core_ml=False)


VOCABULARY = RepositoryFile(path="vocab.json", size_bytes=1, git_oid="")


def variant(
    attention: str | None, kind: Kind, *, is_zip: bool = False, has_tokenizer: bool = True
) -> Variant:
    return Variant(
        attention=attention,
        kind=kind,
        folder=PurePosixPath(),
        is_zip=is_zip,
        files=(VOCABULARY,) if has_tokenizer else (),
    )


ALL = [
    variant(attention, kind, is_zip=is_zip)
    for attention in ATTENTIONS
    for kind in Kind
    for is_zip in (False, True)
]


def mac(cores: int, unit: ComputeUnit = ComputeUnit.ALL) -> Machine:
    return Machine(has_core_ml=True, performance_cores=cores, compute_unit=unit)


@pytest.mark.parametrize(
    ("machine", "name"),
    [
        (LINUX, "original/packages"),
        (mac(4), "split_einsum_v2/compiled"),
        (mac(8), "original/compiled"),
        (mac(4, ComputeUnit.CPU_AND_GPU), "original/compiled"),
        (mac(16, ComputeUnit.CPU_AND_NE), "split_einsum_v2/compiled"),
    ],
)
def test_every_machine_has_its_best(machine: Machine, name: str) -> None:
    assert best(ALL, machine).name == name


def test_another_attention_counts_more_than_another_kind() -> None:
    there = [variant("split_einsum", Kind.PACKAGES), variant("original", Kind.COMPILED)]

    assert best(there, LINUX).name == "original/compiled"


def test_a_variant_that_can_read_prompts_counts_more_than_all() -> None:
    there = [
        variant("original", Kind.PACKAGES, has_tokenizer=False),
        variant("split_einsum", Kind.COMPILED),
    ]

    assert best(there, LINUX).name == "split_einsum/compiled"


def test_a_zip_is_taken_where_there_is_nothing_else() -> None:
    assert best([variant("original", Kind.COMPILED, is_zip=True)], LINUX).is_zip


def test_the_users_words_narrow_the_choice() -> None:
    found = matching(ALL, "split_einsum", Kind.COMPILED)

    assert {each.name for each in found} == {"split_einsum/compiled", "split_einsum/compiled/zip"}
    assert [each.name for each in matching(ALL, "original/packages", None)] == ["original/packages"]


def test_what_is_not_there_is_refused_with_what_is() -> None:
    with pytest.raises(InvalidRequest, match="no original; the repository has: split_einsum/comp"):
        matching([variant("split_einsum", Kind.COMPILED)], "original", None)
