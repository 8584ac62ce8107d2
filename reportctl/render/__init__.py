"""A table to a terminal, to CSV, Markdown, JSON, to a printable workbook; knows no figures."""
