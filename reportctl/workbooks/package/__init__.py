"""Editing the parts of workbooks that belong to others."""
