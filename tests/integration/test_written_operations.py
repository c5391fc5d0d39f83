"""Every operation as coremltools writes it, for each of the targets that it has."""

import collections
import tempfile
from collections.abc import Callable
from pathlib import Path

import coremltools as ct
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.packages.package_writer import MlPackageWriter
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from samples.bundles import compiled
from samples.cases.case import Case, assert_close
from samples.cases.catalogue import CASES
from samples.folding import oracle
from samples.written_operations import Written, save_operations

TARGETS = (ct.target.iOS15, ct.target.iOS16, ct.target.iOS17, ct.target.iOS18)
#: Compressed weights, which are no operations on inputs, are written by test_compressed_weights.
NAMES = [name for name in CASES if not name.startswith("constexpr_")]


def _can_be_written(case: Case) -> bool:
    return case.arguments.get("k") != -1  # as coremltools' type for it would have it


def test_every_operation_is_read_run_and_compiled(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    found = collections.Counter[str]()

    @settings(
        max_examples=6,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.fixed_dictionaries({name: CASES[name].filter(_can_be_written) for name in NAMES}),
    )
    def check(cases: dict[str, Case]) -> None:
        for target in TARGETS:
            package = Path(tempfile.mkdtemp(dir=tmp_path)) / "operations.mlpackage"
            written = save_operations(cases, package, target)
            found.update(written.outputs.keys())
            _assert_computes(package, written, cases)
            _assert_survives_compilation(package)

    check()
    assert found.keys() == set(NAMES)
    record_property("operations in packages", found.total())


def _assert_computes(package: Path, written: Written, cases: dict[str, Case]) -> None:
    network = ReferenceRuntime(MlPackageReader()).load(package)
    # iOS15 has no float16 at a network's edge.
    types = {each.name: each.dtype for each in network.inputs}
    given = {name: array.astype(types[name]) for name, array in written.inputs.items()}
    results = iter(network.predict(given).values())
    for name, count in written.outputs.items():
        assert_close([next(results) for _ in range(count)], oracle(name, cases[name]))


def _assert_survives_compilation(package: Path) -> None:
    bundle, back = package.with_suffix(".mlmodelc"), package.with_stem("back")
    reader = MlPackageReader()
    program = reader.read(package)
    MlPackageWriter().write(reader.read(compiled(package, bundle)), back)
    assert reader.read(bundle) == reader.read(back) == program
