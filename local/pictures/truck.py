"""
The front of a tractor unit, drawn to scale: 2,500 mm wide, its wheels standing at `foot`.
"""

from dataclasses import dataclass
from typing import Final

from local.pictures.canvas import Canvas, Color, shade

PAINTS: Final[tuple[Color, ...]] = (
    (178, 32, 36), (24, 74, 148), (236, 238, 240), (214, 128, 28), (32, 104, 74), (92, 96, 104), (226, 190, 44), (70, 28, 60), (24, 122, 140), (40, 42, 48),
)  # fmt: skip
TRAILERS: Final[tuple[Color, ...]] = ((236, 236, 232), (208, 212, 214), (58, 88, 140), (196, 60, 52), (226, 214, 180))
HALF: Final = 1250.0
PLATE_FOOT: Final = 430.0
"""Height of the plate's lower edge over the road."""


@dataclass(frozen=True, slots=True)
class Looks:
    """
    What tells one truck from another: paint, trailer, and how the grille, the visor and the lamps are made.
    """

    paint: Color
    trailer: Color
    slats: int
    visor: bool
    deflector: bool
    bright: float
    lamps: float


def draw_truck_front(canvas: Canvas, *, middle: float, foot: float, looks: Looks) -> None:
    """
    The truck, without its number plate; `bright` in its looks is the light that falls on it.
    """
    _Front(canvas, middle, foot, looks).draw()


class _Front:
    """
    The parts, from back to front. Coordinates: `across` from the middle, `up` from the road, in millimeters.
    """

    def __init__(self, canvas: Canvas, middle: float, foot: float, looks: Looks) -> None:
        self.canvas, self.middle, self.foot, self.looks = canvas, middle, foot, looks

    def draw(self) -> None:
        for part in (
            self.shadow, self.trailer, self.wheels, self.mirrors, self.cab, self.windshield, self.visor,
            self.grille, self.bumper, self.headlamps, self.markers,
        ):  # fmt: skip
            part()

    def lit(self, color: Color, factor: float = 1.0) -> Color:
        return shade(color, factor * (0.22 + 0.78 * self.looks.bright))

    def at(self, across: float, up: float) -> tuple[float, float]:
        return self.middle + across, self.foot - up

    def panel(self, low: float, high: float, half_low: float, half_high: float, colors: tuple[Color, Color]) -> None:
        """
        A symmetric trapezoid between two heights, shaded from its top color to its bottom color.
        """
        points = [self.at(-half_low, low), self.at(half_low, low), self.at(half_high, high), self.at(-half_high, high)]
        self.canvas.shaded(points, *colors)

    def block(self, left: float, low: float, width: float, height: float, color: Color, radius: float = 0.0) -> None:
        x, y = self.at(left, low + height)
        self.canvas.box(x, y, width, height, color, radius=radius)

    def shadow(self) -> None:
        self.canvas.ellipse(self.at(0, 10), (HALF * 1.18, 120), self.lit((52, 53, 56)))

    def trailer(self) -> None:
        body = self.looks.trailer
        self.panel(1000, 3980, HALF + 30, HALF + 30, (self.lit(body, 0.86), self.lit(body, 0.66)))
        self.block(-HALF - 30, 3940, 2 * HALF + 60, 40, self.lit(body, 0.6))

    def wheels(self) -> None:
        for side in (-1, 1):
            left = -1190 if side < 0 else 1190 - 330
            self.block(left, 0, 330, 620, self.lit((24, 24, 26)), 60)
            self.block(left + 40, 20, 250, 40, self.lit((50, 50, 52)))

    def mirrors(self) -> None:
        for side in (-1, 1):
            arm = self.lit((34, 35, 38))
            for up in (2920, 2320):
                self.canvas.stroke([self.at(side * 1180, up), self.at(side * 1400, up - 30)], arm, width=44)
            left = 1345 if side > 0 else -1345 - 250
            self.block(left, 2180, 250, 800, self.lit((40, 41, 45)), 80)
            self.block(left + 28, 2560, 194, 380, self.lit((96, 112, 124)), 50)
            self.block(left + 28, 2220, 194, 280, self.lit((84, 98, 108)), 50)

    def cab(self) -> None:
        paint = self.looks.paint
        if self.looks.deflector:
            self.panel(3500, 3900, 1110, 860, (self.lit(paint, 1.12), self.lit(paint, 0.9)))
        self.panel(3250, 3560, 1215, 1120, (self.lit(paint, 1.16), self.lit(paint)))
        self.panel(900, 3260, HALF, 1215, (self.lit(paint), self.lit(paint, 0.78)))
        for side in (-1, 1):
            self.canvas.polygon(
                [self.at(side * HALF, 900), self.at(side * 1215, 3260), self.at(side * 1130, 3260), self.at(side * 1165, 900)],
                self.lit(paint, 0.68),
            )

    def windshield(self) -> None:
        self.panel(2010, 3190, 1160, 1075, (self.lit((24, 27, 31)), self.lit((24, 27, 31))))
        self.panel(2050, 3150, 1120, 1040, (self.lit((142, 168, 186)), self.lit((38, 47, 56))))
        shine = self.lit((176, 196, 208))
        self.canvas.shaded(
            [self.at(-760, 2050), self.at(-420, 2050), self.at(-40, 3150), self.at(-420, 3150)], shine, self.lit((62, 74, 84))
        )
        self.block(-690, 2080, 380, 420, self.lit((52, 60, 68)), 60)
        self.block(-590, 2520, 180, 130, self.lit((52, 60, 68)), 50)
        self.block(300, 2080, 440, 360, self.lit((70, 74, 84)), 140)
        self.block(425, 2410, 190, 240, self.lit((150, 116, 96)), 95)
        self.block(415, 2560, 210, 100, self.lit((34, 36, 42)), 50)
        for across in (-700, 60):
            self.canvas.stroke([self.at(across, 2030), self.at(across + 560, 2130)], self.lit((16, 16, 18)), width=26)

    def visor(self) -> None:
        if self.looks.visor:
            self.panel(3060, 3290, 1150, 1190, (self.lit((48, 50, 56)), self.lit((26, 27, 30))))

    def grille(self) -> None:
        paint = self.looks.paint
        self.panel(1880, 2000, 1190, 1170, (self.lit((38, 39, 42)), self.lit((20, 20, 22))))
        self.panel(960, 1860, 830, 900, (self.lit((34, 35, 38)), self.lit((22, 22, 25))))
        step = 720 / self.looks.slats
        for slat in range(self.looks.slats):
            up = 1000 + slat * step
            self.block(-780, up, 1560, step * 0.42, self.lit((150, 154, 160), 0.5 + 0.04 * slat), 12)
        self.block(-250, 1730, 500, 110, self.lit(paint, 1.1), 40)
        self.canvas.ellipse(self.at(0, 1785), (46, 46), self.lit((220, 222, 226)))
        self.canvas.ellipse(self.at(0, 1785), (32, 32), self.lit(paint, 0.7))

    def bumper(self) -> None:
        paint = self.looks.paint
        self.panel(300, 980, HALF + 5, HALF + 15, (self.lit(paint, 0.98), self.lit(paint, 0.62)))
        self.panel(660, 900, 700, 740, (self.lit((30, 31, 34)), self.lit((20, 20, 22))))
        self.block(-330, 395, 660, 190, self.lit((28, 29, 32)), 22)
        self.panel(230, 330, 1130, 1200, (self.lit((36, 37, 40)), self.lit((22, 22, 24))))
        for side in (-1, 1):
            self.block(side * 950 - 120, 420, 240, 130, self.lit((26, 26, 30)), 40)
            self.canvas.ellipse(self.at(side * 950, 485), (58, 50), self.lit((206, 212, 216)))

    def headlamps(self) -> None:
        for side in (-1, 1):
            outer, inner = side * 1225, side * 800
            glass = [self.at(outer, 690), self.at(inner, 690), self.at(inner - side * 40, 930), self.at(outer, 970)]
            self.canvas.polygon(glass, self.lit((40, 43, 48)))
            for across, size in ((1120, 92), (930, 84)):
                self.canvas.ellipse(self.at(side * across, 815), (size, size), self.lit((170, 178, 184)))
                self.canvas.ellipse(
                    self.at(side * across, 815), (size * 0.66, size * 0.66), shade((255, 252, 236), max(0.62, self.looks.lamps))
                )
            self.block(side * 1225 - (0 if side < 0 else 40), 700, 40, 250, (236, 140, 30))
            self.canvas.light(self.at(side * 1025, 815), 900, (255, 246, 214), strength=0.85 * self.looks.lamps)

    def markers(self) -> None:
        for across in (-900, -450, 450, 900):
            self.block(across - 45, 3430 if abs(across) < 800 else 3330, 90, 46, (255, 176, 64), 20)  # noqa: PLR2004 - the roof is rounder outside
            self.canvas.light(self.at(across, 3440), 160, (255, 170, 60), strength=0.7 * self.looks.lamps)
