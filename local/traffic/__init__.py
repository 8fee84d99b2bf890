"""
Gentle traffic at one checkpoint, so that pages and boards live: trucks book, pay, wait, enter and leave, one picture every few seconds.
"""
