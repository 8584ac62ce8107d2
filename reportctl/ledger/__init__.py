"""What is kept: originals, decisions.csv, the SQLite index that can be deleted; one writer."""
