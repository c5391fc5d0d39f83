"""Memory that was freed is kept, where glibc gives it out."""

import platform
import subprocess
import sys

import pytest

# In a process of its own, since what was freed before decides how much is kept.
_PROGRAM = """
import resource
from coreml_stable_diffusion.adapters.reference.freed_memory import keep_freed_memory

def pages_taken():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    bytearray(2**26)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

keep_freed_memory()
print(pages_taken() > 10 * pages_taken())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_a_large_block_gets_the_memory_of_the_one_before() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, check=True)

    assert done.stdout == b"True\n"
