"""From text to the token ids that text encoders read."""
