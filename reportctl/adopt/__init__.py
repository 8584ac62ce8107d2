"""An office's own blank workbook into a form: what is read of it, the review by people, the form made of
it."""
