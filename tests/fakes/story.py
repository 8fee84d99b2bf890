"""
Lives that tell themselves: what was done at a checkpoint, step by step, in the Order's words, and what followed from it.
"""

import functools
from collections import Counter

from hypothesis import note
from hypothesis.stateful import RuleBasedStateMachine, rule

from chalicelib.domain.decisions import Refused
from chalicelib.domain.records import Event
from tests.fakes.rules import RULES


class Story:
    """
    Steps in order, each with its moment, what was answered, and the events that it wrote.
    """

    def __init__(self, clock, events):
        self._clock, self._events = clock, events
        self._steps = []

    def __len__(self):
        return len(self._steps)

    def begin(self, words):
        """
        Begin a step.
        """
        self._steps.append((self._clock.now(), words, [], len(self._events())))

    def answered(self, outcome):
        """
        Write down that the last step was refused, and why.
        """
        if isinstance(outcome, Refused):
            self._steps[-1][2].extend(f"refused: {reason.code}{_paragraph(reason.rule)}" for reason in outcome.reasons)

    def told(self):
        """
        Tell it: a line a step, what followed below it.
        """
        ends = [start for *_, start in self._steps[1:]] + [None]
        lines = []
        for number, ((moment, words, answers, start), end) in enumerate(zip(self._steps, ends, strict=True), start=1):
            lines.append(f"{number:3}. {moment.astimezone(RULES.zone):%d %b %H:%M}  {words}")
            lines += [f"       {line}" for line in (*answers, *map(_line, self._events()[start:end]))]
        return "\n".join(lines)


def _paragraph(number):
    return "" if number is None else f" (§{number})" if number[:1].isdigit() else f" ({number})"


def _line(event):
    change = event.change or {}
    number = f" {change['number']}" if change.get("number") else ""
    return f"{event.aggregate}: {event.kind.replace('_', ' ')}{number} by {event.by}{_paragraph(event.ground)}"


def deed(words, *, fits=None, **strategies):
    """
    Make a rule of a state machine that tells itself; `words` may name its arguments, and the booking that `number` picks as `{booking}`: one
    that `fits` where there is any, so that what needs a rare state is tried in it.
    """

    def told(act):
        @functools.wraps(act)
        def step(self, **drawn):
            if fits is not None:
                drawn["number"] = self.fitting(drawn["number"], fits)
            more = {"booking": self.pick(drawn["number"])} if "number" in drawn else {}
            self.story.begin(words.format(**drawn, **more))
            self.story.answered(act(self, **drawn))

        return rule(**strategies)(step)

    return told


class Storied(RuleBasedStateMachine):
    """
    A state machine whose failure is told as a story, and that counts what its lives came to. It gives `office`, `all`, `pick` and `fitting`.
    """

    tally = Counter()  # noqa: RUF012  counted over all lives of a class on purpose

    def __init_subclass__(cls, **more):
        super().__init_subclass__(**more)
        cls.tally = Counter()

    def __init__(self):
        super().__init__()
        self.looks = 0
        self._story = None

    @property
    def story(self):
        """
        The life so far.
        """
        if self._story is None:
            self._story = Story(self.office.clock, lambda: self.all(Event))
        return self._story

    def check_invariants(self, settings, output, runtimes):
        """
        Check as ever, without a line for each: a story tells deeds.
        """
        self.looks += 1
        super().check_invariants(settings, lambda _: None, runtimes)

    def teardown(self):
        """
        Count the life, and tell it where it failed.
        """
        self.tally["lives"] += 1
        self.tally["steps"] += self.looks - 1
        self.tally.update(event.kind for event in self.all(Event))
        note(f"What happened:\n{self.story.told()}")
