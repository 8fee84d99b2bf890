"""
One truck's way through the whole system, watched from outside: over HTTP and MQTT, never from within.
"""
