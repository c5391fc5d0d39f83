"""MIL text, the form of programs in bundles, written as Apple's compiler writes it."""
