"""Who has sent what, what differs between a unit's files, whom to chase."""
