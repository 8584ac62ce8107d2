"""An office's own form: its blank workbook into a form; a form edited as a workbook."""
