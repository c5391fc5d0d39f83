"""ML Programs on OpenVINO, an optional extra."""
