"""
From what use cases give to what is shown.
"""
