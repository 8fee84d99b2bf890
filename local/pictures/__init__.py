"""
Photographs of trucks, drawn: the story and the tests show them to the plate reader instead of real people's vehicles.
"""

from local.pictures.camera import CLEAR, POOR, Quality
from local.pictures.photographs import draw_truck, draw_unreadable, not_a_picture

__all__ = ["CLEAR", "POOR", "Quality", "draw_truck", "draw_unreadable", "not_a_picture"]
