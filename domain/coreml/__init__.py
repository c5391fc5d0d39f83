"""What Core ML prescribes: compute units and deployment targets."""
