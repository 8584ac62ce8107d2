"""What is wrong with this computer and with this workspace: facts, what follows from them, what to do."""
