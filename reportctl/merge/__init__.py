"""From the inbox to what counts: receive, read, settle, compare."""
