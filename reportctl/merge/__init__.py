"""From the inbox to what counts: receive, read, evaluate, compare."""
