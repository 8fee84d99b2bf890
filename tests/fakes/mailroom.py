"""
The way of a notice from its commit to the phones, on an office: what `wiring` builds, with a messenger that remembers.
"""

from functools import cached_property

from chalicelib.domain.records import Task
from chalicelib.jurisdictions import jurisdiction
from chalicelib.usecases.deliver_outbox import DeliverOutbox
from chalicelib.usecases.keep_push_tokens import KeepPushTokens
from chalicelib.usecases.notice_ways import Recipients, Sending
from chalicelib.usecases.notify import Notify
from chalicelib.usecases.ports import NobodyThereError, NotTakenError, PersonalDataUnavailableError
from chalicelib.usecases.read_notifications import ReadNotifications
from chalicelib.usecases.share_booking import ShareBooking
from chalicelib.usecases.sign_in import Codes
from chalicelib.usecases.spread_notice import SpreadNotice
from tests.fakes.rules import RULES

PAGES = "https://queue.test"


class Away:
    """
    A personal data store that does not answer.
    """

    def get_many(self, ids, *, purpose):
        """
        Fail.
        """
        raise PersonalDataUnavailableError(purpose)


class Earlier:
    """
    An outbox as another sweep saw it.
    """

    def __init__(self, rows):
        self._rows = rows

    def pending(self, *, shard, until, limit):
        """
        Give what has been taken meanwhile.
        """
        return self._rows if shard == 0 else []


class Phones:
    """
    The port `Messenger` of every channel: what arrived, as (channel, to, text); a repeated id once. `dead` refuse, `away` channels are silent.
    """

    def __init__(self):
        self.arrived = {}
        self.tried = []
        self.dead = set()
        self.away = set()

    def __call__(self, channel):
        """
        Give a channel's way.
        """
        return Way(self, channel)

    @property
    def texts(self):
        """
        List what arrived: (channel, to, text).
        """
        return list(self.arrived.values())

    def of(self, to):
        """
        List the texts that arrived at a phone or device.
        """
        return [text for _, phone, text in self.texts if phone == to]


class Way:
    """
    One channel of the phones.
    """

    def __init__(self, phones, channel):
        self._phones, self._channel = phones, channel

    def send(self, *, to, text, message_id):
        """
        Send, or fail as told.
        """
        self._phones.tried.append((self._channel, to))
        if self._channel in self._phones.away:
            raise NobodyThereError(self._channel)
        if to in self._phones.dead:
            raise NotTakenError(to)
        self._phones.arrived.setdefault(message_id, (self._channel, to, text))


class Mailroom:
    """
    Notices of an office. `word`: how they are worded, as the law does when not said.
    """

    def __init__(self, office, *, phones=None, people=None, word=None):
        self.office = office
        self.phones = phones or Phones()
        self.people = people or office.people
        self.alarms = []
        self._word = word or (lambda name, language, parameters: jurisdiction().notice(name, language, **parameters))

    @cached_property
    def share(self):
        """
        Give driver links.
        """
        store, office = self.office.store, self.office
        return ShareBooking(
            *(store, store.bookings, store.driver_links, store.requests, office.keyed, office.clock),
            rules_on=lambda _: RULES,
            pages=lambda: PAGES,
        )

    @cached_property
    def devices(self):
        """
        Give push tokens.
        """
        return KeepPushTokens(self.office.store.accounts, self.people, self.office.clock)

    @cached_property
    def cabinet(self):
        """
        Give the list of notices.
        """
        store = self.office.store
        return ReadNotifications(store, store.notifications, store.bookings, self.office.clock, lambda _: RULES)

    @cached_property
    def spread(self):
        """
        Give the task `notify`.
        """
        return SpreadNotice(self.office.store, self.office.store.bookings, self.office.clock, lambda _: RULES)

    @cached_property
    def notify(self):
        """
        Give the task `tell`.
        """
        office, rules_on = self.office, lambda _: RULES
        return Notify(
            bookings=office.store.bookings,
            recipients=Recipients(office.store.accounts, self.people, office.clock, rules_on, jurisdiction().language_of_phone),
            sending=Sending(self.phones),
            codes=Codes(office.keyed),
            text=self._word,
            link_for=self.share.link_for,
            clock=office.clock,
            rules_on=rules_on,
        )

    def tell(self, message):
        """
        Do the task `tell`.
        """
        return self.notify.code(message) if message.payload.get("challenge") else self.notify(message)

    @cached_property
    def sweep(self):
        """
        Give the sweep; what is no notice is done at once.
        """
        handlers = {**dict.fromkeys(Task, lambda _: None), Task.NOTIFY: self.spread, Task.TELL: self.tell}
        store = self.office.store
        return DeliverOutbox(store, store.outbox, self.office.clock, handlers=handlers, alarm=lambda row, _: self.alarms.append(row.id))

    def deliver(self):
        """
        Sweep until nothing more can be delivered now: what has arrived.
        """
        while self.sweep().delivered:
            pass
        return self.phones.texts
