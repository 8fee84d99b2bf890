"""
A double of the payment provider: Stripe's HTTP API for card payments in tenge, as the `stripe` SDK speaks it, in a process of its own.

What it has: payment intents (open, read, change, confirm, cancel), charges, refunds, disputes, payouts, customers, balance entries, events, signed webhooks,
idempotency keys, test cards. What it has not: manual capture, 3-D Secure, saved cards, search, any currency but tenge.
Everything is in one SQLite file before it is answered: `kill -9` loses nothing and does nothing twice.
"""
