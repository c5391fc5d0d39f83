"""Weights made small: palettes of few values, each weight an index into them."""
