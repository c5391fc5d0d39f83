"""Converts Stable Diffusion models to Core ML and generates images with them, on any machine."""
