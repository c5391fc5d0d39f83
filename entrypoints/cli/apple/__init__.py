"""The command lines of apple/ml-stable-diffusion, with its flags and what they mean there."""
