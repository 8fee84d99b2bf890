"""
The foreign services of the use cases, each by a name: they answer as told, and remember what they were asked.
"""

import hashlib
import itertools
import json
import random
from datetime import timedelta
from types import SimpleNamespace

from chalicelib.domain.identity import SessionStatus
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.usecases.ports import IdentityProviderSilentError
from tests.fakes.samples import NOW


class StandingClock:
    """
    The port `Clock`: business time stands until it is moved; the wall's moves with it.
    """

    def __init__(self, now=NOW):
        self.time = now

    def now(self):
        """
        Give business time.
        """
        return self.time

    def wall(self):
        """
        Give the wall's time.
        """
        return self.time

    def advance(self, **span):
        """
        Move on.
        """
        self.time += timedelta(**span)

    def move_to(self, moment):
        """
        Move to a moment.
        """
        self.time = moment


class CountingChance:
    """
    The port `Chance` without chance: ids are counted, waits are the shortest, draws the lowest.
    """

    def __init__(self):
        self._numbers = itertools.count(1)

    def id(self, prefix):
        """
        Count.
        """
        return f"{prefix}_{next(self._numbers)}"

    def secret(self):
        """
        Count.
        """
        return f"secret-{next(self._numbers)}"

    def wait(self, least, most):
        """
        Wait the least.
        """
        return least

    def draw(self):
        """
        Draw the lowest.
        """
        return 0.0


class MarkedChance(CountingChance):
    """
    The same with ids that can be told from those a test gave.
    """

    def id(self, prefix):
        """
        Count, marked.
        """
        return f"{prefix}_x{next(self._numbers)}"


class SeededChance(CountingChance):
    """
    The same with real draws and waits, the same at each run.
    """

    def __init__(self, seed=0):
        super().__init__()
        self._random = random.Random(seed)

    def wait(self, least, most):
        """
        Draw a wait.
        """
        return least + (most - least) * self._random.random()

    def draw(self):
        """
        Draw from [0, 1).
        """
        return self._random.random()


class PlainHash:
    """
    The port `KeyedHash` under no key.
    """

    def of(self, value):
        """
        Hash.
        """
        return hashlib.sha256(value.encode()).hexdigest()


class Registers:
    """
    The port `Registers`: everyone is found, unless told otherwise by source.
    """

    def __init__(self):
        self.answers = {}
        self.asked = []

    def ask(self, questions):
        """
        Answer each question.
        """
        self.asked.extend(questions)
        return [Answer(item.source, item.subject, self.answers.get(item.source, CheckResult.PASSED)) for item in questions]


class Camera:
    """
    The port `IdentityProvider`: pages nobody looks at; sessions turn out as told.
    """

    def __init__(self):
        self.opened = {}
        self.statuses = {}
        self.away = False

    def open(self, *, session, keys):
        """
        Open a session.
        """
        self._answer()
        self.opened[session] = dict(keys)
        return f"https://camera.test/{session}"

    def status(self, *, session):
        """
        Tell what became of it.
        """
        self._answer()
        return self.statuses.get(session, SessionStatus.PENDING)

    def _answer(self):
        if self.away:
            raise IdentityProviderSilentError


class Link:
    """
    The port `DeviceLink`: what was sent, in order.
    """

    def __init__(self):
        self.admissions = []
        self.boards = []
        self.commands = []
        self.acknowledged = []
        self.photos = []

    def publish_admissions(self, *, checkpoint, version, text, token):
        """
        Send a list.
        """
        claims = json.loads(token) if token.startswith("{") else {}
        self.admissions.append(SimpleNamespace(checkpoint=checkpoint, version=version, rows=json.loads(text), manifest=claims))

    def publish_board(self, view):
        """
        Send a board.
        """
        self.boards.append(view)

    def publish_command(self, *, checkpoint, command):
        """
        Send a command.
        """
        self.commands.append((checkpoint, command))

    def acknowledge(self, *, checkpoint, journal, upto):
        """
        Acknowledge.
        """
        self.acknowledged.append((checkpoint, journal, upto))

    def grant_photo(self, *, checkpoint, sha256, url, expires_at):
        """
        Grant an upload.
        """
        self.photos.append((checkpoint, sha256, url, expires_at))


class OpenSigner:
    """
    The ports `Signer` and `TokenIssuer`: tokens are their claims as JSON.
    """

    def sign(self, claims, *, typ):
        """
        Spell the claims.
        """
        return json.dumps({**claims, "typ": typ})

    def opened(self, token):
        """
        Read what was signed; nothing where nothing was.
        """
        try:
            return json.loads(token)
        except ValueError:
            return None

    def issue(self, *, account, session=None):
        """
        Issue an access token.
        """
        return SimpleNamespace(token=json.dumps({"sub": account, "sid": session}), expires_in=900)


class Messengers:
    """
    The port `Messenger` of every channel: what was sent; a repeated id once.
    """

    def __init__(self):
        self.sent = {}

    def __call__(self, channel):
        """
        Give a channel's way.
        """
        return self

    def send(self, *, to, text, message_id):
        """
        Send.
        """
        self.sent.setdefault(message_id, (to, text))
