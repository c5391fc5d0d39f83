"""`.mlpackage` in pure Python: the manifest, the protobuf messages and the weight file."""
