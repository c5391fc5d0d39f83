"""The pure heart: nouns, mathematics, pipelines and programs, with no file, network or framework."""
