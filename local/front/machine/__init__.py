"""
What exists on one machine only: `/local/…`, where the clock, the cameras, the registers and the outbox are in one's own hands.
"""
