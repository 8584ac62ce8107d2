"""What one typed cell means."""
