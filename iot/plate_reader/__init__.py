"""
The plate reader: a Greengrass component that reads the number plates in the pictures of a lane's camera.
"""

from iot.plate_reader.reading import PlateReading, read, read_crop

__all__ = ["PlateReading", "read", "read_crop"]
