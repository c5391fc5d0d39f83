"""Packages become small where they are to stand, and what stays is told."""

from collections.abc import Sequence
from pathlib import Path

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.application.compress import Compress
from coreml_stable_diffusion.domain.compression.palettization import Palettization
from coreml_stable_diffusion.domain.errors import BrokenPackage, InvalidRequest
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.mil.value import StoredWeight
from coreml_stable_diffusion.domain.mil.value_type import TensorType
from fakes.observing import FakeObserver
from fakes.packages import FakePackageReader, FakePackageWriter
from fakes.workspace import FakeWorkspace
from numpy.typing import NDArray
from samples.programs import operation, program

X = np.zeros((1, 64), np.float32)
SIX_BITS = Palettization(bits=6)
WEIGHTS = np.random.default_rng(2).standard_normal((64, 64)).astype(np.float16)


@attrs.frozen(eq=False)
class InMemory:
    weights: NDArray[np.float16]

    def read(self, weight: StoredWeight) -> NDArray[np.generic]:
        del weight
        return self.weights


def const(name: str, weights: NDArray[np.float16] = WEIGHTS, offset: int = 64) -> Operation:
    declared = TensorType(DataType.FP16, weights.shape)
    weight = StoredWeight(declared, "w.bin", offset, InMemory(weights))
    return attrs.evolve(operation("const", [name]), attributes={"val": weight})


def linear(output: str, weight: str) -> Operation:
    return operation("linear", [output], x="x", weight=weight)


def unet(steps: Sequence[Operation] = (const("w"), linear("y", "w"))) -> Program:
    return program(steps, {"x": X}, {"y": X})


@attrs.frozen
class Bench:
    """A use case with everything around it; `written` has the programs by their files."""

    observer: FakeObserver
    written: dict[str, Program]
    compress: Compress


def bench(made: Program | None = None) -> Bench:
    observer, written = FakeObserver(), dict[str, Program]()
    made = made or unet()
    programs = {"Unet.mlpackage": made, "Unet.mlmodelc": made}
    compress = Compress(
        reader=FakePackageReader(programs),
        writer=FakePackageWriter(written),
        workspace=FakeWorkspace(),
        observer=observer,
    )
    return Bench(observer, written, compress)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    made = tmp_path / "Unet.mlpackage"
    (made / "old").mkdir(parents=True)
    (made / "Manifest.json").touch()
    return made


def test_the_small_package_stands_where_it_is_wanted(package: Path, tmp_path: Path) -> None:
    at = bench()

    small = at.compress(package, SIX_BITS, tmp_path / "new" / "Small.mlpackage")

    assert small == tmp_path / "new" / "Small.mlpackage"
    [decompression, taker] = at.written["Small.mlpackage"].main_function.body.operations
    assert decompression.type == "constexpr_lut_to_dense"
    assert taker == linear("y", "w")
    assert (package / "old").exists()


def test_the_package_is_replaced_where_that_is_asked(package: Path) -> None:
    assert bench().compress(package, SIX_BITS, in_place=True) == package
    assert not (package / "old").exists()


def test_the_small_package_stands_beside_the_old_where_no_place_is_named(package: Path) -> None:
    assert bench().compress(package, SIX_BITS) == package.with_name("Unet_6bit.mlpackage")
    assert (package / "old").exists()


def test_a_place_is_either_named_or_the_old(package: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="--in-place: it contradicts --output"):
        bench().compress(package, SIX_BITS, tmp_path / "Small.mlpackage", in_place=True)


def test_what_is_there_is_never_replaced(package: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="is there already"):
        bench().compress(tmp_path / "Other.mlpackage", SIX_BITS, package)


def test_a_weight_in_two_places_is_counted_and_stored_once(package: Path) -> None:
    steps = [const("w"), const("same"), linear("v", "w"), linear("y", "same")]
    at = bench(unet(steps))

    at.compress(package, SIX_BITS, in_place=True)

    [task] = at.observer.tasks
    assert (task.title, task.steps, task.done) == ("Palettizing Unet.mlpackage", 1, 1)
    first, second, *_ = at.written["Unet.mlpackage"].main_function.body.operations
    assert first.type == second.type == "constexpr_lut_to_dense"
    [one, other] = (each.attributes["indices"] for each in (first, second))
    assert isinstance(one, StoredWeight)
    assert isinstance(other, StoredWeight)
    assert one.storage is other.storage


def test_what_stays_is_told_with_the_reason(package: Path) -> None:
    small = operation("constexpr_lut_to_dense", ["w"])
    at = bench(unet([small, linear("y", "w")]))

    at.compress(package, SIX_BITS, package.with_name("Same.mlpackage"))

    assert at.observer.notes == ["1 weight stays: compressed already"]
    assert at.written["Same.mlpackage"].main_function.body.operations[0] == small


@pytest.mark.parametrize("in_place", [False, True])
def test_nothing_is_written_where_all_of_it_stays(package: Path, *, in_place: bool) -> None:
    at = bench(unet([operation("constexpr_lut_to_dense", ["w"]), linear("y", "w")]))

    assert at.compress(package, SIX_BITS, in_place=in_place) == package
    assert not at.written
    assert not at.observer.tasks


def test_a_weight_that_is_not_finite_is_named_and_nothing_is_replaced(package: Path) -> None:
    broken = WEIGHTS.copy()
    broken[3, 4:6] = np.inf, np.nan
    at = bench(unet([const("query", broken), linear("y", "query")]))

    with pytest.raises(InvalidRequest, match="the weight query: 2 of its 4096 elements"):
        at.compress(package, SIX_BITS, in_place=True)

    assert (package / "old").exists()


@pytest.mark.parametrize(
    ("palettization", "option"),
    [
        (Palettization(bits=3), "--nbits"),
        (Palettization(bits=4, group_size=16), "--group-size"),
    ],
)
def test_older_programs_have_no_three_bits_and_no_groups(
    palettization: Palettization, option: str, package: Path
) -> None:
    with pytest.raises(InvalidRequest, match=f"{option}: .* need a program for iOS 18"):
        bench().compress(package, palettization)


def test_programs_before_palettes_are_refused(package: Path) -> None:
    made = unet()
    function = attrs.evolve(
        made.main_function,
        opset="CoreML5",
        specializations={"CoreML5": made.main_function.body},
    )

    with pytest.raises(InvalidRequest, match="CoreML5 has no palettes"):
        bench(attrs.evolve(made, functions={"main": function})).compress(package, SIX_BITS)


def test_a_bundle_is_to_be_decompiled_first(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="coreml-sd decompile"):
        bench().compress(tmp_path / "Unet.mlmodelc", SIX_BITS, tmp_path / "Small.mlpackage")


def test_no_package_is_no_package(tmp_path: Path) -> None:
    with pytest.raises(BrokenPackage):
        bench().compress(tmp_path / "Gone.mlpackage", SIX_BITS, tmp_path / "Small.mlpackage")
