"""Runs ML Programs on PyTorch, on any machine."""
