"""Trains the pocket model: `python -m coreml_stable_diffusion.training.train_pocket --help`."""
