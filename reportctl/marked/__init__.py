"""A unit's own workbook with marks, to send back."""
