"""Where one of two networks of the same operations first leaves what the other gives."""

import queue
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import attrs
import numpy as np
from numpy.typing import NDArray

from ..fidelity import tensor_psnr_db
from ..ports.networks import ExaminableNetwork
from ..tensor import Tensors
from ..verification.divergence import Divergence

_Result = tuple[str, NDArray[np.generic]]
# How long to wait before looking whether the other side is still there.
_PATIENCE_SECONDS = 0.1


class OtherProgramError(Exception):
    """The two networks are not of the same operations: there is nothing to compare."""


def first_divergence(
    exact: ExaminableNetwork, tried: ExaminableNetwork, inputs: Tensors, threshold_db: float
) -> Divergence | None:
    """Find the first result of the tried network under the threshold; None where all are near.

    Both run side by side, so that never more than one result of each is kept. Decibels are by
    Apple's formula. Raises OtherProgramError, and as `ExaminableNetwork.examine` does.
    """
    handover = _Handover()

    def compare(name: str, result: NDArray[np.generic]) -> None:
        other, wanted = handover.take()
        if other != name:
            raise OtherProgramError
        nearness = _nearness_db(result, wanted)
        if nearness < threshold_db:
            raise _FoundError(Divergence(name, nearness))

    with ThreadPoolExecutor(max_workers=1) as pool:
        handover.giver = pool.submit(exact.examine, inputs, handover.give)
        try:
            tried.examine(inputs, compare)
        except _FoundError as found:
            return found.divergence
        finally:
            handover.over.set()
    return None


def _nearness_db(result: NDArray[np.generic], wanted: NDArray[np.generic]) -> float:
    if not np.issubdtype(wanted.dtype, np.floating) or not np.isfinite(wanted).all():
        return np.inf
    if not np.isfinite(result).all():
        return -np.inf
    return tensor_psnr_db(result.astype(np.float64), wanted.astype(np.float64))


class _FoundError(Exception):
    def __init__(self, divergence: Divergence) -> None:
        super().__init__(divergence)
        self.divergence = divergence


class _OverError(Exception):
    """Nobody takes any more results."""


@attrs.define
class _Handover:
    """Passes one result at a time from the thread of one network to that of the other."""

    giver: "Future[object] | None" = None
    over: Event = attrs.field(factory=Event)
    results: "queue.Queue[_Result]" = attrs.field(factory=lambda: queue.Queue(maxsize=1))

    def give(self, name: str, result: NDArray[np.generic]) -> None:
        while not self.over.is_set():
            try:
                self.results.put((name, result), timeout=_PATIENCE_SECONDS)
            except queue.Full:
                continue
            return
        raise _OverError

    def take(self) -> _Result:
        while True:
            # Asked before, since the giver may end between an empty queue and the question.
            ended = self.giver is not None and self.giver.done()
            try:
                return self.results.get(timeout=_PATIENCE_SECONDS)
            except queue.Empty:
                if ended and self.giver is not None:
                    self.giver.result()
                    raise OtherProgramError from None
