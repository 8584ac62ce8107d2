"""Figures of this office in the workbook that the level above has sent."""
