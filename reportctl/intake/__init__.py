"""Sheets in, a submission with its findings out, in a process that may die."""
