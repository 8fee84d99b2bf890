"""
`make audit`: does all money of a machine's store add up?
"""
