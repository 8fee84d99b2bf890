"""
Statements of banks, read from the two forms in which banks here hand them out.
"""
