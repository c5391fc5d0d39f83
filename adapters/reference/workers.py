"""Threads that compute each by itself, so that what a core made is still in its caches."""

import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier, Lock

import torch

# No thread takes so long to start; without an end, one that cannot start would be waited for.
_SECONDS_TO_START = 60
_STARTING = Lock()


def on_every_thread(work: Callable[[], None]) -> None:
    """Run `work` on as many threads as PyTorch computes with, each of which computes alone.

    Work that is to be done once is taken from an iterator that all share: of a list, since one of
    a generator breaks where two threads ask at once.
    """
    work = torch.inference_mode()(work)
    threads = torch.get_num_threads()
    if threads == 1:
        work()
        return
    with _STARTING:
        workers = _workers(threads, os.getpid())
    works = [workers.submit(work) for _ in range(threads)]
    # Nobody is left at work on what the caller has given up.
    wait(works)
    for each in works:
        each.result()


@functools.cache
def _workers(threads: int, process: int) -> ThreadPoolExecutor:
    """Threads that are kept, since starting them has a moment in which others would be alone too.

    A process that was split off has none of its parent's.
    """
    del process
    ready = Barrier(threads + 1, timeout=_SECONDS_TO_START)

    def compute_alone() -> None:
        # A thread takes the number of all when it first asks, which would come after this.
        torch.get_num_threads()
        torch.set_num_threads(1)
        ready.wait()

    workers = ThreadPoolExecutor(threads, initializer=compute_alone)
    for _ in range(threads):
        workers.submit(int)
    try:
        ready.wait()
    finally:
        # The number that is set last is that of all threads to come.
        torch.set_num_threads(threads)
    return workers
