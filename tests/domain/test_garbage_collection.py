"""Nobody searches for garbage inside, and everything is as it was afterwards."""

import gc
from collections.abc import Iterator

import pytest
from coreml_stable_diffusion.domain.garbage_collection import collection_paused


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    yield
    gc.enable()


def fail() -> None:
    assert not gc.isenabled()
    raise ValueError("amiss")


def test_it_goes_on_even_after_a_failure() -> None:
    with pytest.raises(ValueError, match="amiss"), collection_paused():
        fail()

    assert gc.isenabled()


def test_whoever_does_without_it_keeps_doing_so() -> None:
    gc.disable()

    with collection_paused():
        pass

    assert not gc.isenabled()
