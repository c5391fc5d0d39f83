"""Where two ways of computing the same program part."""

from collections.abc import Sequence

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import PredictionError
from coreml_stable_diffusion.domain.examination import Examination, Record, unrecorded
from coreml_stable_diffusion.domain.ports.networks import ExaminableNetwork
from coreml_stable_diffusion.domain.tensor import Tensors, TensorSpec
from coreml_stable_diffusion.domain.trial.divergence import first_divergence
from coreml_stable_diffusion.domain.verification.divergence import Divergence
from numpy.typing import ArrayLike

RESULTS = [("a", [1.0, 2.0]), ("b", [3.0, 4.0]), ("c", [5.0, 6.0])]


@attrs.frozen
class Recited(ExaminableNetwork):
    """Gives the same results whatever it is given, and fails after them where told to."""

    results: Sequence[tuple[str, ArrayLike]]
    failure: Exception | None = None
    inputs: tuple[TensorSpec, ...] = ()
    outputs: tuple[TensorSpec, ...] = ()

    def predict(self, inputs: Tensors) -> Tensors:
        return self.examine(inputs).outputs

    def examine(self, inputs: Tensors, record: Record = unrecorded) -> Examination:
        del inputs
        for name, values in self.results:
            record(name, np.array(values))
        if self.failure is not None:
            raise self.failure
        return Examination({}, ())


def test_the_same_results_diverge_nowhere() -> None:
    assert first_divergence(Recited(RESULTS), Recited(RESULTS), {}, threshold_db=35) is None


def test_the_first_of_the_results_that_are_far_off_is_found() -> None:
    off = [("a", [1.0, 2.0]), ("b", [3.5, 4.0]), ("c", [9.0, 9.0])]

    found = first_divergence(Recited(RESULTS), Recited(off), {}, threshold_db=35)

    assert found is not None
    assert found.result == "b"
    # The error's root mean square is 0.5 / sqrt(2), and the peak 4.
    assert found.psnr_db == pytest.approx(20 * np.log10(4 * np.sqrt(2) / 0.5), abs=1e-3)


def test_a_result_that_overflowed_diverges() -> None:
    off = [("a", [1.0, np.inf]), *RESULTS[1:]]

    found = first_divergence(Recited(RESULTS), Recited(off), {}, threshold_db=35)

    assert found == Divergence("a", -np.inf)


def test_whole_numbers_do_not_diverge() -> None:
    counted, other = [("n", [1, 2])], [("n", [1, 3])]

    assert first_divergence(Recited(counted), Recited(other), {}, threshold_db=35) is None


@pytest.mark.parametrize("exact_fails", [True, False])
def test_a_network_that_fails_is_told(exact_fails: bool) -> None:
    failing = Recited(RESULTS[:1], failure=PredictionError("UNet", "no"))
    exact, rounded = (failing, Recited(RESULTS)) if exact_fails else (Recited(RESULTS), failing)

    with pytest.raises(PredictionError, match="no"):
        first_divergence(exact, rounded, {}, threshold_db=35)
