"""
The outside world of one machine: the relay to the state registers, steerable, and the center that takes SMS and push.
"""
