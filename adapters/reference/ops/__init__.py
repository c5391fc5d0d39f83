"""The operations, a family a file: each is one function of PyTorch with the arguments of MIL.

Arguments have MIL's names, meanings and defaults (coremltools 9, opsets iOS15 to iOS18); their
annotations, listed in `arguments.py`, tell what a program's values become before the call.
"""
