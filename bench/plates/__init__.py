"""
Plate readers measured side by side on a folder of labeled photographs: what they read, how sure they were, what it cost, whom a gate would name.
"""
