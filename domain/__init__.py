"""The pure heart: nouns, mathematics, pipelines and programs; no file, network or framework."""
