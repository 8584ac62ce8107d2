"""Word documents and nothing else: content controls, tables, charts, fields."""
