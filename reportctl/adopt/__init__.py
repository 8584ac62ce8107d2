"""An office's own form: edited as a workbook."""
