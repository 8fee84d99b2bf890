"""
How the networks that ship in `iot/` are made: needed by nobody at run time.
"""
