class StoreError(Exception):
    """
    A mistake in how the store is used; never bad luck (that is `StoreBusyError` of the ports).
    """


class UnknownKindError(StoreError):
    """
    No table keeps items of this type.
    """


class IncompleteRowError(StoreError):
    """
    A domain type has a field for which its row has no attribute.
    """


class StaleVersionError(StoreError):
    """
    A write does not raise the version it has seen, so that a later one could be lost unseen.
    """


class RepeatedItemError(StoreError):
    """
    A transaction touches an item twice, or more items than the engine allows.
    """


class NaiveInstantError(StoreError):
    """
    An instant without an offset cannot be stored.
    """


class InvalidCursorError(ValueError):
    """
    A list cursor that this store did not issue for this list.
    """
