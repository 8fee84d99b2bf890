from chalicelib.api.schemas.base import View


class ReceivedView(View):
    """
    The provider's event was taken in; `changed` is false for one that was known or means nothing to us.
    """

    received: bool
    changed: bool
