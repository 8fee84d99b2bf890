"""
Which equipment of the checkpoints is connected: for the registrar, and for whoever runs the devices (§7, §8, §13, §14).
"""

from datetime import timedelta

from chalicelib import wiring
from chalicelib.api.call import Call, Role
from chalicelib.api.operation import Answered, operation
from chalicelib.api.paging import page_of
from chalicelib.api.registrar_bookings import REGISTRAR
from chalicelib.api.schemas.base import WholeQuery
from chalicelib.api.schemas.registrar import SiteDeviceView, SitePage, SiteView
from chalicelib.usecases.watch_devices import Site

DEVICES = frozenset({Role.REGISTRAR, Role.ADMIN, Role.DEVICE_OPERATOR})


@operation(
    "GET",
    "/v1/registrar/devices",
    query=WholeQuery,
    response=SitePage,
    roles=DEVICES,
    polled=True,
    unversioned={"items": {"__all__": {"last_seen", "reported_up_to"}}},
    rule="§7",
    tags=REGISTRAR,
    summary="Which equipment is connected",
)
def list_devices(call: Call[None, WholeQuery]) -> Answered:
    """
    Every camera, barrier, board and supply of every checkpoint as its gateway told last, and whether it tells still.
    """
    sites, further = page_of(wiring.watch_devices()(), call.query)
    now = wiring.clock().now()
    least = timedelta(hours=wiring.law().policy("autonomy_at_least", on=wiring.rules_on(now).today(now)))
    return SitePage(items=[site_view(site, least=least) for site in sites], next_cursor=further)


def site_view(site: Site, *, least: timedelta) -> SiteView:
    """
    Show one checkpoint's equipment.
    """
    return SiteView(
        checkpoint=site.checkpoint,
        connected=site.connected,
        last_seen=site.gateway.last_seen,
        reported_up_to=site.gateway.reported_upto,
        autonomy_minutes=None if site.autonomy is None else int(site.autonomy.total_seconds() // 60),
        autonomy_enough=None if site.autonomy is None else site.autonomy >= least,
        devices=[
            SiteDeviceView(
                device=device.device,
                kind=device.kind,
                lane=device.lane or None,
                ok=device.ok,
                state=device.state,
                since=device.since,
                autonomy_minutes=device.autonomy_minutes,
            )
            for device in site.devices
        ],
        unheard=list(site.unheard),
    )
