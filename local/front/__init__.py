"""
What stands where the cloud's API Gateway would, on one machine: HTTP in, Chalice's events behind, the pages beside.
"""
