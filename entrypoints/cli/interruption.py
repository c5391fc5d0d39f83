"""Ctrl-C, and SIGTERM like it: they end the program in one line, whatever it is doing.

Python raises KeyboardInterrupt wherever the program is. While it imports, a library's `except:` may
take that for a module that is lacking, and a destructor has nobody to tell; the program goes on.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType

INTERRUPTED = 130
INTERRUPTION = "interrupted"

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
# Whoever starts a program in the background may have it ignore them, which stays so.
_UNTOUCHED = (signal.SIG_DFL, signal.default_int_handler)
# After which what was swallowed is raised again.
_PATIENCE_SECONDS = 0.2


def end_when_interrupted() -> None:
    """From now on end at once when interrupted: nothing is begun that would have to be undone."""
    for each in _SIGNALS:
        if signal.getsignal(each) in _UNTOUCHED:
            signal.signal(each, _end)


@contextlib.contextmanager
def raising_interruptions() -> Iterator[None]:
    """Raise KeyboardInterrupt inside until it arrives here; the next one after that ends at once.

    Does nothing where `end_when_interrupted` was not called: this process is somebody else's.
    """
    ours = [each for each in _SIGNALS if signal.getsignal(each) is _end]
    if not ours:
        yield
        return
    for each in (*ours, signal.SIGALRM):
        signal.signal(each, _raise)
    sys.unraisablehook = _tell_unraisable
    try:
        yield
    except Exception as error:
        if _is_interruption(error):
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for each in ours:
            signal.signal(each, _leave)


def _is_interruption(error: BaseException | None) -> bool:
    """Whether it is one, or came of one: cleaning up may fail, and libraries translate."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _end(_number: int, _frame: FrameType | None) -> None:
    os.write(2, f"coreml-sd: {INTERRUPTION}\n".encode())
    os._exit(INTERRUPTED)


def _raise(_number: int, _frame: FrameType | None) -> None:
    if not _is_interruption(sys.exception()):
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE_SECONDS, _PATIENCE_SECONDS)
        raise KeyboardInterrupt


def _leave(_number: int, _frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)


def _tell_unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    if not isinstance(unraisable.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
