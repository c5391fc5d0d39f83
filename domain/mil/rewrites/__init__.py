"""Patterns of operations that a runtime may compute as one, faster and in less memory.

Each rewrite says the same to about 1e-5 in float32. What it replaces stays, for whoever else uses
it; a runtime leaves out what nobody uses.
"""
