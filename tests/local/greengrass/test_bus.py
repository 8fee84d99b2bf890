import asyncio

import pytest

from local.greengrass.bus import Bus, Subscription, TooManySubscriptionsError, matches


class TestMatches:
    @pytest.mark.parametrize(
        ("pattern", "topic", "expected"),
        [
            ("a/b", "a/b", True),
            ("a/b", "a/b/c", False),
            ("a/+", "a/b", True),
            ("a/+", "a", False),
            ("a/#", "a/b/c", True),
            ("a/#", "a", True),
            ("#", "a/b", True),
            ("#", "$aws/things", False),
            ("+/things", "$aws/things", False),
            ("$aws/+", "$aws/things", True),
            ("a/+/c", "a/b/d", False),
        ],
    )
    def test_follows_mqtt(self, pattern, topic, expected):
        """
        Filters mean what MQTT 3.1.1, chapter 4.7, says.
        """
        assert expected is matches(pattern, topic)


class TestBus:
    def test_delivers_to_each_listener_in_order(self):
        """
        Every listener gets every message of its filter, in the order of publishing.
        """
        bus, seen = Bus(), []
        bus.subscribe(Subscription("lane/+", "a", lambda topic, document: seen.append((topic, document["n"]))))

        assert [1, 0, 1] == [bus.publish(topic, {"n": n}, by="b") for n, topic in enumerate(["lane/1", "other", "lane/2"])]
        assert [("lane/1", 0), ("lane/2", 2)] == seen

    def test_spares_a_component_its_own_words(self):
        """
        A subscription to others' messages leaves out the owner's.
        """
        bus, seen = Bus(), []
        bus.subscribe(Subscription("t", "a", lambda _, document: seen.append(document["by"]), deaf_to_itself=True))

        for name in ("a", "b"):
            bus.publish("t", {"by": name}, by=name)

        assert ["b"] == seen

    def test_waits_for_a_listener(self):
        """
        Whoever waits for a topic goes on once somebody subscribes to it, not before.
        """

        async def scene():
            bus = Bus()
            waiting = asyncio.create_task(bus.until_heard("t"))
            bus.subscribe(Subscription("other", "a", lambda *_: None))
            await asyncio.sleep(0)
            early = waiting.done()
            bus.subscribe(Subscription("t", "a", lambda *_: None))
            await asyncio.wait_for(waiting, 1)
            return early

        assert not asyncio.run(scene())

    def test_bounds_subscriptions(self):
        """
        A component that subscribes in a loop is stopped.
        """
        bus, subscription = Bus(), Subscription("t", "a", lambda *_: None)
        for _ in range(1000):
            bus.subscribe(subscription)

        with pytest.raises(TooManySubscriptionsError):
            bus.subscribe(subscription)
