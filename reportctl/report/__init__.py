"""What the Word report says, renewed after edits, with its evidence."""
