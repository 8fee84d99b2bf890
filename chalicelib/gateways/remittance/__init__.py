"""
A settlement's files: tables for people, orders for the bank, and their manifest. The same settlement and details give the same bytes.
"""
