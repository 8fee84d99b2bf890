"""
What every printed page of ours is made with: a pen, fonts, and pages that come out the same whenever they are drawn.
"""
