"""Workbooks: bytes in, sheets of values out, or a refusal with its reason."""
