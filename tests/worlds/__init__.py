"""Random provinces, and figures of them that are worked out by a program of its own.

A world (`world.py`) is all that units sent and an office decided; it prints itself, line by line, and is read
back, so that one can be made smaller by hand. `random_world.py` makes one of a seed. `reference.py` works out
every figure with fractions, from the rules as they are written down for users and by no code of the program.
`workspace.py` puts a world into a workspace, as files and commands; `compare.py` holds what the program says
of it against the reference. `python -m tests.worlds --worlds 200 --seed 7` tries more than the tests do.
"""
