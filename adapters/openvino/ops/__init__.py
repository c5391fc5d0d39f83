"""The operations, a family a file: each builds nodes of OpenVINO from the arguments of MIL.

Arguments have MIL's names, meanings and defaults (coremltools 9, opsets iOS15 to iOS18), as in the
reference runtime; what is no `Output` has to be a constant of the program.
"""
