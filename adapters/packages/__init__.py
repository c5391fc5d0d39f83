"""`.mlpackage` and `.mlmodelc` in pure Python: messages, MIL text and weight files."""
