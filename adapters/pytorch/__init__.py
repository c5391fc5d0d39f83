"""Diffusers checkpoints on PyTorch: configuration, weights, and networks as graphs."""
