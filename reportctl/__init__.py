"""Quarterly reporting for a provincial committee, from the command line."""

__version__ = "0.1.0"
