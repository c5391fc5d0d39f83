"""Work on every thread is done once, by threads that compute alone, and errors come back."""

import os
from collections.abc import Iterator
from threading import Thread

import pytest
import torch
from coreml_stable_diffusion.adapters.reference.workers import on_every_thread


@pytest.fixture(params=[1, 3])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.mark.usefixtures("threads")
def test_shared_work_is_done_once() -> None:
    numbers = iter([*range(200)])
    taken: list[int] = []
    on_every_thread(lambda: taken.extend(numbers))

    assert sorted(taken) == list(range(200))


def test_every_thread_computes_alone(threads: int) -> None:
    seen: list[int] = []

    def work() -> None:
        torch.ones(100, 100) @ torch.ones(100, 100)
        seen.append(torch.get_num_threads())

    on_every_thread(work)

    assert seen == [1] * threads


def test_others_compute_on_as_many_threads_as_before(threads: int) -> None:
    on_every_thread(lambda: None)
    later: list[int] = []
    thread = Thread(target=lambda: later.append(torch.get_num_threads()))
    thread.start()
    thread.join()

    assert [torch.get_num_threads(), *later] == [threads, threads]


def test_threads_started_meanwhile_compute_as_before(threads: int) -> None:
    on_every_thread(lambda: None)
    seen: list[int] = []

    def look() -> None:
        seen.append(torch.get_num_threads())

    def work() -> None:
        for _ in range(50):
            thread = Thread(target=look)
            thread.start()
            thread.join()

    on_every_thread(work)

    assert seen == [threads] * len(seen)
    assert len(seen) == 50 * threads


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.usefixtures("threads")
def test_a_process_that_was_split_off_has_threads_of_its_own() -> None:
    on_every_thread(lambda: None)
    child = os.fork()
    if not child:
        on_every_thread(lambda: None)
        os._exit(7)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


@pytest.mark.usefixtures("threads")
def test_tensors_made_for_inference_may_be_filled() -> None:
    with torch.inference_mode():
        filled = torch.zeros(3)

    def work() -> None:
        filled.fill_(7)

    on_every_thread(work)

    assert filled.tolist() == [7, 7, 7]


@pytest.mark.usefixtures("threads")
def test_an_error_comes_back() -> None:
    def work() -> None:
        raise ValueError("no room")

    with pytest.raises(ValueError, match="no room"):
        on_every_thread(work)
