"""An interruption ends the program in one line, whatever it is doing and whoever swallows it."""

import subprocess
import sys

import pytest

# Whoever runs the tests in the background makes their children ignore interrupts.
INTERRUPTIBLE = """
import signal, sys, time, typer
from coreml_stable_diffusion.__main__ import main
signal.signal(signal.SIGINT, signal.default_int_handler)
interrupt = signal.raise_signal
"""
COMMAND = """
from coreml_stable_diffusion.entrypoints.cli.failures import ClearGroup
from coreml_stable_diffusion.entrypoints.cli.interruption import end_when_interrupted
app = typer.Typer(cls=ClearGroup)
app.callback()(lambda: None)
end_when_interrupted()

class Destroyed:
    def __del__(self):
        interrupt(signal.SIGINT)
"""
SWALLOWED = """
    try:
        interrupt(signal.SIGINT)
    except:
        pass
    time.sleep(5)
"""
IN_A_DESTRUCTOR = """
    Destroyed()
    time.sleep(5)
"""
TRANSLATED = """
    try:
        interrupt(signal.SIGINT)
    except BaseException as error:
        raise ImportError("no such library") from error
"""
TWICE = """
    try:
        interrupt(signal.SIGINT)
    finally:
        interrupt(signal.SIGINT)
        time.sleep(0.5)
        print("cleaned up")
"""
TERMINATED = """
    interrupt(signal.SIGTERM)
"""
WHILE_IMPORTING = """
class Interrupting:
    def find_spec(self, name, *_):
        if name.endswith(".cli.main"):
            interrupt(signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
main()
"""


@pytest.mark.parametrize("body", [SWALLOWED, IN_A_DESTRUCTOR, TRANSLATED, TERMINATED])
def test_a_command_ends_though_a_library_swallows_the_interruption(body: str) -> None:
    assert ending(f"{COMMAND}\n@app.command()\ndef work():{body}\napp(['work'])") == ""


def test_a_second_interruption_does_not_break_the_cleaning_up_after_the_first() -> None:
    said = ending(f"{COMMAND}\n@app.command()\ndef work():{TWICE}\napp(['work'])")

    assert said == "cleaned up\n"


def test_nothing_is_said_of_what_is_being_imported() -> None:
    assert ending(WHILE_IMPORTING) == ""


def ending(program: str) -> str:
    """What an interrupted program prints, after it was seen to end as it should."""
    finished = subprocess.run(
        [sys.executable, "-c", INTERRUPTIBLE + program],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (finished.returncode, finished.stderr) == (130, "coreml-sd: interrupted\n")
    return finished.stdout
