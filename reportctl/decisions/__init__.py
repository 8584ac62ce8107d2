"""What people decide: accept, correct, close, reopen, take in earlier figures."""
