"""
The version that `health` and the OpenAPI document name.
"""

from typing import Final

VERSION: Final = "0.1.0"
