"""
The page of free slots as buyers of the month look at it: the real rule of what is on sale, asked again only where it may say something else.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bench.month.desk import HERE, Desk
from chalicelib.domain.places import Place, Pool, on_sale
from chalicelib.domain.plans import DayPlan, PlaceClass, Position

Key = tuple[date, int, PlaceClass, Pool]


class Window:
    """
    Remembers where nothing was on sale, and until when that may not change: no place written, no wait and no hold over, no half hour begun.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sold_out: dict[Key, tuple[int, int, datetime]] = {}

    def has(self, plan: DayPlan, interval: int, class_: PlaceClass, pool: Pool) -> bool:
        """
        Tell whether a buyer of the class and pool finds a place in an interval now.
        """
        key, now = (plan.day, interval, class_, pool), self._desk.clock.time
        touches = self._desk.shelves.touches[HERE, plan.day]
        written = touches[interval] if plan.per_day is None else touches.total()
        if self._remembers(key, (plan.version, written), now):
            return False
        rules, touched = self._desk.rules_on(now), self._desk.shelves.touched(HERE, plan.day, consistent=True)
        found: Sequence[Position] = on_sale(plan=plan, touched=touched, interval=interval, class_=class_, pool=pool, now=now, rules=rules)
        if not found:
            near = [place for place in touched.values() if plan.per_day is not None or place.position.interval == interval]
            first = rules.midnight(plan.day) if plan.per_day is None and now < rules.midnight(plan.day) else _next_half_hour(now)
            self._sold_out[key] = (plan.version, written, min([first, *_moments(near, now)]))
        return bool(found)

    def _remembers(self, key: Key, written: tuple[int, int], now: datetime) -> bool:
        known = self._sold_out.get(key)
        return known is not None and known[:2] == written and now < known[2]


def _next_half_hour(now: datetime) -> datetime:
    # calls, and so the end of sale, come at half hours too
    return now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0) + timedelta(minutes=30)


def _moments(places: Sequence[Place], now: datetime) -> list[datetime]:
    known = (moment for place in places for moment in (place.on_sale_from, place.hold_expires_at))
    return [moment for moment in known if moment is not None and moment > now]
