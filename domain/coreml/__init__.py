"""What Core ML prescribes: compute units, deployment targets, the manifest beside the packages."""
