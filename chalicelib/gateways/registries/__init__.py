"""
The state registers of §18: what each is asked, what each answers, and the relay on the state's closed bus that carries both.
"""

from chalicelib.gateways.registries.relay import RelayCertificates, RelayRegisters

__all__ = ["RelayCertificates", "RelayRegisters"]
