"""Blank forms and what is read of them, beside what is in them."""
