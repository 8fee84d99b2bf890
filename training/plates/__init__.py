"""
The plate reader's networks: synthetic plates and scenes, the networks' shapes, and the programs that teach them. `make train-plates` runs all.

Every picture is drawn from a seed; no photograph of a plate is ever used.
"""
