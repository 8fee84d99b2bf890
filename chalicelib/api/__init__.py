"""
The HTTP API: one blueprint a noun, every endpoint one declaration.
"""
