"""How long reportctl takes beside bare reading, beside a pandas loop and beside a single-process writer."""
