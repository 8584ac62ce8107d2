"""What is asked, where it stands, what an answer is, what must hold between answers."""
